package m365;

import java.util.Base64;
import java.util.BitSet;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Finds the secrets that give themselves away by their looks: Microsoft's tokens and secrets, JWTs, SASL lines in
 * base64, and whatever is too long and too mixed to be a word. What a base64 text says in the clear may be shown.
 */
final class SecretRuns {
    private static final int LONGEST_WORD = 22;
    private static final Pattern RUN = Pattern.compile("[\\w+/=.~!*$%-]{12,}+");
    /** Beginnings, from which on the run is hidden. */
    private static final Pattern KNOWN = Pattern.compile("(?<![A-Za-z0-9+/])(?:eyJ[\\w-]{12}|Ew[A-Z][\\w+/=%-]{24}"
            + "|(?:dXNlcj[0-3]|bixhP)[A-Za-z0-9+/=]{8})"
            + "|(?<![\\w.])(?:[01]\\.A[\\w.-]{20}|M\\.[A-Z]\\d{1,4}[_.][\\w.!*$%-]{12})"
            + "|(?<![\\w.~-])[\\w.~-]{3}\\dQ~[\\w.~-]{30}");
    private static final Pattern PIECE = Pattern.compile("[A-Za-z0-9+/=_-]{8,}+");
    private static final Pattern LOGIN = Pattern.compile("(?s)user=[^\1]{1,320}\1|auth=Bearer"
            + "|^[ -~]{0,320}\0[ -~]{1,200}\0[ -~]+$");

    /** @return the characters that are secret */
    static BitSet in(String text) {
        var found = new BitSet();
        for (var run = RUN.matcher(text); run.find();) {
            var known = KNOWN.matcher(text).region(run.start(), run.end());
            known.useTransparentBounds(true);
            boolean begins = known.find();
            if (begins && !isHarmless(text.substring(known.start(), run.end()))) found.set(known.start(), run.end());
            for (var piece = PIECE.matcher(text).region(run.start(), run.end()); piece.find();)
                if (isSecret(piece.group())) found.set(piece.start(), piece.end());
        }
        return found;
    }

    private static boolean isSecret(String piece) {
        var decoded = decoded(piece);
        return LOGIN.matcher(decoded).find() || isMixed(piece) && !isHarmless(piece);
    }

    /** Random letters change between small, capital and digit at two of three places, names at one of three. */
    private static boolean isMixed(String piece) {
        if (piece.length() < LONGEST_WORD) return false;
        int changes = 0, digits = 0, capitals = 0, small = 0;
        for (int i = 0, before = 0, kind; i < piece.length(); i++, before = kind) {
            char c = piece.charAt(i);
            kind = c >= '0' && c <= '9' ? 1 : c >= 'A' && c <= 'Z' ? 2 : c >= 'a' && c <= 'z' ? 3 : 4;
            if (kind == 1) digits++;
            else if (kind == 2) capitals++;
            else if (kind == 3) small++;
            if (i > 0 && kind != before) changes++;
        }
        return digits > 0 && capitals > 0 && small > 0 && (piece.length() >= 60 || 5 * changes > 2 * piece.length());
    }

    /** A server's JSON in base64, like {"status":"400"}: readable, and no secret inside it. */
    private static boolean isHarmless(String run) {
        var decoded = decoded(run);
        return decoded.startsWith("{\"status\"") && decoded.chars().allMatch(c -> c >= ' ' && c < 127)
                && in(decoded).isEmpty() && !LOGIN.matcher(decoded).find();
    }

    private static String decoded(String run) {
        var base64 = run.replace('-', '+').replace('_', '/').replaceFirst("=+$", "");
        int length = base64.length() % 4 == 1 ? base64.length() - 1 : base64.length();
        try {
            return new String(Base64.getDecoder().decode(base64.substring(0, length)), ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private SecretRuns() { }
}
