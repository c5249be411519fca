package m365;

import java.io.IOException;
import java.util.Optional;

/** A mail server's no, in its own words. What they mean is for {@link ServerRefusal} to find out. */
final class MailRefusal extends IOException {
    private static final long serialVersionUID = 1;

    final String words;
    /** What it said before, as a challenge of XOAUTH2; Exchange does not. */
    final transient Optional<String> challenge;

    MailRefusal(String words, Optional<String> challenge) {
        super(words);
        this.words = words;
        this.challenge = challenge;
    }
}
