//SOURCES SettingNames.java
//SOURCES Text.java

package m365;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How this program was started: the command that a person types, and the one that a mail program runs, to start it
 * again. Starts nothing, and shows no secret.
 */
public final class StartCommand {

    /** Advice whose commands work here: in a clone they go through its launcher, for whoever has no JBang. */
    public static String asTypedHere(String advice) {
        return Files.isExecutable(Path.of("jbang")) && Files.isRegularFile(Path.of("get_token.java"))
                ? advice.replaceAll("(?<!\\./)\\bjbang (?=(get_token|check_imap)\\.java)", "./jbang ") : advice;
    }

    /**
     * What a person types to sign in so that it helps the program that has just failed: with the same settings, which
     * a mail program's configuration may have made. What is or may hold a secret is only named.
     *
     * @param user null if none was named
     */
    public static String signIn(Map<String, String> env, String user) {
        var words = new ArrayList<String>();
        boolean byHand = System.console() != null; // then the same settings are in force for the next command, too
        if (!byHand) words.addAll(settingsOf(env));
        words.add(exportedJar().map(jar -> "java -cp " + Text.shellQuote(jar) + " get_token") // it may be check_imap's
                .orElse("jbang get_token.java"));
        if (user != null) words.add(user);
        return String.join(" ", words);
    }

    private static List<String> settingsOf(Map<String, String> env) {
        var settings = new ArrayList<String>();
        for (var name : SettingNames.ALL)
            if (!env.getOrDefault(name, "").isBlank())
                settings.add(name + "=" + (name.endsWith("_COMMAND") ? "…" : Text.shellQuote(env.get(name))));
        if (!env.getOrDefault(SettingNames.FILE, "").isBlank())
            settings.add(SettingNames.FILE + "=" + Text.shellQuote(env.get(SettingNames.FILE)));
        for (var name : SettingNames.SECRET)
            if (!env.getOrDefault(name, "").isBlank()) settings.add(name + "=…");
        return settings;
    }

    /**
     * The words that start this copy again. JBang puts a jar out of its cache in front of the libraries, and tells a
     * script nothing but JBANG_LAUNCH_CMD; so the script is looked for beside that launcher (ours lies there) and in
     * the current directory. Failing both, as for an alias out of a catalog, there is still the class path, which lasts
     * until JBang's cache is cleared.
     */
    static List<String> again(Map<String, String> env) {
        // Measured: the first compiler is enough, other collectors than the default start slower, the statistics file
        // costs 3 ms.
        var java = List.of(java(env), "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");
        if (exportedJar().isPresent()) return append(java, "-jar", exportedJar().get());
        var launcher = Path.of(env.getOrDefault("JBANG_LAUNCH_CMD", "jbang")).toAbsolutePath().normalize();
        var beside = launcher.resolveSibling("get_token.java");
        for (var script : List.of(beside, Path.of("get_token.java").toAbsolutePath()))
            for (var jbang : List.of(script.resolveSibling("jbang"), launcher))
                if (Files.isRegularFile(script) && Files.isRegularFile(jbang) && Files.isExecutable(jbang))
                    return List.of(jbang.toString(), script.toString());
        return append(java, "-cp", String.join(File.pathSeparator, classPath()), "get_token");
    }

    /** The jar that we are run from: an exported one is alone on its class path. */
    private static Optional<String> exportedJar() {
        var entries = classPath();
        return entries.size() == 1 && entries.get(0).endsWith(".jar") ? Optional.of(entries.get(0)) : Optional.empty();
    }

    private static List<String> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().normalize().toString()).toList();
    }

    private static List<String> append(List<String> words, String... more) {
        return Stream.concat(words.stream(), Arrays.stream(more)).toList();
    }

    /** Our own Java, by the name it has on PATH if it is there: that one outlives an update of the JDK. */
    private static String java(Map<String, String> env) {
        var ours = Path.of(System.getProperty("java.home"), "bin", "java");
        return Arrays.stream(env.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, "java")).filter(Files::isExecutable).findFirst()
                .filter(found -> real(found).equals(real(ours))).orElse(ours).toString();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private StartCommand() { }
}
