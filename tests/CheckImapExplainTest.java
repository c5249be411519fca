//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES support/CheckingImap.java

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
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

/** {@code check_imap --explain}. */
@Execution(ExecutionMode.CONCURRENT)
class CheckImapExplainTest extends CheckingImap {

    @Nested class A_looked_up_error {

        @ParameterizedTest @CsvSource(delimiter = '|', value = {
            "50011             | The sign-in page refused the address to return to",
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
                .exits(0).tells("adminconsent?client_id=" + other).neverSays(FakeLogin.PUBLIC_APP);
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

        @Test void has_no_form_for_programs() {
            check_imap("--explain", "AADSTS50011", "--json").runHere().exits(64).printsNothing()
                .tells("--json does not go with --explain");
        }

        @Test void is_answered_at_once() {
            var took = check_imap("--explain", "AADSTS50011").run().exits(0).took();
            assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, took.toString());
        }
    }
}
