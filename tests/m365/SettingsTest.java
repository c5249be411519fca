//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/ExitStatus.java
//SOURCES ../../m365/Problem.java
//SOURCES ../support/TestSettings.java
//SOURCES ../support/Tool.java

package m365;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static support.TestSettings.settings;

/** What config.java, the environment and their faults become. No network. */
class SettingsTest {
    static Problem problem(Executable work) { return assertThrows(Problem.class, work); }

    /** What differs if a variable of the environment has been taken for another. */
    static List<Object> values(Settings settings) {
        return List.of(settings.clientId(), settings.scopes(), settings.tokenFile(), settings.imap(),
            settings.places().forgotten());
    }

    @Nested class When_nothing_is_set {

        @Test void the_values_at_the_top_of_the_file_are_valid() {
            var settings = settings();
            assertEquals("https://login.microsoftonline.com/common", settings.authority().toString());
            assertEquals("outlook.office365.com:993", settings.imap().toString());
            assertEquals("smtp.office365.com:587", settings.smtp().toString());
            assertEquals("outlook.office365.com:995", settings.pop().toString());
            assertEquals(Optional.empty(), settings.proxy());
        }

        @Test void the_client_is_a_public_one() { assertFalse(settings().confidential()); }

        @Test void an_empty_variable_counts_as_not_set() {
            assertEquals(values(settings()),
                values(settings("M365_CLIENT_ID", "", "M365_SCOPES", "  ", "M365_IMAP_PORT", "")));
        }
    }

    @Nested class When_settings_are_wrong {

        @Test void all_of_them_are_told_at_once_and_by_name() {
            var problem = problem(() -> settings("M365_CLIENT_ID", "x", "M365_CLIENT_SECRET", "with space",
                "M365_AUTHORITY", "x", "M365_SCOPES", "x", "M365_REDIRECT_URI", "x", "M365_TOKEN_FILE", "/",
                "M365_IMAP_HOST", "a b", "M365_IMAP_PORT", "x", "M365_SMTP_PORT", "0", "M365_POP_PORT", "65536",
                "M365_CA_FILE", "/nowhere.pem", "HTTPS_PROXY", "https://x", "M365_TOKEN_READ_COMMAND", "pass 'show"));
            for (var name : List.of("CLIENT_ID", "CLIENT_SECRET", "AUTHORITY", "SCOPES", "REDIRECT_URI", "TOKEN_FILE",
                    "IMAP_HOST", "IMAP_PORT", "SMTP_PORT", "POP_PORT", "CA_FILE", "TOKEN_READ_COMMAND",
                    "TOKEN_WRITE_COMMAND"))
                assertTrue(problem.getMessage().contains("M365_" + name), name + " is not in " + problem.getMessage());
            assertTrue(problem.getMessage().contains("HTTPS_PROXY"), problem.getMessage());
            assertEquals(ExitStatus.SETTINGS, problem.status());
        }

        @Test void each_is_a_line_of_stderr_and_the_exit_status_is_78(@TempDir Path folder) {
            Tool.get_token("--status").in(folder).with(Map.of("M365_CLIENT_ID", "x", "M365_POP_PORT", "x"))
                .runHere().exits(78).printsNothing().saysWhatToDo()
                .says("get_token: error: environment: M365_CLIENT_ID is \"x\"",
                    "get_token: error: environment: M365_POP_PORT is \"x\"");
        }

        @ParameterizedTest @CsvSource(delimiter = '|', value = {
            "M365_CLIENT_ID     | 9e5f94bc",
            "M365_CLIENT_ID     | 9e5f94bc-e8a4-4e73-b8be-63364c29d753x",
            "M365_AUTHORITY     | http://login.microsoftonline.com/common",
            "M365_AUTHORITY     | https://login.microsoftonline.com",
            "M365_AUTHORITY     | https://login.microsoftonline.com/",
            "M365_AUTHORITY     | https://login.microsoftonline.com/common/oauth2/v2.0",
            "M365_AUTHORITY     | https://me@login.microsoftonline.com/common",
            "M365_AUTHORITY     | https://login.microsoftonline.com/common?x",
            "M365_AUTHORITY     | https://exa mple/common",
            "M365_SCOPES        | IMAP.AccessAsUser.All",
            "M365_SCOPES        | offline_access",
            "M365_SCOPES        | https://outlook.office.com/",
            "M365_SCOPES        | https://outlook.office.com/SMTP.Send https://graph.microsoft.com/Mail.Read",
            "M365_SCOPES | https://outlook.office.com/IMAP.AccessAsUser.All,https://outlook.office.com/SMTP.Send",
            "M365_SCOPES        | https://graph.microsoft.com/IMAP.AccessAsUser.All",
            "M365_REDIRECT_URI  | https://example.com/",
            "M365_REDIRECT_URI  | http://[::1]:8745/",
            "M365_REDIRECT_URI  | ftp://localhost/",
            "M365_REDIRECT_URI  | http://localhost:99999/",
            "M365_REDIRECT_URI  | http://localhost/?x=y",
            "M365_REDIRECT_URI  | http://localhost.example.com/",
            "M365_REDIRECT_URI  | http://localhost@example.com/",
            "M365_IMAP_HOST     | https://outlook.office365.com",
            "M365_IMAP_PORT     | 0",
            "M365_SMTP_PORT     | -1",
            "M365_POP_PORT      | 65536",
            "M365_TOKEN_FILE    | /",
            "M365_CA_FILE       | /no/such/ca.pem"})
        void a_bad_value_is_named_and_quoted(String name, String value) {
            var message = problem(() -> settings(name, value)).getMessage();
            assertTrue(message.startsWith("environment: " + name + " "), message);
            if (!name.equals("M365_SCOPES")) assertTrue(message.contains("\"" + value + "\""), message);
            assertEquals(1, message.lines().count(), message);
        }

        @ParameterizedTest
        @CsvSource({"M365_CLIENTID, M365_CLIENT_ID", "M365_TOKENFILE, M365_TOKEN_FILE", "M365_SCOPE, M365_SCOPES",
            "M365_IMAP_PROT, M365_IMAP_PORT", "M365_SETTING, M365_SETTINGS"})
        void a_name_that_is_nearly_right_is_not_passed_over(String name, String meant) {
            var message = problem(() -> settings(name, "x")).getMessage();
            assertTrue(message.contains("\"" + name + "\" is no setting; did you mean " + meant + "?"), message);
        }

        @Test void what_is_somebody_else_s_is() {
            assertEquals(values(settings()), values(settings("M365_USER", "jan", "M365_CLIENT_ID2", "x",
                "M365_TOKEN_FILE_OF_EVA", "x", "M365_SCOPE", " ")));
        }

        @Test void two_commands_for_one_token_are_for_the_same_user() {
            var message = problem(() -> settings("M365_TOKEN_READ_COMMAND", "pass show m365/{user}",
                "M365_TOKEN_WRITE_COMMAND", "pass insert m365/jan")).getMessage();
            assertTrue(message.contains("must both contain {user}"), message);
            // With commands the file's name does not matter.
            assertFalse(settings("M365_TOKEN_READ_COMMAND", "pass show m365",
                "M365_TOKEN_WRITE_COMMAND", "pass insert m365", "M365_TOKEN_FILE", "{user}").perUser());
        }

        @Test void what_may_be_secret_is_not_quoted() {
            var message = problem(() -> settings("M365_CLIENT_SECRET", "hush hush",
                "HTTPS_PROXY", "socks5://me:hush@proxy")).getMessage();
            assertFalse(message.contains("hush"), message);
        }

        @Test void control_characters_in_a_bad_value_do_not_reach_the_terminal() {
            var message = problem(() -> settings("M365_CLIENT_ID", "\u001b[2Jx\u202e")).getMessage();
            assertTrue(message.contains("\\u001b") && message.contains("\\u202e"), message);
        }
    }

    @Nested class When_settings_are_unusual_but_right {

        @Test void a_slash_at_the_end_of_the_authority_is_dropped() {
            assertEquals("https://login.microsoftonline.us/uva.nl",
                settings("M365_AUTHORITY", "https://login.microsoftonline.us/uva.nl/").authority().toString());
        }

        @Test void the_scopes_that_MSAL_adds_may_be_listed_as_well() {
            var settings = settings("M365_SCOPES",
                "openid profile offline_access  https://outlook.office.com/SMTP.Send");
            assertEquals(Set.of("https://outlook.office.com/SMTP.Send"), settings.scopes());
        }

        @Test void a_secret_makes_the_client_confidential() {
            assertTrue(settings("M365_CLIENT_SECRET", "x").confidential());
        }

        @Test void a_tilde_in_the_token_file_is_the_home_folder() {
            assertEquals("/home/jan/mail/token",
                settings("M365_TOKEN_FILE", "~/mail/token", "HOME", "/home/jan").tokenFile());
        }
    }
}
