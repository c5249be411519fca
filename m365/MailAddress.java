//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Text.java

package m365;

import static m365.ExitStatus.USAGE;
import static m365.Text.LETTERS_AND_DIGITS;

/**
 * Checks the address of a user or mailbox before it gets near a file name or a server. On the way to a cached token: no
 * regular expressions, lambdas or streams here, as long as it is one.
 */
public final class MailAddress {

    /** Cannot leave its line, its file name or its SASL field: the part of RFC 5321 that Exchange gives out. */
    private static final String NAME = LETTERS_AND_DIGITS + ".!#$%&'*+=?^_`|~-", DOMAIN = LETTERS_AND_DIGITS + ".-";
    private static final int LONGEST_NAME = 64, LONGEST_DOMAIN = 255;

    /** @return {@code text} itself; another than a mail address is a {@link Problem} */
    public static String checked(String text) {
        if (isOne(text)) return text;
        throw new Problem(USAGE, Text.quote(text) + " is not a mail address", "give it as in jan@uva.nl");
    }

    static boolean isOne(String text) {
        int at = text.indexOf('@');
        return at >= 0 && at <= LONGEST_NAME && text.length() - at - 1 <= LONGEST_DOMAIN
                && Text.madeOf(NAME, text.substring(0, at)) && Text.madeOf(DOMAIN, text.substring(at + 1));
    }

    private MailAddress() { }
}
