//SOURCES Secret.java

package m365;

import java.util.Base64;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * SASL XOAUTH2 as Microsoft and Google describe it: what the client says, and how a challenge is read. Sends nothing.
 */
final class Xoauth2 {

    /** The one line that logs in: no line breaks, and it opens the mailbox as the token does. */
    static Secret response(String mailbox, Secret token) {
        var line = "user=" + mailbox + "\1auth=Bearer " + token.reveal() + "\1\1";
        return new Secret(Base64.getEncoder().encodeToString(line.getBytes(UTF_8)));
    }

    /** Why a server is about to refuse, where it says so: JSON in base64, to which the answer is an empty line. */
    static Optional<String> challenge(String base64) {
        var text = base64.strip();
        try {
            return text.isEmpty() ? Optional.empty()
                    : Optional.of(new String(Base64.getDecoder().decode(text), UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.of(text);
        }
    }

    private Xoauth2() { }
}
