//SOURCES PrivateFile.java
//SOURCES SettingNames.java
//SOURCES Stty.java
//SOURCES Text.java

package m365;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How this program was started: the command that a person types, and the one that a mail program runs, to start it or
 * its sister again. Starts nothing, shows no secret, and names only what is there.
 */
public final class StartCommand {
    /** The folder of the installed commands, which they hand over themselves ({@link CommandScript}). */
    static final String COMMANDS = "m365.commands";

    /** Measured: the first compiler is enough, other collectors start slower, the statistics file costs 3 ms. */
    static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData");

    /** How our texts name a command. */
    private static final Pattern NAMED = Pattern.compile("(?<![\\w/.-])jbang (get_token|check_imap|install)\\.java\\b");

    private final Map<String, String> env;
    private final Path here = Path.of("").toAbsolutePath();

    private StartCommand(Map<String, String> env) { this.env = env; }

    // ---------------------------------------------------------------------------------------------- for a person

    /** Advice with the commands that work here in the place of {@code jbang get_token.java} and the like. */
    public static String asTypedHere(String advice) { return asTypedHere(advice, System.getenv()); }

    static String asTypedHere(String advice, Map<String, String> env) {
        var start = new StartCommand(env);
        return NAMED.matcher(advice).replaceAll(command ->
                Matcher.quoteReplacement(start.typed(command.group(1)).orElse(command.group())));
    }

    /**
     * What a person types to sign in so that it helps the program that has just failed: with the same settings, which
     * a mail program's configuration may have made. What is or may hold a secret is only named.
     *
     * @param user null if none was named
     */
    public static String signIn(Map<String, String> env, String user) {
        var words = new ArrayList<String>();
        if (!isByHand()) words.addAll(settingsOf(env));
        words.add("jbang get_token.java");
        if (user != null) words.add(user);
        return asTypedHere(String.join(" ", words));
    }

    /** Then the same settings are in force for the next command, too. Java 22 has a console without a terminal. */
    private static boolean isByHand() {
        return Stty.of(Stty.IN, "-g").isPresent() && Stty.of(Stty.OUT, "-g").isPresent();
    }

    private static List<String> settingsOf(Map<String, String> env) {
        var settings = new ArrayList<String>();
        for (var name : SettingNames.ALL)
            if (!env.getOrDefault(name, "").isBlank() && !name.equals("M365_NOTIFY_COMMAND"))
                settings.add(name + "=" + (name.endsWith("_COMMAND") ? "…" : Text.shellQuote(env.get(name))));
        if (!env.getOrDefault(SettingNames.FILE, "").isBlank())
            settings.add(SettingNames.FILE + "=" + Text.shellQuote(env.get(SettingNames.FILE)));
        for (var name : SettingNames.SECRET)
            if (!env.getOrDefault(name, "").isBlank()) settings.add(name + "=…");
        return settings;
    }

    /** Whether {@code program} can be started here, and how. */
    static Optional<String> typed(Map<String, String> env, String program) {
        return new StartCommand(env).typed(program);
    }

    private Optional<String> typed(String program) {
        return found(program).filter(command -> command.equals(Text.visible(command))); // it goes into configurations
    }

    private Optional<String> found(String program) {
        return installed(program).map(path -> isFoundByName(program, path) ? program : Text.shellQuote(path))
                .or(() -> exportedJar().filter(jar -> onClassPath(program))
                        .map(jar -> javaAsTyped() + " -cp " + Text.shellQuote(jar) + " " + program))
                .or(() -> throughOurLauncher(program)).or(() -> throughTheirLauncher(program))
                .or(() -> Optional.of(program).filter(StartCommand::onClassPath).map(name ->
                        javaAsTyped() + " -cp " + Text.shellQuote(String.join(File.pathSeparator, classPath())) + " "
                        + name));
    }

    private Optional<String> throughOurLauncher(String program) {
        return launcher().flatMap(launcher -> script(launcher, program).map(script ->
                asTyped(launcher, "./") + " " + asTyped(script, "")).or(() -> alias(program).map(alias ->
                asTyped(launcher, "./") + " " + Text.shellQuote(alias))));
    }

    /** JBang tells a script nothing about itself: somebody who started one here has it here, and it is their own. */
    private Optional<String> throughTheirLauncher(String program) {
        if (!isOurs(here.resolve(program + ".java"))) return Optional.empty();
        if (isOurs(here.resolve("jbang"))) return Optional.of("./jbang " + program + ".java");
        return onPath("jbang").map(jbang -> "jbang " + program + ".java");
    }

    private String asTyped(Path path, String prefixHere) {
        return here.equals(path.getParent()) ? prefixHere + Text.shellQuote(path.getFileName()) : Text.shellQuote(path);
    }

    private String javaAsTyped() { return onPath("java").map(java -> "java").orElseGet(() -> Text.shellQuote(java())); }

    // ---------------------------------------------------------------------------------------------- for a program

    /**
     * The words that start this copy of {@code get_token} again, from anywhere: the installed command, the exported
     * jar, or its script through our launcher. Failing these there is still the class path, which lasts until JBang's
     * cache is cleared. What lies in the current directory need not be ours, and is never named.
     */
    static List<String> again(Map<String, String> env) {
        var start = new StartCommand(env);
        return installed("get_token").map(path -> List.of(path.toString()))
                .or(() -> exportedJar().map(jar -> start.java("-cp", jar)))
                .or(() -> start.launcher().flatMap(launcher -> start.script(launcher, "get_token")
                        .map(script -> List.of(launcher.toString(), script.toString()))))
                .orElseGet(() -> start.java("-cp", String.join(File.pathSeparator, classPath())));
    }

    private List<String> java(String... options) {
        return Stream.of(Stream.of(java()), QUICK.stream(), Arrays.stream(options), Stream.of("get_token"))
                .flatMap(words -> words).toList();
    }

    /** Our own Java, by the name it has on PATH if it is there: that one outlives an update of the JDK. */
    private String java() {
        var ours = Path.of(System.getProperty("java.home"), "bin", "java");
        return onPath("java").filter(found -> real(found).equals(real(ours))).orElse(ours).toString();
    }

    // ---------------------------------------------------------------------------------------------- what is there

    private static Optional<Path> installed(String program) {
        var folder = System.getProperty(COMMANDS, "");
        if (folder.isEmpty()) return Optional.empty();
        return Stream.of(program, program + ".cmd").map(name -> Path.of(folder, name)).filter(Files::isExecutable)
                .findFirst();
    }

    private boolean isFoundByName(String program, Path path) {
        return onPath(program).or(() -> onPath(program + ".cmd")).filter(found -> real(found).equals(real(path)))
                .isPresent();
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

    private static boolean onClassPath(String program) {
        return StartCommand.class.getResource("/" + program + ".class") != null;
    }

    /** The launcher beside the scripts says that it was used, and for what. */
    private Optional<Path> launcher() { return path(env.get("M365_LAUNCHER")).filter(Files::isExecutable); }

    /** The script that was named to the launcher, or lies beside it; its sister instead if {@code program} is that. */
    private Optional<Path> script(Path launcher, String program) {
        var named = env.getOrDefault("M365_SCRIPT", "");
        if (!named.isEmpty() && !named.endsWith(".java")) return Optional.empty();
        return path(named).or(() -> Optional.of(launcher)).map(beside -> beside.resolveSibling(program + ".java"))
                .filter(Files::isRegularFile);
    }

    /** An alias, perhaps with its catalog: {@code get_token@…}. */
    private Optional<String> alias(String program) {
        var named = env.getOrDefault("M365_SCRIPT", "");
        return named.isEmpty() || named.endsWith(".java") ? Optional.empty()
                : Optional.of(named.replaceFirst("^(get_token|check_imap)", program));
    }

    private static Optional<Path> path(String text) {
        try {
            return text == null || text.isEmpty() ? Optional.empty()
                    : Optional.of(Path.of(text).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private Optional<Path> onPath(String program) { return onPath(env, program); }

    /** What a shell starts by that name. */
    static Optional<Path> onPath(Map<String, String> env, String program) {
        return Arrays.stream(env.getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(folder -> path(folder).filter(path -> Path.of(folder).isAbsolute()).stream())
                .map(folder -> folder.resolve(program)).filter(Files::isExecutable).filter(Files::isRegularFile)
                .findFirst();
    }

    private static boolean isOurs(Path file) {
        try {
            return Files.isRegularFile(file) && PrivateFile.ownedByUs(file);
        } catch (IOException e) {
            return false;
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }
}
