//SOURCES Json.java
//SOURCES MsalCacheReader.java
//SOURCES Problem.java
//SOURCES Scopes.java
//SOURCES Secret.java
//SOURCES Settings.java
//SOURCES SettingsReader.java
//SOURCES Text.java
//SOURCES TokenStore.java
//SOURCES TokenStores.java

package m365;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What MSAL's cache says of its one account: the quick way to an access token, without MSAL, picocli or HTTP. The
 * format is MSAL's, shared by all its languages. Mail programs come here every few minutes: no regular expressions,
 * lambdas or streams, for the first of each costs a cold JVM up to 10 ms (tests/bench.java).
 *
 * @param clientId   the client that the access token was given to
 * @param realm      the tenant that was asked, as in the authority
 * @param expires    when the access token ends
 * @param renewed    when both tokens were given
 * @param account    the sign-in name, or empty
 * @param homeTenant the account's own tenant
 */
public record TokenCache(String clientId, String realm, Secret accessToken, Set<String> scopes, Instant expires,
        Instant renewed, Optional<Secret> refreshToken, String account, String homeTenant) {

    /** A token that ends sooner might not outlive the mail program's connection. MSAL keeps the same distance. */
    static final Duration SPARE = Duration.ofMinutes(5);

    /**
     * Prints a cached access token, if there is one that can be used.
     *
     * @param values what config.java says
     * @return whether it did; everything else, and every failure, is for the slow way to tell
     */
    public static boolean print(Map<String, String> values, Map<String, String> env, PrintStream out) {
        try {
            var settings = SettingsReader.read(values, env);
            var cached = usable(settings, TokenStores.of(settings, null), SPARE);
            if (cached.isPresent()) out.println(cached.get().accessToken().reveal());
            return cached.isPresent();
        } catch (Problem e) {
            return false;
        }
    }

    /**
     * The cache, if it belongs to these settings and to the refresh token in the file, and lasts {@code atLeast}. What
     * was granted need not be all that was asked for: else a scope that is never granted would be asked for at each
     * call.
     */
    static Optional<TokenCache> usable(Settings settings, TokenStore store, Duration atLeast) {
        if (!atLeast.isZero() && store.unsettled()) return Optional.empty();
        var found = of(store);
        if (found.isEmpty()) return found;
        var cached = found.get();
        boolean fits = cached.madeWithOther(settings).isEmpty() && cached.expires.isAfter(Instant.now().plus(atLeast));
        return fits && (store.inSecretStore() || cached.belongsTo(store.load())) ? found : Optional.empty();
    }

    /** The names of the settings that were others when these tokens were made. */
    List<String> madeWithOther(Settings settings) {
        var others = new ArrayList<String>();
        if (!settings.clientId().equals(clientId)) others.add("M365_CLIENT_ID");
        // Not the cache's "environment": MSAL puts an alias of the authority's host there (login.windows.net).
        if (!settings.tenant().equalsIgnoreCase(realm)) others.add("M365_AUTHORITY");
        if (!Scopes.coversAny(scopes, settings.scopes())) others.add("M365_SCOPES");
        return others;
    }

    /** Their text is compared: a cold JVM takes 30 ms to make a record's equals. */
    private boolean belongsTo(Secret other) {
        return refreshToken.isPresent() && refreshToken.get().reveal().equals(other.reveal());
    }

    static Optional<TokenCache> of(TokenStore store) {
        var cache = store.cache();
        return cache.isPresent() ? read(cache.get()) : Optional.empty();
    }

    /** @param cache MSAL's serialised cache; anything else is as good as none */
    public static Optional<TokenCache> read(String cache) {
        try {
            var all = document(cache);
            var access = first(all, "AccessToken");
            var account = first(all, "Account");
            var refresh = first(all, "RefreshToken").get("secret");
            var token = (String) access.get("secret");
            if (!Text.canBeToken(token)) return Optional.empty();
            var home = String.valueOf(account.get("home_account_id"));
            return Optional.of(new TokenCache((String) access.get("client_id"), (String) access.get("realm"),
                    new Secret(token), Text.words((String) access.get("target")), time(access, "expires_on"),
                    time(access, "cached_at"),
                    // One that could not be read again must not take the place of one that can.
                    refresh instanceof String text && Text.canBeToken(text) ? Optional.of(new Secret(text))
                            : Optional.empty(),
                    account.get("username") instanceof String name ? name : "",
                    home.substring(home.lastIndexOf('.') + 1)));
        } catch (RuntimeException e) {
            return Optional.empty(); // truncated, foreign or forged: replaced at the next renewal
        }
    }

    private static Instant time(Map<String, Object> entry, String name) {
        return Instant.ofEpochSecond(Long.parseLong((String) entry.get(name)));
    }

    private static Map<String, Object> document(String cache) {
        try {
            return MsalCacheReader.read(cache);
        } catch (RuntimeException unusual) {
            return Json.read(cache).orElse(Map.of());
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> first(Map<String, Object> all, String kind) {
        var entries = (Map<String, Object>) all.getOrDefault(kind, Map.of());
        return entries.isEmpty() ? Map.of() : (Map<String, Object>) entries.values().iterator().next();
    }
}
