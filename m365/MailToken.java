//SOURCES ExitStatus.java
//SOURCES Failures.java
//SOURCES Grant.java
//SOURCES MailProtocol.java
//SOURCES Phrases.java
//SOURCES Problem.java
//SOURCES Scopes.java
//SOURCES Secret.java
//SOURCES Settings.java
//SOURCES Signal.java
//SOURCES Steps.java
//SOURCES Text.java
//SOURCES TokenClaims.java

package m365;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static m365.ExitStatus.SETTINGS;

/**
 * An access token and what it says of itself: opaque by contract, but those of work accounts can be read (RFC 7519).
 * Finds before a mail server does what will be refused, and after a refusal what cannot be its cause.
 */
final class MailToken {
    private static final String GRAPH = "00000003-0000-0000-c000-000000000000";
    private static final Duration TOLERABLE = Duration.ofMinutes(2);

    private final Grant granted;
    private final String user;
    private final Map<String, Object> claims;

    /** @param userOrNull who is meant to be signed in; null for the app itself */
    MailToken(Grant granted, String userOrNull) {
        this.granted = granted;
        this.user = userOrNull;
        this.claims = TokenClaims.of(secret().reveal());
    }

    Secret secret() { return granted.accessToken(); }

    /** Says what is merely odd, then whose token it is and what for. @throws Problem if mail servers will refuse it */
    void examine(Steps steps) {
        var ahead = granted.answered().map(time -> Duration.between(time, Instant.now())).orElse(Duration.ZERO);
        if (ahead.abs().compareTo(TOLERABLE) > 0)
            steps.note("this computer's clock is " + Phrases.duration(ahead.abs())
                    + (ahead.isNegative() ? " behind" : " ahead"), "clock-wrong");
        var lasts = "valid for " + lasts();
        if (claims.isEmpty()) {
            steps.done("opaque, as those of personal accounts are; " + lasts);
            return;
        }
        if (claim("aud").contains("graph.microsoft.com") || claim("aud").equals(GRAPH))
            throw new Problem(SETTINGS, "the access token is for Microsoft Graph, and mail servers refuse it",
                    "ask for https://outlook.office.com/IMAP.AccessAsUser.All in M365_SCOPES, then sign in again",
                    Signal.local("graph-token"));
        if (user != null && !holder().isEmpty() && !Text.sameName(holder(), user))
            steps.note("the token belongs to " + holder() + ", not to " + user, "token-of-another-user");
        steps.done((user == null ? "of the app" : "of " + holder()) + " for " + String.join(" ", permissions()) + ", "
                + lasts);
    }

    /** A token without the permission would be refused without a reason. */
    void demandPermissionFor(MailProtocol protocol, Settings settings) {
        var wanted = user == null ? protocol.role : protocol.scope;
        if (Scopes.covers(permissions(), wanted)) return;
        throw new Problem(SETTINGS, "the access token lacks " + wanted, user == null
                ? "add the application permission " + wanted + " to the app and grant admin consent"
                : "sign in for that as well: M365_SCOPES=" + Text.shellQuote(String.join(" ", settings.scopes())
                        + " https://" + URI.create(settings.scopes().iterator().next()).getHost() + "/" + wanted)
                        + " jbang get_token.java " + user,
                Signal.local(user == null ? "app-only-role-missing" : "missing-" + protocol.place() + "-scope"));
    }

    private Set<String> permissions() {
        if (claims.isEmpty()) return granted.scopes();
        var roles = claims.get("roles") instanceof List<?> list ? list.stream().map(String::valueOf)
                : Stream.<String>of();
        return Stream.concat(Stream.of(claim("scp").split(" ")), roles).filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What speaks for another reason than the refusal {@code seen} gives; else that. */
    Signal reason(Signal seen) {
        if (user == null) return Signal.local(seen.where().equals("smtp") ? "app-only-sending-refused"
                : Failures.of(seen).id().equals("authenticated-but-not-connected") ? "app-only-mailbox-refused"
                : "app-only-login-refused");
        return holder().isEmpty() || Text.sameName(holder(), user) ? seen : Signal.local("token-of-another-user");
    }

    /** Causes that cannot be it: the words with which they begin in failures/. */
    Set<String> excluded(String mailbox, boolean throughIpv4) {
        var excluded = new TreeSet<String>();
        if (user != null) excluded.add("Access without a user");
        if (user != null && Text.sameName(mailbox, user)) excluded.add("Shared mailbox");
        if (throughIpv4) excluded.add("IPv6");
        if (claims.isEmpty()) return excluded;
        excluded.addAll(List.of("Personal account", "IPv6", "The token"));
        if (isTheUsersOwn()) excluded.add("Another account");
        return excluded;
    }

    /** What is known of this token, for a refusal without a reason: each point is one cause less. */
    String ruledOut(boolean throughIpv4) {
        var known = new ArrayList<String>();
        if (!claims.isEmpty()) {
            if (isTheUsersOwn()) known.add("the token is " + user + "'s own");
            known.add("it is for " + claim("aud") + ", carries " + String.join(" ", permissions())
                    + " and is valid for " + lasts());
        }
        if (throughIpv4) known.add("the connection goes over IPv4");
        return known.isEmpty() ? "" : "checked, and not the cause: " + String.join("; ", known);
    }

    private boolean isTheUsersOwn() { return user != null && Text.sameName(holder(), user); }

    /** The sign-in name in the token, or empty. */
    private String holder() {
        return Stream.of("upn", "preferred_username", "unique_name").map(this::claim).filter(name -> !name.isEmpty())
                .findFirst().orElse("");
    }

    private String claim(String name) { return claims.get(name) instanceof String text ? text : ""; }

    /** By whichever clock is behind: by that one its end was reckoned. */
    private String lasts() {
        var now = Instant.now();
        var since = granted.answered().filter(now::isAfter).orElse(now);
        return Phrases.duration(Duration.between(since, granted.expires()));
    }
}
