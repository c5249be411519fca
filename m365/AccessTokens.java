//SOURCES ExitStatus.java
//SOURCES Grant.java
//SOURCES IdentityProvider.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Settings.java
//SOURCES TokenCache.java
//SOURCES TokenStore.java

package m365;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

import static m365.ExitStatus.LATER;
import static m365.ExitStatus.SETTINGS;

/**
 * Access tokens for mail programs: the cached one, else a renewed one, which is stored with the refresh token that came
 * along. Never asks a person.
 */
public final class AccessTokens {
    private static final int RETRIES = 2;

    private AccessTokens() { }

    /**
     * A valid access token. Of several processes one renews, and the others wait for it and use what it got.
     *
     * @throws Problem if there is none to be had; in passing trouble a token is given that is valid but not for long
     */
    public static Secret valid(Settings settings, TokenStore store, Consumer<String> log) {
        var cached = TokenCache.usable(settings, store, TokenCache.SPARE);
        if (cached.isPresent()) return cached.get().accessToken();
        return store.locked(() -> {
            var meanwhile = TokenCache.usable(settings, store, TokenCache.SPARE);
            if (meanwhile.isPresent()) return meanwhile.get().accessToken();
            try {
                return renew(settings, store, log).accessToken();
            } catch (Problem e) {
                var lastResort = TokenCache.usable(settings, store, Duration.ZERO);
                if (e.status() == LATER && lastResort.isPresent()) return lastResort.get().accessToken();
                throw e;
            }
        });
    }

    /** Redeems the refresh token for an access token and stores both. Call it {@link TokenStore#locked}. */
    static Grant renew(Settings settings, TokenStore store, Consumer<String> log) {
        var refreshToken = store.load();
        var granted = new IdentityProvider(settings, log, RETRIES).renew(refreshToken);
        // RFC 6749 section 6: an answer without a new refresh token leaves the old one in force.
        store.save(granted.refreshToken().orElse(refreshToken), granted.cache(store));
        return granted;
    }

    /** An access token of the app itself, for administrators. Nothing is stored. */
    static Grant ofTheApp(Settings settings, Consumer<String> log) {
        if (!settings.confidential())
            throw new Problem(SETTINGS, "an app can sign in as itself only with a credential",
                    "set M365_CLIENT_SECRET or M365_CLIENT_CERTIFICATE, and M365_CLIENT_ID to go with it");
        if (Set.of("common", "organizations", "consumers").contains(settings.tenant()))
            throw new Problem(SETTINGS, "an app can sign in as itself only to one tenant, not to " + settings.tenant(),
                    "set M365_AUTHORITY=https://" + settings.authority().getHost() + "/<tenant ID>");
        return new IdentityProvider(settings, log, RETRIES).appOnly();
    }
}
