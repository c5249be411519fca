package m365;

import java.util.regex.Pattern;

/**
 * Breaks text into lines for a terminal, at words. Addresses and commands are to be copied, and stay in one piece: what
 * stands between backticks, and a command that our hints name, with its settings and arguments.
 */
final class Wrapping {
    private static final String QUOTED = "'[^']*'", WORD = "(?:" + QUOTED + "|[^\\s'])+";
    private static final String STARTED = "(?:\\S*/)?(?:jbang " + WORD + "|java -cp " + WORD + " \\w+|get_token"
            + "|check_imap|fuser|chmod|mkdir)";
    private static final String ARGUMENT = "(?:-\\S+|\\S*[@/]\\S*|AADSTS\\d+|\\d{3}|[A-Z][A-Z-]+|" + QUOTED + ")";
    private static final Pattern PIECE = Pattern.compile("\\(?(?:\\$ )?(?:M365_\\w+=" + WORD + " )*" + STARTED + "(?: "
            + ARGUMENT + ")*\\S*|[^\\s`]*`[^`]*`[^\\s`]*|\\(\\d+ ms\\)|\\S+");
    private static final Pattern INDENT = Pattern.compile("^ *");

    /**
     * @param first stands before the first line
     * @param next  stands before each of the others
     * @return lines of up to so many columns, the last one ended too
     */
    static String wrap(int columns, String first, String next, String text) {
        var out = new StringBuilder(first);
        int column = first.length();
        boolean fresh = true, behindLink = false;
        for (var pieces = PIECE.matcher(text); pieces.find(); fresh = false) {
            var piece = pieces.group();
            boolean link = piece.startsWith("https://");
            boolean fits = column + (fresh ? 0 : 1) + piece.length() <= columns
                    && (fresh || !link && !behindLink);
            behindLink = link;
            if (!fits && (!fresh || next.length() < column)) {
                while (out.length() > 0 && out.charAt(out.length() - 1) == ' ') out.setLength(out.length() - 1);
                out.append('\n').append(next);
                column = next.length();
            } else if (!fresh) {
                out.append(' ');
                column++;
            }
            out.append(piece);
            column += piece.length();
        }
        return out.append('\n').toString();
    }

    /** Breaks only the lines that are too long; each goes on at its own indentation. */
    static String fit(int columns, String text) {
        var out = new StringBuilder();
        for (int begin = 0, end; begin < text.length(); begin = end) {
            int feed = text.indexOf('\n', begin);
            end = feed < 0 ? text.length() : feed + 1;
            var line = text.substring(begin, feed < 0 ? end : feed);
            if (line.length() <= columns) out.append(text, begin, end);
            else {
                var indent = INDENT.matcher(line);
                indent.find();
                var wrapped = wrap(columns, indent.group(), indent.group(), line.strip());
                out.append(wrapped, 0, feed < 0 ? wrapped.length() - 1 : wrapped.length());
            }
        }
        return out.toString();
    }

    private Wrapping() { }
}
