//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../stand_in/FakeLogin.java
//SOURCES ../support/JanIsSignedIn.java
//SOURCES ../support/Tool.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import stand_in.FakeLogin;
import support.JanIsSignedIn;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code --save-settings}: what was set in this terminal is known to the next one. */
class SavedSettingsTest extends JanIsSignedIn {
    private static final String SETTINGS = ".config/m365/settings";

    @BeforeEach void noDirectoryYet() { assertFalse(Files.exists(folder.resolve(".config"))); }

    private Tool save(String... more) {
        var words = new String[more.length + 1];
        words[0] = "--save-settings";
        System.arraycopy(more, 0, words, 1, more.length);
        return get_token(words).with("M365_TOKEN_FILE", folder.resolve("refresh_token"));
    }

    /** In another terminal, where nothing is set. */
    private Tool elsewhere(String... words) { return Tool.get_token(words).in(folder); }

    @Nested class What_is_set_in_this_terminal {

        @Test void works_in_another_directory_and_terminal() throws IOException {
            get_token("--save-settings").run().exits(0).printsNothing()
                .says("Saved in " + folder.resolve(SETTINGS), "M365_AUTHORITY=" + login.authority(),
                    "M365_TOKEN_FILE=" + folder.resolve("refresh_token"));
            assertEquals("rw-------", mode(SETTINGS));
            assertEquals("rwx------", mode(".config/m365"));
            var other = Files.createDirectory(folder.resolve("other"));
            printed(elsewhere("--access-token").in(other).with("HOME", folder).run());
        }

        @Test void takes_its_line_s_place_and_leaves_the_rest_of_the_file_alone() throws IOException {
            Files.createDirectories(folder.resolve(".config/m365"));
            write(SETTINGS, "# of Jan\nM365_IMAP_PORT='1993'\n\nM365_SMTP_PORT=1\nM365_SMTP_PORT=2\n#end");
            save().with("M365_SMTP_PORT", "1587").runHere().exits(0);
            var text = read(SETTINGS);
            assertTrue(text.startsWith("# of Jan\nM365_IMAP_PORT='1993'\n\nM365_SMTP_PORT=1587\n#end\n"), text);
            save().runHere().exits(0);
            assertEquals(text, read(SETTINGS));
        }

        @Test void may_have_to_be_quoted() throws IOException {
            save().with("M365_TOKEN_FILE", "/home/jan/it's $HOME").runHere().exits(0);
            assertTrue(read(SETTINGS).contains("M365_TOKEN_FILE=\"/home/jan/it's \\$HOME\"\n"), read(SETTINGS));
        }

        @Test void is_not_written_if_it_is_wrong() {
            save().with("M365_IMAP_PORT", "x").runHere().exits(78).says("environment: M365_IMAP_PORT");
            save().with("M365_TOKEN_FILE", "/x\ny").runHere().exits(78).says("M365_TOKEN_FILE");
            assertFalse(Files.exists(folder.resolve(SETTINGS)));
        }

        @Test void goes_into_the_file_that_a_link_leads_to() throws IOException {
            Files.createDirectories(folder.resolve(".config/m365"));
            write("dotfile", "");
            Files.createSymbolicLink(folder.resolve(SETTINGS), folder.resolve("dotfile"));
            save().runHere().exits(0);
            assertTrue(Files.isSymbolicLink(folder.resolve(SETTINGS)) && read("dotfile").contains("M365_AUTHORITY="));
        }

        @Test void may_go_into_a_file_that_M365_SETTINGS_names_and_that_is_not_there_yet() throws IOException {
            var file = folder.resolve("uva");
            save().with("M365_SETTINGS", file).runHere().exits(0)
                .says("Saved in " + file, "where M365_SETTINGS names it");
            printed(elsewhere("--access-token").with("M365_SETTINGS", file).runHere());
        }

        @Test void is_kept_whole_where_the_file_cannot_be_written() throws IOException {
            Files.createDirectories(folder.resolve(SETTINGS + "_new/x"));
            save().runHere().exits(75).says("could not be written to " + folder.resolve(SETTINGS));
        }

        @Test void does_not_drag_in_what_config_java_says() throws IOException {
            save().runHere().exits(0);
            assertFalse(read(SETTINGS).contains("M365_CLIENT_ID") || read(SETTINGS).contains("PORT"), read(SETTINGS));
        }
    }

    @Nested class A_secret {
        private final Map<String, String> confidential = Map.of("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP,
            "M365_CLIENT_SECRET", FakeLogin.CONFIDENTIAL_SECRET);

        @Test void is_left_out_unless_it_is_asked_for() throws IOException {
            save().with(confidential).runHere().exits(0).says("Not saved, because it is secret: M365_CLIENT_SECRET",
                "--save-settings --with-secret");
            assertFalse(read(SETTINGS).contains("SECRET"));
            save("--with-secret").with(confidential).runHere().exits(0).says("M365_CLIENT_SECRET=…");
            assertTrue(read(SETTINGS).contains("M365_CLIENT_SECRET=" + FakeLogin.CONFIDENTIAL_SECRET)
                || read(SETTINGS).contains("M365_CLIENT_SECRET='" + FakeLogin.CONFIDENTIAL_SECRET), "it is not there");
            assertEquals("rw-------", mode(SETTINGS));
        }

        @Test void that_is_there_already_stays_there() throws IOException {
            save("--with-secret").with(confidential).runHere().exits(0);
            var text = read(SETTINGS);
            elsewhere("--save-settings").with("M365_TOKEN_FILE", folder.resolve("refresh_token")).runHere().exits(0);
            assertEquals(text, read(SETTINGS));
        }

        @Test void goes_nowhere_without_save_settings() {
            get_token("--with-secret").runHere().exits(64).says("only --save-settings takes --with-secret");
        }

        /** A secret store's command may have a passphrase in it. */
        @Test void is_not_shown_with_a_command() throws IOException {
            save().with("M365_TOKEN_READ_COMMAND", "sh -c 'echo a-passphrase'").with("M365_TOKEN_WRITE_COMMAND", "cat")
                .runHere().exits(0).says("M365_TOKEN_READ_COMMAND=…").neverSays("a-passphrase");
            assertTrue(read(SETTINGS).contains("a-passphrase"), read(SETTINGS));
        }
    }
}
