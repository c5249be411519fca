package faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import stand_in.Conversation;
import stand_in.FakeMail;

import static faults.MailProtocol.IMAP;
import static faults.MailProtocol.SMTP;
import static faults.Misbehaviour.HANGING_UP;
import static faults.Misbehaviour.SILENCE;
import static faults.Misbehaviour.write;
import static faults.Misbehaviour.writeLetters;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Mail servers misbehave in all ways, at each command. Bounded in time, and in memory by -Xmx64m. */
final class MailServerFaults {
    private final Lab lab;
    private final MailCheck mailbox;
    private final List<Callable<Void>> here = new ArrayList<>();
    private final List<Callable<Void>> inProcesses = new ArrayList<>();

    MailServerFaults(Lab lab) {
        this.lab = lab;
        var login = lab.login();
        login.accessTokenSeconds(4000);
        mailbox = new MailCheck(lab, login);
    }

    void misbehave(Fault fault) throws Exception {
        for (var protocol : MailProtocol.values()) {
            beforeTheGreeting(fault, protocol);
            certificates(fault, protocol);
            for (var command : protocol.commands) at(fault, protocol, command);
        }
        literals(fault);
        greetings(fault);
        SideBySide.run(2, List.of(() -> {
            SideBySide.run(24, lab.effort.some(here));
            return null;
        }, () -> {
            SideBySide.run(16, lab.effort.some(inProcesses));
            return null;
        }));
    }

    private void beforeTheGreeting(Fault fault, MailProtocol mail) {
        bad(fault, mail, "hangs after accept", server(false, SILENCE), 69, 75, 78);
        bad(fault, mail, "hangs up after accept", server(false, HANGING_UP), 69, 75, 78);
        bad(fault, mail, "hangs before the greeting", server(mail.tlsAtOnce(), SILENCE), 69, 75);
        bad(fault, mail, "half a greeting, then hangs", server(mail.tlsAtOnce(), client -> {
            write(client, "* O");
            client.pause(600_000);
        }), 69, 75);
        bad(fault, mail, "half a greeting, then hangs up", server(mail.tlsAtOnce(), client -> write(client, "* O")),
                69, 75);
        huge(fault, mail, "a greeting that never ends", server(mail.tlsAtOnce(), client -> {
            write(client, mail.hello);
            while (client.pause(100)) write(client, ".");
        }), 69, 75);
        huge(fault, mail, "greets with lines that never end", server(mail.tlsAtOnce(), client -> {
            while (client.pause(100)) client.say(mail.choose("* more", "220-more", "* more"));
        }), 69, 75);
        huge(fault, mail, "a greeting of 1 GB", server(mail.tlsAtOnce(), client -> {
            write(client, mail.hello);
            writeLetters(client, 1L << 30);
        }), 69, 75);
        bad(fault, mail, "HTML", server(mail.tlsAtOnce(),
                client -> client.say("HTTP/1.1 400 Bad Request", "", "<html></html>")), 69, 75);
        bad(fault, mail, "bytes", server(mail.tlsAtOnce(), client -> client.write(new byte[100_000])), 69, 75);
        huge(fault, mail, "drips its TLS handshake", server(false, client -> {
            if (mail == SMTP) {
                client.say("220 ready");
                client.readLine();
                client.say("250-localhost", "250 STARTTLS");
                client.readLine();
                client.say("220 go ahead");
            }
            Misbehaviour.dripHandshake(client);
        }), 69, 75, 78);
    }

    private void certificates(Fault fault, MailProtocol mail) {
        var ca = lab.ca;
        if (mail.tlsAtOnce()) bad(fault, mail, "speaks no TLS", mail.healthy(lab).withoutTls(), 78);
        bad(fault, mail, "another host's certificate",
                mail.healthy(lab).certificate(ca.wrongHost("other.example")), 69, 78);
        bad(fault, mail, "a stranger's certificate", mail.healthy(lab).certificate(ca.unknownAuthority()), 69, 78);
        bad(fault, mail, "an old certificate", mail.healthy(lab).certificate(ca.expired()), 69, 78);
    }

    private void at(Fault fault, MailProtocol mail, String command) {
        bad(fault, mail, "silent at " + command, mail.healthy(lab).on(command, FakeMail.SILENCE), 69, 75);
        bad(fault, mail, "hangs up at " + command, mail.healthy(lab).on(command, FakeMail.HANG_UP), 69, 75);
        huge(fault, mail, "a line of 50 MB at " + command, mail.healthy(lab).on(command, client -> {
            write(client, mail.choose("* ", "250-", "* "));
            writeLetters(client, 50_000_000);
            client.say("");
        }), 69, 75);
        huge(fault, mail, "lines without end at " + command, mail.healthy(lab).on(command, client -> {
            var line = mail.choose("* LIST () \"/\" x\r\n", "250-more\r\n", "+OK\r\n");
            var lines = line.repeat(100).getBytes(ISO_8859_1);
            while (true) client.write(lines);
        }), 0, 69, 75);
        huge(fault, mail, "asks again and again at " + command, mail.healthy(lab).on(command, client -> {
            for (int i = 0; i < 20_000; i++) client.say(mail.choose("+ ", "334 ", "+ "));
            client.pause(600_000);
        }), 0, 69, 75);
        bad(fault, mail, "nonsense at " + command, mail.healthy(lab).on(command, client -> client.say(
                "* 99999999999999999999 EXISTS", "* LIST (((((((", "* STATUS", "999999 x", "* BAD \"",
                client.tagged("WHAT"), "* OK [UIDVALIDITY -1]", "-5 x", "")), 0, 69, 75);
        var echo = mail.healthy(lab);
        bad(fault, mail, "repeats what it heard at " + command, echo.on(command, client -> {
            if (command.equals("AUTH XOAUTH2")) {
                client.say("+ ");
                client.readLine();
            }
            var said = echo.heard().get(echo.heard().size() - 1);
            client.say(client.tagged(mail.choose("NO ", "535 5.7.3 ", "-ERR ") + said));
        }), 69, 75);
    }

    private void literals(Fault fault) {
        for (var command : IMAP.commands) {
            huge(fault, IMAP, "a literal of 2 GB at " + command, FakeMail.literalBomb(lab.ca, command), 69, 75);
            bad(fault, IMAP, "a literal that is no number at " + command, lab.imap()
                    .on(command, "* LIST () \"/\" {99999999999999}", "* X {-1}", FakeMail.SILENCE), 69, 75);
            huge(fault, IMAP, "200,000 brackets at " + command, lab.imap()
                    .on(command, "* LIST " + "(".repeat(200_000), "OK done"), 0, 69, 75);
        }
        huge(fault, IMAP, "a literal of 2 GB for a greeting",
                lab.imap().greeting("* OK {2147483639}", FakeMail.SILENCE), 69, 75);
    }

    private void greetings(Fault fault) {
        bad(fault, IMAP, "wants no login", lab.imap().greeting("* PREAUTH welcome"), 69);
        bad(fault, IMAP, "says BYE", FakeMail.byeAfterGreeting(lab.ca), 69, 75);
        bad(fault, IMAP, "lies about the login", FakeMail.authenticatedButNotConnected(lab.ca), 69);
        for (var mail : MailProtocol.values())
            inProcesses.add(() -> {
                fault.attempt(mail + " refuses the connection", () -> {
                    var gone = mail.healthy(lab).start();
                    gone.close();
                    mailbox.process(mail, gone).exits(75);
                });
                return null;
            });
    }

    private FakeMail server(boolean tls, Conversation conversation) {
        return FakeMail.serving(lab.ca.server(), tls, conversation);
    }

    private void bad(Fault fault, MailProtocol mail, String what, FakeMail server, int... statuses) {
        here.add(trial(fault, mail, what, server, false, statuses));
    }

    /** These are tried in a process of their own, with little memory. */
    private void huge(Fault fault, MailProtocol mail, String what, FakeMail server, int... statuses) {
        inProcesses.add(trial(fault, mail, what, server, true, statuses));
    }

    private Callable<Void> trial(Fault fault, MailProtocol mail, String what, FakeMail server, boolean process,
            int... statuses) {
        return () -> {
            try (var started = server.start()) {
                fault.attempt(mail + " " + what, () -> (process ? mailbox.process(mail, started)
                        : mailbox.here(mail, started)).exits(statuses));
            }
            return null;
        };
    }
}
