//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a person at a terminal is told. */
class AdviceTest {
    static final String WORK_REFRESH_TOKEN = "1.AXkAqKp3bG9yZW0taXBzdW0tZG9sb3Itc2l0LWFtZXQ.AgABBAIAAAADAOz_BQD0_9x2aK";

    @Nested class The_answer_on_the_terminal {
        final String refusal = "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS53003: Access has been "
                + "blocked by Conditional Access policies.\\r\\nTrace ID: 11111111-2222-3333-4444-555555555555\\r\\n"
                + "Correlation ID: 66666666-7777-8888-9999-000000000000\\r\\nTimestamp: 2026-03-02 08:15:42Z\","
                + "\"error_codes\":[53003],\"refresh_token\":\"" + WORK_REFRESH_TOKEN + "\"}";
        final Map<String, String> facts = Map.of("user", "jan@uva.nl", "tenant", "common",
                "client_id", "9e5f94bc-e8a4-4e73-b8be-63364c29d753",
                "authority", "https://login.microsoftonline.com/common");

        Finding found(Cause cause) { return new Finding(cause, Signal.local(""), Fit.Tier.NUMBER, "", Map.of()); }

        String told(String pasted) { return explain(pasted, facts); }

        String explain(String pasted, Map<String, String> facts) {
            return Advice.tell(PastedError.find(pasted), facts);
        }

        @Test void puts_a_link_on_a_line_of_its_own() {
            assertEquals("- Look at\n  https://mysignins.microsoft.com\n  and sign out.\n",
                    Wrapping.wrap(80, "- ", "  ", "Look at https://mysignins.microsoft.com and sign out."));
            assertEquals("https://mysignins.microsoft.com\n",
                    Wrapping.wrap(20, "", "", "https://mysignins.microsoft.com"));
        }

        @Test void says_what_why_what_to_do_and_what_to_send() {
            var told = told(refusal);
            var parts = List.of("refused the sign-in.\n", "\nWhat to do:\n  - ", "`jbang get_token.java jan@uva.nl`",
                    "\nWhy, most likely first:\n  1. ", "\n  2. ", "\nThen:\n  - ",
                    "\nSend this to your administrator:\n",
                    "code            AADSTS53003 (conditional-access-refused)\n",
                    "correlation id  66666666-7777-8888-9999-000000000000\n",
                    "trace id        11111111-2222-3333-4444-555555555555\n",
                    "timestamp       2026-03-02 08:15:42Z\n", "user            jan@uva.nl\n",
                    "app             9e5f94bc");
            int from = 0;
            for (var part : parts) {
                int at = told.indexOf(part, from);
                assertTrue(at >= 0, part + " is missing, or at the wrong place, in\n" + told);
                from = at + part.length() - 1;
            }
        }

        @Test void shows_no_secret_that_was_pasted() { assertFalse(told(refusal).contains("AXkAqKp3"), told(refusal)); }

        @Test void lets_no_control_character_through() {
            var told = Advice.tell(PastedError.find(refusal + "\u001b]0;gotcha\u0007\u202e"),
                    Map.of("user", "jan\u001b[31m@uva.nl"));
            assertTrue(told.chars().allMatch(c -> c == '\n'
                    || !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT), told);
        }

        @Test void breaks_lines_but_no_command() {
            for (var row : Failures.all()) {
                var told = Advice.tell(found(row), facts);
                for (var line : told.split("\n")) {
                    assertTrue(line.length() <= 80 || line.contains("`") || line.contains("http"), line);
                    assertEquals(0, line.chars().filter(c -> c == '`').count() % 2, "a broken command: " + line);
                }
            }
        }

        @Test void leaves_no_braces() {
            for (var row : Failures.all()) for (var known : List.of(facts, Map.<String, String>of()))
                assertFalse(Advice.tell(found(row), known).contains("{"), row.id());
        }

        @Test void shows_the_form_of_the_consent_link_when_no_setting_is_known() {
            var told = ProblemReport.explain("AADSTS90094", Map.of());
            assertTrue(told.contains("https://login.microsoftonline.com/TENANT/v2.0/adminconsent"
                    + "?client_id=CLIENT-ID&scope="), told);
        }

        @Test void takes_a_fact_literally() {
            assertEquals("is $1 \\x", new Wording(Map.of("user", "$1 \\x")).fill("is {user}"));
        }

        @Test void names_the_scopes_of_the_own_cloud() {
            assertTrue(told("local missing-smtp-scope").contains("`https://outlook.office.com/SMTP.Send`"),
                told("local missing-smtp-scope"));
            var china = Map.of("scope_host", "partner.outlook.cn");
            for (var text : List.of("local missing-smtp-scope", "535 5.7.3 Authentication unsuccessful"))
                assertTrue(explain(text, china).contains("`https://partner.outlook.cn/SMTP.Send`"),
                    explain(text, china));
            assertTrue(explain("-ERR Authentication failure", china)
                .contains("`https://partner.outlook.cn/POP.AccessAsUser.All`"));
            assertTrue(explain("AADSTS90094", china).contains("&scope=https://partner.outlook.cn/.default"),
                explain("AADSTS90094", china));
        }

        @Test void does_not_repeat_the_host_of_scopes_that_are_themselves_in_doubt() {
            for (var text : List.of("local graph-token", "70011", "28003", "invalid_scope"))
                assertFalse(explain(text, Map.of("scope_host", "graph.microsoft.com"))
                    .contains("https://graph.microsoft.com/IMAP"), text);
        }

        @Test void shows_a_certificate_behind_STARTTLS_with_a_command_that_can() {
            var sending = "`openssl s_client -connect smtp.office365.com:587 -starttls smtp`";
            for (var reason : List.of("certificate verify failed", "certificate has expired", "hostname mismatch")) {
                var smtp = new Signal("network", "", "", List.of(),
                        "smtp javax.net.ssl.SSLHandshakeException: " + reason);
                var told = Advice.tell(Failures.find(smtp), Map.of("host", "smtp.uva.nl", "port", "2587"));
                assertTrue(told.contains("`openssl s_client -connect smtp.uva.nl:2587 -starttls smtp`")
                    && !told.contains("keytool"), told);
                var pasted = explain("msmtp: TLS " + reason, Map.of("host", "outlook.office365.com"));
                assertTrue(pasted.contains(sending) && !pasted.contains("keytool"), pasted);
                var china = explain("msmtp: TLS " + reason,
                        Map.of("host", "partner.outlook.cn", "smtp_host", "smtp.partner.outlook.cn"));
                assertTrue(china.contains("`openssl s_client -connect smtp.partner.outlook.cn:587 -starttls smtp`"),
                    china);
                var imap = explain("[SSL] " + reason, Map.of("host", "imap.uva.nl", "port", "1993"));
                assertTrue(imap.contains("`keytool -printcert -sslserver imap.uva.nl:1993`")
                    && !imap.contains("starttls"), imap);
                assertTrue(explain("[SSL] " + reason, Map.of("host", "imap.uva.nl"))
                    .contains("`keytool -printcert -sslserver imap.uva.nl:993`"));
            }
            assertTrue(explain("msmtp: cannot connect to smtp.office365.com, port 587: Connection timed out",
                Map.of()).contains(sending));
            assertTrue(explain("msmtp: the server does not support authentication", Map.of()).contains(sending));
            assertTrue(explain("Socket error on outlook.office365.com (192.0.2.3:993): timeout.", Map.of("host", "h"))
                .contains("`openssl s_client -connect h:993`"));
        }

        @Test void blames_Java_for_no_certificate_that_another_program_refused() {
            var told = told("ERROR: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
                    + "unable to get local issuer certificate (_ssl.c:992)");
            assertFalse(told.contains("Java does not"), told);
            assertTrue(told.startsWith("The program does not know who issued"), told);
        }

        @Test void blames_the_refresh_token_for_no_malformed_request_of_a_sign_in() {
            var told = told("AADSTS9002313");
            assertTrue(told.startsWith("Microsoft could not read the request.\n") && told.contains("authorization code")
                && told.contains("refresh token"), told);
            assertFalse(explain("AADSTS9002313", Map.of("excluded", "Renewing")).contains("refresh token"));
            assertFalse(explain("AADSTS9002313", Map.of("excluded", "Signing in")).contains("authorization code"));
        }

        @Test void tells_what_to_do_in_that_program_whose_failure_it_is() {
            var foreign = explain("AADSTS50011", Map.of("elsewhere", "", "foreign_app", ""));
            assertTrue(foreign.contains("Another program: register") && !foreign.contains("get_token waits"), foreign);
            var ours = told("AADSTS50011");
            assertTrue(ours.contains("While get_token waits") && !ours.contains("Another program"), ours);
            var either = explain("AADSTS50011", Map.of("elsewhere", ""));
            assertTrue(either.contains("While get_token waits") && either.contains("Another program"), either);
        }

        @Test void calls_a_setting_by_the_words_of_the_field_where_another_program_may_have_failed() {
            var told = explain("AADSTS90002", Map.of("elsewhere", "")).replaceAll("\\s+", " ");
            assertTrue(told.contains("Check the tenant in the sign-in address (here M365_AUTHORITY)"), told);
            assertTrue(told("AADSTS90002").contains("Check M365_AUTHORITY"), told);
        }

        @Test void asks_to_paste_into_no_program_that_has_ended() {
            var told = told("local nothing-came-back");
            assertFalse(told.contains("paste it here"), told);
            assertFalse(told.contains("50011"), told);
            assertTrue(told.replaceAll("\\s+", " ").contains("paste it when it is asked for"), told);
        }

        @Test void has_nothing_to_send_for_a_cause_on_this_computer() {
            assertFalse(told("local token-file-loose").contains("administrator"), told("local token-file-loose"));
        }
    }
}
