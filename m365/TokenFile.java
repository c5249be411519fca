//SOURCES ExitStatus.java
//SOURCES PrivateFile.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Signal.java
//SOURCES StorageProblem.java
//SOURCES Text.java
//SOURCES TokenStore.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static m365.ExitStatus.SETTINGS;
import static m365.ExitStatus.SIGN_IN;

/**
 * The refresh token in a file of its owner's alone: the bare token and nothing else. Refuses links, other people's
 * files and what others can read. Beside it lie a cache and a lock; with {@code {user}} in the file's name neither may
 * have the name of another user's token, and a mail domain has no underscore. On the way to a cached token: no regular
 * expressions, lambdas or streams here.
 */
final class TokenFile extends TokenStore {
    /** More bytes than a token and its cache take. */
    private static final int ROOM = 16 * 1024;

    TokenFile(Path file) {
        super(file, Optional.of(cacheBeside(file)), file.resolveSibling(file.getFileName() + "_lock"));
    }

    private static Path cacheBeside(Path file) {
        var name = file.getFileName().toString();
        return file.resolveSibling(name.equals("refresh_token") ? "token_cache.json" : name + ".token_cache.json");
    }

    @Override public boolean inSecretStore() { return false; }

    @Override public String toString() { return file().toString(); }

    @Override List<Path> replacedFiles() { return List.of(file(), cacheFile.get()); }

    @Override public Secret load() { return refreshToken(read()); }

    /** Only a file of the current directory may be missing because that is another one. */
    private Problem missing() {
        boolean here = file().toAbsolutePath().getParent().equals(Path.of("").toAbsolutePath());
        return new Problem(SIGN_IN, "there is no refresh token, for " + file() + " does not exist",
                "sign in: {sign_in}", Signal.local("token-file-missing"))
                .with(here ? Map.of() : Map.of("excluded", "Another directory"));
    }

    private byte[] read() {
        try {
            if (!examine())
                throw missing();
            if (PrivateFile.isLoose(file())) throw loose();
            try (var in = Files.newInputStream(file(), LinkOption.NOFOLLOW_LINKS)) {
                return in.readNBytes(LONGEST);
            }
        } catch (IOException e) {
            throw StorageProblem.of(e, file());
        }
    }

    private Problem loose() throws IOException {
        var modes = PosixFilePermissions.toString(Files.getPosixFilePermissions(file(), LinkOption.NOFOLLOW_LINKS));
        return new Problem(SETTINGS, file() + " can be read or changed by others (" + modes
                + "), and whoever has it can open the mailbox",
                "if you trust them: chmod 600 " + Text.shellQuote(file()) + "\nif not, sign in again as well",
                Signal.local("token-file-loose")).with(Map.of("token_file", Text.shellQuote(file())));
    }

    /**
     * Looks at what lies where the token belongs, before anything is read or replaced.
     *
     * @return whether there is a file
     */
    private boolean examine() throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(file(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return false;
        }
        String wrong = found.isSymbolicLink() ? "is a symbolic link"
                : !found.isRegularFile() ? "is not a file"
                : found.size() >= LONGEST ? "is far too large for a refresh token"
                : !PrivateFile.ownedByUs(file())
                        ? "belongs to " + Files.getOwner(file(), LinkOption.NOFOLLOW_LINKS).getName()
                : null;
        if (wrong != null)
            throw new Problem(SETTINGS, file() + " " + wrong, "set M365_TOKEN_FILE to the refresh token's own file");
        return true;
    }

    /**
     * The refresh token is moved into place first: a crash in between leaves a new token beside an old cache, and then
     * the token file wins.
     */
    @Override void save(Secret refreshToken, String cache) {
        var state = StorageProblem.UNCHANGED;
        try {
            examine();
            PrivateFile.writeAside(file(), refreshToken.reveal());
            PrivateFile.writeAside(cacheFile.get(), cache);
            PrivateFile.moveIntoPlace(file());
            state = "the new refresh token is stored, but not the cache beside it";
            PrivateFile.moveIntoPlace(cacheFile.get());
        } catch (IOException e) {
            sweep();
            throw StorageProblem.of(e, file(), state);
        }
    }

    @Override public boolean delete() {
        boolean found = false;
        try {
            found = Files.deleteIfExists(cacheFile.get());
            return examine() && Files.deleteIfExists(file()) || found;
        } catch (IOException e) {
            throw StorageProblem.of(e, file(), found ? "the cache is deleted, but not the refresh token"
                    : StorageProblem.UNCHANGED);
        }
    }

    @Override public void checkWritable() {
        try {
            var found = examine() ? stripped(Files.readAllBytes(file())) : "";
            if (!found.isEmpty() && !Text.canBeToken(found))
                throw new Problem(SETTINGS, file() + " holds something else than a refresh token, "
                        + "and signing in would overwrite it", "move it away, or set M365_TOKEN_FILE to another file");
            PrivateFile.writeAside(file(), " ".repeat(ROOM)); // on a full disk an empty file could still be made
            Files.delete(PrivateFile.aside(file()));
        } catch (IOException e) {
            sweep();
            throw StorageProblem.of(e, file());
        }
    }
}
