package m365;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines of one Markdown file, read from top to bottom: headings, paragraphs, lists, fenced blocks. Strict: what is
 * not what was asked for is an {@link IllegalArgumentException} that names file and line.
 */
final class MarkdownLines {

    private final String name;
    private final List<String> lines;
    /** Index of the line to be read next. */
    private int next;

    /** @param name for the messages */
    MarkdownLines(String name, String text) {
        this.name = name;
        this.lines = text.lines().toList();
    }

    /** Whether a line is left below the present heading. */
    boolean hasNext() { return next < lines.size() && !next().startsWith("## "); }

    /** The line to be read next; there is one only if {@link #hasNext}. */
    String next() { return lines.get(next); }

    String read() { return lines.get(next++); }

    void skipEmpty() { while (next < lines.size() && next().isBlank()) next++; }

    /** What stands behind the next {@code ##}; empty at the end of the file. */
    String heading() { return next < lines.size() ? read().substring(3) : ""; }

    /** The line itself, after any empty ones. */
    void expect(String line) {
        skipEmpty();
        if (!hasNext() || !next().equals(line)) throw malformed("expected " + line);
        next++;
    }

    /** What stands behind {@code label}, in one line. */
    String value(String label) {
        skipEmpty();
        if (!hasNext() || !next().startsWith(label)) throw malformed("expected " + label);
        return read().substring(label.length());
    }

    /** A paragraph; its lines are joined with one space. */
    String paragraph() {
        skipEmpty();
        if (!hasNext() || next().matches("(\\*\\*|- |```|1\\. ).*")) throw malformed("a sentence is missing here");
        return joined("", "");
    }

    /** A paragraph that begins with {@code label}. */
    String paragraph(String label) {
        return joined(value(label).strip(), "");
    }

    /** @param first how the first item begins; one that begins with a number is followed by the next number */
    List<String> items(String first) {
        skipEmpty();
        var items = new ArrayList<String>();
        for (var marker = first; hasNext() && next().startsWith(marker); marker = after(marker))
            items.add(joined(read().substring(marker.length()).strip(), "  "));
        if (items.isEmpty()) throw malformed("expected a list that begins with \"" + first + "\"");
        if (hasNext() && !next().isBlank()) throw malformed("expected the next item, or an empty line");
        return items;
    }

    private static String after(String marker) {
        return marker.equals("- ") ? marker
                : Integer.parseInt(marker.substring(0, marker.indexOf('.'))) + 1 + ". ";
    }

    /** With the lines that follow, as long as they are indented like that and begin no list. */
    String joined(String first, String indented) {
        var text = new StringBuilder(first);
        while (hasNext() && !next().isBlank() && next().startsWith(indented) && !next().startsWith(indented + "- "))
            text.append(text.isEmpty() ? "" : " ").append(read().strip());
        return text.toString();
    }

    /** What stands between {@code ```text} and {@code ```}, which is the next line or nowhere. */
    List<String> fenced() {
        var block = new ArrayList<String>();
        for (next++; next < lines.size() && !next().startsWith("```"); next++) block.add(next());
        if (next == lines.size() || !next().equals("```") || block.isEmpty())
            throw malformed("the example has no text or no end");
        next++;
        return block;
    }

    /** About the line to be read next. */
    IllegalArgumentException malformed(String what) { return malformed(next, what); }

    /** About the line that was read last. */
    IllegalArgumentException malformedThere(String what) { return malformed(next - 1, what); }

    private IllegalArgumentException malformed(int index, String what) {
        return new IllegalArgumentException(name + ":" + (index + 1) + ": " + what);
    }
}
