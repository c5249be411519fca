//SOURCES Text.java

package m365;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

/** What is to be read of a text that is very long. */
public final class LongText {
    private static final Pattern PILE = Pattern.compile("(\\p{Mn}{4})\\p{Mn}+");

    /** Up to {@link Text#LONGEST} bytes of both ends: in a longer log the failure stands in one of them. */
    public static String bothEnds(InputStream in) throws IOException {
        var first = in.readNBytes(Text.LONGEST);
        byte[] older = new byte[0], newer = older;
        for (var next = first; next.length == Text.LONGEST;) {
            next = in.readNBytes(Text.LONGEST);
            older = newer;
            newer = next;
        }
        var read = new ByteArrayOutputStream();
        read.write(first);
        var charset = charset(first);
        int leftOut = Math.max(0, older.length + newer.length - Text.LONGEST);
        if (leftOut > 0) read.write("\n".getBytes(charset));
        read.write(older, leftOut, older.length - leftOut);
        read.write(newer);
        return read.toString(charset);
    }

    /** UTF-8, or the UTF-16 that Windows PowerShell writes with {@code >}: of Latin letters every second byte is 0. */
    private static Charset charset(byte[] begin) {
        boolean wide = begin.length > 1 && begin[0] != 0 && (begin[1] == 0 || begin[0] == -1 && begin[1] == -2);
        return wide ? UTF_16LE : UTF_8;
    }

    /**
     * Without the accents that stand on top of four others on one letter. In no language do they, and {@link Pattern}
     * looks at all of them for each: thousands take it a minute.
     */
    static String withoutPiles(String text) { return PILE.matcher(text).replaceAll("$1"); }

    private LongText() { }
}
