//SOURCES Secret.java

package m365;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Shows that an access token came with a refresh token, to whoever has both: a digest of the one with the other as its
 * key, from which neither can be told. On the way to a cached token: no regular expressions, lambdas or streams here;
 * and no {@code Mac}, which takes a cold JVM longer than all the rest.
 */
final class Proof {

    static String of(Secret accessToken, Secret refreshToken) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(accessToken.reveal().getBytes(US_ASCII));
            digest.update((byte) 0);
            digest.update(refreshToken.reveal().getBytes(US_ASCII));
            return new BigInteger(1, digest.digest()).toString(16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java has it
        }
    }

    private Proof() { }
}
