//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../stand_in/FakeLogin.java
//SOURCES ../support/JanIsSignedIn.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stand_in.FakeLogin;
import support.JanIsSignedIn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Configurations for mail programs, and the warnings that go with them. */
@Execution(ExecutionMode.CONCURRENT)
class MailProgramsTest extends JanIsSignedIn {

    @Nested class Asked_for_a_configuration {

        @Test void it_warns_where_there_is_no_token_yet() throws IOException {
            Files.delete(folder.resolve("refresh_token"));
            get_token("--config-for", "mbsync", JAN).runHere().exits(0)
                .says("there is no token in " + folder.resolve("refresh_token") + " yet");
        }

        @Test void it_warns_when_the_token_is_another_s() {
            accessToken();
            get_token("--config-for", "mbsync", "shared@uva.example").runHere().exits(0)
                .says(JAN + " is signed in here", "only if they share it");
            get_token("--config-for", "mbsync", JAN).runHere().exits(0).says("").neverSays("warning");
        }

        @Test void the_timer_of_systemd_tells_on_the_desktop_unless_the_settings_file_says_how() throws IOException {
            var notice = "Environment=\"M365_NOTIFY_COMMAND=notify-send 'Microsoft 365'\"\n";
            assertTrue(get_token("--config-for", "systemd", JAN).runHere().exits(0).out().contains(notice));
            Files.createDirectories(folder.resolve(".config/m365"));
            write(".config/m365/settings", "M365_NOTIFY_COMMAND='mail -s {reason} jan'\n");
            get_token("--config-for", "systemd", JAN).runHere().exits(0).neverSays("notify-send");
        }

        @Test void OfflineIMAP_renews_for_a_public_client_alone() {
            var ofPublic = get_token("--config-for", "offlineimap", JAN).runHere().exits(0).out();
            assertTrue(ofPublic.contains("\noauth2_refresh_token_eval = ")
                && ofPublic.contains("\n#oauth2_access_token_eval = "), ofPublic);
            var confidential = get_token("--config-for", "offlineimap", JAN)
                .with("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP)
                .with("M365_CLIENT_SECRET", FakeLogin.CONFIDENTIAL_SECRET).runHere().exits(0).out();
            assertTrue(confidential.contains("\noauth2_access_token_eval = ")
                && !confidential.contains("refresh_token_eval"), confidential);
        }

        @ParameterizedTest
        @CsvSource({"isync, # mbsync", "Mutt, # NeoMutt", "offlineimap3, # OfflineIMAP", "git send-email, # git",
            "exim4, # Exim"})
        void it_finds_what_was_meant(String name, String heading) {
            // Exim takes no command with a space or a letter beyond ASCII in its path, and a clone may have such a one.
            boolean any = !heading.contains("Exim") || Path.of("").toAbsolutePath().toString().matches("[!-~]+");
            var configuration = get_token("--config-for", name, JAN).runHere().exits(any ? 0 : 78).out();
            assertEquals(any, configuration.contains("\n" + heading), configuration);
        }

        /** Microsoft's answer names the account, and whoever plays Microsoft may name any. */
        @Test void a_name_that_is_no_address_is_not_believed() throws IOException {
            accessToken();
            var cache = folder.resolve("token_cache.json");
            Files.writeString(cache, Files.readString(cache).replace(JAN, "x\\nset shell=/tmp/evil@uva.example"));
            get_token("--config-for", "mutt").runHere().exits(0).says("nobody is signed in")
                .neverSays("evil");
        }

        @ParameterizedTest
        @ValueSource(strings = {"offlineimap", "mbsync", "neomutt", "mutt", "msmtp", "getmail", "fetchmail", "aerc",
            "himalaya", "exim", "systemd"})
        void a_line_break_does_not_become_a_line_of_configuration(String name) throws IOException {
            var folderWithLine = Files.createDirectory(folder.resolve("x\nset sendmail=evil #"));
            get_token("--config-for", name, JAN).with("M365_TOKEN_FILE", folderWithLine.resolve("t")).runHere()
                .exits(78).printsNothing().says("cannot be written into that program's configuration");
        }

        @Test void a_line_break_in_the_scopes_is_a_space() {
            var scopes = "https://outlook.office.com/IMAP.AccessAsUser.All\nhttps://outlook.office.com/SMTP.Send\t";
            var configuration = get_token("--config-for", "mutt", JAN).with("M365_SCOPES", scopes + " "
                + "https://outlook.office.com/POP.AccessAsUser.All").runHere().exits(0).out();
            assertTrue(configuration.contains("IMAP.AccessAsUser.All https://outlook.office.com/POP"), configuration);
        }

        /** msmtp gives up at the 501st character of a line, mbsync at the 1023rd. */
        @ParameterizedTest @ValueSource(strings = {"msmtp", "mbsync"})
        void a_line_that_is_too_long_for_the_program_is_refused_with_what_makes_it_short(String name) {
            var file = folder.resolve(("x".repeat(200) + "/").repeat(6));
            get_token("--config-for", name, JAN).with("M365_TOKEN_FILE", file).runHere().exits(78)
                .says("a line may have", "--save-settings");
        }

        @ParameterizedTest @CsvSource("mbsnc, did you mean mbsync?")
        void a_name_that_is_nearly_right_is_put_right(String name, String advice) {
            get_token("--config-for", name).runHere().exits(64).says(advice);
        }

        @ParameterizedTest @ValueSource(strings = {"thunderbird", "jan@uva.example"})
        void nothing_is_suggested_for_what_is_none(String name) {
            get_token("--config-for", name).runHere().exits(64).neverSays("did you mean");
        }
    }
}
