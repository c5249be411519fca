package stand_in;

import java.security.cert.X509Certificate;
import java.util.Set;

/**
 * A registered application.
 *
 * @param redirectUris as typed into the portal; for loopback hosts the port is ignored when matching
 * @param secret null for a public client
 * @param certificate null, or what client assertions must be signed with
 * @param roles application permissions of Exchange Online, e.g. {@code IMAP.AccessAsApp}
 * @param mailboxes mailboxes the app itself may open (Add-MailboxPermission)
 */
public record App(String clientId, String name, Set<String> redirectUris, String secret,
                  X509Certificate certificate, Set<String> roles, Set<String> mailboxes) {
    /** A public client ("Mobile and desktop applications"). */
    public static App publicClient(String clientId, String name, String... redirectUris) {
        return new App(clientId, name, Set.of(redirectUris), null, null, Set.of(), Set.of());
    }

    /** A confidential client ("Web") without application permissions. */
    public static App confidentialClient(String clientId, String name, String secret, String... redirectUris) {
        return new App(clientId, name, Set.of(redirectUris), secret, null, Set.of(), Set.of());
    }

    boolean isPublic() {
        return secret == null && certificate == null;
    }

    @Override public String toString() {
        return name;
    }
}
