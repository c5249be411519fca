//SOURCES Server.java
//SOURCES Settings.java

package m365;

import java.util.Locale;

/** The three protocols of a mail server: what each is called and which permission it wants. Logs in nowhere. */
enum MailProtocol {
    IMAP("IMAP.AccessAsUser.All", "IMAP.AccessAsApp", true),
    SMTP("SMTP.Send", "SMTP.SendAsApp", false),
    POP("POP.AccessAsUser.All", "POP.AccessAsApp", true);

    /** What a user's token must permit. */
    final String scope;

    /** What the token of an app that signs in as itself must permit. */
    final String role;

    /** False for STARTTLS. */
    final boolean tlsFirst;

    MailProtocol(String scope, String role, boolean tlsFirst) {
        this.scope = scope;
        this.role = role;
        this.tlsFirst = tlsFirst;
    }

    /** Whether this port is by custom another protocol's. */
    boolean isAnothersPort(int port) {
        var owner = switch (port) {
            case 143, 993 -> IMAP;
            case 25, 465, 587 -> SMTP;
            case 110, 995 -> POP;
            default -> this;
        };
        return owner != this;
    }

    /** As the places in failures/ are called: imap, smtp, pop. */
    String place() { return name().toLowerCase(Locale.ROOT); }

    Server server(Settings settings) {
        return switch (this) {
            case IMAP -> settings.imap();
            case SMTP -> settings.smtp();
            case POP -> settings.pop();
        };
    }
}
