//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES support/CheckingImap.java
//SOURCES ../m365/Json.java

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import m365.Json;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stand_in.FakeLogin;
import support.CheckingImap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/** {@code check_imap --explain}. */
@Execution(ExecutionMode.CONCURRENT)
class CheckImapExplainTest extends CheckingImap {

    @Nested class A_looked_up_error {

        @ParameterizedTest @CsvSource(delimiter = '|', value = {
            "50011             | The sign-in page refused the redirect URI",
            "AADSTS700016      | is not known in this tenant",
            "invalid_grant     | invalid_grant",
            "Error: selected SASL mechanism(s) not available | SASL",
            "IMAP error: NO AUTHENTICATE failed. | does not accept the token",
            "AADSTS99999999    | AADSTS"})
        void is_a_number_a_code_or_a_pasted_text(String text, String told) {
            var result = check_imap("--explain", text).runHere().exits(0);
            assertEquals("", result.err());
            result.tells(told, "Why", "What to do:");
        }

        /** OfflineIMAP prints its whole configuration: https://github.com/OfflineIMAP/offlineimap3/issues/76 */
        @Test void may_carry_OfflineIMAPs_refresh_token_which_is_not_echoed() throws IOException {
            var token = hold(JAN, ALL_SCOPES);
            var line = "ERROR: While attempting to sync account 'uva'\n"
                + "  HTTP Error 400: Bad Request (configuration is: "
                + "{'client_id': '" + FakeLogin.PUBLIC_APP + "', 'client_secret': 'hunter2-hunter2', "
                + "'refresh_token': '" + token + "', 'grant_type': 'refresh_token'})\n";
            Files.delete(home.resolve("refresh_token"));
            var result = check_imap("--explain", "-").typing(line).run().exits(0).tells("OfflineIMAP");
            result.neverSays(token.substring(60, 100)).neverSays("hunter2");
        }

        @Test void needs_neither_network_nor_token_nor_good_settings() throws IOException {
            int connections = cloud.login().connections();
            check_imap("--explain", "AADSTS50011").runHere().exits(0);
            assertEquals(connections, cloud.login().connections());
            check_imap("--explain", "AADSTS50011").with("M365_CLIENT_ID", "nonsense").with("M365_IMAP_PORT", "x")
                .runHere().exits(0).tells("Why");
            try (var files = Files.list(home)) {
                assertEquals(List.of(), files.toList());
            }
        }

        @Test void is_explained_for_the_app_that_the_text_names() {
            var other = "1f9b6a1d-3c55-4c0e-9c3b-7a4a5f0a6d11";
            check_imap("--explain", "AADSTS90094: Consent is needed for the application '" + other + "'.").runHere()
                .exits(0).tells("whose app " + other + " is").neverSays(FakeLogin.PUBLIC_APP)
                .neverSays("adminconsent");
            check_imap("--explain", "AADSTS90094: Consent is needed: app '" + FakeLogin.PUBLIC_APP + "'").runHere()
                .exits(0).tells("adminconsent?client_id=" + FakeLogin.PUBLIC_APP);
        }

        /** Somebody else's log says nothing of our app, tenant or host. */
        @Test void asserts_nothing_of_our_settings_about_somebody_elses_log() {
            check_imap("--explain", "app: AADSTS50011: The redirect URI does not match").runHere().exits(0)
                .neverSays(FakeLogin.PUBLIC_APP).neverSays("localhost:8745/ is not registered");
            check_imap("--explain", "get_token: error: Microsoft refused: AADSTS700016").runHere().exits(0)
                .tells(FakeLogin.PUBLIC_APP);
        }

        @Test void that_is_not_known_says_so_by_its_status() {
            check_imap("--explain", "the printer is on fire").runHere().exits(1).tells("Nothing in this text is known");
            check_imap("--explain", "psql: FATAL:  password authentication failed for user \"jan\"").runHere().exits(1)
                .tells("about PostgreSQL, not about Microsoft 365 mail");
        }

        /** Words that are no addresses can only be part of it; an address is whose error it is. */
        @Test void needs_no_quotation_marks() {
            var quoted = check_imap("--explain", "NO AUTHENTICATE failed.").runHere().exits(0).out();
            assertEquals(quoted, check_imap("--explain", "NO", "AUTHENTICATE", "failed.").runHere().exits(0).out());
            check_imap("--explain", "NO AUTHENTICATE failed.", JAN).runHere().exits(0)
                .tells("does not accept the token for " + JAN);
            check_imap("--explain", "-", "jan").typing("NO AUTHENTICATE failed.").runHere().exits(64).printsNothing()
                .tells("\"jan\" is not a mail address");
        }

        @Test void may_stand_behind_another_option() {
            var result = check_imap("--explain", "AADSTS50011", "--json").runHere().exits(0);
            assertEquals(result.out(), check_imap("--explain", "--json", "AADSTS50011").runHere().exits(0).out());
            assertEquals(result.out(), check_imap("--json", "--explain", "AADSTS50011").runHere().exits(0).out());
            check_imap("--explain", "-ERR Authentication failure: bad password.").runHere().exits(0);
            check_imap("--explain", "--json", "-").typing("AADSTS50011").runHere().exits(0).tells("redirect-uri");
            check_imap("--explain").runHere().exits(64).tells("nothing to explain");
            check_imap("--explain", "--json").runHere().exits(64).tells("nothing to explain");
        }

        @Test void has_a_form_for_programs() {
            var result = check_imap("--explain", "AADSTS50011", "--json").runHere().exits(0);
            var fields = Json.read(result.out()).orElseThrow();
            assertEquals("redirect-uri-mismatch", fields.get("cause"));
            assertEquals(true, fields.get("known"));
            assertEquals("configuration", fields.get("act"));
            assertTrue(String.valueOf(fields.get("steps")).contains("M365_REDIRECT_URI="), result.out());
            check_imap("--explain", "the printer is on fire", "--json").runHere().exits(1).tells("\"known\":false");
        }

        /** On a busy machine one of the two may have to wait; not three times. */
        @Test void is_answered_at_once() {
            var times = new ArrayList<String>();
            while (times.size() < 3) {
                var help = check_imap("--help").run().exits(0).took(); // a start, on this machine and now
                var took = check_imap("--explain", "AADSTS50105: The signed in user is not assigned to a role")
                    .run().exits(0).took();
                if (took.compareTo(help.multipliedBy(2).plusSeconds(1)) < 0) return;
                times.add(took + ", and the help " + help);
            }
            fail(times.toString());
        }
    }
}
