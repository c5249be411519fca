//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/SettingsReader.java
//SOURCES ../support/TestSettings.java
//SOURCES ../support/Tool.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import support.TestSettings;
import support.Tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The settings file: what stands in it is what a shell and systemd make of it, and nobody else has a say in it. */
class SettingsFileTest {
    private static final String ID = "9e5f94bc-e8a4-4e73-b8be-63364c29d754";

    @TempDir Path home;
    private final Map<String, String> env = new HashMap<>();

    private Path file() { return home.resolve(".config/m365/settings"); }

    private Path write(String text, String mode) throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), text);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(mode));
        return file();
    }

    private void write(String text) throws IOException { write(text, "rw-r--r--"); }

    private Settings read() {
        env.putIfAbsent("HOME", home.toString());
        return SettingsReader.read(TestSettings.values(), env);
    }

    private String refused() {
        var problem = assertThrows(Problem.class, this::read);
        assertEquals(ExitStatus.SETTINGS, problem.status());
        return problem.getMessage();
    }

    private static void says(String message, String... fragments) {
        for (var fragment : fragments) assertTrue(message.contains(fragment), message);
    }

    @Nested class Of_the_three_places {

        @Test void the_later_wins() throws IOException {
            write("M365_CLIENT_ID=" + ID + "\nM365_IMAP_PORT=1993\n");
            env.put("M365_IMAP_PORT", "2993");
            assertEquals(ID, read().clientId());
            assertEquals(2993, read().imap().port());
            assertEquals(587, read().smtp().port());
        }

        @Test void each_value_tells_where_it_stands() throws IOException {
            write("# mine\n\nM365_CLIENT_ID=" + ID + "\nM365_IMAP_PORT=1993\n");
            env.put("M365_IMAP_PORT", "2993");
            var places = read().places();
            assertEquals(file() + ":3", places.of("M365_CLIENT_ID"));
            assertEquals("environment", places.of("M365_IMAP_PORT"));
            assertEquals("config.java", places.of("M365_SMTP_PORT"));
            assertTrue(places.isSet("M365_CLIENT_ID") && !places.isSet("M365_REDIRECT_URI"));
            assertEquals(List.of("M365_IMAP_PORT"), places.forgotten());
        }

        @Test void all_faults_are_told_at_once_by_place_and_name() throws IOException {
            write("M365_CLIENT_ID=x\nnonsense\nM365_CLIENTSECRET=hush\nM365_SCOPES=a b\nexport M365_POP_PORT=995\n");
            env.put("M365_IMAP_PORT", "x");
            var message = refused();
            says(message, file() + ":1: M365_CLIENT_ID is \"x\"", file() + ":2: not a line like",
                file() + ":3: \"M365_CLIENTSECRET\" is no setting; did you mean M365_CLIENT_SECRET?",
                file() + ":4: M365_SCOPES: put the value between single quotes", file() + ":5: not a line like",
                "environment: M365_IMAP_PORT is \"x\"");
            assertFalse(message.contains("hush"), message);
        }

        @Test void the_file_may_lie_elsewhere() throws IOException {
            write("M365_CLIENT_ID=" + ID + "\n");
            env.putAll(Map.of("HOME", "/nowhere", "XDG_CONFIG_HOME", home + "/.config"));
            assertEquals(ID, read().clientId());
            env.putAll(Map.of("XDG_CONFIG_HOME", "relative", "HOME", home.toString()));
            assertEquals(ID, read().clientId());
            env.putAll(Map.of("HOME", "/nowhere", "M365_SETTINGS", file().toString()));
            assertEquals(ID, read().clientId());
        }

        @Test void one_that_is_named_must_exist() {
            env.put("M365_SETTINGS", home + "/setings");
            says(refused(), "environment: M365_SETTINGS is \"" + home + "/setings\", which does not exist");
        }
    }

    @Nested class A_line {

        private String value(String... lines) throws IOException {
            write(String.join("\n", lines) + "\n");
            return read().tokenFile();
        }

        static Stream<String> values() {
            return Stream.of("/home/jan/refresh_token", "{user}.token", "a b", "  a  b", "it's", "a\"b", "a\\b",
                "a\\\\", "$HOME", "`id`", "$(id)", "a'b\"c\\d$e`f", "a#b", "#a", "a;b", "*", "~x", "=x", "a:~", "A~b",
                "naïve", "!x", "a|b&c<d>e(f)", "%h", "a\u00a0b", "'", "\"", "''", "\\");
        }

        @ParameterizedTest @MethodSource("values")
        void is_read_as_it_is_written_and_as_a_shell_reads_it(String value) throws Exception {
            assertEquals(value.strip(), value(SettingsLine.written("M365_TOKEN_FILE", value)));
            assertEquals(value, inShell());
        }

        @ParameterizedTest @ValueSource(strings = {"x", "'x y'", "\"x y\"", "\"\\$x \\\\ \\` \\\"\"", "''", "\"\"", "",
            "'\\'", "  x", "x   ", "'x'  ", "x\t", "'\"'", "\"'\"", "\"é\"", "'x#y'", "a,b{c}+d%e=f@g:h"})
        void that_is_accepted_means_the_same_to_a_shell(String written) throws Exception {
            write((written.startsWith(" ") ? written.strip() : "M365_TOKEN_FILE=" + written) + "\n");
            if (written.startsWith(" ")) write("  M365_TOKEN_FILE=" + written.strip() + "\n");
            var read = SettingsFile.of(Map.of("HOME", home.toString()), true);
            assertEquals(List.of(), read.faults());
            assertEquals(inShell(), read.value("M365_TOKEN_FILE"));
        }

        /** What {@code sh} makes of the file, as docs/settings.md has it. */
        private String inShell() throws Exception {
            var shell = new ProcessBuilder("sh", "-c", "set -a; . \"$1\"; exec printenv M365_TOKEN_FILE", "sh",
                file().toString()).redirectErrorStream(true);
            shell.environment().put("LC_ALL", "C.UTF-8");
            var process = shell.start();
            var said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertEquals(0, process.waitFor(), said);
            return said.substring(0, said.length() - 1);
        }

        @ParameterizedTest @ValueSource(strings = {"a b", "a #b", "$x", "a\\b", "a'b'", "'a'b", "'a' #b", "'a", "\"a",
            "\"a\"b", "\"$x\"", "\"`x`\"", "\"a\\n\"", "\"a\\\"", "~/x", "a:~/x", "=ls", "a;b", "a&b", "a\\", "x\r",
            "'x\u0001'", "é", "'it'\\''s'", " x", "(a)"})
        void that_a_shell_and_systemd_read_differently_is_refused(String written) throws IOException {
            write("M365_IMAP_PORT=993\nM365_TOKEN_FILE=" + written + "\n");
            says(refused(), file() + ":2: ");
        }

        @ParameterizedTest @ValueSource(strings = {"; comment", "M365_TOKEN_FILE", "M365_TOKEN_FILE = x",
            "M365_TOKEN_FILE =x", "export M365_TOKEN_FILE=x", "# comment \\", "=x", "\ufeffM365_TOKEN_FILE=x",
            "M365_SETTINGS=x", "HTTPS_PROXY=x", "PATH=x"})
        void that_is_none_is_refused(String line) throws IOException {
            write("\n" + line + "\n");
            says(refused(), file() + ":2: ");
        }

        @Test void that_is_empty_a_comment_or_without_a_value_says_nothing() throws IOException {
            assertEquals("refresh_token", value("", "  ", "# M365_TOKEN_FILE=x", "  # y", "M365_TOKEN_FILE="));
        }

        @Test void that_comes_later_wins() throws IOException {
            assertEquals("b", value("M365_TOKEN_FILE=a", "M365_TOKEN_FILE=b"));
        }

        @Test void at_the_end_needs_no_line_break() throws IOException {
            write("M365_TOKEN_FILE=x");
            assertEquals("x", read().tokenFile());
        }
    }

    @Nested class Others {

        @ParameterizedTest @ValueSource(strings = {"rw-rw-r--", "rw-r--rw-", "rw--w----"})
        void must_not_be_able_to_change_it(String mode) throws IOException {
            write("M365_TOKEN_READ_COMMAND='touch x'\n", mode);
            says(refused(), file() + " can be changed by others (" + mode + ")", "chmod go-w " + file());
            assertFalse(refused().contains("WRITE_COMMAND"), "nothing in it is believed");
        }

        @ParameterizedTest @ValueSource(strings = {"rw-r--r--", "rw-r-----", "r----x---"})
        void must_not_be_able_to_read_a_secret_in_it(String mode) throws IOException {
            write("M365_CLIENT_SECRET=hush\n", mode);
            says(refused(), file() + ":1: M365_CLIENT_SECRET is there for others to read (" + mode + ")",
                "chmod 600 " + file());
            assertFalse(refused().contains("hush"));
        }

        @Test void may_read_what_is_not_secret() throws IOException {
            write("M365_CLIENT_SECRET=\nM365_IMAP_PORT=1993\n", "rw-r--r--");
            assertEquals(1993, read().imap().port());
        }

        @Test void may_have_made_a_link_to_it_but_the_file_itself_counts() throws IOException {
            write("M365_IMAP_PORT=1993\n");
            var dotfile = home.resolve("dotfile");
            Files.move(file(), dotfile);
            Files.createSymbolicLink(file(), dotfile);
            assertEquals(1993, read().imap().port());
            Files.setPosixFilePermissions(dotfile, PosixFilePermissions.fromString("rw-rw-rw-"));
            says(refused(), file() + " can be changed by others");
        }

        @Test void a_secret_in_a_file_of_its_owner_alone_is_read_and_never_shown() throws IOException {
            write("M365_CLIENT_SECRET='hush~'\n", "rw-------");
            assertTrue(read().confidential());
            assertFalse(read().toString().contains("hush"), "it is in toString");
        }

        @Test void a_folder_in_its_place_is_told() throws IOException {
            Files.createDirectories(file());
            says(refused(), file() + " is not a file");
        }
    }

    @Nested class The_commands {

        @Test void read_it_and_tell_its_faults_with_file_and_line() throws IOException {
            write("M365_CLIENT_ID=x\n");
            for (var tool : List.of(Tool.get_token("--status"), Tool.get_token("--access-token"),
                    Tool.check_imap("jan@uva.nl")))
                tool.in(home).runHere().exits(78).tells("error: " + file() + ":1: M365_CLIENT_ID is \"x\"");
        }
    }
}
