//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../stand_in/FakeLogin.java ../stand_in/FakeMail.java
//SOURCES ../support/JanIsSignedIn.java ../support/Tool.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stand_in.FakeLogin;
import stand_in.FakeMail;
import support.JanIsSignedIn;
import support.Tool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** When a token ends, whatever this computer's clock and the identity provider say of it. */
@Execution(ExecutionMode.CONCURRENT)
class TokenTimesTest extends JanIsSignedIn {
    static final String OPAQUE = "EwB4A8l6BAAU" + "a".repeat(900);
    static final String NEW = "1.AXYA" + "n".repeat(900);

    /** As a personal account's: its token is opaque. */
    static String answer(String lifetime, String newRefreshToken) {
        var claims = "{\"preferred_username\":\"" + JAN + "\",\"oid\":\"o\",\"tid\":\"t\",\"sub\":\"s\"}";
        return "{\"token_type\":\"Bearer\",\"scope\":\"https://outlook.office.com/IMAP.AccessAsUser.All\","
            + "\"expires_in\":" + lifetime + ",\"access_token\":\"" + OPAQUE
            + "\",\"refresh_token\":\"" + newRefreshToken
            + "\",\"client_info\":\"eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ\",\"id_token\":\"e30."
            + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8)) + ".x\"}";
    }

    void answersNext(String lifetime, String newRefreshToken) {
        login.answerNext("token", 200, Map.of("Content-Type", "application/json"), answer(lifetime, newRefreshToken));
    }

    /** As a computer would have written it whose clock was so much ahead. */
    void cacheWrittenAhead(String... times) throws IOException {
        var cache = read("token_cache.json");
        for (var time : times) {
            var then = cache.replaceFirst("(?s).*\"" + time + "\":\"(\\d+)\".*", "$1");
            cache = cache.replaceFirst("\"" + time + "\":\"\\d+\"", "\"" + time + "\":\""
                + (Long.parseLong(then) + Duration.ofHours(3).toSeconds()) + "\"");
        }
        write("token_cache.json", cache);
    }

    @Nested class A_token_stored_while_the_clock_was_ahead {

        @Test void is_not_handed_out_after_its_own_end() {
            login.letTimePass(Duration.ofHours(-3));
            var stored = get_token("--access-token").runHere().exits(0).out();
            login.letTimePass(Duration.ofHours(3));
            assertFalse(stored.contains(accessToken()), "the token had ended");
        }

        @Test void is_not_believed_while_its_cache_comes_from_the_future() throws IOException {
            answersNext("3600", refreshToken);
            get_token("--access-token").runHere().exits(0);
            cacheWrittenAhead("cached_at", "expires_on");
            accessToken();
            assertEquals(2, requests());
        }

        /** What the provider's clock says counts for tokens that say nothing of themselves. */
        @Test void ends_by_the_provider_s_clock_if_it_is_opaque() throws IOException {
            var dates = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                .withZone(ZoneOffset.UTC);
            var body = answer("3600", NEW);
            try (var provider = FakeMail.serving(Tool.ca().server(), true, client -> {
                for (var line = client.readLine(); line != null && !line.isEmpty();) line = client.readLine();
                client.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                    + "\r\nDate: " + dates.format(Instant.now().minus(Duration.ofHours(3))) + "\r\n\r\n" + body)
                    .getBytes(ISO_8859_1));
            }).start()) {
                for (int call = 1; call <= 2; call++) {
                    get_token("--access-token").with("M365_AUTHORITY", "https://localhost:" + provider.port()
                        + "/common").runHere().exits(0).prints(OPAQUE);
                    assertEquals(call, provider.connections());
                }
            }
        }

        @Test void is_renewed_at_each_call_and_printed_while_the_clock_is_still_ahead() {
            login.letTimePass(Duration.ofHours(-3));
            for (int call = 1; call <= 2; call++) {
                printed(get_token("--access-token").runHere());
                assertEquals(call, requests());
            }
        }
    }

    @Nested class With_a_clock_that_is_behind {

        @Test void a_token_lasts_as_long_as_was_promised_and_no_longer() throws IOException {
            login.letTimePass(Duration.ofHours(3));
            var token = accessToken();
            assertEquals(token, accessToken());
            var cached = TokenCache.read(read("token_cache.json")).orElseThrow();
            assertTrue(cached.expires().isBefore(Instant.now().plus(Duration.ofHours(2))), "" + cached.expires());
        }
    }

    @Nested class A_provider_that_promises_too_much {

        @ParameterizedTest @ValueSource(strings = {"86401", "31536000", "999999999999", "1000000000000000000",
            "9223372036854775807"})
        void is_not_believed_beyond_a_day(String seconds) {
            answersNext(seconds, NEW);
            get_token("--access-token").runHere().exits(0).prints(OPAQUE);
            get_token("--access-token").runHere().exits(77).printsNothing(); // nobody issued the new refresh token
            assertEquals(2, requests());
        }

        @Test void is_believed_up_to_a_day() {
            answersNext("86400", NEW);
            for (int call = 1; call <= 2; call++) get_token("--access-token").runHere().exits(0).prints(OPAQUE);
            assertEquals(1, requests());
        }
    }

    /** What nobody could be asked to guess (RFC 6749 section 10.10) is longer; the old one stays in force. */
    @Nested class A_new_refresh_token_that_is_none {

        @ParameterizedTest
        @ValueSource(strings = {"null", "undefined", "x", "<html>", "<html><body></body></html>", "signed-out",
            "1.AX{new}token-that-is-long", "\\\"1.AXnewtoken\\\""})
        void does_not_replace_a_good_one_nor_make_the_access_token_useless(String none) throws IOException {
            answersNext("3600", none);
            for (int call = 1; call <= 2; call++) get_token("--access-token").runHere().exits(0).prints(OPAQUE);
            assertEquals(refreshToken, read("refresh_token").strip());
            assertEquals(1, requests());
            get_token("--status").runHere().exits(0).tells(JAN);
        }
    }

    @Nested class A_cache_without_the_refresh_token_of_the_file {

        @Test void is_still_no_use() throws IOException {
            accessToken();
            write("refresh_token", login.issueRefreshToken(JAN, FakeLogin.PUBLIC_APP, SCOPES));
            accessToken();
            assertEquals(2, requests());
            assertTrue(Files.exists(folder.resolve("token_cache.json")));
        }
    }
}
