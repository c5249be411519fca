package m365;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an SMTP server's number says by itself, whatever words are beside it: its class and its subject (RFC 3463,
 * section 3), for refusals whose words nobody here has seen.
 */
final class EnhancedStatus {
    private static final Pattern NUMBER = Pattern.compile("(?<![\\d.])([45])\\.([1-7])\\.(\\d{1,3})(?![\\d.]*\\d)");
    private static final Map<String, String> SUBJECTS = Map.of(
            "1", "an address, of the sender or of a recipient, is wrong or unknown",
            "2", "a mailbox does not take the message: it is full, switched off or has a limit; or, at Exchange,"
                    + " the sender (From) is not the account that logged in",
            "3", "the mail server itself cannot take it: it is full, busy or not set up for this",
            "4", "the way to the other server fails: its name (DNS), its route or the connection",
            "5", "the server did not understand the command: it is unknown, malformed or came at the wrong time",
            "6", "the server cannot handle the form of the message",
            "7", "a rule forbids it: the login (authentication), the permission to send, or a block");

    /** @return a sentence on the last such number in {@code text} */
    static Optional<String> meaning(String text) {
        return NUMBER.matcher(text).results().reduce((first, second) -> second)
                .map(number -> "Its number " + number.group() + " means that " + SUBJECTS.get(number.group(2))
                        + (number.group(1).equals("4") ? "; for now only (temporary): trying again later may help."
                                : "; for good (permanent): trying again changes nothing."));
    }

    private EnhancedStatus() { }
}
