//JAVA 17+

/**
 * What you may edit: the values of this copy. Each is overridden by the environment variable of the same name with
 * {@code M365_} in front; docs/settings.md explains them and has some more.
 */
public final class config {

    /** Application (client) ID. This one is Thunderbird's, a public client that many organisations have approved. */
    static final String CLIENT_ID = "9e5f94bc-e8a4-4e73-b8be-63364c29d753";

    /** Empty for a public client. An app registered with the platform "Web" has a secret: its Value, not its ID. */
    static final String CLIENT_SECRET = "";

    /** {@code …/common} serves any account; an app of one organisation needs {@code …/<tenant ID or domain>}. */
    static final String AUTHORITY = "https://login.microsoftonline.com/common";

    /** Separated by spaces, all of one host. Add {@code https://outlook.office.com/POP.AccessAsUser.All} for POP. */
    static final String SCOPES =
            "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send";

    /** As registered for the client ID; Microsoft ignores the port, not the scheme and not the path. */
    static final String REDIRECT_URI = "http://localhost:8745";

    /** Relative to the current directory; {@code {user}} stands for the user, one file each. */
    static final String TOKEN_FILE = "refresh_token";

    static final String IMAP_HOST = "outlook.office365.com", IMAP_PORT = "993";
    static final String SMTP_HOST = "smtp.office365.com", SMTP_PORT = "587";
    static final String POP_HOST = "outlook.office365.com", POP_PORT = "995";

    /** The values above, by the name that overrides them. */
    static java.util.Map<String, String> values() {
        var values = new java.util.HashMap<String, String>();
        values.put("M365_CLIENT_ID", CLIENT_ID);
        values.put("M365_CLIENT_SECRET", CLIENT_SECRET);
        values.put("M365_AUTHORITY", AUTHORITY);
        values.put("M365_SCOPES", SCOPES);
        values.put("M365_REDIRECT_URI", REDIRECT_URI);
        values.put("M365_TOKEN_FILE", TOKEN_FILE);
        values.put("M365_IMAP_HOST", IMAP_HOST);
        values.put("M365_IMAP_PORT", IMAP_PORT);
        values.put("M365_SMTP_HOST", SMTP_HOST);
        values.put("M365_SMTP_PORT", SMTP_PORT);
        values.put("M365_POP_HOST", POP_HOST);
        values.put("M365_POP_PORT", POP_PORT);
        return values;
    }

    private config() { }
}
