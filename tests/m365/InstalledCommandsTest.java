//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The commands that install.java has made, as processes. It runs once, for it copies the class path of these tests. */
class InstalledCommandsTest {

    @TempDir static Path folder;
    private static Path script;
    private static Said installing;
    private Map<String, String> env;

    private record Said(int status, String text) { }

    /** The scripts are in the unnamed package, from which nothing can be imported. */
    @BeforeAll static void install() throws ReflectiveOperationException {
        var home = folder.resolve("it's \"50%\" of $x é");
        script = home.resolve(".local/bin/get_token");
        var err = new ByteArrayOutputStream();
        var to = new PrintStream(err, true, UTF_8);
        var run = Class.forName("install").getMethod("run", Map.class, PrintStream.class, PrintStream.class,
            String[].class);
        int status = (int) run.invoke(null, Map.of("HOME", home.toString(), "PATH", "/usr/bin:/bin"), to, to,
            new String[0]);
        installing = new Said(status, err.toString(UTF_8));
        assertEquals(0, status, installing.text());
    }

    @BeforeEach void nothing_but_a_home_and_the_PATH() {
        var home = script.getParent().getParent().getParent();
        env = new TreeMap<>(Map.of("HOME", home.toString(), "PATH", script.getParent() + ":/usr/bin:/bin"));
    }

    private Said starts(String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(env);
        var process = builder.start();
        var text = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Said(process.waitFor(), text);
    }

    @Test void they_work_by_name_and_speak_of_themselves_by_name() throws Exception {
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
        assertTrue(installing.text().contains("not on your PATH"), installing.text());
        assertTrue(installing.text().contains("Next: " + Text.shellQuote(script) + " jan@uva.nl"), installing.text());
        var refused = starts(script.toString(), "--access-token");
        assertTrue(refused.text().contains("hint: sign in: " + Text.shellQuote(script) + "\n"), refused.text());
    }

    @Test void they_work_on_when_their_Java_is_gone_as_long_as_there_is_another() throws Exception {
        var java = System.getProperty("java.home");
        var orphan = Files.writeString(folder.resolve("orphan"),
            Files.readString(script).replace("java=" + java, "java=/gone" + java));
        assertEquals(0, starts("sh", orphan.toString(), "--version").status(), "by PATH");
        env.put("PATH", "/nowhere");
        var nothing = starts("/bin/sh", orphan.toString(), "--version");
        assertTrue(nothing.status() == 78 && nothing.text().contains("there is no Java any more"), nothing.text());
        env.put("JAVA_HOME", java);
        assertEquals(0, starts("/bin/sh", orphan.toString(), "--version").status(), "by JAVA_HOME");
    }

    @Test void a_shell_completes_the_options() throws Exception {
        var completions = script.resolve("../../share/bash-completion/completions").normalize();
        for (var option : Map.of("get_token", "--access-token", "check_imap", "--explain").entrySet()) {
            var said = starts("bash", "-c", "source \"$1/$2\"; COMP_WORDS=($2 ${3:0:5}) COMP_CWORD=1; _complete_$2 "
                + "2>/dev/null; echo \"${COMPREPLY[@]}\"", "bash", completions.toString(), option.getKey(),
                option.getValue());
            assertTrue(said.text().contains(option.getValue()), said.text());
        }
    }
}
