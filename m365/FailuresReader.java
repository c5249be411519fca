//SOURCES Cause.java

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
        texts.forEach((name, text) -> new FailuresReader(name, text).readInto(causes, ids));
        return List.copyOf(causes);
    }

    private final String name;
    private final List<String> lines;
    /** Index of the line to be read next. */
    private int next;

    private FailuresReader(String name, String text) {
        this.name = name;
        this.lines = text.lines().toList();
    }

    /** What stands before the first heading is for people. */
    private void readInto(List<Cause> causes, Set<String> ids) {
        while (next < lines.size() && !atHeading()) next++;
        while (next < lines.size()) {
            var id = lines.get(next).substring(3);
            if (!id.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) throw malformed("not an id of small letters: " + id);
            if (!ids.add(id)) throw malformed("the id " + id + " is taken");
            next++;
            causes.add(entry(id));
        }
    }

    private Cause entry(String id) {
        var what = paragraph();
        var why = why();
        expect("**What to do:**");
        var steps = items("- ");
        expect("**Recognised by:**");
        var recognised = recognised();
        var places = List.of(value("**Shows up:** ").split(", "));
        for (var place : places) if (!PLACES.contains(place)) throw malformedBefore("unknown place: " + place);
        var act = value("**Act:** ");
        if (!ACTS.contains(act)) throw malformedBefore("unknown act: " + act);
        expect("**Seen:**");
        return new Cause(id, places, recognised, act, what, why, steps, examples());
    }

    // ---- prose ---------------------------------------------------------------------------------------------------

    private List<String> why() {
        skipEmpty();
        if (next < lines.size() && lines.get(next).startsWith("**Why:** "))
            return List.of(paragraph().substring("**Why:** ".length()));
        expect("**Why, most likely first:**");
        return items("1. ");
    }

    /** Wrapped lines are joined with one space. */
    private String paragraph() {
        skipEmpty();
        if (atEnd() || lines.get(next).startsWith("- ") || lines.get(next).equals("```text"))
            throw malformed("a sentence is missing here");
        var text = new StringBuilder(lines.get(next++).strip());
        while (!atEnd() && !lines.get(next).isBlank()) text.append(' ').append(lines.get(next++).strip());
        return text.toString();
    }

    /** @param first how the first item begins; one that begins with a number is followed by the next number */
    private List<String> items(String first) {
        skipEmpty();
        var items = new ArrayList<String>();
        for (var marker = first; !atEnd() && lines.get(next).startsWith(marker); marker = after(marker)) {
            var item = new StringBuilder(lines.get(next++).substring(marker.length()).strip());
            while (!atEnd() && lines.get(next).startsWith("  ")) item.append(' ').append(lines.get(next++).strip());
            items.add(item.toString());
        }
        if (items.isEmpty()) throw malformed("expected a list that begins with \"" + first + "\"");
        if (!atEnd() && !lines.get(next).isBlank()) throw malformed("expected the next item, or an empty line");
        return items;
    }

    private static String after(String marker) {
        return marker.equals("- ") ? marker
                : Integer.parseInt(marker.substring(0, marker.indexOf('.'))) + 1 + ". ";
    }

    // ---- how it is recognised ------------------------------------------------------------------------------------

    private String recognised() {
        skipEmpty();
        var alternatives = new ArrayList<String>();
        while (!atEnd() && lines.get(next).startsWith("- ")) {
            var alternative = lines.get(next++).substring(2);
            alternatives.add(alternative.equals("text, one of:") || alternative.equals("line, one of:")
                    ? condition(alternative.substring(0, 4), oneOf()) : conditions(alternative));
        }
        if (alternatives.isEmpty()) throw malformed("expected a list that begins with \"- \"");
        return String.join(" || ", alternatives);
    }

    private String conditions(String alternative) {
        var conditions = new ArrayList<String>();
        var match = CONDITION.matcher(alternative);
        int end = 0;
        for (; match.find() && match.start() == end; end = match.end())
            conditions.add(condition(match.group(1), List.of(unquoted(match.group(2)).split("`, `"))));
        if (end < alternative.length() || alternative.endsWith(" and "))
            throw malformedBefore("expected a word and its values, like: number `AADSTS50011`, `AADSTS50012`");
        return String.join(" && ", conditions);
    }

    /** The indented expressions below "text, one of:". */
    private List<String> oneOf() {
        var expressions = new ArrayList<String>();
        while (!atEnd() && lines.get(next).startsWith("  ")) {
            var line = lines.get(next);
            if (!line.matches("  - `[^`]+`")) throw malformed("expected an expression, like:   - `…`");
            next++;
            expressions.add(expression(unquoted(line.substring(4))));
        }
        if (expressions.isEmpty()) throw malformed("expected an expression, like:   - `…`");
        return expressions;
    }

    private static String unquoted(String code) { return code.substring(1, code.length() - 1); }

    private String condition(String kind, List<String> values) {
        switch (kind) {
            case "number": return "AADSTS " + checked("AADSTS\\d{4,8}", values).replace("AADSTS", "");
            case "error": case "suberror": return kind + " " + checked("[a-z]+(_[a-z]+)*", values);
            case "local": return kind + " " + checked("[a-z][a-z0-9-]*", values);
            case "text": case "line": return kind + " " + expression(String.join("|", values));
            default: throw malformedBefore("unknown word before a value: " + kind);
        }
    }

    private String checked(String form, List<String> values) {
        for (var value : values) if (!value.matches(form)) throw malformedBefore("not of the right form: " + value);
        return String.join(" ", values);
    }

    private String expression(String regex) {
        if (regex.contains(" || ") || regex.contains(" && ")) throw malformedBefore("|| and && cannot be looked for");
        try {
            Pattern.compile(regex);
            return regex;
        } catch (PatternSyntaxException e) {
            throw malformedBefore("not a regular expression: " + e.getDescription());
        }
    }

    // ---- examples ------------------------------------------------------------------------------------------------

    /** Each between fences of its own. */
    private List<String> examples() {
        var examples = new ArrayList<String>();
        for (skipEmpty(); !atEnd() && lines.get(next).equals("```text"); skipEmpty()) {
            int from = ++next;
            while (next < lines.size() && !lines.get(next).equals("```")) next++;
            if (next == lines.size() || from == next) throw malformed("the example has no text or no end");
            examples.add(String.join("\n", lines.subList(from, next++)));
        }
        if (examples.isEmpty()) throw malformed("an example is missing, between ```text and ```");
        if (!atEnd()) throw malformed("expected the next example or the next heading");
        return examples;
    }

    // ---- lines ---------------------------------------------------------------------------------------------------

    private boolean atHeading() { return lines.get(next).startsWith("## "); }

    private boolean atEnd() { return next >= lines.size() || atHeading(); }

    private void skipEmpty() { while (next < lines.size() && lines.get(next).isBlank()) next++; }

    private void expect(String line) {
        skipEmpty();
        if (atEnd() || !lines.get(next).equals(line)) throw malformed("expected " + line);
        next++;
    }

    private String value(String label) {
        skipEmpty();
        if (atEnd() || !lines.get(next).startsWith(label)) throw malformed("expected " + label);
        return lines.get(next++).substring(label.length());
    }

    private IllegalArgumentException malformed(String what) {
        return new IllegalArgumentException("failures/" + name + ":" + (next + 1) + ": " + what);
    }

    /** About the line that has just been read. */
    private IllegalArgumentException malformedBefore(String what) {
        next--;
        return malformed(what);
    }
}
