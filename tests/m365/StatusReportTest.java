//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Json.java
//SOURCES ../stand_in/FakeLogin.java
//SOURCES ../support/JanIsSignedIn.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stand_in.FakeLogin;
import support.JanIsSignedIn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who is signed in, and what expires when. */
@Execution(ExecutionMode.CONCURRENT)
class StatusReportTest extends JanIsSignedIn {

    @Nested class Asked_for_the_status {

        @Test void it_says_who_is_signed_in_and_what_expires_when_without_a_request() {
            accessToken();
            var out = get_token("--status").runHere().exits(0).says("").out();
            for (var word : List.of(JAN, FakeLogin.TENANT, FakeLogin.PUBLIC_APP, "(public)", "IMAP.AccessAsUser.All",
                    "valid for", folder.resolve("refresh_token").toString(), "renewed today"))
                assertTrue(out.contains(word), word + " is not in " + out);
            assertEquals(1, login.requests().size());
        }

        @Test void it_says_so_when_the_access_token_has_expired() {
            login.accessTokenSeconds(0);
            renew();
            assertTrue(get_token("--status").runHere().exits(0).out().contains("expired "));
        }

        @Test void it_does_with_the_token_file_alone() {
            assertTrue(get_token("--status").runHere().exits(0).out().contains("not known until the next renewal"));
        }

        @Test void it_gives_the_same_to_programs_as_JSON() {
            accessToken();
            var status = Json.read(get_token("--status", "--json").runHere().exits(0).out()).orElseThrow();
            assertEquals(JAN, status.get("account"));
            assertEquals(FakeLogin.PUBLIC_APP, status.get("client_id"));
            assertEquals("public", status.get("client_kind"));
            assertEquals(0L, ((Number) status.get("refresh_token_age_days")).longValue());
            assertTrue(Instant.parse((String) status.get("access_token_expires")).isAfter(Instant.now()));
            assertTrue(status.containsKey("warning") && status.get("warning") == null, status.toString());
        }

        @ParameterizedTest @CsvSource({"74, false", "75, true", "89, true"})
        void it_warns_from_the_75th_day_on(int days, boolean warns) throws IOException {
            accessToken();
            var renewed = Instant.now().minus(Duration.ofDays(days)).minusSeconds(60).getEpochSecond();
            write("token_cache.json", read("token_cache.json").replaceAll("\"cached_at\":\"\\d+\"",
                "\"cached_at\":\"" + renewed + "\""));
            var result = get_token("--status").runHere().exits(0);
            var warning = "warning: the refresh token was last renewed " + days + " days ago";
            assertEquals(warns, result.err().contains(warning), result.err());
            assertTrue(result.out().contains(days + " days ago"), result.out());
            var forPrograms = Json.read(get_token("--status", "--json").runHere().out()).orElseThrow();
            assertEquals(warns, forPrograms.get("warning") != null);
        }

        private void renewedSecondsAgo(long seconds) throws IOException {
            accessToken();
            write("token_cache.json", read("token_cache.json").replaceAll("\"cached_at\":\"\\d+\"",
                "\"cached_at\":\"" + (Instant.now().getEpochSecond() - seconds) + "\""));
        }

        @Test void after_90_days_it_does_not_promise_that_a_renewal_helps() throws IOException {
            renewedSecondsAgo(100 * 86_400 + 60);
            var result = get_token("--status").runHere().exits(0).says("100 days ago", "probably dead", "sign in")
                .neverSays("renew it now");
            assertTrue(result.out().contains("unused since then it died on "), result.out());
        }

        @Test void it_says_what_the_age_means() throws IOException {
            renewedSecondsAgo(3 * 86_400 + 60);
            var dies = Instant.now().plus(Duration.ofDays(87)).minusSeconds(60);
            get_token("--status").runHere().exits(0).tells("renewed 3 days ago; each renewal gives it another 90 days, "
                + "unused it dies on " + Phrases.localTime(dies).substring(0, 10));
        }

        @Test void a_renewal_in_the_future_speaks_of_a_wrong_clock() throws IOException {
            renewedSecondsAgo(-2 * 86_400);
            get_token("--status").runHere().exits(0).neverSays("renewed -")
                .tells("is in the future: a clock is or was wrong");
            var status = Json.read(get_token("--status", "--json").runHere().exits(0).out()).orElseThrow();
            assertTrue(status.containsKey("refresh_token_age_days") && status.get("refresh_token_age_days") == null);
        }

        @Test void programs_get_JSON_also_when_nobody_is_signed_in() throws IOException {
            var signedIn = Json.read(get_token("--status", "--json").runHere().exits(0).out()).orElseThrow();
            Files.delete(folder.resolve("refresh_token"));
            get_token("--status").runHere().exits(77).printsNothing();
            var result = get_token("--status", "--json").runHere().exits(77).says("there is no refresh token");
            var status = Json.read(result.out()).orElseThrow();
            assertEquals(signedIn.keySet(), status.keySet());
            assertEquals(1L, ((Number) status.get("schema_version")).longValue());
            assertEquals(List.of(true, false), List.of(signedIn.get("signed_in"), status.get("signed_in")));
            assertTrue(status.get("message").toString().contains("there is no refresh token"), status.toString());
        }

        @Test void it_says_where_each_setting_stands() throws IOException {
            Files.createDirectories(folder.resolve(".config/m365"));
            write(".config/m365/settings", "M365_IMAP_PORT=1993\n");
            get_token("--status").runHere().exits(0).tells("M365_AUTHORITY: environment",
                "M365_TOKEN_FILE: environment", "M365_IMAP_PORT: " + folder.resolve(".config/m365/settings") + ":1",
                "the others: config.java");
            var status = Json.read(get_token("--status", "--json").runHere().exits(0).out()).orElseThrow();
            assertTrue(status.get("settings_from").toString().contains("M365_CLIENT_ID=config.java"), "" + status);
        }

        @Test void without_a_cache_the_file_s_own_age_counts() throws IOException {
            Files.setLastModifiedTime(folder.resolve("refresh_token"),
                FileTime.from(Instant.now().minus(Duration.ofDays(80))));
            get_token("--status").runHere().exits(0).says("80 days ago");
        }

        @Test void whose_token_it_is_may_be_unknown() throws IOException {
            accessToken();
            write("token_cache.json", read("token_cache.json")
                .replaceAll("\"username\":\"[^\"]*\"", "\"username\":\"\""));
            assertTrue(get_token("--status").runHere().exits(0).out().contains("not known until the next renewal"));
            get_token("--sign-out", "second@uva.example").runHere().exits(0);
        }

        @Test void it_does_not_show_somebody_else_s_cache() throws IOException {
            accessToken();
            write("refresh_token", login.issueRefreshToken("second@uva.example", FakeLogin.PUBLIC_APP, SCOPES));
            assertFalse(get_token("--status").runHere().exits(0).out().contains(JAN));
        }
    }
}
