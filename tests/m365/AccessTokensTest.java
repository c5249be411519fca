//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/TokenRequest.java
//SOURCES ../stand_in/FakeLogin.java
//SOURCES ../support/JanIsSignedIn.java
//SOURCES ../support/TestSettings.java
//SOURCES ../support/Tool.java

package m365;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stand_in.FakeLogin;
import support.JanIsSignedIn;
import support.TestSettings;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What mail programs call every few minutes. */
@Order(5)
@Execution(ExecutionMode.CONCURRENT)
class AccessTokensTest extends JanIsSignedIn {

    /** What {@code main} tries first; printed is the token, or nothing. */
    boolean printsQuickly() {
        var env = new HashMap<>(Tool.settings(login));
        env.put("M365_TOKEN_FILE", folder.resolve("refresh_token").toString());
        var nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new TokenRequest(false, null).answer(TestSettings.values(), env, nowhere);
    }

    @Nested class With_a_token_file_of_the_Python_tool {

        @Test void the_user_may_be_named() { printed(get_token("--access-token", JAN).runHere()); }

        @Test void a_confidential_client_sends_its_secret_and_tells_nobody() throws IOException {
            write("refresh_token", login.issueRefreshToken(JAN, FakeLogin.CONFIDENTIAL_APP, SCOPES));
            printed(get_token("--access-token", "--verbose").with("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP)
                .with("M365_CLIENT_SECRET", FakeLogin.CONFIDENTIAL_SECRET).runHere());
            assertEquals(FakeLogin.CONFIDENTIAL_SECRET, login.requests("token").get(0).parameter("client_secret"));
        }

        @Test void a_personal_account_s_token_survives_the_form_it_is_sent_in() throws IOException {
            write("refresh_token", login.issueRefreshToken("personal@outlook.example", FakeLogin.PUBLIC_APP, SCOPES));
            printed(get_token("--access-token").runHere());
        }
    }

    @Nested class With_a_cached_token {

        @Test void it_is_printed_again_without_a_request() {
            var token = accessToken();
            assertEquals(token, printed(get_token("--access-token").runHere()));
            assertEquals(1, requests());
        }

        @Test void it_is_not_used_once_it_has_less_than_five_minutes() {
            login.accessTokenSeconds(299);
            var first = accessToken();
            login.accessTokenSeconds(-1);
            var second = accessToken();
            assertNotEquals(first, second);
            assertEquals(second, accessToken());
            assertEquals(2, requests());
        }

        @Test void each_renewal_stores_the_newest_refresh_token() throws IOException {
            login.accessTokenSeconds(1);
            for (int i = 0; i < 3; i++) {
                renew();
                assertEquals(login.refreshToken(JAN), read("refresh_token"));
            }
            var sent = login.requests("token").stream().map(request -> request.parameter("refresh_token"));
            assertEquals(3, sent.distinct().count());
        }

        @Test void it_does_not_matter_any_more_when_the_file_holds_another_refresh_token() throws IOException {
            accessToken();
            var theirs = login.issueRefreshToken("second@uva.example", FakeLogin.PUBLIC_APP, SCOPES);
            write("refresh_token", theirs);
            assertEquals("second@uva.example", login.access(accessToken()).orElseThrow().user().name());
            assertEquals(theirs, login.requests("token").get(1).parameter("refresh_token"));
        }

        @Test void it_is_not_printed_once_the_token_file_is_gone_or_loose() throws IOException {
            accessToken();
            assertTrue(printsQuickly());
            chmod("refresh_token", "rw-r--r--");
            assertFalse(printsQuickly());
            get_token("--access-token").runHere().exits(78).printsNothing().says("chmod 600");
            Files.delete(folder.resolve("refresh_token"));
            assertFalse(printsQuickly());
            get_token("--access-token").runHere().exits(77).printsNothing();
            assertEquals(1, requests());
        }

        @Test void it_is_not_used_for_other_settings() throws IOException {
            accessToken();
            var ofTheTenant = login.base() + "/" + FakeLogin.TENANT;
            assertEquals(FakeLogin.TENANT, login.access(printed(get_token("--access-token")
                .with("M365_AUTHORITY", ofTheTenant).runHere())).map(access -> FakeLogin.TENANT).orElseThrow());
            printed(get_token("--access-token").with("M365_AUTHORITY", ofTheTenant)
                .with("M365_SCOPES", "https://outlook.office.com/SMTP.Send").runHere());
            get_token("--access-token").with("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP)
                .with("M365_CLIENT_SECRET", FakeLogin.CONFIDENTIAL_SECRET).runHere().exits(78).printsNothing();
        }
    }

    @Nested class When_the_provider_is_in_trouble {

        @Test void a_token_that_is_still_valid_is_printed_anyway() throws IOException {
            login.accessTokenSeconds(200);
            var token = accessToken();
            var before = files();
            for (int i = 0; i < 3; i++)
                login.failNext("token", 503, "temporarily_unavailable", 90033, "A transient error has occurred.");
            assertEquals(token, accessToken());
            login.close();
            assertEquals(token, get_token("--access-token").runHere().exits(0).out().strip());
            assertEquals(before, files());
        }

        @Test void an_expired_token_is_not() throws IOException {
            login.accessTokenSeconds(0);
            renew();
            var before = files();
            login.close();
            get_token("--access-token").runHere().exits(75).printsNothing().says("cannot be reached").saysWhatToDo();
            assertEquals(before, files());
        }

        @Test void it_is_asked_again_before_giving_up() {
            login.failNext("token", 503, "temporarily_unavailable", 90033, "A transient error has occurred.");
            accessToken();
            assertEquals(2, requests());
        }
    }

    /** A stopped one keeps the lock; a killed one would not. For the others the test takes twice five seconds. */
    @Nested class When_whoever_renews_is_stopped {

        @Test void a_token_that_is_still_valid_is_printed() throws Exception {
            login.accessTokenSeconds(200);
            var token = accessToken();
            login.hangNext("token", Duration.ofSeconds(60));
            try (var stopped = get_token("--access-token").start()) {
                for (int i = 0; i < 6000 && requests() < 2; i++) Thread.sleep(10);
                stopped.signal("STOP");
                var result = get_token("--access-token").runHere().exits(0).prints(token);
                assertTrue(result.took().compareTo(Duration.ofSeconds(30)) < 0, "took " + result.took());
                assertEquals(2, requests());
                Files.writeString(folder.resolve("token_cache.json_new"), "half");
                get_token("--access-token").runHere().exits(0).prints(token);
            }
        }
    }
}
