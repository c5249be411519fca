package faults;

import java.util.List;
import java.util.Locale;
import stand_in.FakeLogin;
import stand_in.FakeMail;

import static faults.Checks.check;

/** Checks a mailbox where one of the servers misbehaves and the others are well. */
final class MailCheck {
    static final String SCOPES = "https://outlook.office.com/IMAP.AccessAsUser.All "
            + "https://outlook.office.com/SMTP.Send https://outlook.office.com/POP.AccessAsUser.All";
    /** A mail server that never stops is cut off after a minute; then some for a busy machine. */
    private static final int SECONDS = 100;
    private static final List<String> PASSWORDS = List.of("LOGIN", "AUTHENTICATE PLAIN", "AUTHENTICATE LOGIN",
            "AUTH PLAIN", "AUTH LOGIN", "USER ", "PASS ", "APOP ");

    private final Lab lab;
    private final FakeLogin login;

    MailCheck(Lab lab, FakeLogin login) {
        this.lab = lab;
        this.login = login;
    }

    /** In a process of its own, with little memory. */
    Outcome process(MailProtocol protocol, FakeMail server) { return look(protocol, server, true); }

    Outcome here(MailProtocol protocol, FakeMail server) { return look(protocol, server, false); }

    private Outcome look(MailProtocol protocol, FakeMail server, boolean process) {
        try (var imap = lab.imap().start()) {
            var home = lab.home(login).signedIn();
            var program = protocol == MailProtocol.IMAP ? home.check_imap(Lab.USER)
                    : home.check_imap("--" + protocol.name().toLowerCase(Locale.ROOT), Lab.USER);
            program.with("M365_SCOPES", SCOPES).at("IMAP", imap).at(protocol.name(), server);
            var outcome = (process ? program.run() : program.runHere()).within(SECONDS);
            noPassword(server);
            return outcome;
        }
    }

    /** Whatever the server says, it hears XOAUTH2 or nothing. */
    private static void noPassword(FakeMail server) {
        for (var line : server.heard()) {
            var command = line.replaceFirst("^A\\d+ ", "").toUpperCase(Locale.ROOT);
            for (var bad : PASSWORDS) check(!command.startsWith(bad), bad, "a password was offered");
        }
    }
}
