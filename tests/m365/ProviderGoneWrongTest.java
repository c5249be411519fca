//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Json.java
//SOURCES ../support/JanIsSignedIn.java

package m365;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import support.JanIsSignedIn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** An identity provider that does what none should: nothing is lost, and nothing is told. */
class ProviderGoneWrongTest extends JanIsSignedIn {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private void answersFor(String account, String id) {
        var claims = Json.write(Map.of("oid", id, "tid", "2", "sub", "3", "preferred_username", account));
        login.answerNext("token", 200, JSON, Json.write(Map.of("token_type", "Bearer", "scope", SCOPES,
            "expires_in", 60, "access_token", "an-access-token-of-somebody-" + id, "refresh_token",
            "1.AXYA-a-refresh-token-of-" + id, "id_token", base64("{\"alg\":\"none\"}") + "." + base64(claims) + ".x",
            "client_info", base64("{\"uid\":\"" + id + "\",\"utid\":\"2\"}"))));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    @Test void tokens_of_another_account_replace_none() throws IOException {
        answersFor(JAN, "jan");
        get_token("--access-token").runHere().exits(0);
        var before = files();
        answersFor("eva@uva.example", "eva");
        get_token("--access-token").runHere().exits(77).printsNothing()
            .says("answered the renewal for " + JAN + " with tokens of eva@uva.example; nothing was stored");
        assertEquals(before, files());
    }

    @Test void an_account_that_is_called_otherwise_now_is_the_same() {
        answersFor(JAN, "jan");
        get_token("--access-token").runHere().exits(0);
        answersFor("jan.jansen@uva.example", "jan");
        get_token("--access-token").runHere().exits(0);
    }

    @Test void a_refresh_token_that_it_repeats_is_not_shown() {
        var hex = new StringBuilder();
        for (var b : refreshToken.getBytes(UTF_8)) hex.append(String.format("%02x", b));
        var apart = refreshToken.replaceAll("(.)", "$1 ");
        login.answerNext("token", 400, JSON, Json.write(Map.of("error", "invalid_grant", "error_description",
            "AADSTS65001 " + hex + " | " + apart + " | " + refreshToken)));
        var told = get_token("--access-token", "--verbose").runHere().exits(77).says("AADSTS65001").err();
        for (var said : new String[] {hex.toString(), apart, refreshToken})
            assertFalse(told.contains(said.substring(20, 52)), told);
    }
}
