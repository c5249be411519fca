//SOURCES Json.java
//SOURCES Phrases.java
//SOURCES Problem.java
//SOURCES SettingPlaces.java
//SOURCES Settings.java
//SOURCES SignedInUser.java
//SOURCES TokenCache.java
//SOURCES TokenOrigin.java
//SOURCES TokenStore.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * {@code get_token --status}: who is signed in, what expires when, and where the settings stand; for people and for
 * programs. Asks nobody.
 */
public final class StatusReport {
    /** Microsoft lets a refresh token die after 90 days without use (Microsoft: "Refresh tokens"). */
    private static final long LIFE_DAYS = 90, WARN_AFTER_DAYS = 75;

    private final Settings settings;
    private final TokenStore store;
    private final Optional<Problem> signedOut;
    private final Optional<TokenCache> cache;
    private final Optional<String> account;
    private final Optional<Instant> renewed;
    private final Instant now = Instant.now();

    public StatusReport(Settings settings, TokenStore store) {
        this.settings = settings;
        this.store = store;
        this.signedOut = problem(store);
        this.cache = signedOut.isPresent() ? Optional.empty() : new SignedInUser(settings, store).cache();
        this.account = cache.map(TokenCache::account).filter(name -> !name.isEmpty());
        this.renewed = signedOut.isPresent() ? Optional.empty()
                : cache.map(TokenCache::renewed).or(() -> modified(store));
    }

    private static Optional<Problem> problem(TokenStore store) {
        try {
            store.load();
            return Optional.empty();
        } catch (Problem e) {
            return Optional.of(e);
        }
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

    /** Why there is nothing to tell of tokens: nobody is signed in, or what lies there cannot be used. */
    public Optional<Problem> signedOut() { return signedOut; }

    /** One JSON object, whoever is signed in or nobody; docs/settings.md tells its fields. */
    public String json() {
        var document = new LinkedHashMap<String, Object>();
        document.put("schema_version", 1);
        document.put("signed_in", signedOut.isEmpty());
        document.put("message", signedOut.map(Throwable::getMessage).orElse(null));
        document.put("account", account.orElse(null));
        document.put("tenant", tenant());
        document.put("client_id", settings.clientId());
        document.put("client_kind", clientKind());
        document.put("scopes", scopes());
        document.put("access_token_expires", cache.map(c -> c.expires().toString()).orElse(null));
        document.put("refresh_token_in", store.toString());
        document.put("refresh_token_renewed", renewed.map(Instant::toString).orElse(null));
        document.put("refresh_token_age_days", ageDays().orElse(null));
        document.put("settings_from", settings.places().all());
        document.put("warning", warning().orElse(null));
        return Json.write(document);
    }

    /** A line for each fact. */
    public String text() {
        var lines = new LinkedHashMap<String, String>();
        lines.put("account", account.orElse("not known until the next renewal"));
        lines.put("tenant", tenant());
        lines.put("client", settings.clientId() + " (" + clientKind() + ")");
        lines.put("scopes", scopes().replace(" ", "\n"));
        lines.put("access token", cache.map(this::accessToken).orElse("none yet, made when next asked for"));
        lines.put("refresh token", "in " + store + ",\n" + age());
        lines.put("settings", whereSettingsStand());
        var text = new StringBuilder();
        lines.forEach((name, value) -> text.append(String.format("%-14s %s%n", name,
                value.replace("\n", System.lineSeparator() + " ".repeat(15)))));
        return text.toString();
    }

    /** Of each setting that config.java does not decide the place that does. */
    private String whereSettingsStand() {
        var told = new StringBuilder();
        settings.places().all().forEach((name, place) -> {
            if (!place.equals(SettingPlaces.CONFIG)) told.append(name).append(": ").append(place).append('\n');
        });
        return told + (told.isEmpty() ? "all: " : "the others: ") + SettingPlaces.CONFIG;
    }

    /** What should be done soon. */
    public Optional<String> warning() {
        var origin = cache.flatMap(found -> TokenOrigin.ofOtherSettings(found, settings));
        if (origin.isPresent())
            return Optional.of(origin.get() + ". Set " + TokenOrigin.asThen(cache.get(), settings)
                    + " and keep it (jbang get_token.java --save-settings), or sign in again");
        var days = ageDays().orElse(0L);
        if (days >= LIFE_DAYS)
            return Optional.of("the refresh token was last renewed " + days + " days ago; unused it dies after "
                    + LIFE_DAYS + ", so it is probably dead: if jbang get_token.java --access-token fails, sign in");
        return days < WARN_AFTER_DAYS ? Optional.empty() : Optional.of("the refresh token was last renewed " + days
                + " days ago and dies after " + LIFE_DAYS + " without use; renew it now: "
                + "jbang get_token.java --access-token");
    }

    private String tenant() { return cache.map(TokenCache::homeTenant).orElse(settings.tenant()); }

    private String clientKind() { return settings.confidential() ? "confidential" : "public"; }

    private String scopes() { return String.join(" ", cache.map(TokenCache::scopes).orElse(settings.scopes())); }

    private String accessToken(TokenCache cache) {
        var expires = Phrases.localTime(cache.expires());
        return cache.expires().isAfter(now)
                ? "valid for " + Phrases.duration(Duration.between(now, cache.expires())) + ", until " + expires
                        + (cache.madeWithOther(settings).isEmpty() ? "" : ", but made with other settings")
                : "expired " + expires + ", renewed when next asked for";
    }

    /** Whole days; empty if it is not known or lies in the future, as after a clock that was wrong. */
    private Optional<Long> ageDays() {
        return renewed.filter(then -> !then.isAfter(now)).map(then -> Duration.between(then, now).toDays());
    }

    private String age() {
        if (renewed.isEmpty()) return "renewed at a time that is not known";
        if (ageDays().isEmpty())
            return "renewed " + Phrases.localTime(renewed.get()) + ", which is in the future: a clock is or was wrong";
        long days = ageDays().get();
        var dies = Phrases.localTime(renewed.get().plus(Duration.ofDays(LIFE_DAYS))).split(" ")[0];
        return "renewed " + (days == 0 ? "today" : days == 1 ? "yesterday" : days + " days ago")
                + (days < LIFE_DAYS ? "; each renewal gives it another " + LIFE_DAYS + " days, unused it dies on "
                        : "; unused since then it died on ") + dies;
    }
}
