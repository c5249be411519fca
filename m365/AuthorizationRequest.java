//SOURCES RandomText.java
//SOURCES Secret.java

package m365;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * One attempt to sign in: what ties the answer to the question (RFC 6749 section 10.12, RFC 7636).
 *
 * @param redirect where the browser shall end, with the port that listens
 * @param state    comes back with the answer, and makes it ours
 * @param verifier proves with the code that it was we who asked for it
 */
public record AuthorizationRequest(URI redirect, String state, Secret verifier) {

    public static AuthorizationRequest fresh(URI redirect) {
        return new AuthorizationRequest(redirect, RandomText.of(16), new Secret(RandomText.of(32)));
    }

    /** RFC 7636 section 4.2, method S256. */
    String challenge() {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(verifier.reveal().getBytes(ISO_8859_1));
            return RandomText.base64url(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java platform has it
        }
    }
}
