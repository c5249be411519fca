//SOURCES ExitStatus.java
//SOURCES PrivateFile.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES SecretCommand.java
//SOURCES StorageProblem.java
//SOURCES Text.java
//SOURCES TokenStore.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import static m365.ExitStatus.SETTINGS;

/**
 * The refresh token behind two commands, one that prints it and one that takes it. The cache of access tokens goes only
 * where nobody else can look and nothing outlives the session, without the refresh token in it: only with a proof, for
 * whoever changes the secret may not see that place.
 */
final class SecretStore extends TokenStore {
    private final List<String> readCommand;
    private final List<String> writeCommand;

    /** @param file where the token file would be */
    SecretStore(Path file, Optional<Path> cacheFile, Path lockFile, List<String> readCommand,
            List<String> writeCommand) {
        super(file, cacheFile, lockFile);
        this.readCommand = readCommand;
        this.writeCommand = writeCommand;
    }

    @Override public boolean inSecretStore() { return true; }

    @Override void makePlaceForLock() {
        var directory = lockFile.getParent();
        try {
            PrivateFile.makeDirectories(directory);
            if (Files.isWritable(directory)) return;
        } catch (IOException e) { /* told below */ }
        throw new Problem(SETTINGS, "no file can be made in " + directory + ", where the secret store's lock belongs",
                "nothing was changed; make that directory, or make it yours: mkdir -p -m 700 "
                        + Text.shellQuote(directory));
    }

    @Override public String toString() { return "the secret store (" + readCommand.get(0) + ")"; }

    @Override List<Path> replacedFiles() { return cacheFile.isPresent() ? List.of(cacheFile.get()) : List.of(); }

    @Override public Secret load() { return refreshToken(SecretCommand.run(readCommand, null)); }

    @Override void save(Secret refreshToken, String cache) {
        write(refreshToken.reveal());
        if (cacheFile.isEmpty()) return;
        try {
            PrivateFile.writeAside(cacheFile.get(), cache);
            PrivateFile.moveIntoPlace(cacheFile.get());
        } catch (IOException e) {
            sweep();
            throw StorageProblem.of(e, file(), "the new refresh token is stored, but not the cache");
        }
    }

    /** The new token is read back before the old one is let go; a store that garbles it gets the old one again. */
    private void write(String refreshToken) {
        var before = held();
        if (before.equals(refreshToken)) return;
        try {
            SecretCommand.run(writeCommand, refreshToken);
            if (stored(refreshToken)) return;
        } catch (Problem e) {
            throw new Problem(e.status(), e.getMessage() + "; " + putBack(before), e.hint());
        }
        throw new Problem(SETTINGS, "the secret store does not give back what was written to it; " + putBack(before),
                "try the commands in M365_TOKEN_WRITE_COMMAND and M365_TOKEN_READ_COMMAND by hand");
    }

    /** The refresh token that lies there; empty if none does. */
    private String held() {
        try {
            return load().reveal();
        } catch (Problem none) {
            return "";
        }
    }

    private boolean stored(String text) { return stripped(SecretCommand.run(readCommand, null)).equals(text); }

    /** @return what has become of the old token, in words for the user */
    private String putBack(String before) {
        if (before.isEmpty()) return "it held no token before";
        try {
            if (!stored(before)) SecretCommand.run(writeCommand, before);
            if (stored(before)) return "the old token is still there";
        } catch (Problem e) { /* so it is not */ }
        return "the old token is lost";
    }

    @Override public boolean delete() {
        try {
            if (cacheFile.isPresent()) Files.deleteIfExists(cacheFile.get());
            SecretCommand.run(writeCommand, SIGNED_OUT);
            return true;
        } catch (IOException e) {
            throw StorageProblem.of(e, file());
        }
    }

    @Override public void checkWritable() {
        SecretCommand.checkThatItExists(readCommand);
        SecretCommand.checkThatItExists(writeCommand);
    }
}
