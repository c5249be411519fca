package m365;

import java.security.SecureRandom;
import java.util.Base64;

/** Text that nobody can guess: states, PKCE verifiers, passwords of a moment. */
public final class RandomText {

    /** That many random bytes, for a URL. */
    public static String of(int bytes) {
        var random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return base64url(random);
    }

    /** RFC 4648 section 5, without padding. */
    public static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private RandomText() { }
}
