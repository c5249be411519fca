package m365;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How a value is written in each program's notation; tests/programs/ lets the real programs read it. */
class TemplateTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "shell          | 'it'\\''s 50% \"$x\"'",
        "double         | \"it's 50% \\\"$x\\\"\"",
        "muttrc         | \"it's 50% \\\"\\$x\\\"\"",
        "url            | it%27s+50%25+%22%24x%22",
    })
    void a_value_keeps_its_meaning(String notation, String written) {
        assertEquals(written + "\n", filledIn("{value as " + notation + "}", "it's 50% \"$x\""));
    }

    @Test void OfflineIMAP_gets_a_Python_list_in_ASCII_with_its_percent_signs_doubled() {
        assertEquals("[\"env\", \"A=50%% \\\"\\U000000e9\\\"\"]\n",
                filledIn("{value as python percent}", "env", "A=50% \"é\""));
    }

    @Test void systemd_expands_neither_percent_nor_dollar() {
        assertEquals("\"env\" \"A=50%% $$x\"\n", filledIn("{value as systemd}", "env", "A=50% $x"));
    }

    /** A line break would begin a line of its own; a terminal's escape, what looks like another one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        " as quotes|a¶b", " as shell|a¶b", " as double|a\u001bb", " as muttrc|a\u0085b", " as toml|a\u2028b",
        " as python tuple|a\u202eb", " as systemd|a\u007fb", " as quotes|a\0b",
        // nor can these be quoted where they would stand
        " as plain|a b", " as plain|a$b", " as plain|a#b", " as plain|~a", " as plain|a\"b", " as words|a`b",
        " as words|a{b", " as backticks|a`b", " as path|/a/$HOME", " as path|/a/${b}", " as path percent|/a ",
    })
    void what_a_notation_cannot_say_is_refused(String notation, String text) {
        var refused = assertThrows(Problem.class, () -> filledIn("x {value" + notation + "}",
                text.replace('¶', '\n')));
        assertTrue(refused.status() == ExitStatus.SETTINGS && refused.getMessage().contains("cannot"), text);
    }

    @Test void a_file_s_name_keeps_what_Python_leaves_alone() {
        assertEquals("/it's \"50%%\" of $ é\n", filledIn("{value as path percent}", "/it's \"50%\" of $ é"));
    }

    @Test void a_line_whose_value_is_empty_is_left_out() {
        assertEquals("stays\n", filledIn("stays\nca = {value}\n"));
    }

    private static String filledIn(String template, String... words) {
        return Template.filledIn(template, Map.of("value", List.of(words)));
    }
}
