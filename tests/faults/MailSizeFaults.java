package faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import stand_in.Conversation;
import stand_in.FakeMail;

import static faults.MailProtocol.IMAP;
import static faults.MailProtocol.POP;
import static faults.MailProtocol.SMTP;
import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * A mail server names sizes and depths that it never sends, or sends: 64 MB suffice all the same, and when it goes
 * wrong, it is the server (69 or 75) and never a bug of ours.
 */
final class MailSizeFaults {
    private static final String DEEP = "(".repeat(100_000);

    private final Lab lab;
    private final MailCheck mailbox;
    private final List<Callable<Void>> work = new ArrayList<>();

    MailSizeFaults(Lab lab) {
        this.lab = lab;
        mailbox = new MailCheck(lab, lab.login());
    }

    void sizes(Fault fault) throws Exception {
        imap(fault, "greets with a literal of 2 GB", lab.imap().greeting("* OK {2000000000}", FakeMail.SILENCE));
        imap(fault, "greets with a literal of 2 GB and goes on", lab.imap().greeting("* OK {2000000000}"));
        var commands = List.of("CAPABILITY", "LIST *", "EXAMINE *");
        var lines = List.of("* VANISHED (EARLIER) 1:300000000", "* ESEARCH (TAG \"A1\") UID ALL 1:300000000",
                "* 2147483647 EXISTS", "* SEARCH " + "1 ".repeat(30_000), "* X " + DEEP,
                "* LIST () \"/\" {2147483639}", "* LIST () \"/\" {30000000}", "* 1 FETCH (" + DEEP,
                "* 1 FETCH (BODY[]<0> {2000000000}", "* NAMESPACE " + DEEP, "* STATUS INBOX (MESSAGES " + DEEP,
                "* THREAD " + DEEP, "* ID " + DEEP, "* CAPABILITY " + "AUTH=X ".repeat(9000));
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            var command = commands.get(i % 3);
            imap(fault, Scrambler.shown(line.substring(0, Math.min(30, line.length()))) + " at " + command,
                    lab.imap().on(command, line, "OK done"));
        }
        var folder = "* LIST (\\HasNoChildren) \"/\" \"" + "a/".repeat(100) + "\"\r\n";
        trial(fault, IMAP, "50,000 folders, a million messages", lab.imap().on("LIST *", client -> {
            for (int i = 0; i < 50; i++) Misbehaviour.write(client, folder.repeat(1000));
            client.say(client.tagged("OK LIST completed."));
        }).on("EXAMINE *", "* 1000000 EXISTS", "OK [READ-ONLY] EXAMINE completed."), 0);
        for (var size : List.of("2000000000 5", "2147483648 0", "-1 -1", "99999999999999999999 1"))
            trial(fault, POP, "STAT " + size, FakeMail.pop(lab.ca).on("STAT", "+OK " + size));
        trial(fault, POP, "10 million capabilities", FakeMail.pop(lab.ca).on("CAPA", lines("+OK", "SASL XOAUTH2")));
        trial(fault, SMTP, "a greeting of 10 million lines", FakeMail.smtp(lab.ca).greeting(lines("220-a", "220-b")));
        trial(fault, SMTP, "10 million lines after STARTTLS", FakeMail.smtp(lab.ca).on("EHLO *", client -> {
            if (client.isSecure()) lines("250-localhost", "250-AUTH XOAUTH2").with(client);
            else client.say("250-localhost", "250 STARTTLS");
        }));
        for (var command : List.of("AUTH XOAUTH2 *", "MAIL FROM:*"))
            trial(fault, SMTP, "a line of 1 GB at " + command, FakeMail.smtp(lab.ca).on(command, client -> {
                Misbehaviour.write(client, "250 ");
                Misbehaviour.writeLetters(client, 1L << 30);
            }));
        SideBySide.run(8, lab.effort.some(work));
    }

    private static Conversation lines(String first, String then) {
        return client -> {
            client.say(first);
            var many = (then + "\r\n").repeat(1000).getBytes(US_ASCII);
            for (int i = 0; i < 10_000; i++) client.write(many);
        };
    }

    private void imap(Fault fault, String what, FakeMail server) { trial(fault, IMAP, what, server); }

    private void trial(Fault fault, MailProtocol mail, String what, FakeMail server) {
        trial(fault, mail, what, server, 0, 69, 75);
    }

    private void trial(Fault fault, MailProtocol mail, String what, FakeMail server, int... statuses) {
        work.add(() -> {
            try (var started = server.start()) {
                fault.attempt(mail + " " + what, () -> mailbox.process(mail, started).exits(statuses));
            }
            return null;
        });
    }
}
