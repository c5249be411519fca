//SOURCES ExitStatus.java
//SOURCES Grant.java
//SOURCES IdentityProvider.java
//SOURCES PersonalAccounts.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Settings.java
//SOURCES SignedInUser.java
//SOURCES Text.java
//SOURCES TokenCache.java
//SOURCES TokenOrigin.java
//SOURCES TokenStore.java

package m365;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
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
    /** How many seconds to wait for whoever else renews, as long as there is a token that is still valid. */
    private static final int A_MOMENT = 5;

    private AccessTokens() { }

    /**
     * A valid access token. Of several processes one renews, and the others wait for it and use what it got.
     *
     * @param user whose it must be; null for whoever is signed in
     * @throws Problem if there is none to be had; in passing trouble a token is given that is valid but not for long
     */
    public static Secret valid(Settings settings, TokenStore store, String user, Consumer<String> log) {
        var signedIn = new SignedInUser(settings, store);
        var cached = cached(settings, store, user, TokenCache.SPARE);
        if (cached.isPresent()) return cached.get();
        boolean canDoWithout = cached(settings, store, user, Duration.ZERO).isPresent();
        try {
            return store.locked(canDoWithout ? A_MOMENT : TokenStore.PATIENCE_SECONDS, () ->
                    cached(settings, store, user, TokenCache.SPARE).orElseGet(() -> {
                        var granted = renew(settings, store, log);
                        signedIn.mustBeKnownToBe(user, granted.account());
                        return granted.accessToken();
                    }));
        } catch (Problem e) {
            var lastResort = e.status() == LATER ? cached(settings, store, user, Duration.ZERO)
                    : Optional.<Secret>empty();
            return lastResort.orElseThrow(() -> e);
        }
    }

    /**
     * The cached one, if it is known to be the user's. On the way to a cached token: no regular expressions, lambdas or
     * streams here.
     */
    static Optional<Secret> cached(Settings settings, TokenStore store, String user, Duration atLeast) {
        var cache = TokenCache.usable(settings, store, atLeast);
        return cache.isPresent() && new SignedInUser(settings, store).isKnownToBe(user, cache.get().account())
                ? Optional.of(cache.get().accessToken()) : Optional.empty();
    }

    /**
     * The refresh token. If a user is named and nobody knows whose it is, a renewal will say.
     *
     * @param user whose it must be; null for whoever is signed in
     * @throws Problem if there is none, or not theirs
     */
    public static Secret refreshToken(Settings settings, TokenStore store, String user, Consumer<String> log) {
        var signedIn = new SignedInUser(settings, store);
        return signedIn.refreshToken(user).orElseGet(() -> store.locked(() -> {
            signedIn.mustBeKnownToBe(user, renew(settings, store, log).account());
            return store.load();
        }));
    }

    /**
     * Redeems the refresh token for an access token and stores both. Call it {@link TokenStore#locked}.
     *
     * @throws Problem if there is none, or if they are another account's than what is known of the refresh token
     */
    static Grant renew(Settings settings, TokenStore store, Consumer<String> log) {
        var refreshToken = store.load();
        var known = new SignedInUser(settings, store).cache();
        var authority = PersonalAccounts.authorityOf(settings, known.map(TokenCache::homeTenant).orElse(""));
        var granted = renew(settings, store, authority, log, refreshToken);
        // Only now it is known whose it is, and what has just been got would not live.
        var better = PersonalAccounts.authorityOf(settings, granted.homeTenant());
        if (!better.equals(authority) && !better.equals(settings.authority()))
            granted = renew(settings, store, better, log, refreshToken);
        if (known.isPresent() && !known.get().homeAccount().equals(granted.homeAccount())
                && !Text.sameName(known.get().account(), granted.account()))
            throw new Problem(ExitStatus.SIGN_IN, settings.authority().getHost() + " answered the renewal for "
                    + known.get().account() + " with tokens of " + granted.account() + "; nothing was stored",
                    "sign in again: {sign_in}");
        // RFC 6749 section 6: an answer without a new refresh token leaves the old one in force.
        var stored = granted.refreshToken().orElse(refreshToken);
        store.save(stored, granted.cache(store, stored));
        return granted;
    }

    private static Grant renew(Settings settings, TokenStore store, URI authority, Consumer<String> log,
            Secret refreshToken) {
        try {
            return new IdentityProvider(settings, authority, log, RETRIES).renew(refreshToken);
        } catch (Problem e) {
            throw TokenOrigin.explained(e, settings, store);
        }
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
