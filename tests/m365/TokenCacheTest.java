//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/TokenCache.java
//SOURCES ../stand_in/FakeLogin.java
//SOURCES ../support/JanIsSignedIn.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import stand_in.FakeLogin;
import support.JanIsSignedIn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** MSAL's cache beside the refresh token, whatever has become of it. */
@Execution(ExecutionMode.CONCURRENT)
class TokenCacheTest extends JanIsSignedIn {
    @Nested class A_cache {

        @ParameterizedTest
        @ValueSource(strings = {"", "{", "[]", "null", "42", "{}", "{\"AccessToken\":{}}", "{\"AccessToken\":[]}",
            "{\"AccessToken\":{\"k\":{\"secret\":\"x\"}}}", "{\"AccessToken\":{\"k\":{\"secret\":7}},\"Account\":{}}",
            "<html></html>", "\0\0\0"})
        void that_is_not_MSAL_s_counts_as_none(String text) { assertEquals(Optional.empty(), TokenCache.read(text)); }

        @Test void may_be_nested_to_any_depth_without_harm() {
            assertEquals(Optional.empty(), TokenCache.read("[".repeat(100_000)));
            assertEquals(Optional.empty(), TokenCache.read("{\"a\":".repeat(100_000)));
        }
    }

    @Nested class With_a_cache_that_is_no_use {

        static Stream<String> caches() {
            return Stream.of("", "{", "null", "[]", "{}", "\0\1\2\3", "<html>",
                "{\"AccessToken\":{\"a\":{\"secret\":\"x\"}}}", "{\"AccessToken\":[1]}",
                "[".repeat(50_000), "x".repeat(2_000_000));
        }

        @ParameterizedTest(name = "{index}") @MethodSource("caches")
        void it_is_ignored_and_replaced(String cache) throws IOException {
            write("token_cache.json", cache);
            var token = accessToken();
            assertEquals(token, accessToken());
            assertEquals(1, requests());
        }

        @ParameterizedTest @ValueSource(ints = {1, 10, 50, 90, 99})
        void cut_off_after_so_many_percent_it_is_ignored_and_replaced(int percent) throws IOException {
            accessToken();
            var whole = read("token_cache.json");
            write("token_cache.json", whole.substring(0, whole.length() * percent / 100));
            var token = accessToken();
            assertEquals(token, accessToken());
            assertEquals(2, requests());
        }

        @Test void somebody_else_s_is_ignored_and_replaced() throws IOException {
            accessToken();
            var jans = read("token_cache.json");
            write("refresh_token", login.issueRefreshToken("second@uva.example", FakeLogin.PUBLIC_APP, SCOPES));
            write("token_cache.json", jans);
            assertEquals("second@uva.example", login.access(accessToken()).orElseThrow().user().name());
            assertNotEquals(jans, read("token_cache.json"));
        }

        @Test void one_that_others_can_write_is_not_believed() throws IOException {
            var token = accessToken();
            chmod("token_cache.json", "rw-rw-rw-");
            assertNotEquals(token, accessToken());
            assertEquals("rw-------", mode("token_cache.json"));
        }

        @Test void a_link_in_its_place_is_replaced_and_not_followed() throws IOException {
            var elsewhere = Files.writeString(folder.resolve("elsewhere"), "theirs");
            Files.createSymbolicLink(folder.resolve("token_cache.json"), elsewhere);
            accessToken();
            assertEquals("theirs", Files.readString(elsewhere));
            assertFalse(Files.isSymbolicLink(folder.resolve("token_cache.json")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"client_id", "realm", "secret", "target", "expires_on", "cached_at", "username",
            "home_account_id"})
        void without_one_of_its_fields_it_is_ignored_and_replaced(String field) throws IOException {
            accessToken();
            write("token_cache.json", read("token_cache.json").replaceAll("\"" + field + "\":\"[^\"]*\",?", "")
                .replace(",}", "}"));
            var token = accessToken();
            assertEquals(token, accessToken());
        }

        @Test void a_token_in_it_that_would_break_the_line_is_not_printed() throws IOException {
            var token = accessToken();
            write("token_cache.json", read("token_cache.json").replace(token, "two\\nlines"));
            accessToken();
        }
    }
}
