//SOURCES CommandScript.java
//SOURCES ExitStatus.java
//SOURCES MergedJar.java
//SOURCES PrivateFile.java
//SOURCES Problem.java
//SOURCES StartCommand.java
//SOURCES Text.java

package m365;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The installed commands: one jar in a folder named after its contents, a script for each command, and the list of what
 * was made, so that removing takes that and nothing else. A script is replaced in one step, and the jar that the former
 * one starts stays until the next time.
 */
public final class Installation {
    public static final List<String> COMMANDS = List.of("get_token", "check_imap");

    private final Map<String, String> env;
    /** Where the commands are kept; its parent may also hold the user's tokens. */
    private final Path program;
    private final boolean windows = File.separatorChar == '\\';

    public Installation(Map<String, String> env) {
        this.env = env;
        this.program = dataHome().resolve("m365").resolve("program");
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
            Stream.concat(scripts.stream(), words.stream()).forEach(Installation::demandOurs);
            var former = jarsOf(scripts);
            var jar = keepJar();
            remember(Stream.concat(scripts.stream(), words.stream()).toList());
            for (int i = 0; i < scripts.size(); i++)
                write(scripts.get(i), script(COMMANDS.get(i), folder, jar), "rwxr-xr-x");
            for (var word : words)
                write(word, "# Completion " + CommandScript.MARK + "\n"
                        + completions.get(word.getFileName().toString()), "rw-r--r--");
            former.add(jar.getParent());
            sweep(former);
        } catch (IOException e) {
            throw unable("install", e);
        }
    }

    private String script(String command, Path folder, Path jar) {
        var javaHome = Path.of(System.getProperty("java.home"));
        return windows ? CommandScript.windows(command, javaHome, folder, jar)
                : CommandScript.posix(command, javaHome, folder, jar);
    }

    /** Complete, and on the disk, before it has its name. It may hold a secret, out of config.java. */
    private Path keepJar() throws IOException {
        var entries = System.getProperty("java.class.path").split(File.pathSeparator);
        var merged = new MergedJar(Arrays.stream(entries).map(Path::of).map(Path::toAbsolutePath).toList());
        createPrivate(program);
        var aside = Files.createTempDirectory(program, "new-"); // mode 0700
        var digest = sha256();
        var jar = aside.resolve("m365.jar");
        try (var channel = FileChannel.open(jar, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PrivateFile.ownerOnly(jar))) {
            merged.writeTo(new DigestOutputStream(Channels.newOutputStream(channel), digest));
            channel.force(true);
        }
        var named = program.resolve(HexFormat.of().formatHex(digest.digest(), 0, 6));
        try {
            Files.move(aside, named, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isRegularFile(named.resolve("m365.jar"))) throw e;
            delete(aside); // the same contents are there already
        }
        return named.resolve("m365.jar");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every JDK has it
        }
    }

    private static void createPrivate(Path folder) throws IOException {
        Files.createDirectories(folder.getParent().getParent());
        for (var each : List.of(folder.getParent(), folder))
            try {
                if (folder.getFileSystem().supportedFileAttributeViews().contains("posix"))
                    Files.createDirectory(each,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                else Files.createDirectory(each);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(each)) throw e;
            }
    }

    /** A reader meets the old script or the new one. */
    private static void write(Path file, String text, String mode) throws IOException {
        Files.createDirectories(file.getParent());
        PrivateFile.writeAside(file, text);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix"))
            Files.setPosixFilePermissions(PrivateFile.aside(file), PosixFilePermissions.fromString(mode));
        PrivateFile.moveIntoPlace(file);
    }

    private static void demandOurs(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isOurs(file))
            throw new Problem(ExitStatus.SETTINGS, file + " is there already, and install.java did not make it",
                    "move it away, or name another folder: jbang install.java ~/bin");
    }

    private static boolean isOurs(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.readString(file).lines().limit(3).anyMatch(line -> line.contains(CommandScript.MARK));
        } catch (IOException e) { // nor is it text, then
            return false;
        }
    }

    // ------------------------------------------------------------------------------------------------- removing

    /** Removes what was installed, wherever. @return what it was; empty if there was nothing */
    public List<Path> uninstall() {
        try {
            var removed = new ArrayList<Path>();
            for (var file : remembered())
                if (isOurs(file)) {
                    Files.delete(file);
                    removed.add(file);
                }
            if (Files.isDirectory(program, LinkOption.NOFOLLOW_LINKS)) {
                delete(program);
                removed.add(program);
                try (var rest = Files.list(program.getParent())) {
                    if (rest.findAny().isEmpty()) Files.delete(program.getParent());
                }
            }
            return removed;
        } catch (IOException e) {
            throw unable("uninstall", e);
        }
    }

    /** Before they are made, so that a crash leaves none behind that nobody knows. */
    private void remember(List<Path> files) throws IOException {
        var all = new LinkedHashSet<>(remembered());
        all.addAll(files);
        write(list(), String.join("\n", all.stream().map(Path::toString).toList()) + "\n", "rw-------");
    }

    private List<Path> remembered() throws IOException {
        return Files.isRegularFile(list()) ? Files.readAllLines(list(), UTF_8).stream().map(Path::of).toList()
                : List.of();
    }

    private Path list() { return program.resolve("installed"); }

    /** The folders of the jars that scripts of ours start, to be replaced or not. */
    private Set<Path> jarsOf(List<Path> scripts) throws IOException {
        var kept = new LinkedHashSet<Path>();
        for (var script : Stream.concat(scripts.stream(), remembered().stream()).filter(Files::exists).toList())
            for (var folder : versions())
                if (Files.readString(script).contains(folder.getFileName().toString())) kept.add(folder);
        return kept;
    }

    private List<Path> versions() throws IOException {
        if (!Files.isDirectory(program)) return List.of();
        try (var all = Files.list(program)) {
            return all.filter(Files::isDirectory).toList();
        }
    }

    private void sweep(Set<Path> kept) throws IOException {
        for (var folder : versions()) if (!kept.contains(folder)) delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (var walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (var each : all) Files.delete(each);
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
