//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Text.java

package m365;

import static m365.ExitStatus.USAGE;

/** Checks the address of a user or mailbox before it gets near a file name or a server. */
public final class MailAddress {

    /** Cannot leave its line, its file name or its SASL field: the part of RFC 5321 that Exchange gives out. */
    private static final String ADDRESS = "[A-Za-z0-9.!#$%&'*+=?^_`|~-]{1,64}@[A-Za-z0-9.-]{1,255}";

    /** @return {@code text} itself; another than a mail address is a {@link Problem} */
    public static String checked(String text) {
        if (isOne(text)) return text;
        throw new Problem(USAGE, Text.quote(text) + " is not a mail address", "give it as in jan@uva.nl");
    }

    static boolean isOne(String text) { return text.matches(ADDRESS); }

    private MailAddress() { }
}
