//SOURCES Cause.java
//SOURCES FamiliarWords.java
//SOURCES Finding.java
//SOURCES Fit.java
//SOURCES OwnWords.java
//SOURCES Scrub.java
//SOURCES Signal.java
//SOURCES Wording.java
//SOURCES Wrapping.java

package m365;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import static m365.Wrapping.wrap;

/**
 * Tells a cause to a person at a terminal: what happened, the step most likely to help, why, what else to do, and what
 * an administrator needs to know. Shows no secret and no control character, whatever was seen.
 */
public final class Advice {
    private static final int USUAL_COLUMNS = 80;

    private static final Pattern SENDING = Pattern.compile("(?is)^(?!.*\\bimap).*\\bm?smtp\\b(?!\\.Send)");
    /** A link approves an app with one click, so it is made for the one in the settings only. */
    private static final String NO_LINK = "Find out whose app {client_id} is before an administrator allows it; it is"
            + " not the one in the settings here, and only for that one this program makes a link to approve it.";

    private final Finding found;
    private final Map<String, String> known;
    private final Wording wording;
    private final int columns;

    private Advice(Finding found, Map<String, String> placeholders, int columns) {
        this.found = found;
        this.known = withCommands(found.seen(), placeholders);
        this.wording = new Wording(known);
        this.columns = columns;
    }

    /**
     * The whole answer.
     *
     * @param placeholders what the words in braces stand for; {@code excluded} lists reasons known not to be it,
     *                     {@code server_words} is what the server said, if the text does not have it,
     *                     {@code foreign_app} says that the app is not the one in the settings,
     *                     {@code elsewhere} that the text may be another program's, and
     *                     {@code remark} is a sentence to go with the cause
     * @param columns      how long a line may be
     */
    static String tell(Finding found, Map<String, String> placeholders, int columns) {
        return new Advice(found, placeholders, columns).tell();
    }

    /** The same where it is not known how wide the terminal is. */
    static String tell(Finding found, Map<String, String> placeholders) {
        return tell(found, placeholders, USUAL_COLUMNS);
    }

    /** The same for programs. */
    static Map<String, Object> fields(Finding found, Map<String, String> placeholders) {
        var advice = new Advice(found, placeholders, USUAL_COLUMNS);
        var fields = new LinkedHashMap<String, Object>();
        fields.put("cause", found.cause().id());
        fields.put("known", !found.nothing());
        fields.put("act", found.cause().act());
        fields.put("what", advice.what());
        fields.put("perhaps", found.alike().stream().map(Cause::id).toList());
        fields.put("why", advice.why());
        fields.put("steps", advice.steps());
        fields.put("administrator", advice.particulars());
        return fields;
    }

    private String what() {
        return wording.fill((found.cause().what() + " " + known.getOrDefault("remark", "")).strip());
    }

    private List<String> why() { return fitting(found.cause().why()).stream().map(wording::fill).toList(); }

    private List<String> steps() {
        boolean foreign = known.containsKey("foreign_app");
        return fitting(found.cause().steps()).stream()
                .map(step -> foreign && step.contains("{consent_url}") ? NO_LINK : step).map(wording::fill).toList();
    }

    private String tell() {
        var out = new StringBuilder(wrap(columns, "", "", what())).append(alike());
        var steps = steps();
        out.append("\nWhat to do:\n").append(wrap(columns, "  - ", "    ", steps.get(0)));
        if (found.alike().isEmpty()) out.append(reasons());
        if (steps.size() > 1) out.append("\nThen:\n");
        for (var step : steps.subList(1, steps.size())) out.append(wrap(columns, "  - ", "    ", step));
        return out.append(forAdministrator()).toString();
    }

    private String reasons() {
        var why = why();
        if (why.size() == 1) return "\nWhy:\n" + wrap(columns, "  ", "  ", why.get(0));
        var out = new StringBuilder("\nWhy, most likely first:\n");
        for (int i = 0; i < why.size(); i++) out.append(wrap(columns, "  " + (i + 1) + ". ", "     ", why.get(i)));
        return out.toString();
    }

    /** What it may be, in the place of the reasons: each in a sentence and with the step most likely to help. */
    private String alike() {
        if (found.alike().isEmpty()) return "";
        var out = new StringBuilder("\n").append(wrap(columns, "", "",
                "Worded like it, perhaps (`jbang check_imap.java --explain NAME` says more):"));
        for (var cause : found.alike()) {
            var step = fitting(cause.steps()).get(0);
            out.append(wrap(columns, "  - ", "    ",
                    wording.fill(cause.what() + " " + step) + " [" + cause.id() + "]"));
        }
        return out.toString();
    }

    /**
     * Leaves out what is known not to be the case: {@code excluded} lists the words before a text's first colon. Whose
     * failure it is decides between steps for {@code While get_token waits} and for {@code Another program}; of a text
     * that does not say, both are told.
     */
    private List<String> fitting(List<String> texts) {
        var excluded = new ArrayList<>(List.of(known.getOrDefault("excluded", "").split(", ")));
        if (!known.containsKey("elsewhere")) excluded.add("Another program");
        if (known.containsKey("foreign_app")) excluded.add("While get_token waits");
        var fitting = texts.stream().filter(text -> text.indexOf(": ") < 1
                || !excluded.contains(text.substring(0, text.indexOf(": ")))).toList();
        return fitting.isEmpty() ? texts : fitting;
    }

    /** What is typed to look at the server. That for sending begins in plain text, where keytool sees nothing. */
    private static Map<String, String> withCommands(Signal seen, Map<String, String> known) {
        if (!SENDING.matcher(seen.where() + " " + seen.text()).find()) return known;
        var placeholders = new LinkedHashMap<>(known);
        if (!known.containsKey("port")) // a mail program's words, not a failure of ours
            placeholders.putAll(Map.of("host", known.getOrDefault("smtp_host", "smtp.office365.com"), "port", "587"));
        var command = new Wording(placeholders).value("connect_command") + " -starttls smtp";
        placeholders.putAll(Map.of("connect_command", command, "certificate_command", command));
        return placeholders;
    }

    /** What an administrator needs to find the sign-in in the log; empty when there is nothing to send. */
    private String forAdministrator() {
        var seen = found.seen();
        boolean admin = found.cause().act().equals("admin");
        boolean mine = !seen.code().isEmpty() || !seen.correlationId().isEmpty() || known.containsKey("server_words");
        if (found.nothing() || !admin && !mine) return "";
        var out = new StringBuilder(admin ? "\nSend this to your administrator:\n"
                : "\nIf that does not help, send this to your administrator:\n");
        particulars().forEach((name, value) -> out.append(String.format("  %-15s ", name)).append(value).append('\n'));
        return out.toString();
    }

    private Map<String, String> particulars() {
        var seen = found.seen();
        var particulars = new LinkedHashMap<String, String>();
        particulars.put("code", code().isEmpty() ? found.cause().id()
                : shorten(Scrub.controls(code())) + " (" + found.cause().id() + ")");
        particulars.put("correlation id", seen.correlationId());
        particulars.put("trace id", seen.traceId());
        particulars.put("timestamp", seen.timestamp());
        particulars.put("user", Scrub.controls(known.getOrDefault("user", "")));
        particulars.put("app", Scrub.controls(known.getOrDefault("client_id", "")));
        particulars.put("tenant", Scrub.controls(known.getOrDefault("tenant", "")));
        var text = seen.where().equals("local") ? known.getOrDefault("server_words", "") : told() ? "" : decisive();
        if (text.length() > 20) particulars.put("text", shorten(Scrub.controls(text)));
        particulars.values().removeIf(String::isEmpty);
        return particulars;
    }

    /** Of several numbers the one that decided. */
    private String code() {
        var numbers = List.of(found.cause().recognised().split("\\W+"));
        return found.seen().codes().stream().filter(numbers::contains).findFirst().map(code -> "AADSTS" + code)
                .orElse(found.seen().code());
    }

    /** What a person tells in words of their own is of no use there, and may hold a password that is a word. */
    private boolean told() { return found.tier() == Fit.Tier.DESCRIBED || OwnWords.are(found.line()); }

    /** The one line, clean: what gives a secret away may stand in the line before it. */
    private String decisive() {
        var lines = found.seen().text().lines().toList();
        var clean = Scrub.secrets(found.seen().text()).lines().toList();
        int at = lines.indexOf(found.line());
        return FamiliarWords.in(Scrub.secrets(at >= 0 && clean.size() == lines.size() ? clean.get(at) : found.line()));
    }

    private static String shorten(String text) { return text.length() > 300 ? text.substring(0, 300) + "…" : text; }
}
