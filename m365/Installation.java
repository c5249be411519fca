//SOURCES ClassArchive.java
//SOURCES CommandScript.java
//SOURCES ExitStatus.java
//SOURCES InstalledJars.java
//SOURCES InstalledScripts.java
//SOURCES Problem.java
//SOURCES StartCommand.java
//SOURCES Text.java

package m365;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The installed commands: one jar, and a script for each command that starts it. A script is replaced in one step, and
 * the jar that the former one starts stays until the next time; what is ours, and so may go, others know.
 */
public final class Installation {
    public static final List<String> COMMANDS = List.of("get_token", "check_imap");

    /** Only a test of something else says no: it takes seconds. */
    static boolean makesArchive = true;

    private final Map<String, String> env;
    private final List<Path> classPath;
    private final Path program;
    private final InstalledJars jars;
    private final InstalledScripts installed;
    private final boolean windows = File.separatorChar == '\\';

    /** Of what is running. */
    public Installation(Map<String, String> env) {
        this(env, Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of).map(Path::toAbsolutePath).toList());
    }

    Installation(Map<String, String> env, List<Path> classPath) {
        this.env = env;
        this.classPath = classPath;
        this.program = dataHome().resolve("m365").resolve("program");
        this.jars = new InstalledJars(program);
        this.installed = new InstalledScripts(program.resolve("installed"));
    }

    private Path home() {
        var home = env.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home).toAbsolutePath();
    }

    /** The XDG specification: a path that is not absolute is to be ignored. */
    private Path dataHome() {
        var set = env.getOrDefault("XDG_DATA_HOME", "");
        return set.startsWith("/") ? Path.of(set) : home().resolve(".local/share");
    }

    /** Where scripts go if the user names no other folder. */
    public Path usualFolder() { return home().resolve(".local/bin"); }

    /** Where bash looks for the completion of a command that it meets for the first time. */
    public Path completions() { return dataHome().resolve("bash-completion/completions"); }

    // ------------------------------------------------------------------------------------------------- installing

    /**
     * Installs this copy, or another version over the one that is there.
     *
     * @param folder      for the scripts
     * @param completions a bash script for each command
     * @throws Problem if something that is not ours is in the way; then nothing has changed
     */
    public void install(Path folder, Map<String, String> completions) {
        try {
            var scripts = COMMANDS.stream().map(command -> folder.resolve(fileName(command))).toList();
            var words = completions.keySet().stream().map(completions()::resolve).toList();
            var all = Stream.concat(scripts.stream(), words.stream()).toList();
            all.forEach(InstalledScripts::demandOurs);
            var needed = jars.startedBy(installed.all());
            var jar = jars.keep(classPath);
            installed.remember(all);
            var archive = makesArchive ? new ClassArchive(jar, CommandScript.FLAGS).make() : List.<String>of();
            for (int i = 0; i < scripts.size(); i++)
                InstalledScripts.write(scripts.get(i), script(COMMANDS.get(i), folder, jar, archive), "rwxr-xr-x");
            for (var word : words)
                InstalledScripts.write(word, "# Completion " + CommandScript.MARK + "\n"
                        + completions.get(word.getFileName().toString()), "rw-r--r--");
            needed.add(jar.getParent());
            jars.sweep(needed);
        } catch (IOException e) {
            throw unable("install", e);
        }
    }

    private String script(String command, Path folder, Path jar, List<String> archive) {
        var javaHome = Path.of(System.getProperty("java.home"));
        return windows ? CommandScript.windows(command, javaHome, folder, jar, archive)
                : CommandScript.posix(command, javaHome, folder, jar, archive);
    }

    // ------------------------------------------------------------------------------------------------- removing

    /** Removes what was installed, wherever. @return what it was; empty if there was nothing */
    public List<Path> uninstall() {
        try {
            var removed = new ArrayList<>(installed.delete());
            if (jars.delete()) removed.add(program);
            return removed;
        } catch (IOException e) {
            throw unable("uninstall", e);
        }
    }

    private static Problem unable(String what, IOException e) {
        var why = e instanceof FileSystemException known && known.getReason() != null ? known.getReason()
                : e.getClass().getSimpleName();
        var where = e instanceof FileSystemException known ? known.getFile() : "";
        return new Problem(ExitStatus.LATER, "cannot " + what + ": " + where + ": " + why, "");
    }

    // ------------------------------------------------------------------------------------------------- afterwards

    /** How a person types a command that was installed into {@code folder}. */
    public String typed(String command, Path folder) {
        return isFoundByName(command, folder) ? command : Text.shellQuote(folder.resolve(command));
    }

    /** Whether typing the command's name starts the one in {@code folder}. */
    public boolean isFoundByName(String command, Path folder) {
        var path = folder.resolve(fileName(command));
        return StartCommand.onPath(env, fileName(command)).filter(path::equals).isPresent();
    }

    private String fileName(String command) { return windows ? command + ".cmd" : command; }

    /** Whether the shell looks for commands in a folder. */
    public boolean isOnPath(Path folder) {
        return Arrays.asList(env.getOrDefault("PATH", "").split(File.pathSeparator)).contains(folder.toString());
    }
}
