//SOURCES App.java
//SOURCES Encodings.java
//SOURCES Grant.java
//SOURCES Platform.java
//SOURCES Refusal.java

package stand_in;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The refresh tokens handed out. Each stays good when another takes its place, until it is too old or revoked. */
final class RefreshTokens {
    private final Platform platform;
    private final Map<String, Grant> issued = new LinkedHashMap<>();
    /** Those of personal accounts that were got through /common. */
    private final Set<String> dying = new HashSet<>();
    private final Map<String, Instant> revoked = new HashMap<>();
    private volatile int seconds = 90 * 24 * 3600;

    RefreshTokens(Platform platform) {
        this.platform = platform;
    }

    /** Tokens are good for so many seconds after they were issued. */
    void seconds(int lifetime) {
        seconds = lifetime;
    }

    /** @param tenant where it was asked for */
    String issue(Grant grant, String tenant) {
        // Those of personal accounts hold "!" and "*", which a form must (or should) percent-encode.
        var token = grant.user().personal() ? Encodings.opaque("M.C546_BAY.0.U.-Cn!x*", 700) + "$$"
            : Encodings.opaque("1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA.AgABAwEAAAD",
                1200 + Encodings.random(600));
        issued.put(token, grant);
        // Seen since June 2026, for other programs (Softeria/ms-365-mcp-server#522).
        if (grant.user().personal() && tenant.equals("common")) dying.add(token);
        return platform.secrets().add(token);
    }

    /** The newest token of a user. */
    String newest(String user) {
        return issued.keySet().stream()
            .filter(token -> issued.get(token).user().name().equalsIgnoreCase(user))
            .reduce((older, newer) -> newer)
            .orElseThrow(() -> new IllegalStateException(user + " has no refresh token"));
    }

    /** Tokens issued to the user before now are good no more, as after a change of the password. */
    void revokeSessions(String user) {
        revoked.put(user.toLowerCase(Locale.ROOT), platform.clock().now());
    }

    /** What a client's token is worth. */
    Grant redeem(String token, App app) throws Refusal {
        if (token.isEmpty()) {
            throw Refusal.missing("refresh_token");
        }
        var grant = issued.get(token);
        if (grant == null && !token.matches("(1\\.AX|M\\.C546_).{500,}")) {
            throw Refusal.malformed("invalid_grant");
        }
        if (grant == null || !grant.app().clientId().equals(app.clientId())) {
            throw Refusal.wrongGrant();
        }
        if (dying.contains(token)) {
            throw new Refusal("invalid_grant", 70000, "The user could not be authenticated as the grant is expired. "
                + "The user must sign in again.");
        }
        if (grant.issued().plusSeconds(seconds).isBefore(platform.clock().now())) {
            throw new Refusal("invalid_grant", 700082, "The refresh token has expired due to inactivity. The token "
                + "was issued on " + grant.issued() + " and was inactive for " + seconds / 86400 + ".00:00:00.",
                "bad_token");
        }
        var validFrom = revoked.get(grant.user().name().toLowerCase(Locale.ROOT));
        if (validFrom != null && !validFrom.isBefore(grant.issued())) {
            throw new Refusal("invalid_grant", 50173, "The provided grant has expired due to it being revoked, a fresh "
                + "auth token is needed. The user might have changed or reset their password. The grant was issued on '"
                + grant.issued() + "' and the TokensValidFrom date (before which tokens are not valid) for this user "
                + "is '" + validFrom + "'.", "bad_token");
        }
        return grant;
    }
}
