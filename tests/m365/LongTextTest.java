//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Explanation.java

package m365;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What somebody pastes may be longer than anybody reads. */
class LongTextTest {

    private static String read(String text) throws IOException {
        return LongText.bothEnds(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }

    @ParameterizedTest @ValueSource(ints = {0, 1, Text.LONGEST - 1, Text.LONGEST})
    void is_read_whole_up_to_a_limit(int length) throws IOException {
        var text = "x".repeat(length);
        assertEquals(text, read(text));
    }

    @ParameterizedTest @ValueSource(ints = {Text.LONGEST + 1, 2 * Text.LONGEST, 3 * Text.LONGEST + 5})
    void is_read_at_both_ends_beyond_it(int length) throws IOException {
        var read = read("first" + "x".repeat(length - 9) + "last");
        assertTrue(read.startsWith("firstxx") && read.endsWith("xxlast"), length + ": " + read.length());
        assertTrue(read.length() <= 2 * Text.LONGEST + 1, length + ": " + read.length());
    }

    /** Whose letter of two bytes stands where the first reading ends. */
    @Test void loses_no_letter_between_two_readings() throws IOException {
        var text = "x".repeat(Text.LONGEST - 1) + "\u00e9" + "x";
        assertEquals(text, read(text));
    }

    /** As Windows PowerShell redirects it, with the mark that it sets in front or without. */
    @ParameterizedTest @ValueSource(strings = {"\ufeff", ""})
    void is_understood_in_UTF_16(String mark) throws IOException {
        var bytes = (mark + "A1 NO AUTHENTICATE failed.\r\n").getBytes(UTF_16LE);
        var read = LongText.bothEnds(new ByteArrayInputStream(bytes));
        assertEquals("imap-token-refused", PastedError.explain(read).id());
    }

    @Test void of_quotation_marks_only_takes_no_longer_than_any_other() {
        var text = "| ".repeat(100_000) + "\n" + "| ".repeat(100_000) + "AADSTS7000215";
        assertTimeout(Duration.ofSeconds(20), () -> assertEquals("secret-wrong", PastedError.explain(text).id()));
    }

    @Test void of_megabytes_is_explained_by_its_last_line() throws IOException {
        var log = "08:15:42 nothing to see here\n".repeat(200_000) + "A1 NO AUTHENTICATE failed.\n";
        assertEquals("imap-token-refused", PastedError.explain(read(log)).id());
    }

    /** Each look at one of them goes back over all that stand before it. */
    @ParameterizedTest @ValueSource(strings = {"\u0301", "\u094d", "\u20d0"})
    void of_accents_on_one_letter_takes_no_longer_than_any_other(String accent) {
        assertTimeout(Duration.ofSeconds(20), () -> {
            new Explanation("a" + accent.repeat(20_000) + " imap", Map.of(), Map.of(), null).text(80);
            Failures.of(Signal.of("imap", "A1 NO a" + accent.repeat(20_000)));
        });
        assertEquals("a" + accent.repeat(4) + "b", LongText.withoutPiles("a" + accent.repeat(9) + "b"));
    }
}
