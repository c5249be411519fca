//SOURCES Text.java

package m365;

import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What is to be read of a text that is very long. */
public final class LongText {
    private static final Pattern PILE = Pattern.compile("(\\p{Mn}{4})\\p{Mn}+");

    /** Up to {@link Text#LONGEST} bytes of both ends, as UTF-8: in a longer log the failure stands in one of them. */
    public static String bothEnds(InputStream in) throws IOException {
        var first = in.readNBytes(Text.LONGEST);
        byte[] older = new byte[0], newer = older;
        for (var next = first; next.length == Text.LONGEST;) {
            next = in.readNBytes(Text.LONGEST);
            older = newer;
            newer = next;
        }
        var last = new String(older, UTF_8) + new String(newer, UTF_8);
        int leftOut = last.length() - Text.LONGEST;
        return new String(first, UTF_8) + (leftOut > 0 ? "\n" + last.substring(leftOut) : last);
    }

    /**
     * Without the accents that stand on top of four others on one letter. In no language do they, and {@link Pattern}
     * looks at all of them for each: thousands take it a minute.
     */
    static String withoutPiles(String text) { return PILE.matcher(text).replaceAll("$1"); }

    private LongText() { }
}
