//SOURCES MergedJar.java
//SOURCES PrivateFile.java

package m365;

import java.io.IOException;
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
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The folder with the jars of the installed commands, each in a folder named after its contents. Readable by its owner
 * alone, since a jar may hold a secret out of config.java; which of them is still needed, the scripts say.
 */
final class InstalledJars {
    private final Path program;

    /** @param program the folder, which need not exist yet; its parent may also hold the user's tokens */
    InstalledJars(Path program) { this.program = program; }

    /** Makes one jar of a class path: complete, and on the disk, before it has its name. */
    Path keep(List<Path> classPath) throws IOException {
        var merged = new MergedJar(classPath);
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

    /** The folders of the jars that these scripts start. */
    Set<Path> startedBy(List<Path> scripts) throws IOException {
        var kept = new LinkedHashSet<Path>();
        for (var script : scripts)
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

    /** Deletes the jars that are in none of these folders. */
    void sweep(Set<Path> kept) throws IOException {
        for (var folder : versions()) if (!kept.contains(folder)) delete(folder);
    }

    /** Deletes all, and the parent folder if nothing else is there. @return whether there was anything */
    boolean delete() throws IOException {
        if (!Files.isDirectory(program, LinkOption.NOFOLLOW_LINKS)) return false;
        delete(program);
        try (var rest = Files.list(program.getParent())) {
            if (rest.findAny().isEmpty()) Files.delete(program.getParent());
        }
        return true;
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (var walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (var each : all) Files.delete(each);
    }
}
