package faults;

import java.util.List;
import stand_in.FakeMail;

/** What the three protocols have each in their own words. */
enum MailProtocol {
    IMAP("* OK ready", "CAPABILITY", "AUTHENTICATE XOAUTH2 *", "LIST *", "EXAMINE *", "STATUS *"),
    SMTP("220 ready", "EHLO *", "STARTTLS", "AUTH XOAUTH2 *", "MAIL FROM:*"),
    POP("+OK ready", "CAPA", "AUTH XOAUTH2", "STAT");

    final String hello;
    /** In whose answers a server can go wrong, before the login and after it. */
    final List<String> commands;

    MailProtocol(String hello, String... commands) {
        this.hello = hello;
        this.commands = List.of(commands);
    }

    /** A server with which nothing is wrong. */
    FakeMail healthy(Lab lab) {
        return switch (this) {
            case IMAP -> FakeMail.imap(lab.ca);
            case SMTP -> FakeMail.smtp(lab.ca);
            case POP -> FakeMail.pop(lab.ca);
        };
    }

    /** Whether it speaks TLS from the first byte. */
    boolean tlsAtOnce() { return this != SMTP; }

    /** Whichever fits. */
    <T> T choose(T imap, T smtp, T pop) { return this == IMAP ? imap : this == SMTP ? smtp : pop; }
}
