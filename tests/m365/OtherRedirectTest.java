//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES SigningIn.java

package m365;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stand_in.App;
import stand_in.FakeLogin;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which redirect URI an app is registered for is not known beforehand, and Microsoft tells it to the browser only. */
@Execution(ExecutionMode.CONCURRENT)
class OtherRedirectTest extends SigningIn {
    /** Of a request that returns to https. */
    static final String OVER_HTTPS = "^(https://localhost:\\d+/\\S+[?&]redirect_uri=https%3A\\S+)\\r?\\n";

    void registered(String redirect) { login.add(App.publicClient(FakeLogin.PUBLIC_APP, "Mail", redirect)); }

    /** With the redirect URI that nobody has set. */
    Tool get_token() {
        return Tool.get_token("--no-browser", JAN).in(folder).with("M365_AUTHORITY", login.authority())
            .with("M365_CA_FILE", Tool.ca().pemFile());
    }

    /** Meets AADSTS50011. @return what Microsoft's page says */
    String refusal(String address) {
        var words = assertThrows(IllegalStateException.class, () -> login.signIn(address, JAN)).getMessage();
        assertTrue(words.contains("AADSTS50011"), words);
        return words;
    }

    @Test void an_app_that_knows_http_needs_no_certificate() throws IOException {
        registered("http://localhost");
        try (var running = get_token().startHere()) {
            assertEquals(200, visit(login.signIn(ready(running), JAN)).statusCode());
            signedInAs(JAN, running.ends().neverSays("certificate"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"50011", "the page"})
    void an_app_that_knows_only_https_is_asked_again_when_somebody_types_that(String typed) throws IOException {
        registered("https://localhost");
        try (var running = get_token().startHere()) {
            var words = refusal(ready(running));
            var pasted = typed.equals("the page") ? "Sorry, but we're having trouble signing you in.\n\n"
                + words.replace(". ", ".\n") + "\nTroubleshooting details\nApp name: Mail\n" : typed + "\n";
            var end = login.signIn(running.types(pasted).says(OVER_HTTPS), JAN);
            assertEquals(200, visit(end, fingerprint(running)).statusCode());
            signedInAs(JAN, running.ends().says("is not registered for http://localhost:", "Proceed to localhost",
                "Accept the Risk", "visit this website"));
        }
        assertEquals(1, login.requests("token").size());
    }

    @Test void a_redirect_URI_that_somebody_has_set_is_kept() {
        registered("https://localhost");
        try (var running = get_token().with("M365_REDIRECT_URI", "http://localhost:8745").startHere()) {
            refusal(ready(running));
            running.types("AADSTS50011\n").says("URL\\):\\s+http://localhost:\\d+\\s+is");
            running.says("Paste the address that the browser ended on:");
            assertEquals(0, login.requests("authorize").stream()
                .filter(request -> request.parameter("redirect_uri").startsWith("https")).count());
        }
    }

    @Test void the_second_refusal_is_explained() {
        registered("http://localhost/elsewhere");
        try (var running = get_token().startHere()) {
            refusal(ready(running));
            refusal(running.types("AADSTS50011\n").says(OVER_HTTPS));
            running.types("AADSTS50011\n").says("URL\\):\\s+https://localhost:\\d+/\\s+is");
        }
    }
}
