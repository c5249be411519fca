package faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import stand_in.Conversation;
import stand_in.FakeMail;

import static faults.Checks.check;
import static faults.MailProtocol.IMAP;
import static faults.MailProtocol.POP;
import static faults.MailProtocol.SMTP;

/** Mail servers, or who sits between, want a password or plain text: they hear none, and no token in the clear. */
final class DowngradeFaults {
    private static final String EHLO = "EHLO *";

    private final Lab lab;
    private final MailCheck mailbox;
    private final List<Callable<Void>> work = new ArrayList<>();

    DowngradeFaults(Lab lab) {
        this.lab = lab;
        mailbox = new MailCheck(lab, lab.login());
    }

    void noWayDown(Fault fault) throws Exception {
        mustHearNoToken(fault);
        mustHearNoPassword(fault);
        work.add(() -> {
            fault.attempt("SMTP answers injected before TLS are not believed", this::injection);
            return null;
        });
        SideBySide.run(work.size(), lab.effort.some(work));
    }

    private void mustHearNoToken(Fault fault) {
        silent(fault, SMTP, FakeMail.starttlsStripped(lab.ca));
        silent(fault, SMTP, FakeMail.smtp(lab.ca).on("STARTTLS", "454 4.7.0 TLS not available"));
        silent(fault, SMTP, FakeMail.smtp(lab.ca).on("STARTTLS", "220 go ahead")); // and goes on in the clear
        silent(fault, SMTP, FakeMail.smtp(lab.ca).on(EHLO, "502 5.5.1 what?").on("HELO *", "250 localhost"));
        silent(fault, SMTP, FakeMail.smtp(lab.ca).on(EHLO, afterTls("250 AUTH PLAIN LOGIN NTLM")));
        silent(fault, SMTP, FakeMail.smtp(lab.ca).certificate(lab.ca.unknownAuthority()));
        silent(fault, IMAP, FakeMail.withoutXoauth2(lab.ca));
        silent(fault, IMAP, lab.imap().on("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN", "OK done")
                .on("LOGIN *", "OK in").on("AUTHENTICATE *", "OK in"));
        silent(fault, IMAP, lab.imap().on("CAPABILITY", "* CAPABILITY IMAP4rev1", "OK done").on("LOGIN *", "OK in"));
        silent(fault, IMAP, lab.imap().greeting("* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN] ready")
                .on("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=LOGIN", "OK done"));
        silent(fault, IMAP, lab.imap().withoutTls());
        silent(fault, POP, FakeMail.pop(lab.ca).withoutTls());
        silent(fault, POP, FakeMail.pop(lab.ca).on("CAPA", "+OK", "USER", "SASL PLAIN LOGIN", ".")
                .on("USER *", "+OK").on("PASS *", "+OK in"));
        silent(fault, POP, FakeMail.pop(lab.ca).on("CAPA", "-ERR no"));
    }

    private static Conversation afterTls(String offer) {
        return client -> client.say("250-localhost", client.isSecure() ? offer : "250 STARTTLS");
    }

    /** These offer XOAUTH2, refuse it, and would take a password. */
    private void mustHearNoPassword(Fault fault) {
        trap(fault, IMAP, FakeMail.asksForLogin(lab.ca));
        trap(fault, IMAP, lab.imap().onXoauth2("NO [AUTHENTICATIONFAILED] use LOGIN instead").on("LOGIN *", "OK in"));
        trap(fault, SMTP, FakeMail.smtp(lab.ca).on(EHLO, afterTls("250 AUTH XOAUTH2 LOGIN PLAIN"))
                .onXoauth2("535 5.7.3 no; try LOGIN").on("AUTH LOGIN*", "235 in").on("AUTH PLAIN*", "235 in"));
        trap(fault, POP, FakeMail.popRefused(lab.ca).on("USER *", "+OK").on("PASS *", "+OK in"));
    }

    private void silent(Fault fault, MailProtocol mail, FakeMail server) {
        trial(fault, mail + " must hear no token", server, started -> {
            mailbox.process(mail, started).exits(69, 75, 78);
            tokenHeard(started, false);
        });
    }

    private void trap(Fault fault, MailProtocol mail, FakeMail server) {
        trial(fault, mail + " must hear no password", server, started -> {
            mailbox.process(mail, started).exits(69);
            tokenHeard(started, true);
        });
    }

    private interface Trial {
        void with(FakeMail started);
    }

    private void trial(Fault fault, String what, FakeMail server, Trial trial) {
        work.add(() -> {
            try (var started = server.start()) {
                fault.attempt(what, () -> trial.with(started));
            }
            return null;
        });
    }

    private void tokenHeard(FakeMail server, boolean expected) {
        var needles = new Needles(lab.secrets());
        boolean heard = server.heard().stream().anyMatch(line -> needles.in(line).isPresent());
        var commands = server.heard().stream().map(line -> line.substring(0, Math.min(line.length(), 40))).toList();
        check(heard == expected, commands, heard ? "the token was heard" : "XOAUTH2 was not even tried");
    }

    private void injection() {
        try (var server = FakeMail.starttlsResponseInjection(lab.ca).start()) {
            mailbox.process(SMTP, server).exits(0);
            var lines = server.heard();
            int tls = lines.indexOf("STARTTLS");
            check(lines.get(tls + 1).startsWith("EHLO"), lines.size(), "no EHLO after TLS");
        }
    }
}
