//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Nothing that a terminal obeys leaves, whoever printed it. */
class CleanOutputTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final CleanOutput out = new CleanOutput(new PrintStream(shown, true, UTF_8));

    private String shown() { return shown.toString(UTF_8); }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b", "\u0007", "\b", "\r", "\u009b", "\u0085", "\u202e", "\u2066", "\u200f", "\u061c",
        "\u2028", "\ufeff", "\u00ad", "\u007f", "\0"})
    void becomes_a_space(String control) {
        out.print("jan" + control + "[2Juva");
        out.println("printed " + control + " again");
        out.printf("%s%n", control);
        out.append(control).append('\n');
        assertEquals("jan [2Juva" + "printed   again\n" + " \n \n", shown());
    }

    @Test void lines_tabs_and_letters_of_all_countries_stay() {
        var text = "é ł 漢字 😀\tтест\r\nnext\n";
        out.print(text);
        assertEquals(text.replace("\r", ""), shown());
    }

    @Test void a_character_may_come_in_pieces() {
        for (var b : "ü\u009b漢\n".getBytes(UTF_8)) out.write(b);
        assertEquals("ü 漢\n", shown());
    }

    @Test void that_it_could_not_be_written_is_noticed() {
        var full = new CleanOutput(new PrintStream(new java.io.OutputStream() {
            @Override public void write(int b) throws java.io.IOException { throw new java.io.IOException("full"); }
        }));
        full.println("x");
        assertTrue(full.checkError());
    }

    @Test void JSON_escapes_what_JSON_would_let_pass() {
        var json = Json.write(Map.of("account", "a\u009b\u202e\u2028\udb40\udc41é😀\u001b"));
        assertEquals("{\"account\":\"a\\u009b\\u202e\\u2028\\udb40\\udc41é\\ud83d\\ude00\\u001b\"}",
            json.toLowerCase(Locale.ROOT));
    }
}
