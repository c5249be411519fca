//SOURCES Scrub.java
//SOURCES Secret.java

package m365;

import java.net.URLDecoder;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Hides secrets that are known: a mail server may repeat the line that it did not like, or a part of it, or put it into
 * a challenge, and looks are not enough to tell. What only looks like a secret is the business of {@link Scrub}.
 */
final class KnownSecrets {
    /** So much of a secret in a row is hidden; what is shorter opens nothing. */
    static final int PART = 16;
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]{" + 2 * PART + ",}");
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?:refresh_token|code|code_verifier|device_code|client_secret|client_assertion)=");

    private final Set<String> parts = new HashSet<>();

    static KnownSecrets of(Secret... secrets) {
        var known = new KnownSecrets();
        for (var secret : secrets) known.add(secret.reveal());
        return known;
    }

    /** The secrets that a request to the identity provider carries (RFC 6749 sections 2.3.1, 4.1.3 and 6). */
    static KnownSecrets ofForm(String form) {
        var known = new KnownSecrets();
        for (var pair : form == null ? new String[0] : form.split("&"))
            if (SECRET_PARAMETER.matcher(pair).lookingAt())
                known.add(URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), UTF_8));
        return known;
    }

    private void add(String secret) {
        var letters = Letters.of(secret).text();
        for (var text : List.of(secret, letters))
            for (int i = 0; i + PART <= text.length(); i++) parts.add(text.substring(i, i + PART));
    }

    /**
     * Letters and digits alone, for a secret can be taken apart by blanks, quotes or hyphens, and its case be lost.
     *
     * @param origin where each stands
     */
    private record Letters(String text, int[] origin) {
        static Letters of(String text) {
            var letters = new StringBuilder();
            var origin = new int[text.length()];
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (!isBase64(c) || c == '+' || c == '/') continue;
                origin[letters.length()] = i;
                letters.append(Character.toLowerCase(c));
            }
            return new Letters(letters.toString(), origin);
        }
    }

    /** Dots in the place of every part of a secret, also where it stands in base64 or in hexadecimal. */
    String hide(String text) {
        if (parts.isEmpty()) return text;
        var hidden = found(text);
        hidden.or(hexadecimal(text));
        for (int begin = 0, end; (begin = nextBase64(text, begin)) >= 0; begin = end + 1)
            if (found(decoded(text.substring(begin, end = endOfBase64(text, begin)))).cardinality() > 0)
                hidden.set(begin, end);
        return Scrub.dotted(text, hidden);
    }

    private BitSet found(String text) {
        var found = new BitSet();
        for (int i = 0; i + PART <= text.length(); i++)
            if (parts.contains(text.substring(i, i + PART))) found.set(i, i + PART);
        var letters = Letters.of(text);
        for (int i = 0; i + PART <= letters.text.length(); i++)
            if (parts.contains(letters.text.substring(i, i + PART)))
                found.set(letters.origin[i], letters.origin[i + PART - 1] + 1);
        for (int i = 1; i < text.length(); i++) if (text.charAt(i) == '=' && found.get(i - 1)) found.set(i);
        return found;
    }

    /** With or without anything between the bytes, as in %65 and 65:79. */
    private BitSet hexadecimal(String text) {
        var found = new BitSet();
        var letters = Letters.of(text);
        for (var run = HEXADECIMAL.matcher(letters.text); run.find();)
            for (int begin = run.start(); begin < run.start() + 2; begin++) {
                var bytes = new StringBuilder();
                for (int i = begin; i + 2 <= run.end(); i += 2)
                    bytes.append((char) Integer.parseInt(letters.text, i, i + 2, 16));
                for (int i : found(bytes.toString()).stream().map(at -> at * 2).toArray())
                    found.set(letters.origin[begin + i], letters.origin[begin + i + 1] + 1);
            }
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
