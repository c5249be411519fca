//SOURCES Scrub.java

package m365;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts what is known of this run (user, client_id, tenant …) into the texts of failures/. What is not known becomes a
 * word to replace in what is to be copied, and is left out or told in general words elsewhere.
 */
final class Wording {

    private static final Pattern PIECE = Pattern.compile("`[^`]*`|[^`]+|`");
    private static final Pattern BRACES = Pattern.compile("\\{([a-z_]+)\\}");
    /** What reads well without the name: "the app {client_id} is …", "… not valid: {scopes}.", "… (host {host})". */
    private static final Pattern DISPENSABLE = Pattern.compile("(?: \\((?:host )?|: "
            + "|(?<=\\b(?:app|tenant|server|authority|mailbox)) )"
            + "\\{(client_id|tenant|authority|host|scopes|mailbox|parameter)\\}\\)?(?=[\\s.,:;)]|$)");
    private static final Map<String, String> GENERAL = Map.of("client_id", "the app", "tenant", "the tenant",
            "authority", "the sign-in address", "redirect_uri", "the address to return to", "host", "the server",
            "scopes", "the scopes", "user", "the user", "mailbox", "the mailbox", "service", "another service");

    /** Another program has other names for its settings: there the field's words go first. */
    private static final Pattern SETTING = Pattern.compile("(?<![\\w(])M365_"
            + "(AUTHORITY|CLIENT_ID|CLIENT_SECRET|REDIRECT_URI|SCOPES)\\b(?!_|=)");
    private static final Map<String, String> TERMS = Map.of("AUTHORITY", "the tenant in the sign-in address",
            "CLIENT_ID", "the client ID", "CLIENT_SECRET", "the client secret", "REDIRECT_URI", "the redirect URI",
            "SCOPES", "the scopes");

    private final Map<String, String> known;

    Wording(Map<String, String> known) { this.known = known; }

    /** A mailbox that is not known to be another one than the user's is a shared one where both are named. */
    String fill(String text) {
        boolean both = text.contains("{user}") && text.contains("{mailbox}") && value("mailbox").equals(value("user"));
        var out = new StringBuilder();
        for (var piece = PIECE.matcher(text); piece.find();) {
            boolean command = piece.group().startsWith("`");
            var words = command ? piece.group() : DISPENSABLE.matcher(piece.group())
                    .replaceAll(found -> known.containsKey(found.group(1)) ? "$0" : "");
            if (both) words = words.replace("{mailbox}", command ? "SHARED-MAILBOX" : "the shared mailbox");
            if (!command && known.containsKey("elsewhere")) words = inTerms(words);
            out.append(BRACES.matcher(words).replaceAll(braces ->
                    Matcher.quoteReplacement(command ? value(braces.group(1)) : told(braces.group(1)))));
        }
        boolean address = out.toString().matches("(?s)\\S+@.*");
        return text.startsWith("{") && !address ? out.substring(0, 1).toUpperCase(Locale.ROOT) + out.substring(1)
                : out.toString();
    }

    private static String inTerms(String words) {
        return SETTING.matcher(words).replaceAll(setting -> {
            var term = TERMS.get(setting.group(1));
            return (setting.start() == 0 ? "T" + term.substring(1) : term) + " (here " + setting.group() + ")";
        });
    }

    /** In a sentence. */
    private String told(String name) {
        if (name.equals("mailbox") && !known.containsKey(name) && known.containsKey("user")) return value("user");
        return known.containsKey(name) || !GENERAL.containsKey(name) ? value(name) : GENERAL.get(name);
    }

    /** In what is to be copied. */
    String value(String name) {
        if (known.get(name) != null) return Scrub.controls(known.get(name));
        switch (name) {
            case "mailbox": return known.containsKey("user") ? value("user") : "MAILBOX";
            case "sign_in": return literally("jbang get_token.java {user}");
            case "scope_host": return "outlook.office.com";
            case "consent_url": return literally("https://login.microsoftonline.com/{tenant}/v2.0/adminconsent"
                    + "?client_id={client_id}&scope=https://{scope_host}/.default");
            case "token_file": return "refresh_token";
            case "port": return "993";
            case "connect_command": return literally("openssl s_client -connect {host}:{port}");
            case "certificate_command": return literally("keytool -printcert -sslserver {host}:{port}");
            default: return name.toUpperCase(Locale.ROOT).replace('_', '-');
        }
    }

    private String literally(String text) {
        return BRACES.matcher(text).replaceAll(braces -> Matcher.quoteReplacement(value(braces.group(1))));
    }
}
