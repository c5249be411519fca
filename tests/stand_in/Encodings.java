package stand_in;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/** How OAuth writes values down: forms, base64url, digests, and random text that means nothing to the client. */
final class Encodings {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private Encodings() { }

    /** {@code application/x-www-form-urlencoded}. */
    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
            .map(f -> URLEncoder.encode(f.getKey(), UTF_8) + "=" + URLEncoder.encode(f.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    }

    static String base64url(String text) {
        return BASE64URL.encodeToString(text.getBytes(UTF_8));
    }

    /** The SHA-256 digest in base64url. */
    static String sha256(String text) {
        try {
            return BASE64URL.encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Random base64url text of exactly {@code length} characters that begins with {@code prefix}. */
    static String opaque(String prefix, int length) {
        var bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        var text = prefix + BASE64URL.encodeToString(bytes);
        return text.substring(0, Math.max(length, prefix.length()));
    }

    /** A random number from 0 to {@code bound} - 1. */
    static int random(int bound) {
        return RANDOM.nextInt(bound);
    }
}
