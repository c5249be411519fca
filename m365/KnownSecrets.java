//SOURCES Scrub.java
//SOURCES Secret.java

package m365;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
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

    private final List<String> texts = new ArrayList<>();
    /** Of every part of each, sorted; made when first needed, for mostly nothing is repeated. */
    private volatile int[] hashes;

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
        texts.add(secret);
        texts.add(Letters.of(secret).text());
    }

    private boolean isPart(String text, int begin, int hash) {
        if (Arrays.binarySearch(hashes, hash) < 0) return false;
        var part = text.substring(begin, begin + PART);
        for (var secret : texts) if (secret.contains(part)) return true;
        return false;
    }

    /** Of so many characters from each place on, as {@link String#hashCode} of a substring; each out of the last. */
    private static int[] hashes(String text) {
        var hashes = new int[Math.max(0, text.length() - PART + 1)];
        int hash = 0, leaving = 1;
        for (int i = 0; i < PART; i++) leaving *= 31;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i) - (i < PART ? 0 : leaving * text.charAt(i - PART));
            if (i + 1 >= PART) hashes[i + 1 - PART] = hash;
        }
        return hashes;
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
        if (texts.isEmpty()) return text;
        if (hashes == null)
            hashes = texts.stream().flatMapToInt(secret -> Arrays.stream(hashes(secret))).sorted().toArray();
        var hidden = found(text);
        hidden.or(hexadecimal(text));
        for (int begin = 0, end; (begin = nextBase64(text, begin)) >= 0; begin = end + 1)
            if (found(decoded(text.substring(begin, end = endOfBase64(text, begin)))).cardinality() > 0)
                hidden.set(begin, end);
        return Scrub.dotted(text, hidden);
    }

    private BitSet found(String text) {
        var found = new BitSet();
        var parts = hashes(text);
        for (int i = 0; i < parts.length; i++) if (isPart(text, i, parts[i])) found.set(i, i + PART);
        var letters = Letters.of(text);
        parts = hashes(letters.text);
        for (int i = 0; i < parts.length; i++)
            if (isPart(letters.text, i, parts[i])) found.set(letters.origin[i], letters.origin[i + PART - 1] + 1);
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
