package m365;

import java.util.Set;
import java.util.StringTokenizer;
import java.util.TreeSet;

/**
 * What text is made of, and how it is shown in a message or to a shell. No regular expressions on the way to a cached
 * token, no lambdas and no streams: the first of each costs a cold JVM up to 10 ms, and mail programs call get_token
 * every few minutes (tests/bench.java). {@link #quote} and {@link #shellQuote} are not on that way.
 */
public final class Text {

    public static final String DIGITS = "0123456789";
    public static final String LETTERS_AND_DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + DIGITS;

    /** In bytes or characters: more than any token, cache, answer or pasted log that is worth reading. */
    public static final int LONGEST = 1024 * 1024;

    /** Whether {@code text} consists of characters of {@code alphabet}, and is not empty. */
    public static boolean madeOf(String alphabet, String text) {
        for (int i = 0; i < text.length(); i++) if (alphabet.indexOf(text.charAt(i)) < 0) return false;
        return !text.isEmpty();
    }

    /** Whether {@code text} can be a secret, like a client's: visible ASCII and nothing else. */
    public static boolean printable(String text) {
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) <= ' ' || text.charAt(i) >= 127) return false;
        return !text.isEmpty();
    }

    /** Whether {@code text} can be a token: not one in quotation marks, nor the JSON around it, nor a page. */
    public static boolean canBeToken(String text) {
        return printable(text) && text.indexOf('"') < 0 && text.indexOf('{') < 0 && text.indexOf('<') < 0;
    }

    /**
     * Whether two addresses, tenants or scopes are the same, by ASCII's letters alone: {@code equalsIgnoreCase} takes a
     * dotless i for an i and the Kelvin sign for a k, and those are other people's names.
     */
    public static boolean sameName(String one, String other) {
        if (one.length() != other.length()) return false;
        for (int i = 0; i < one.length(); i++) if (small(one.charAt(i)) != small(other.charAt(i))) return false;
        return true;
    }

    private static char small(char c) { return c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c; }

    /** The words between white space, each once. The set can be changed. */
    public static Set<String> words(String text) {
        var words = new TreeSet<String>();
        for (var rest = new StringTokenizer(text); rest.hasMoreTokens();) words.add(rest.nextToken());
        return words;
    }

    /** Text of unknown origin for a message: bounded, one line, control characters visible. */
    public static String quote(String text) {
        var shown = new StringBuilder("\"");
        text.codePoints().limit(200).forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == 0x2028 || c == 0x2029)
                shown.append(String.format("\\u%04x", c));
            else shown.appendCodePoint(c);
        });
        return shown.append(text.codePointCount(0, text.length()) > 200 ? "…\"" : "\"").toString();
    }

    /** Without what a terminal or a configuration's reader may take for more than a character of the text. */
    static String visible(String text) {
        var visible = new StringBuilder();
        text.codePoints().filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT
                && c != 0x2028 && c != 0x2029).forEach(visible::appendCodePoint);
        return visible.toString();
    }

    /** A path or another value as a word for a POSIX shell. */
    public static String shellQuote(Object word) {
        var text = word.toString();
        return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private Text() { }
}
