//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What install.java makes in a home, replaces and removes; it installs the classes of these tests. */
class InstallationTest {

    @TempDir Path folder;
    private Path home;
    private Map<String, String> env;

    @BeforeEach void an_empty_home() throws IOException {
        home = Files.createDirectories(folder.resolve("it's \"50%\" of $x é"));
        env = new TreeMap<>(Map.of("HOME", home.toString(), "PATH", home + "/.local/bin:/usr/bin:/bin"));
    }

    private record Said(int status, String text) { }

    /** The scripts are in the unnamed package, from which nothing can be imported. */
    private Said install(String... arguments) {
        var err = new ByteArrayOutputStream();
        try {
            var run = Class.forName("install").getMethod("run", Map.class, PrintStream.class, PrintStream.class,
                String[].class);
            var to = new PrintStream(err, true, UTF_8);
            int status = (int) run.invoke(null, env, to, to, arguments);
            return new Said(status, err.toString(UTF_8));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("install", e);
        }
    }

    private void installs(String... arguments) {
        var said = install(arguments);
        assertEquals(0, said.status(), said.text());
    }

    private Said starts(String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(env);
        var process = builder.start();
        var text = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Said(process.waitFor(), text);
    }

    private Set<String> everything() throws IOException {
        try (var all = Files.walk(home)) {
            return all.map(path -> home.relativize(path).toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path only(String inside) throws IOException {
        try (var all = Files.list(home.resolve(inside))) {
            return all.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    @Test void its_commands_work_by_name_and_speak_of_themselves_by_name() throws Exception {
        installs();
        var help = starts("sh", "-c", "get_token --help");
        assertEquals(0, help.status(), help.text());
        assertTrue(help.text().contains("    $ get_token --device\n"), help.text());
        var explained = starts("sh", "-c", "check_imap --explain 53003");
        assertEquals(0, explained.status(), explained.text());
        var refused = starts("sh", "-c", "get_token --access-token");
        assertTrue(refused.status() == 77 && refused.text().contains("hint: sign in: get_token\n"), refused.text());
    }

    @Test void where_PATH_has_another_or_none_it_is_said_and_the_whole_path_is_named() throws Exception {
        env.put("PATH", "/usr/bin:/bin");
        var said = install();
        assertTrue(said.text().contains("not on your PATH"), said.text());
        var script = home.resolve(".local/bin/get_token");
        assertTrue(said.text().contains("Next: " + Text.shellQuote(script) + " jan@uva.nl"), said.text());
        var refused = starts(script.toString(), "--access-token");
        assertTrue(refused.text().contains("hint: sign in: " + Text.shellQuote(script) + "\n"), refused.text());
    }

    @Test void it_works_on_when_its_Java_is_gone_as_long_as_there_is_another() throws Exception {
        installs();
        var script = home.resolve(".local/bin/get_token");
        var java = System.getProperty("java.home");
        Files.writeString(script, Files.readString(script).replace("java=" + java, "java=/gone" + java));
        assertEquals(0, starts(script.toString(), "--version").status(), "by PATH");
        env.put("PATH", "/nowhere");
        var nothing = starts(script.toString(), "--version");
        assertTrue(nothing.status() == 78 && nothing.text().contains("there is no Java any more"), nothing.text());
        env.put("JAVA_HOME", java);
        assertEquals(0, starts(script.toString(), "--version").status(), "by JAVA_HOME");
    }

    /** A secret may stand in config.java, and so in the jar. */
    @Test void the_jar_is_its_owner_s_alone() throws IOException {
        installs();
        for (var private_ : List.of(home.resolve(".local/share/m365"), home.resolve(".local/share/m365/program"),
                only(".local/share/m365/program")))
            assertEquals("rwx------", mode(private_), private_.toString());
        assertEquals("rw-------", mode(only(".local/share/m365/program").resolve("m365.jar")));
        assertEquals("rwxr-xr-x", mode(home.resolve(".local/bin/get_token")));
    }

    @Test void the_same_version_is_kept_and_an_older_one_lasts_until_the_next_time() throws IOException {
        installs();
        var first = everything();
        installs();
        assertEquals(first, everything());
        var now = only(".local/share/m365/program");
        var old = Files.createDirectory(now.resolveSibling("0123456789ab"));
        for (var command : Installation.COMMANDS) {
            var script = home.resolve(".local/bin/" + command);
            var version = now.getFileName().toString();
            Files.writeString(script, Files.readString(script).replace(version, "0123456789ab"));
        }
        installs();
        assertTrue(Files.exists(old), "a mail program may just be starting it");
        installs();
        assertEquals(first, everything());
    }

    @Test void uninstalling_leaves_what_it_has_not_made() throws IOException {
        Files.createDirectories(home.resolve(".local/share/m365"));
        Files.writeString(home.resolve(".local/share/m365/jan@uva.nl"), "a token");
        var before = everything();
        before.addAll(Set.of(".local/bin", ".local/bin/check_imap", ".local/share/bash-completion",
            ".local/share/bash-completion/completions", "bin"));
        installs();
        installs(home + "/bin");
        Files.writeString(home.resolve(".local/bin/check_imap"), "#!/bin/sh\necho mine\n");
        installs("--uninstall");
        assertEquals(before, everything());
        assertTrue(install("--uninstall").text().contains("Nothing is installed"));
    }

    @Test void what_somebody_else_put_there_is_never_replaced() throws IOException {
        var mine = Files.createDirectories(home.resolve(".local/bin")).resolve("check_imap");
        Files.createSymbolicLink(mine, folder.resolve("nowhere"));
        var before = everything();
        var said = install();
        assertTrue(said.status() == 78 && said.text().contains(mine + " is there already"), said.text());
        assertEquals(before, everything());
    }

    @Test void a_shell_completes_the_options() throws Exception {
        installs();
        var completion = home.resolve(".local/share/bash-completion/completions/get_token");
        var said = starts("bash", "-c", "source \"$1\"; COMP_WORDS=(get_token --acc) COMP_CWORD=1; _complete_get_token "
            + "2>/dev/null; echo \"${COMPREPLY[@]}\"", "bash", completion.toString());
        assertTrue(said.text().contains("--access-token"), said.text());
    }

    @Test void on_Windows_a_per_cent_sign_in_a_path_is_doubled() {
        var script = CommandScript.windows("get_token", Path.of("C:\\java"), Path.of("C:\\50% off"),
            Path.of("C:\\50% off\\m365.jar"));
        assertTrue(script.contains("-cp \"C:\\50%% off\\m365.jar\" get_token %*\r\n"), script);
        assertTrue(script.contains("if not exist \"%M365_JAVA%\" set \"M365_JAVA=java.exe\"\r\n"), script);
    }
}
