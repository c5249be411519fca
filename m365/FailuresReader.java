//SOURCES Cause.java
//SOURCES MarkdownLines.java

package m365;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads the Markdown of failures/, whose form failures/README.md describes. Strict: what is not in that form is an
 * {@link IllegalArgumentException} that names file and line.
 */
final class FailuresReader {

    private static final Set<String> PLACES =
            Set.of("page", "redirect", "token", "device", "imap", "smtp", "pop", "network", "local", "client");
    private static final Set<String> ACTS = Set.of("wait", "sign-in", "configuration", "admin", "none");
    private static final Pattern CONDITION = Pattern.compile("([a-z]+) (`[^`]+`(?:, `[^`]+`)*)(?: and |$)");

    /** @param texts name and content of each file @return the causes, file after file and from top to bottom */
    static List<Cause> read(Map<String, String> texts) {
        var causes = new ArrayList<Cause>();
        var ids = new HashSet<String>();
        texts.forEach((name, text) -> {
            var lines = new MarkdownLines("failures/" + name, text);
            while (lines.hasNext()) lines.read(); // what stands before the first heading is for people
            for (var id = lines.heading(); !id.isEmpty(); id = lines.heading()) {
                if (!id.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*"))
                    throw lines.malformedThere("not an id of small letters, digits and hyphens: " + id);
                if (!ids.add(id)) throw lines.malformedThere("the id " + id + " is taken");
                causes.add(new FailuresReader(lines).cause(id));
            }
        });
        return List.copyOf(causes);
    }

    private final MarkdownLines lines;

    private FailuresReader(MarkdownLines lines) { this.lines = lines; }

    private Cause cause(String id) {
        var what = lines.paragraph();
        var why = why();
        lines.expect("**What to do:**");
        var steps = lines.items("- ");
        lines.expect("**Recognised by:**");
        var recognised = recognised();
        var places = List.of(lines.value("**Shows up:** ").split(", "));
        for (var place : places) if (!PLACES.contains(place)) throw lines.malformedThere("unknown place: " + place);
        var act = lines.value("**Act:** ");
        if (!ACTS.contains(act)) throw lines.malformedThere("unknown act: " + act);
        lines.expect("**Seen:**");
        return new Cause(id, places, recognised, act, what, why, steps, examples());
    }

    private List<String> why() {
        lines.skipEmpty();
        if (lines.hasNext() && lines.next().startsWith("**Why:** ")) return List.of(lines.paragraph("**Why:** "));
        lines.expect("**Why, most likely first:**");
        return lines.items("1. ");
    }

    /** Each between fences of its own. */
    private List<String> examples() {
        var examples = new ArrayList<String>();
        for (lines.skipEmpty(); lines.hasNext() && lines.next().equals("```text"); lines.skipEmpty())
            examples.add(String.join("\n", lines.fenced()));
        if (examples.isEmpty()) throw lines.malformed("an example is missing, between ```text and ```");
        if (lines.hasNext()) throw lines.malformed("expected the next example or the next heading");
        return examples;
    }

    // ---- how it is recognised: as Recognition reads it -----------------------------------------------------------

    private String recognised() {
        lines.skipEmpty();
        var alternatives = new ArrayList<String>();
        while (lines.hasNext() && lines.next().startsWith("- ")) {
            var alternative = lines.joined(lines.read().substring(2), "  ");
            alternatives.add(alternative.matches("(text|line|consequence|frame), one of:")
                    ? condition(alternative.substring(0, alternative.indexOf(',')), oneOf()) : conditions(alternative));
        }
        if (alternatives.isEmpty()) throw lines.malformed("expected a list that begins with \"- \"");
        return String.join(" || ", alternatives);
    }

    private String conditions(String alternative) {
        var conditions = new ArrayList<String>();
        int end = 0;
        for (var match = CONDITION.matcher(alternative); match.find() && match.start() == end; end = match.end())
            conditions.add(condition(match.group(1), List.of(unquoted(match.group(2)).split("`, `"))));
        if (end < alternative.length() || alternative.endsWith(" and "))
            throw lines.malformedThere("expected a word and its values, like: number `AADSTS50011`, `AADSTS50012`");
        return String.join(" && ", conditions);
    }

    /** The indented expressions below "text, one of:". */
    private List<String> oneOf() {
        var expressions = new ArrayList<String>();
        while (lines.hasNext() && lines.next().matches("  - `[^`]+`"))
            expressions.add(expression(unquoted(lines.read().substring(4))));
        if (expressions.isEmpty() || lines.hasNext() && lines.next().startsWith("  "))
            throw lines.malformed("expected an expression, like:   - `…`");
        return expressions;
    }

    private static String unquoted(String code) { return code.substring(1, code.length() - 1); }

    private String condition(String kind, List<String> values) {
        switch (kind) {
            case "number": return "AADSTS " + checked("AADSTS\\d{4,8}", values).replace("AADSTS", "");
            case "error": case "suberror": return kind + " " + checked("[a-z]+(_[a-z]+)*", values);
            case "local": return kind + " " + checked("[a-z][a-z0-9-]*", values);
            case "described": return kind + " " + checked("<[a-z0-9'-]+( [a-z0-9'-]+)*>", values);
            case "text": case "line": case "consequence": case "frame":
                return kind + " " + expression(String.join("|", values));
            default: throw lines.malformedThere("unknown word before a value: " + kind);
        }
    }

    private String checked(String form, List<String> values) {
        for (var value : values)
            if (!value.matches(form)) throw lines.malformedThere("not of the right form: " + value);
        return String.join(" ", values);
    }

    private String expression(String regex) {
        if (regex.contains(" || ") || regex.contains(" && "))
            throw lines.malformedThere("|| and && between spaces cannot be looked for");
        try {
            Pattern.compile(regex);
            return regex;
        } catch (PatternSyntaxException e) {
            throw lines.malformedThere("not a regular expression: " + e.getDescription());
        }
    }
}
