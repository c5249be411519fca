//SOURCES Json.java
//SOURCES Phrases.java
//SOURCES Settings.java
//SOURCES SignedInUser.java
//SOURCES TokenCache.java
//SOURCES TokenStore.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code get_token --status}: who is signed in, what expires when, for people and for programs. Asks nobody. */
public final class StatusReport {
    /** Microsoft lets a refresh token die after 90 days without use (Microsoft: "Refresh tokens"). */
    private static final long WARN_AFTER_DAYS = 75;

    private final Settings settings;
    private final TokenStore store;
    private final Optional<TokenCache> cache;
    private final Optional<String> account;
    private final Optional<Instant> renewed;
    private final Optional<Long> ageDays;
    private final Instant now = Instant.now();

    /** @throws Problem if nobody is signed in */
    public StatusReport(Settings settings, TokenStore store) {
        store.load(); // or else there is nothing to tell
        var signedIn = new SignedInUser(settings, store);
        this.settings = settings;
        this.store = store;
        this.cache = signedIn.cache();
        this.account = signedIn.account();
        this.renewed = cache.map(TokenCache::renewed).or(() -> modified(store));
        this.ageDays = renewed.map(then -> Duration.between(then, now).toDays());
    }

    /** Empty in a secret store: the age of what is in there is not known. */
    private static Optional<Instant> modified(TokenStore store) {
        try {
            return store.inSecretStore() ? Optional.empty()
                    : Optional.of(Files.getLastModifiedTime(store.file()).toInstant());
        } catch (IOException e) {
            return Optional.empty(); // deleted a moment ago
        }
    }

    /** One JSON object. */
    public String json() {
        var document = new LinkedHashMap<String, Object>();
        document.put("account", account.orElse(null));
        document.put("tenant", tenant());
        document.put("client_id", settings.clientId());
        document.put("client_kind", clientKind());
        document.put("scopes", scopes());
        document.put("access_token_expires", cache.map(c -> c.expires().toString()).orElse(null));
        document.put("refresh_token_in", store.toString());
        document.put("refresh_token_renewed", renewed.map(Instant::toString).orElse(null));
        document.put("refresh_token_age_days", ageDays.orElse(null));
        document.put("warning", warning().orElse(null));
        return Json.write(document);
    }

    /** A line for each fact. */
    public String text() {
        var lines = new LinkedHashMap<String, String>();
        lines.put("account", account.orElse("not known until the next renewal"));
        lines.put("tenant", tenant());
        lines.put("client", settings.clientId() + " (" + clientKind() + ")");
        lines.put("scopes", scopes());
        lines.put("access token", cache.map(this::accessToken).orElse("none yet, made when next asked for"));
        lines.put("refresh token", "in " + store + ", renewed " + ageDays.map(StatusReport::daysAgo)
                .orElse("at a time that is not known"));
        var text = new StringBuilder();
        for (Map.Entry<String, String> line : lines.entrySet())
            text.append(String.format("%-14s %s%n", line.getKey(), line.getValue()));
        return text.toString();
    }

    /** What should be done soon. */
    public Optional<String> warning() {
        return ageDays.filter(days -> days >= WARN_AFTER_DAYS).map(days -> "the refresh token was last renewed " + days
                + " days ago and dies after 90 without use; renew it now: jbang get_token.java --access-token");
    }

    private String tenant() { return cache.map(TokenCache::homeTenant).orElse(settings.tenant()); }

    private String clientKind() { return settings.confidential() ? "confidential" : "public"; }

    private String scopes() { return String.join(" ", cache.map(TokenCache::scopes).orElse(settings.scopes())); }

    private String accessToken(TokenCache cache) {
        var expires = Phrases.localTime(cache.expires());
        return cache.expires().isAfter(now)
                ? "valid for " + Phrases.duration(Duration.between(now, cache.expires())) + ", until " + expires
                : "expired " + expires + ", renewed when next asked for";
    }

    private static String daysAgo(long days) {
        return days == 0 ? "today" : days == 1 ? "yesterday" : days + " days ago";
    }
}
