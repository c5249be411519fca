//SOURCES Cause.java
//SOURCES Scrub.java
//SOURCES Signal.java
//SOURCES Wrapping.java

package m365;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static m365.Wrapping.wrap;

/**
 * Tells a cause to a person at a terminal: what happened, why, what to do, and what an administrator needs to know.
 * Shows no secret and no control character, whatever was seen.
 */
public final class Advice {

    private static final Pattern BRACES = Pattern.compile("\\{([a-z_]+)\\}");
    private static final Pattern SENDING = Pattern.compile("(?i)^(?!.*\\bimap).*\\bm?smtp\\b(?!\\.Send)");

    /**
     * The whole answer.
     *
     * @param placeholders what the words in braces stand for; {@code excluded} lists reasons known not to be it, and
     *                     {@code server_words} is what the server said, if {@code seen} does not have it
     */
    public static String tell(Cause cause, Signal seen, Map<String, String> placeholders) {
        var known = withCommands(seen, placeholders);
        var out = new StringBuilder(wrap("", "", fill(cause.what(), known)));
        var why = fitting(cause.why(), known);
        out.append(why.size() > 1 ? "\nWhy, most likely first:\n" : "\nWhy:\n");
        for (int i = 0; i < why.size(); i++)
            out.append(wrap(why.size() > 1 ? "  " + (i + 1) + ". " : "  ", why.size() > 1 ? "     " : "  ",
                    fill(why.get(i), known)));
        out.append("\nWhat to do:\n");
        for (var step : fitting(cause.steps(), known)) out.append(wrap("  - ", "    ", fill(step, known)));
        return out.append(forAdministrator(cause, seen, known)).toString();
    }

    /** Leaves out what is known not to be the case: {@code excluded} lists the words before a text's first colon. */
    private static List<String> fitting(List<String> texts, Map<String, String> placeholders) {
        var excluded = List.of(placeholders.getOrDefault("excluded", "").split(", "));
        return texts.stream().filter(text -> text.indexOf(": ") < 1
                || !excluded.contains(text.substring(0, text.indexOf(": ")))).toList();
    }

    /** What is typed to look at the server. That for sending begins in plain text, where keytool sees nothing. */
    private static Map<String, String> withCommands(Signal seen, Map<String, String> known) {
        if (!SENDING.matcher(seen.oneLine()).find()) return known;
        var placeholders = new LinkedHashMap<>(known);
        if (!known.containsKey("port")) // a mail program's words, not a failure of ours
            placeholders.putAll(Map.of("host", known.getOrDefault("smtp_host", "smtp.office365.com"), "port", "587"));
        var command = value("connect_command", placeholders) + " -starttls smtp";
        placeholders.putAll(Map.of("connect_command", command, "certificate_command", command));
        return placeholders;
    }

    /** Puts what is known (user, client_id, tenant …) into a text; what is unknown becomes a word to replace. */
    static String fill(String text, Map<String, String> placeholders) {
        return BRACES.matcher(text)
                .replaceAll(braces -> Matcher.quoteReplacement(value(braces.group(1), placeholders)));
    }

    private static String value(String name, Map<String, String> known) {
        if (known.get(name) != null) return Scrub.controls(known.get(name));
        switch (name) {
            case "mailbox": return value("user", known);
            case "sign_in": return fill("jbang get_token.java {user}", known);
            case "scope_host": return "outlook.office.com";
            case "consent_url": return fill("https://login.microsoftonline.com/{tenant}/v2.0/adminconsent"
                    + "?client_id={client_id}&scope=https://{scope_host}/.default", known);
            case "port": return "993";
            case "connect_command": return fill("openssl s_client -connect {host}:{port}", known);
            case "certificate_command": return fill("keytool -printcert -sslserver {host}:{port}", known);
            default: return name.toUpperCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What an administrator needs to find the sign-in in the log; empty when there is nothing to send. */
    private static String forAdministrator(Cause cause, Signal seen, Map<String, String> known) {
        boolean found = !seen.code().isEmpty() || !seen.correlationId().isEmpty() || known.containsKey("server_words");
        if (!cause.act().equals("admin") && !found) return "";
        var out = new StringBuilder(cause.act().equals("admin") ? "\nSend this to your administrator:\n"
                : "\nIf that does not help, send this to your administrator:\n");
        particulars(cause, seen, known).forEach((name, value) -> {
            if (!value.isEmpty()) out.append(String.format("  %-15s ", name)).append(value).append('\n');
        });
        return out.toString();
    }

    private static Map<String, String> particulars(Cause cause, Signal seen, Map<String, String> known) {
        var particulars = new LinkedHashMap<String, String>();
        particulars.put("code", seen.code().isEmpty() ? cause.id()
                : shorten(Scrub.controls(seen.code())) + " (" + cause.id() + ")");
        particulars.put("correlation id", seen.correlationId());
        particulars.put("trace id", seen.traceId());
        particulars.put("timestamp", seen.timestamp());
        particulars.put("user", Scrub.controls(known.getOrDefault("user", "")));
        particulars.put("app", Scrub.controls(known.getOrDefault("client_id", "")));
        particulars.put("tenant", Scrub.controls(known.getOrDefault("tenant", "")));
        var text = seen.where().equals("local") ? known.getOrDefault("server_words", "") : seen.text();
        if (text.length() > 20) particulars.put("text", shorten(Scrub.controls(Scrub.secrets(text))));
        return particulars;
    }

    private static String shorten(String text) { return text.length() > 300 ? text.substring(0, 300) + "…" : text; }

    private Advice() { }
}
