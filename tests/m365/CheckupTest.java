//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/CheckingImap.java

package m365;

import java.io.IOException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stand_in.FakeLogin;
import stand_in.FakeMail;
import support.CheckingImap;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a checkup finds before the mail server refuses. */
@Execution(ExecutionMode.CONCURRENT)
class CheckupTest extends CheckingImap {

    @Nested class Before_the_server_refuses {

        @Test void a_failing_step_ends_it() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = FakeMail.authenticateFailed(Tool.ca()).start();
                    var other = FakeMail.smtp(Tool.ca()).start()) {
                var result = toward(imap, check_imap("--all", JAN)).with("M365_SMTP_PORT", other.port())
                    .with("M365_POP_PORT", other.port()).runHere().exits(69);
                assertEquals("IMAP login", names(result).get(names(result).size() - 1));
                var last = result.out().lines().reduce((a, b) -> b).orElseThrow();
                assertTrue(last.startsWith("FAILED  IMAP login"), result.out());
                assertEquals(0, other.connections());
            }
        }

        @ParameterizedTest @CsvSource({
            "--smtp, IMAP.AccessAsUser.All, SMTP.Send",
            "--pop,  IMAP.AccessAsUser.All, POP.AccessAsUser.All",
            "--all,  SMTP.Send,             IMAP.AccessAsUser.All"})
        void a_missing_scope_is_told_with_how_to_ask_for_it(String option, String granted,
                String missing) throws IOException {
            hold(JAN, granted);
            var logins = cloud.logins().size();
            check_imap(option, JAN).with("M365_SCOPES", OUTLOOK + granted).runHere().exits(78)
                .tells("the access token lacks " + missing,
                    "sign in for that as well: M365_SCOPES='" + OUTLOOK + granted + " " + OUTLOOK + missing
                        + "' jbang get_token.java " + JAN);
            assertTrue(cloud.logins().size() <= logins + 1, "it was tried all the same");
        }

        /** Microsoft gives a token for one host at a time, and it is not the same in every cloud. */
        @Test void a_missing_scope_is_one_of_the_host_that_the_others_are_of() throws IOException {
            var host = "https://outlook.office365.com/";
            hold(JAN, host + "SMTP.Send");
            check_imap(JAN).with("M365_SCOPES", host + "SMTP.Send").runHere().exits(78)
                .tells("M365_SCOPES='" + host + "SMTP.Send " + host + "IMAP.AccessAsUser.All' ");
        }

        @Test void a_token_for_Microsoft_Graph_is_recognised() throws IOException {
            hold(JAN, ALL_SCOPES);
            var logins = cloud.logins().size();
            for (var audience : List.of("https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000")) {
                grantNext(jwt(audience, "IMAP.AccessAsUser.All", JAN), ALL_SCOPES);
                check_imap(JAN).runHere().exits(78)
                    .tells("the access token is for Microsoft Graph, and mail servers refuse it",
                        OUTLOOK + "IMAP.AccessAsUser.All");
                hold(JAN, ALL_SCOPES);
            }
            assertEquals(logins, cloud.logins().size());
        }

        @Test void a_token_of_somebody_else_is_noted_and_explained() throws IOException {
            hold("second@uva.example", ALL_SCOPES);
            var result = check_imap(JAN).runHere().exits(69);
            var note = "NOTE    access token    the token belongs to second@uva.example, not to " + JAN;
            assertTrue(result.out().lines().anyMatch(line -> line.startsWith(note)), result.out());
            result.tells("The token belongs to somebody else than " + JAN,
                "jbang get_token.java " + JAN + " --no-browser`");
            var report = check_imap("--json", JAN).runHere().exits(69);
            assertEquals("token-of-another-user", checks(report).get(0).get("cause"));
        }

        @Test void an_app_of_the_administrators_is_no_advice_for_a_user() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = FakeMail.authenticateFailed(Tool.ca()).start()) {
                toward(imap, check_imap(JAN)).runHere().exits(69)
                    .tells("IMAP is off for the mailbox", "ImapEnabled")
                    .neverSays("ServicePrincipal").neverSays("Shared mailbox").neverSays("Another account");
            }
        }

        @ParameterizedTest @CsvSource({"-30, ahead", "30, behind"})
        void a_clock_that_is_wrong_by_minutes_is_noted(int serverMinutes, String word) throws IOException {
            hold(JAN, ALL_SCOPES);
            var body = Json.write(answer(jwt("https://outlook.office.com", "IMAP.AccessAsUser.All", JAN), ALL_SCOPES));
            var now = ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(serverMinutes);
            try (var imap = FakeMail.imap(Tool.ca()).start();
                    var provider = FakeMail.serving(Tool.ca().server(), true, client -> {
                        int length = 0;
                        for (var line = client.readLine(); line != null && !line.isEmpty(); line = client.readLine())
                            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                                length = Integer.parseInt(line.substring(15).strip());
                        client.in().readNBytes(length);
                        client.say("HTTP/1.1 200 OK", "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(now),
                            "Content-Type: application/json", "Content-Length: " + body.length(), "Connection: close",
                            "", body);
                    }).start()) {
                var result = toward(imap, check_imap("--json", JAN))
                    .with("M365_AUTHORITY", "https://localhost:" + provider.port() + "/common").runHere().exits(0);
                var note = ((List<?>) checks(result).get(0).get("steps")).stream().map(step -> (Map<?, ?>) step)
                    .filter(step -> "note".equals(step.get("mark"))).findFirst().orElseThrow();
                assertEquals("clock-wrong", note.get("cause"));
                var words = String.valueOf(note.get("words"));
                assertTrue(words.matches("this computer's clock is (29|30) minutes " + word), note.toString());
            }
        }

        @Test void a_cloud_that_does_not_fit_is_found_before_anything_is_sent() throws IOException {
            hold(JAN, ALL_SCOPES);
            check_imap(JAN).with("M365_AUTHORITY", "https://login.partner.microsoftonline.cn/common")
                .with("M365_IMAP_HOST", "outlook.office365.com").runHere().exits(78)
                .tells("login.partner.microsoftonline.cn belongs to another cloud than "
                    + "outlook.office.com, outlook.office365.com");
        }

        /** GCC High, with POP and SMTP as they come: they are in another cloud, but nobody goes there. */
        @Test void a_host_that_is_not_asked_may_be_in_any_cloud() {
            var scopes = "https://outlook.office365.us/IMAP.AccessAsUser.All https://outlook.office365.us/SMTP.Send";
            for (var option : List.of("--json", "--smtp", "--pop", "--all")) {
                var abroad = Tool.check_imap(option, JAN).in(home)
                    .with("M365_AUTHORITY", "https://login.microsoftonline.us/" + FakeLogin.TENANT)
                    .with("M365_IMAP_HOST", "outlook.office365.us").with("M365_SCOPES", scopes);
                var host = option.equals("--pop") ? "outlook.office365.com" : "smtp.office365.com";
                if (option.equals("--json"))
                    abroad.runHere().exits(77).tells("token-file-missing"); // past the settings
                else abroad.runHere().exits(78).tells("belongs to another cloud than " + host + " ");
            }
        }

        @ParameterizedTest @CsvSource(nullValues = "-", value = {
            "-,                   whose login is to be checked?",
            "jan,                 is not a mail address",
            "../jan@uva.example,  is not a mail address",
            "--users=nowhere.txt, cannot be read",
            "--smpt,              Unknown option: --smpt",
            "-pZebra77,           Unknown option: -p…",
            "-ERR no Zebra77,     Unknown option: -E…"})
        void a_wrong_command_line_says_what_is_wrong(String argument, String reason) {
            check_imap(argument == null ? new String[0] : new String[] {argument}).runHere().exits(64).printsNothing()
                .tells(reason);
        }

        @Test void every_wrong_setting_is_named_at_once() {
            check_imap(JAN).with("M365_CLIENT_ID", "thunderbird").with("M365_IMAP_PORT", "imaps").runHere().exits(78)
                .tells("M365_CLIENT_ID is \"thunderbird\"", "M365_IMAP_PORT is \"imaps\"");
        }
    }
}
