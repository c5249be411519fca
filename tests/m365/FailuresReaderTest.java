//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Markdown becomes causes, and what is not in the right form is named with file and line. */
class FailuresReaderTest {
    static final String PAGE = """
            # A page

            What people read first.

            ## printer-on-fire

            The printer is
            on fire.

            **Why, most likely first:**

            1. Somebody printed
               too much.
            2. The paper: it was dry.

            **What to do:**

            - Put it out: `water --on printer`, or
              call somebody.
            - Run.

            **Recognised by:**

            - number `AADSTS12345`, `AADSTS123456`
            - error `on_fire` and text `print.{0,9}er`
            - text, one of:
              - `burns|smokes`
              - `lp0 on fire `
            - line `^!`
            - local `no-printer`

            **Shows up:** page, local

            **Act:** none

            **Seen:**

            ```text
            lp0 on fire !
            ```

            ```text
            two lines

            ## of a log
            ```
            """;

    static List<Cause> read(String page) { return FailuresReader.read(Map.of("page.md", page)); }

    static String fault(Map<String, String> pages) {
        return assertThrows(IllegalArgumentException.class, () -> FailuresReader.read(pages)).getMessage();
    }

    @Test void reads_every_part() {
        assertEquals(List.of(new Cause("printer-on-fire", List.of("page", "local"),
                "AADSTS 12345 123456 || error on_fire && text print.{0,9}er || text burns|smokes|lp0 on fire "
                        + " || line ^! || local no-printer", "none", "The printer is on fire.",
                List.of("Somebody printed too much.", "The paper: it was dry."),
                List.of("Put it out: `water --on printer`, or call somebody.", "Run."),
                List.of("lp0 on fire !", "two lines\n\n## of a log"))), read(PAGE));
    }

    @Test void reads_a_single_reason_in_its_paragraph() {
        var single = PAGE.replaceFirst("(?s)\\*\\*Why, .*dry\\.", "**Why:** It was\nhot.");
        assertEquals(List.of("It was hot."), read(single).get(0).why());
    }

    @Test void does_not_care_about_how_lines_end() { assertEquals(read(PAGE), read(PAGE.replace("\n", "\r\n"))); }

    @Nested class A_malformed_entry {

        @ParameterizedTest @CsvSource(delimiter = '\u00a6', quoteCharacter = '\u00a4', value = {
            "## printer-on-fire ¦ ## Printer on fire ¦ 5: not an id",
            "The printer is ¦ **Why:** x ¦ 7: a sentence is missing",
            "**Why, most likely first:** ¦ **Because:** ¦ 10: expected **Why, most likely first:**",
            "2. The paper ¦ 3. The paper ¦ 14: expected the next item",
            "**What to do:** ¦ **What not to do:** ¦ 16: expected **What to do:**",
            "- Run. ¦ Run. ¦ 20: expected the next item",
            "number `AADSTS12345` ¦ code `AADSTS12345` ¦ 24: unknown word before a value: code",
            "number `AADSTS12345` ¦ number `12345` ¦ 24: not of the right form: 12345",
            "number `AADSTS12345` ¦ number AADSTS12345 ¦ 24: expected a word and its values",
            "error `on_fire` and ¦ error `on_fire` or ¦ 25: expected a word and its values",
            "`print.{0,9}er` ¦ `print(er` ¦ 25: not a regular expression",
            "burns|smokes ¦ [burns|smokes ¦ 27: not a regular expression",
            "`lp0 on fire ` ¦ lp0 on fire ¦ 28: expected an expression",
            "page, local ¦ page, printer ¦ 32: unknown place: printer",
            "**Shows up:** ¦ **Where:** ¦ 32: expected **Shows up:**",
            "**Act:** none ¦ **Act:** panic ¦ 34: unknown act: panic",
            "**Seen:** ¦ Seen: ¦ 36: expected **Seen:**",
            "lp0 on fire ! ¦ ``` ¦ 39: the example has no text",
        })
        void is_named_with_file_and_line(String right, String wrong, String fault) {
            var page = PAGE.replace(right, wrong);
            assertTrue(!page.equals(PAGE) && fault(Map.of("page.md", page)).startsWith("failures/page.md:" + fault),
                    fault(Map.of("page.md", page)));
        }

        @Test void may_end_too_early_wherever_it_is_cut() {
            var lines = PAGE.lines().toList();
            for (int count = lines.indexOf("## printer-on-fire") + 1; count < lines.indexOf("```"); count++) {
                var cut = String.join("\n", lines.subList(0, count));
                assertTrue(fault(Map.of("page.md", cut)).startsWith("failures/page.md:"), cut);
                var next = cut + "\n\n" + PAGE.substring(PAGE.indexOf("## ")).replace("-on-fire", "-wet");
                assertTrue(fault(Map.of("page.md", next)).startsWith("failures/page.md:"), next);
            }
        }

        @Test void may_have_no_example() {
            assertTrue(fault(Map.of("page.md", PAGE.substring(0, PAGE.indexOf("```"))))
                    .contains("an example is missing"));
        }

        @Test void may_use_an_id_of_another_page() {
            var pages = new LinkedHashMap<>(Map.of("a.md", PAGE));
            pages.put("b.md", "\n" + PAGE);
            assertEquals("failures/b.md:6: the id printer-on-fire is taken", fault(pages));
        }
    }
}
