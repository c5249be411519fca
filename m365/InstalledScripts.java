//SOURCES CommandScript.java
//SOURCES ExitStatus.java
//SOURCES PrivateFile.java
//SOURCES Problem.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The scripts that were installed, wherever that was, and the list of them: so removing takes those and nothing else.
 * A file is ours if it says so itself; what is in it, others know.
 */
final class InstalledScripts {
    private final Path list;

    /** @param list the file with the list, which need not exist yet */
    InstalledScripts(Path list) { this.list = list; }

    /** @throws Problem if something else is there */
    static void demandOurs(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isOurs(file))
            throw new Problem(ExitStatus.SETTINGS, file + " is there already, and install.java did not make it",
                    "move it away, or name another folder: jbang install.java ~/bin");
    }

    /** A reader meets the old script or the new one. */
    static void write(Path file, String text, String mode) throws IOException {
        Files.createDirectories(file.getParent());
        PrivateFile.writeAside(file, text);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix"))
            Files.setPosixFilePermissions(PrivateFile.aside(file), PosixFilePermissions.fromString(mode));
        PrivateFile.moveIntoPlace(file);
    }

    private static boolean isOurs(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.readString(file).lines().limit(3).anyMatch(line -> line.contains(CommandScript.MARK));
        } catch (IOException e) { // nor is it text, then
            return false;
        }
    }

    /** Before they are made, so that a crash leaves none behind that nobody knows. */
    void remember(List<Path> files) throws IOException {
        var all = new LinkedHashSet<>(remembered());
        all.addAll(files);
        write(list, String.join("\n", all.stream().map(Path::toString).toList()) + "\n", "rw-------");
    }

    private List<Path> remembered() throws IOException {
        return Files.isRegularFile(list) ? Files.readAllLines(list, UTF_8).stream().map(Path::of).toList()
                : List.of();
    }

    /** Those that are still there, and ours. */
    List<Path> all() throws IOException { return remembered().stream().filter(InstalledScripts::isOurs).toList(); }

    /** @return what was deleted: not what somebody else has put there since */
    List<Path> delete() throws IOException {
        var ours = all();
        for (var file : ours) Files.delete(file);
        return ours;
    }
}
