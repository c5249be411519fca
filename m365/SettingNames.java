package m365;

import java.util.List;

/**
 * The settings, by their names in the environment and in the settings file. What they mean stands in docs/settings.md.
 */
final class SettingNames {

    static final List<String> ALL = List.of("M365_AUTHORITY", "M365_CA_FILE", "M365_CLIENT_CERTIFICATE",
            "M365_CLIENT_ID", "M365_IMAP_HOST", "M365_IMAP_PORT", "M365_NOTIFY_COMMAND", "M365_POP_HOST",
            "M365_POP_PORT", "M365_REDIRECT_URI", "M365_SCOPES", "M365_SMTP_HOST", "M365_SMTP_PORT",
            "M365_TOKEN_FILE", "M365_TOKEN_READ_COMMAND", "M365_TOKEN_WRITE_COMMAND");

    /** Their values are never printed, and no program that we start inherits them. */
    static final List<String> SECRET = List.of("M365_CLIENT_SECRET", "M365_CLIENT_CERTIFICATE_PASSWORD");

    /** Names the file that holds the others; it cannot stand in there. */
    static final String FILE = "M365_SETTINGS";

    static boolean isKnown(String name) { return ALL.contains(name) || SECRET.contains(name); }

    private SettingNames() { }
}
