//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES SigningIn.java

package m365;

import java.net.URLEncoder;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Signing in that comes to nothing: it is told, and what was stored before stays as it is. */
@Execution(ExecutionMode.CONCURRENT)
class SignInRefusedTest extends SigningIn {

    @Nested class When_it_comes_to_nothing {

        @Test void cancelling_is_two_lines_and_a_page_that_says_so() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser").startHere()) {
                var page = visit(login.cancel(ready(running), JAN));
                assertTrue(page.body().contains("<h1>You cancelled</h1>"), page.body());
                var told = running.ends().exits(77).printsNothing().saysWhatToDo().err();
                assertEquals(List.of("get_token: error: you cancelled the sign-in; nothing was changed",
                    "hint: to sign in: jbang get_token.java"),
                    told.lines().dropWhile(line -> !line.startsWith("get_token:")).toList().stream()
                        .map(line -> line.replaceFirst("(hint: to sign in: ).*(jbang get_token)", "$1$2")).toList());
            }
            assertEquals(List.of(), login.requests("token"));
            theOldTokenIsUntouched();
        }

        @Test void markup_in_the_provider_s_words_is_shown_as_text() throws Exception {
            try (var running = get_token("--no-browser").startHere()) {
                var address = ready(running);
                var state = address.replaceFirst(".*[?&]state=([^&]*).*", "$1");
                var page = visit(login.signIn(address, JAN).replaceFirst("\\?.*", "")
                    + "?error=interaction_required&error_description="
                    + URLEncoder.encode("<script>alert(1)</script>\u001b[2J", UTF_8) + "&state=" + state);
                assertTrue(page.body().contains("&lt;script&gt;"), page.body());
                assertFalse(page.body().contains("<script>"), page.body());
                running.ends().exits(77).neverSays("\u001b");
            }
        }

        @Test void nobody_comes_within_the_timeout() throws Exception {
            anOldToken();
            get_token("--no-browser", "--timeout", "1").runHere().exits(77).printsNothing()
                .says("nobody signed in within 1 second", "hint: if the page showed an error", "AADSTS50011");
            theOldTokenIsUntouched();
        }

        @Test void another_account_than_the_one_that_was_named_is_turned_away() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser", "second@uva.example").startHere()) {
                var page = visit(login.signIn(ready(running), JAN));
                assertTrue(page.body().contains("Not signed in"), page.body());
                running.ends().exits(77).printsNothing()
                    .says(JAN + " signed in, not second@uva.example", "nothing was stored");
            }
            theOldTokenIsUntouched();
        }

        @Test void an_answer_without_refresh_token_names_offline_access() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser").startHere()) {
                var end = login.signIn(ready(running), JAN);
                var idToken = "eyJhbGciOiJub25lIn0." + base64("{\"preferred_username\":\"" + JAN
                    + "\",\"oid\":\"o\",\"tid\":\"t\",\"sub\":\"s\"}") + ".x";
                login.answerNext("token", 200, Map.of("Content-Type", "application/json"),
                    "{\"token_type\":\"Bearer\",\"expires_in\":3600,"
                    + "\"scope\":\"https://outlook.office.com/IMAP.AccessAsUser.All\","
                    + "\"access_token\":\"" + "a".repeat(900) + "\",\"id_token\":\"" + idToken + "\","
                    + "\"client_info\":\"" + base64("{\"uid\":\"o\",\"utid\":\"t\"}") + "\"}");
                running.types(end + "\n").ends().exits(78).printsNothing().says("no refresh token", "offline_access");
            }
            theOldTokenIsUntouched();
        }

        static String base64(String text) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
        }

        @ParameterizedTest(name = "{1} AADSTS{2} → {3}", quoteTextArguments = false) @CsvSource({
            "400, invalid_grant,          54005,   77",
            "400, invalid_grant,          70008,   77",
            "401, invalid_client,         7000218, 78",
            "400, invalid_request,        900144,  78",
            "503, temporarily_unavailable, 90033,  75"})
        void a_refused_code_is_never_sent_twice_and_the_old_token_stays(int http, String error, int aadsts,
                int status) throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser").startHere()) {
                var end = login.signIn(ready(running), JAN);
                login.failNext("token", http, error, aadsts, "Refused for a test.");
                var page = visit(end);
                assertTrue(page.body().contains("Not signed in"), page.body());
                running.ends().exits(status).printsNothing().saysWhatToDo();
            }
            assertEquals(1, login.requests("token").size());
            theOldTokenIsUntouched();
        }

        @Test void a_place_where_no_token_can_be_stored_is_told_before_anybody_signs_in() throws Exception {
            Files.createDirectory(tokenFile());
            var result = get_token("--no-browser").runHere().exits(78).printsNothing().says("is not a file")
                .neverSays("/authorize?");
            assertTrue(result.took().compareTo(Duration.ofSeconds(20)) < 0);
            assertEquals(List.of(), login.requests());
        }
    }
}
