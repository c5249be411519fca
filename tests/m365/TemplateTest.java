package m365;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** How a value is written in each program's notation; tests/programs/ lets the real programs read it. */
class TemplateTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "shell          | 'it'\\''s 50% \"$x\"'",
        "percent        | it's 50%% \"$x\"",
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

    @Test void a_line_whose_value_is_empty_is_left_out() {
        assertEquals("stays\n", filledIn("stays\nca = {value}\n"));
    }

    private static String filledIn(String template, String... words) {
        return Template.filledIn(template, Map.of("value", List.of(words)));
    }
}
