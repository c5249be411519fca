package m365;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Files that are their owner's alone: private from birth, written aside, on the disk before they take the old one's
 * place. On the way to a cached token: no regular expressions, lambdas or streams here.
 */
final class PrivateFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /** Where a new file is written before it is moved into place. A mail domain has no underscore. */
    static Path aside(Path path) { return path.resolveSibling(path.getFileName() + "_new"); }

    /** A directory of our own, and those above it that are missing. */
    static void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) return;
        if (hasModes(directory)) Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        else Files.createDirectories(directory);
    }

    /** Owner-only from birth and on the disk before it takes the old one's place. */
    static void writeAside(Path path, String text) throws IOException {
        var aside = aside(path);
        Files.deleteIfExists(aside);
        try (var out = FileChannel.open(aside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                ownerOnly(aside))) {
            for (var bytes = ByteBuffer.wrap(text.getBytes(UTF_8)); bytes.hasRemaining();) out.write(bytes);
            out.force(true);
        }
    }

    /** Puts what was written aside into its place, in one step. */
    static void moveIntoPlace(Path path) throws IOException {
        Files.move(aside(path), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var directory = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            directory.force(true); // the rename itself
        } catch (IOException e) { /* Windows cannot open a directory, and needs no such call */ }
    }

    /** What a new file is created with: mode 0600, or an access control list that names us alone. */
    static FileAttribute<?> ownerOnly(Path path) throws IOException {
        if (hasModes(path))
            return PosixFilePermissions.asFileAttribute(
                    EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        var us = path.getFileSystem().getUserPrincipalLookupService()
                .lookupPrincipalByName(System.getProperty("user.name"));
        var all = AclEntry.newBuilder().setType(AclEntryType.ALLOW).setPrincipal(us)
                .setPermissions(EnumSet.allOf(AclEntryPermission.class)).build();
        return new FileAttribute<List<AclEntry>>() {
            @Override public String name() { return "acl:acl"; }
            @Override public List<AclEntry> value() { return List.of(all); }
        };
    }

    static boolean ownedByUs(Path path) throws IOException {
        try {
            var us = path.getFileSystem().getUserPrincipalLookupService()
                    .lookupPrincipalByName(System.getProperty("user.name"));
            return us.equals(Files.getOwner(path, LinkOption.NOFOLLOW_LINKS));
        } catch (UserPrincipalNotFoundException | UnsupportedOperationException e) {
            return true; // a container's nameless user, or a file system without owners
        }
    }

    /** Whether others can read or change a file. */
    static boolean isLoose(Path path) throws IOException {
        return hasModes(path)
                && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** Whether others can change a file. */
    static boolean othersCanWrite(Path path) throws IOException {
        if (!hasModes(path)) return false;
        var modes = Files.getPosixFilePermissions(path);
        return modes.contains(PosixFilePermission.GROUP_WRITE) || modes.contains(PosixFilePermission.OTHERS_WRITE);
    }

    /** Whether a directory is ours and nobody else can look into it. */
    static boolean isPrivateDirectory(Path directory) {
        try {
            return ownedByUs(directory) && OWNER_ONLY.containsAll(Files.getPosixFilePermissions(directory));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    static boolean isDirectory(Path path) { return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS); }

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private PrivateFile() { }
}
