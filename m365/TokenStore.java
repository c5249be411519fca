//SOURCES ExitStatus.java
//SOURCES PrivateFile.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Signal.java
//SOURCES StorageProblem.java
//SOURCES Text.java
//SOURCES TokenLock.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static m365.ExitStatus.SETTINGS;
import static m365.ExitStatus.SIGN_IN;

/**
 * One user's tokens. Where the refresh token lies is for {@link TokenFile} and {@link SecretStore} to say; the cache
 * beside it is MSAL's own and may vanish at any time. Whoever may write does it {@link #locked}. On the way to a cached
 * token: no regular expressions, lambdas or streams here.
 */
public abstract class TokenStore {
    static final int LONGEST = 1024 * 1024;
    /** Longer than anybody works who holds the lock: a renewal takes at most 20 s. */
    static final int PATIENCE_SECONDS = 60;
    /** What a secret store keeps after signing out: stores have no common way to delete. */
    static final String SIGNED_OUT = "signed-out";

    private final Path file;
    /** Empty when a secret store is used and there is no private place for a cache. */
    final Optional<Path> cacheFile;
    final Path lockFile;

    TokenStore(Path file, Optional<Path> cacheFile, Path lockFile) {
        this.file = file;
        this.cacheFile = cacheFile;
        this.lockFile = lockFile;
    }

    /** The file in which the refresh token lies, or would if there were no secret store; absolute. */
    public final Path file() { return file; }

    /** The refresh token. @throws Problem if there is none, if others can read it, or if it cannot be one */
    public abstract Secret load();

    /** Stores the refresh token and MSAL's cache, both or neither. Call it {@link #locked}. */
    abstract void save(Secret refreshToken, String cache);

    /** Deletes the tokens. Call it {@link #locked}. @return whether there were any */
    public abstract boolean delete();

    /** Finds out, before a person is asked to sign in, whether the token could be stored. Call it {@link #locked}. */
    public abstract void checkWritable();

    public abstract boolean inSecretStore();

    /** Where the refresh token lies, in words for the user. */
    @Override public abstract String toString();

    /** The files that a writer replaces, each by way of one {@linkplain PrivateFile#aside aside}. */
    abstract List<Path> replacedFiles();

    /** By default it lies beside the token, and that place is its owner's affair. */
    void makePlaceForLock() { }

    /** MSAL's cache, if there is one that only we can read. */
    final Optional<String> cache() {
        try {
            if (cacheFile.isEmpty() || !Files.isRegularFile(cacheFile.get(), LinkOption.NOFOLLOW_LINKS)
                    || Files.size(cacheFile.get()) > LONGEST || !PrivateFile.ownedByUs(cacheFile.get())
                    || PrivateFile.isLoose(cacheFile.get())) return Optional.empty();
            return Optional.of(Files.readString(cacheFile.get()));
        } catch (IOException e) {
            return Optional.empty(); // a cache is never needed
        }
    }

    /** Whether a writer is at work, or was killed at it: then the lock must be had before anything is believed. */
    final boolean unsettled() {
        for (var replaced : replacedFiles()) if (Files.exists(PrivateFile.aside(replaced))) return true;
        return false;
    }

    /** Does {@code work} alone among all writers of these tokens. What a killed one left aside is swept away first. */
    public final <T> T locked(Supplier<T> work) { return locked(PATIENCE_SECONDS, work); }

    /** @param patienceSeconds how long to wait for whoever else is at work */
    final <T> T locked(int patienceSeconds, Supplier<T> work) {
        // A directory in a file's place is found out too late.
        for (var replaced : replacedFiles()) {
            if (!replaced.equals(file) && PrivateFile.isDirectory(replaced)) throw StorageProblem.inTheWay(replaced);
            var aside = PrivateFile.aside(replaced);
            if (PrivateFile.isDirectory(aside)) throw StorageProblem.inTheWay(aside);
        }
        try {
            makePlaceForLock();
            return TokenLock.holding(lockFile, patienceSeconds, () -> {
                sweep();
                return work.get();
            });
        } catch (IOException e) {
            throw StorageProblem.of(e, file);
        }
    }

    final void sweep() {
        try {
            for (var replaced : replacedFiles()) Files.deleteIfExists(PrivateFile.aside(replaced));
        } catch (IOException e) { /* the next write will say it */ }
    }

    /** What a file or a secret store holds, as one refresh token and nothing else. @throws Problem if it is none */
    final Secret refreshToken(byte[] bytes) {
        var text = stripped(bytes);
        if (text.isEmpty() || text.equals(SIGNED_OUT))
            throw new Problem(SIGN_IN, "there is no refresh token in " + this, "sign in: {sign_in}",
                    Signal.local("token-file-missing"));
        if (!Text.canBeToken(text))
            throw new Problem(SETTINGS, this + " holds something else than one refresh token",
                    "a refresh token is one line of letters, digits and signs; "
                            + "move this aside and sign in again: {sign_in}", Signal.local("token-file-malformed"));
        return new Secret(text);
    }

    /** Without a byte order mark, which editors put in front, and the line break at the end. */
    static String stripped(byte[] bytes) {
        var text = new String(bytes, UTF_8);
        return (text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
    }
}
