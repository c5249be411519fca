//SOURCES Scrub.java
//SOURCES Secret.java

package m365;

import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Hides secrets that are known: a mail server may repeat the line that it did not like, or a part of it, or put it into
 * a challenge, and looks are not enough to tell. What only looks like a secret is the business of {@link Scrub}.
 */
final class KnownSecrets {
    /** So much of a secret in a row is hidden; what is shorter opens nothing. */
    static final int PART = 16;

    private final Set<String> parts = new HashSet<>();

    static KnownSecrets of(Secret... secrets) {
        var known = new KnownSecrets();
        for (var secret : secrets) known.add(secret.reveal());
        return known;
    }

    private void add(String secret) {
        for (int i = 0; i + PART <= secret.length(); i++) parts.add(secret.substring(i, i + PART));
    }

    /** Dots in the place of every part of a secret, also where it stands in base64. */
    String hide(String text) {
        var hidden = found(text);
        for (int begin = 0, end; (begin = nextBase64(text, begin)) >= 0; begin = end + 1)
            if (found(decoded(text.substring(begin, end = endOfBase64(text, begin)))).cardinality() > 0)
                hidden.set(begin, end);
        return Scrub.dotted(text, hidden);
    }

    private BitSet found(String text) {
        var found = new BitSet();
        for (int i = 0; i + PART <= text.length(); i++)
            if (parts.contains(text.substring(i, i + PART))) found.set(i, i + PART);
        return found;
    }

    private static int nextBase64(String text, int from) {
        for (int i = from; i + PART <= text.length(); i++)
            if (endOfBase64(text, i) - i >= PART) return i;
            else i = endOfBase64(text, i);
        return -1;
    }

    private static int endOfBase64(String text, int from) {
        int end = from;
        while (end < text.length() && isBase64(text.charAt(end))) end++;
        return end;
    }

    private static boolean isBase64(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/';
    }

    /** A run may begin with a letter that does not belong to it: each of the four ways to cut it is tried. */
    private static String decoded(String base64) {
        var all = new StringBuilder();
        for (int skip = 0; skip < 4; skip++) {
            int length = (base64.length() - skip) / 4 * 4;
            all.append(new String(Base64.getDecoder().decode(base64.substring(skip, skip + length)), ISO_8859_1));
        }
        return all.toString();
    }
}
