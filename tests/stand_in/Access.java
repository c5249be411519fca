//SOURCES App.java
//SOURCES Scopes.java
//SOURCES User.java

package stand_in;

import java.time.Instant;
import java.util.Set;

/**
 * An access token that was handed out.
 *
 * @param user null if the application acts for itself
 * @param permissions delegated scopes or, app-only, roles, without the resource
 */
public record Access(String token, User user, App app, String audience, Set<String> permissions, Instant issued,
                     Instant expires) {
    /** Whether the token is meant for Exchange Online rather than, say, Microsoft Graph. */
    public boolean isForOutlook() {
        return Scopes.isOutlook(audience);
    }

    /** Whether the token's owner has been given {@code mailbox}. */
    public boolean opens(String mailbox) {
        return user != null ? user.opens(mailbox) : app.mailboxes().stream().anyMatch(mailbox::equalsIgnoreCase);
    }

    Access expiredAt(Instant when) {
        return new Access(token, user, app, audience, permissions, issued, when);
    }

    @Override public String toString() {
        return "access token of " + (user != null ? user : app);
    }
}
