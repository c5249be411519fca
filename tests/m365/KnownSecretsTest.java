//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.util.Base64;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** A token that looks like nothing at all is hidden all the same, for it is known. */
class KnownSecretsTest {
    private static final String TOKEN = "an opaque token may consist of small letters only".replace(' ', '.');
    private static final String LINE = base64("user=jan@uva.nl\1auth=Bearer " + TOKEN + "\1\1");
    private final KnownSecrets secrets = KnownSecrets.of(new Secret(TOKEN), new Secret(LINE));

    private static String base64(String text) { return Base64.getEncoder().encodeToString(text.getBytes(UTF_8)); }

    @Test void the_token_and_the_SASL_line_are_dots() {
        assertEquals("BAD I do not know ••••!", secrets.hide("BAD I do not know " + TOKEN + "!"));
        assertEquals("BAD AUTHENTICATE XOAUTH2 ••••?", secrets.hide("BAD AUTHENTICATE XOAUTH2 " + LINE + "?"));
    }

    @Test void a_part_of_sixteen_characters_is_hidden_and_what_is_shorter_stays() {
        assertEquals("<••••>", secrets.hide("<" + TOKEN.substring(7, 23) + ">"));
        assertEquals("<" + TOKEN.substring(7, 22) + ">", secrets.hide("<" + TOKEN.substring(7, 22) + ">"));
    }

    @Test void a_challenge_that_holds_it_is_hidden_however_it_was_packed() {
        for (var before : new String[] {"", "x", "xy", "xyz"}) {
            var challenge = base64("{\"status\":\"" + before + TOKEN + "\"}");
            assertEquals("+ ••••", secrets.hide("+ " + challenge).replaceFirst("=+$", ""));
        }
    }

    @Test void what_holds_none_of_it_stays() {
        var line = "+ " + base64("{\"status\":\"400\",\"schemes\":\"Bearer\"}");
        assertEquals(line, secrets.hide(line));
    }

    @Test void it_is_found_in_hexadecimal_and_taken_apart() {
        var hex = new StringBuilder();
        for (var b : TOKEN.getBytes(UTF_8)) hex.append(String.format("%02x", b));
        for (var odd : new String[] {hex.toString(), hex.toString().replaceAll("(..)", "%$1"),
            hex.toString().toUpperCase().replaceAll("(..)", "$1:"), TOKEN.replaceAll("(.)", "$1 "),
            TOKEN.replaceAll("(.{8})", "$1\" + \""), TOKEN.toUpperCase()})
            assertFalse(secrets.hide("no: " + odd).substring(4).matches("(?s).*[a-zA-Z0-9]{3}.*"), secrets.hide(odd));
    }
}
