//SOURCES Server.java
//SOURCES Settings.java

package m365;

import java.util.Locale;

/** The three protocols of a mail server: what each is called and which permission it wants. Logs in nowhere. */
enum MailProtocol {
    IMAP("imap", "IMAP.AccessAsUser.All", "IMAP.AccessAsApp", true),
    SMTP("smtp", "SMTP.Send", "SMTP.SendAsApp", false),
    POP("pop3", "POP.AccessAsUser.All", "POP.AccessAsApp", true);

    /** Angus Mail's name for it. */
    final String angusName;

    /** What a user's token must permit. */
    final String scope;

    /** What the token of an app that signs in as itself must permit. */
    final String role;

    /** False for STARTTLS. */
    final boolean tlsFirst;

    MailProtocol(String angusName, String scope, String role, boolean tlsFirst) {
        this.angusName = angusName;
        this.scope = scope;
        this.role = role;
        this.tlsFirst = tlsFirst;
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
