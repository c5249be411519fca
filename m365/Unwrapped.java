package m365;

import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Text as it was before somebody's mail program or terminal wrapped it, with the way back. A guess: a long line and the
 * next one are joined unless that one begins as log lines do. Good for looking into, not for showing.
 *
 * @param text   without the line breaks that seem to be wrapping, and the marks of quotation after them
 * @param origin where each character of {@code text} stands in the original
 */
record Unwrapped(String text, int[] origin) {
    private static final int LONG = 36;
    private static final Pattern INDENT = Pattern.compile("[ \\t]{0,40}+(?:> ?){0,9}+[ \\t]{0,40}+");
    private static final Pattern FRESH = Pattern.compile("\\[|\\(?\\d{2,4}[-:/.]\\d|[*+<-]|[CS]: ?|\\d{3}[ -]"
            + "|[A-Z]{1,9}\\d{0,6}[: ]|[A-Za-z_.-]{1,30}[:=](?=[ \\w\"'])");

    /** The text joined without a space, as a terminal wraps, and with one, as mail programs do; none for one line. */
    static List<Unwrapped> views(String text) {
        return text.indexOf('\n') < 0 ? List.of() : List.of(of(text, ""), of(text, " "));
    }

    private static Unwrapped of(String wrapped, String glue) {
        var text = new StringBuilder(wrapped.length());
        var origin = new int[2 * wrapped.length() + 1];
        var indent = INDENT.matcher(wrapped);
        var fresh = FRESH.matcher(wrapped);
        for (int begin = 0, end; begin < wrapped.length(); begin = end) {
            int feed = wrapped.indexOf('\n', begin);
            end = feed < 0 ? wrapped.length() : feed + 1;
            int stop = end;
            int next = end < wrapped.length() && indent.region(end, wrapped.length()).lookingAt() ? indent.end() : end;
            if (feed - begin >= LONG && !fresh.region(next, wrapped.length()).lookingAt()) {
                stop = feed > begin && wrapped.charAt(feed - 1) == '\r' ? feed - 1 : feed;
                end = next;
            }
            for (int i = begin; i < stop; i++, text.append(wrapped.charAt(i - 1))) origin[text.length()] = i;
            if (stop < end && !glue.isEmpty()) {
                origin[text.length()] = stop;
                text.append(glue);
            }
        }
        return new Unwrapped(text.toString(), origin);
    }

    /** Where the {@code found} characters stand in the original. */
    BitSet original(BitSet found) {
        var there = new BitSet();
        found.stream().forEach(i -> there.set(origin[i]));
        return there;
    }
}
