//SOURCES Cause.java
//SOURCES Scrub.java
//SOURCES Signal.java

package m365;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a cause means for this run, as text for a terminal. */
final class Advice {
    /** Puts the facts of this run (user, client_id, tenant …) into a text; what is unknown becomes a word to replace. */
    static String fill(String text, Map<String, String> facts) {
        return BRACES.matcher(text).replaceAll(braces -> Matcher.quoteReplacement(fact(braces.group(1), facts)));
    }

    private static String fact(String name, Map<String, String> facts) {
        if (facts.get(name) != null) return Scrub.controls(facts.get(name));
        switch (name) {
            case "mailbox": return fact("user", facts);
            case "sign_in": return fill("jbang get_token.java {user}", facts);
            case "scope_host": return "outlook.office.com";
            case "consent_url": return fill("https://login.microsoftonline.com/{tenant}/v2.0/adminconsent?client_id={client_id}&scope=https://{scope_host}/.default", facts);
            case "port": return "993";
            case "connect_command": return fill("openssl s_client -connect {host}:{port}", facts);
            case "certificate_command": return fill("keytool -printcert -sslserver {host}:{port}", facts);
            default: return name.toUpperCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final Pattern BRACES = Pattern.compile("\\{([a-z_]+)\\}");

    /** What is typed to look at the server. That for sending begins in plain text, where keytool has nothing to look at. */
    private static Map<String, String> withCommands(Signal seen, Map<String, String> known) {
        if (!SENDING.matcher(seen.oneLine()).find()) return known;
        var facts = new LinkedHashMap<>(known);
        if (!known.containsKey("port")) // a mail program's words, not a failure of ours
            facts.putAll(Map.of("host", known.getOrDefault("smtp_host", "smtp.office365.com"), "port", "587"));
        var command = fact("connect_command", facts) + " -starttls smtp";
        facts.putAll(Map.of("connect_command", command, "certificate_command", command));
        return facts;
    }

    private static final Pattern SENDING = Pattern.compile("(?i)^(?!.*\\bimap).*\\bm?smtp\\b(?!\\.Send)");

    /** The whole answer for a terminal. */
    static String tell(Cause cause, Signal seen, Map<String, String> known) {
        var facts = withCommands(seen, known);
        var out = new StringBuilder(wrap("", "", fill(cause.what(), facts)));
        var why = fitting(cause.why(), facts);
        out.append(why.size() > 1 ? "\nWhy, most likely first:\n" : "\nWhy:\n");
        for (int i = 0; i < why.size(); i++)
            out.append(wrap(why.size() > 1 ? "  " + (i + 1) + ". " : "  ", why.size() > 1 ? "     " : "  ", fill(why.get(i), facts)));
        out.append("\nWhat to do:\n");
        for (var step : fitting(cause.steps(), facts)) out.append(wrap("  - ", "    ", fill(step, facts)));
        return out.append(forAdministrator(cause, seen, facts)).toString();
    }

    /** Leaves out what is known not to be the case: the fact {@code excluded} lists the words before a text's first colon. */
    private static List<String> fitting(List<String> texts, Map<String, String> facts) {
        var not = List.of(facts.getOrDefault("excluded", "").split(", "));
        return texts.stream().filter(text -> text.indexOf(": ") < 1 || !not.contains(text.substring(0, text.indexOf(": ")))).toList();
    }

    /** What an administrator needs to find the sign-in in the log; empty when there is nothing to send. */
    private static String forAdministrator(Cause cause, Signal seen, Map<String, String> facts) {
        var known = new LinkedHashMap<String, String>();
        known.put("code", seen.code().isEmpty() ? cause.id() : shorten(Scrub.controls(seen.code())) + " (" + cause.id() + ")");
        known.put("correlation id", seen.correlationId());
        known.put("trace id", seen.traceId());
        known.put("timestamp", seen.timestamp());
        boolean found = !seen.code().isEmpty() || !seen.correlationId().isEmpty() || facts.containsKey("server_words");
        if (!cause.act().equals("admin") && !found) return "";
        known.put("user", Scrub.controls(facts.getOrDefault("user", "")));
        known.put("app", Scrub.controls(facts.getOrDefault("client_id", "")));
        known.put("tenant", Scrub.controls(facts.getOrDefault("tenant", "")));
        var text = seen.where().equals("local") ? facts.getOrDefault("server_words", "") : seen.text();
        if (text.length() > 20) known.put("text", shorten(Scrub.controls(Scrub.secrets(text))));
        var out = new StringBuilder(cause.act().equals("admin") ? "\nSend this to your administrator:\n"
                : "\nIf that does not help, send this to your administrator:\n");
        known.forEach((name, value) -> {
            if (!value.isEmpty()) out.append(String.format("  %-15s ", name)).append(value).append('\n');
        });
        return out.toString();
    }

    private static String shorten(String text) { return text.length() > 300 ? text.substring(0, 300) + "…" : text; }

    /** Lines of up to 80 columns; what stands between backticks is to be copied and stays in one piece. */
    private static String wrap(String first, String next, String text) {
        var out = new StringBuilder(first);
        int column = first.length();
        boolean fresh = true;
        for (var words = WORD.matcher(text); words.find(); fresh = false) {
            if (!fresh && column + 1 + words.group().length() > 80) {
                out.append('\n').append(next);
                column = next.length();
            } else if (!fresh) { out.append(' '); column++; }
            out.append(words.group());
            column += words.group().length();
        }
        return out.append('\n').toString();
    }

    private static final Pattern WORD = Pattern.compile("[^\\s`]*`[^`]*`[^\\s`]*|\\S+");
}
