//SOURCES Access.java
//SOURCES FakeLogin.java
//SOURCES MailLogin.java
//SOURCES Mailboxes.java
//SOURCES Visitor.java

package stand_in;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** Who may come in at the mail servers, and who tried. */
final class Admission {
    private static final Pattern XOAUTH2 = Pattern.compile("user=([^\1]*)\1auth=Bearer ([^\1]*)\1\1");

    private final FakeLogin login;
    private final Mailboxes mailboxes;
    private final List<MailLogin> logins = new CopyOnWriteArrayList<>();
    private volatile boolean letsStrangersIn;

    Admission(FakeLogin login, Mailboxes mailboxes) {
        this.login = login;
        this.mailboxes = mailboxes;
    }

    /** Whether IMAP says OK to a good token for a mailbox that its owner may not open. */
    void letsStrangersIn(boolean on) {
        letsStrangersIn = on;
    }

    /** Whom an XOAUTH2 response admits; empty if nobody. A visitor may still have no right to the mailbox. */
    Optional<Visitor> visitor(String protocol, String base64) {
        var text = decode(base64);
        var parts = XOAUTH2.matcher(text);
        var admitted = !parts.matches() ? Optional.<Visitor>empty() : login.access(parts.group(2))
            .filter(Access::isForOutlook)
            .filter(access -> access.permissions().stream().anyMatch(permissionsFor(protocol)::contains))
            .map(access -> new Visitor(parts.group(1), access))
            .filter(visitor -> mailboxes.has(visitor.mailbox()))
            .filter(visitor -> visitor.mayOpenMailbox() || letsStrangersIn && protocol.equals("IMAP"));
        var claimed = text.replaceFirst("(?s)^user=([^\1]*).*", "$1");
        logins.add(new MailLogin(protocol, "XOAUTH2", claimed, admitted.isPresent()));
        return admitted;
    }

    /** Notes a login that nobody is let in with. */
    void refuse(String protocol, String mechanism, String mailbox) {
        logins.add(new MailLogin(protocol, mechanism, mailbox, false));
    }

    /** Whether the visitor's token is still good. */
    boolean isStillIn(Visitor visitor) {
        return login.access(visitor.access().token()).isPresent();
    }

    /** Every login that was tried, in order. */
    List<MailLogin> logins() {
        return List.copyOf(logins);
    }

    private static Set<String> permissionsFor(String protocol) {
        return switch (protocol) {
            case "IMAP" -> Set.of("IMAP.AccessAsUser.All", "IMAP.AccessAsApp");
            case "POP" -> Set.of("POP.AccessAsUser.All", "POP.AccessAsApp");
            default -> Set.of("SMTP.Send", "SMTP.SendAsApp");
        };
    }

    /** "" if it is no base64. */
    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
