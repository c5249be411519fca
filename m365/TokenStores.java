//SOURCES ExitStatus.java
//SOURCES PrivateFile.java
//SOURCES Problem.java
//SOURCES SecretStore.java
//SOURCES Settings.java
//SOURCES TokenFile.java
//SOURCES TokenStore.java

package m365;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import static java.nio.charset.StandardCharsets.UTF_8;
import static m365.ExitStatus.USAGE;

/**
 * Chooses where one user's tokens lie, by the settings. On the way to a cached token: no regular expressions, lambdas
 * or streams here.
 */
public final class TokenStores {

    /**
     * The store of one user.
     *
     * @param user replaces {@code {user}} in the token file's name and in the commands; null when none was given
     * @throws Problem if the settings have a store for each user and none is named
     */
    public static TokenStore of(Settings settings, String user) {
        if (settings.perUser() && user == null)
            throw new Problem(USAGE, "M365_TOKEN_FILE or M365_TOKEN_READ_COMMAND is one per {user}",
                    "name the user, as in: jbang get_token.java jan@uva.nl");
        var file = Path.of(named(settings.tokenFile(), user)).toAbsolutePath().normalize();
        return settings.readCommand().isEmpty() ? new TokenFile(file) : secretStore(settings, file, user);
    }

    /**
     * A cache on a disk would outlive the session, and that is what a secret store is there to prevent. One secret has
     * one lock, whichever client uses it.
     */
    private static TokenStore secretStore(Settings settings, Path file, String user) {
        var read = named(settings.readCommand(), user);
        var write = named(settings.writeCommand(), user);
        var id = UUID.nameUUIDFromBytes(String.join("\0", read).getBytes(UTF_8));
        // cron and ssh have no session, and everybody another current directory: the lock must not depend on them.
        var lock = Path.of(settings.stateDirectory(), id + "_lock").toAbsolutePath();
        var directory = settings.runtimeDirectory();
        if (directory.isEmpty() || !PrivateFile.isPrivateDirectory(directory.get()))
            return new SecretStore(file, Optional.empty(), lock, read, write);
        return new SecretStore(file, Optional.of(directory.get().resolve("m365-" + id + ".token_cache.json")), lock,
                read, write);
    }

    private static List<String> named(List<String> words, String user) {
        var named = new ArrayList<String>();
        for (var word : words) named.add(named(word, user));
        return named;
    }

    private static String named(String text, String user) { return user == null ? text : text.replace("{user}", user); }

    private TokenStores() { }
}
