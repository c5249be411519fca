package m365;

import java.util.regex.Pattern;

/** Breaks text into lines for a terminal; what stands between backticks is to be copied and stays in one piece. */
final class Wrapping {
    private static final int COLUMNS = 80;
    private static final Pattern WORD = Pattern.compile("[^\\s`]*`[^`]*`[^\\s`]*|\\S+");

    /**
     * @param first stands before the first line
     * @param next  stands before each of the others
     * @return lines of up to 80 columns, the last one ended too
     */
    static String wrap(String first, String next, String text) {
        var out = new StringBuilder(first);
        int column = first.length();
        boolean fresh = true;
        for (var words = WORD.matcher(text); words.find(); fresh = false) {
            if (!fresh && column + 1 + words.group().length() > COLUMNS) {
                out.append('\n').append(next);
                column = next.length();
            } else if (!fresh) {
                out.append(' ');
                column++;
            }
            out.append(words.group());
            column += words.group().length();
        }
        return out.append('\n').toString();
    }

    private Wrapping() { }
}
