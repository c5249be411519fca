//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/JanIsSignedIn.java
//SOURCES ../support/Tool.java

package m365;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import support.JanIsSignedIn;
import support.Tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an installation prepares so that Java starts sooner: one test, for to make it takes four JVMs. */
@Order(4)
class ClassArchiveTest extends JanIsSignedIn {

    @Test void a_renewal_takes_its_classes_from_it_and_a_spoiled_one_is_passed_over_in_silence() throws Exception {
        var program = Files.createDirectory(folder.resolve("program"));
        var jar = program.resolve("m365.jar");
        var entries = System.getProperty("java.class.path").split(File.pathSeparator);
        try (var out = Files.newOutputStream(jar)) {
            new MergedJar(Arrays.stream(entries).map(Path::of).toList()).writeTo(out);
        }
        var options = new ClassArchive(jar, CommandScript.FLAGS).make();
        assertTrue(!options.isEmpty(), "no archive was made");
        List<Path> made;
        try (var all = Files.list(program)) {
            made = all.filter(file -> !file.equals(jar)).toList();
        }
        assertEquals(1, made.size(), made.toString());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made.get(0))));

        var log = folder.resolve("classes.log");
        start(jar, options, "-Xlog:class+load:file=" + log);
        var fromTheJar = Files.readAllLines(log).stream().filter(line -> line.contains("source: file:")).toList();
        // JDK 25 leaves out classes of libraries that were compiled for Java 1.4 and 5, as slf4j's.
        assertTrue(fromTheJar.size() < 20, () -> fromTheJar.size() + " from the jar, as " + fromTheJar.get(0));
        assertEquals(options, new ClassArchive(jar, CommandScript.FLAGS).make(), "it is not made again");

        Files.writeString(made.get(0), "spoiled");
        start(jar, options);
        Files.delete(made.get(0));
        start(jar, options);
    }

    /** Renews a token; nothing else may be said. */
    private void start(Path jar, List<String> options, String... more) throws IOException, InterruptedException {
        Files.deleteIfExists(folder.resolve("token_cache.json"));
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(CommandScript.FLAGS);
        command.addAll(options);
        command.addAll(List.of(more));
        command.addAll(List.of("-cp", jar.toString(), "get_token", "--access-token"));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.environment().putAll(Tool.settings(login));
        builder.environment().put("HOME", folder.toString());
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertEquals(0, process.waitFor());
        assertTrue(login.access(said).isPresent(), "a token and nothing else");
    }
}
