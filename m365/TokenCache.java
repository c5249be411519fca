//SOURCES Json.java
//SOURCES MsalCacheReader.java
//SOURCES PersonalAccounts.java
//SOURCES Proof.java
//SOURCES Scopes.java
//SOURCES Secret.java
//SOURCES Settings.java
//SOURCES Text.java
//SOURCES TokenEnd.java
//SOURCES TokenStore.java

package m365;

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
 * @param renewed    when both tokens were given, by this computer's clock
 * @param proof      shows with which refresh token it came, where that token itself must not lie; or empty
 * @param account    the sign-in name, or empty
 * @param homeAccount by which the account is known whatever it is called: its id and its own tenant
 */
public record TokenCache(String clientId, String realm, Secret accessToken, Set<String> scopes, Instant expires,
        Instant renewed, Optional<Secret> refreshToken, String proof, String account, String homeAccount) {

    /** A token that ends sooner might not outlive the mail program's connection. MSAL keeps the same distance. */
    static final Duration SPARE = Duration.ofMinutes(5);
    /** 128 bits: what a shorter text says, like "null", was not given by anybody (RFC 6749 section 10.10). */
    private static final int SHORTEST = 22;
    /** Of more digits none is a time; they are not believed, and the tokens all the same. */
    private static final int LONGEST_TIME = 11;
    private static final long NEVER = 99_999_999_999L;

    /**
     * The cache, if it belongs to these settings and to the refresh token that lies there, and lasts {@code atLeast}.
     * What was granted need not be all that was asked for: else a scope that is never granted would be asked for at
     * each call.
     */
    static Optional<TokenCache> usable(Settings settings, TokenStore store, Duration atLeast) {
        if (!atLeast.isZero() && store.unsettled()) return Optional.empty();
        var found = of(store);
        if (found.isEmpty()) return found;
        var cached = found.get();
        boolean fits = cached.madeWithOther(settings).isEmpty() && cached.isValid(Instant.now(), atLeast);
        return fits && cached.belongsTo(store.load()) ? found : Optional.empty();
    }

    /** A cache from the future was written while the clock was ahead: nothing is known of when its token ends. */
    private boolean isValid(Instant now, Duration atLeast) {
        return !renewed.isAfter(now) && expires.isAfter(now.plus(atLeast));
    }

    /** The names of the settings that were others when these tokens were made. */
    List<String> madeWithOther(Settings settings) {
        var others = new ArrayList<String>();
        if (!settings.clientId().equals(clientId)) others.add("M365_CLIENT_ID");
        // Not the cache's "environment": MSAL puts an alias of the authority's host there (login.windows.net).
        if (!Text.sameName(settings.tenant(), realm) && !PersonalAccounts.realmFits(settings, realm, homeTenant()))
            others.add("M365_AUTHORITY");
        if (!Scopes.coversAny(scopes, settings.scopes())) others.add("M365_SCOPES");
        return others;
    }

    /** The account's own tenant. */
    String homeTenant() { return homeAccount.substring(homeAccount.lastIndexOf('.') + 1); }

    /** Their text is compared: a cold JVM takes 30 ms to make a record's equals. */
    boolean belongsTo(Secret stored) {
        return refreshToken.isPresent() ? refreshToken.get().reveal().equals(stored.reveal())
                : !proof.isEmpty() && proof.equals(Proof.of(accessToken, stored));
    }

    static Optional<TokenCache> of(TokenStore store) {
        var cache = store.cache();
        return cache.isPresent() ? read(cache.get()) : Optional.empty();
    }

    /** @param cache MSAL's serialised cache; anything else is as good as none */
    public static Optional<TokenCache> read(String cache) { return read(cache, Instant.MAX); }

    /** @param answered when the tokens were given, by the provider's clock; it counts if it is behind this one */
    static Optional<TokenCache> read(String cache, Instant answered) {
        try {
            var all = document(cache);
            var access = first(all, "AccessToken");
            var account = first(all, "Account");
            var refresh = first(all, "RefreshToken");
            var token = (String) access.get("secret");
            if (!isToken(token)) return Optional.empty();
            var renewed = time(access, "cached_at");
            var given = answered.isBefore(renewed) ? answered : renewed;
            var promised = time(access, "expires_on").minusSeconds(renewed.getEpochSecond() - given.getEpochSecond());
            var home = String.valueOf(account.get("home_account_id"));
            return Optional.of(new TokenCache((String) access.get("client_id"), String.valueOf(access.get("realm")),
                    new Secret(token), Text.words((String) access.get("target")), TokenEnd.of(token, given, promised),
                    renewed,
                    // One that could not be read again must not take the place of one that can.
                    refresh.get("secret") instanceof String text && isToken(text) ? Optional.of(new Secret(text))
                            : Optional.empty(),
                    refresh.get("proof") instanceof String proof ? proof : "",
                    account.get("username") instanceof String name ? name : "",
                    home));
        } catch (RuntimeException e) {
            return Optional.empty(); // truncated, foreign or forged: replaced at the next renewal
        }
    }

    private static boolean isToken(String text) { return text.length() >= SHORTEST && Text.canBeToken(text); }

    private static Instant time(Map<String, Object> entry, String name) {
        var digits = (String) entry.get(name);
        return Instant.ofEpochSecond(digits.length() > LONGEST_TIME ? NEVER : Long.parseLong(digits));
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
