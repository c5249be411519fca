//SOURCES Findings.java MailLine.java

package live;

import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLContext;
import m365.Settings;

import static live.MailLine.xoauth2;

/** The assumptions about the mail servers: greetings, capabilities, and three logins each. Reads and sends no mail. */
public final class Mail {
    private static final String BROKEN = "broken";

    private final Settings settings;
    private final SSLContext trusting;
    private final Findings findings;
    private final String user;
    private final String token;

    public Mail(Settings settings, SSLContext trusting, Findings findings, String user, String token) {
        this.settings = settings;
        this.trusting = trusting;
        this.findings = findings;
        this.user = user;
        this.token = token;
    }

    public void imap() throws IOException {
        try (var line = MailLine.tls(settings.imap(), trusting)) {
            says("IMAP greets as Exchange does", "* OK The Microsoft Exchange IMAP4 service is ready.", line.read());
            var capabilities = String.join(" ", line.askUntil("a .*", "a CAPABILITY"));
            findings.that("IMAP offers XOAUTH2 and SASL-IR", capabilities.contains(" AUTH=XOAUTH2")
                    && capabilities.contains(" SASL-IR"), capabilities);
            says("IMAP refuses a broken token with a bare NO, without a challenge", "b NO AUTHENTICATE failed.",
                    line.ask("b AUTHENTICATE XOAUTH2 " + xoauth2(user, BROKEN)));
        }
        try (var line = MailLine.tls(settings.imap(), trusting)) {
            line.read();
            says("IMAP refuses another user's name", "c NO AUTHENTICATE failed.",
                    line.ask("c AUTHENTICATE XOAUTH2 " + xoauth2(stranger(), token)));
        }
        try (var line = MailLine.tls(settings.imap(), trusting)) {
            line.read();
            if (!says("IMAP lets the right user in", "d OK AUTHENTICATE completed.",
                    line.ask("d AUTHENTICATE XOAUTH2 " + xoauth2(user, token)))) return;
            var opened = line.askUntil("e .*", "e EXAMINE INBOX");
            says("and the INBOX opens", "e OK", opened.get(opened.size() - 1));
        }
    }

    public void pop() throws IOException {
        try (var line = MailLine.tls(settings.pop(), trusting)) {
            says("POP greets as Exchange does", "+OK The Microsoft Exchange POP3 service is ready.", line.read());
            var capabilities = line.askUntil("\\.|-ERR.*", "CAPA");
            findings.that("POP offers XOAUTH2", capabilities.stream().anyMatch(c -> c.matches("SASL .*XOAUTH2.*")),
                    String.join(" ", capabilities));
            says("POP does not take XOAUTH2 in one line", "-ERR Protocol error. Connection is closed. 10",
                    line.ask("AUTH XOAUTH2 " + xoauth2(user, BROKEN)));
        }
        for (var login : List.of(xoauth2(user, BROKEN), xoauth2(stranger(), token), xoauth2(user, token)))
            try (var line = MailLine.tls(settings.pop(), trusting)) {
                line.read();
                says("POP waits for the second line", "+", line.ask("AUTH XOAUTH2"));
                boolean right = login.equals(xoauth2(user, token));
                boolean answered = says(right ? "POP lets the right user in"
                        : "POP refuses a broken token, and another user's name",
                        right ? "+OK" : "-ERR Authentication failure: unknown user name or bad password.",
                        line.ask(login));
                if (right && answered) says("and the mailbox opens", "+OK", line.ask("STAT"));
            }
    }

    public void smtp() throws IOException {
        for (var login : List.of(xoauth2(user, BROKEN), xoauth2(stranger(), token), xoauth2(user, token)))
            try (var line = MailLine.plain(settings.smtp(), trusting)) {
                startTls(line, login.equals(xoauth2(user, BROKEN)));
                boolean right = login.equals(xoauth2(user, token));
                boolean answered = says(right ? "SMTP lets the right user in"
                        : "SMTP refuses a broken token, and another user's name",
                        right ? "235 2.7.0 Authentication successful" : "535 5.7.3 Authentication unsuccessful",
                        line.ask("AUTH XOAUTH2 " + login));
                if (right && answered)
                    says("and takes the sender", "250 2.1.0 Sender OK", line.ask("MAIL FROM:<" + user + ">"));
            }
    }

    private void startTls(MailLine line, boolean looking) throws IOException {
        var greeting = line.read();
        var before = String.join(" ", line.askUntil("\\d\\d\\d .*", "EHLO localhost"));
        line.ask("STARTTLS");
        line.secure();
        var after = String.join(" ", line.askUntil("\\d\\d\\d .*", "EHLO localhost"));
        if (!looking) return;
        findings.that("SMTP greets as Exchange does", greeting.matches("220 .*Microsoft ESMTP MAIL Service ready.*"),
                greeting);
        findings.that("SMTP offers STARTTLS, and XOAUTH2 only after it", before.contains("STARTTLS")
                && !before.contains("XOAUTH2") && after.contains("XOAUTH2"), "before: " + before);
    }

    /** @return whether it is so */
    private boolean says(String assumption, String expected, String said) {
        findings.that(assumption, said.startsWith(expected), said);
        return said.startsWith(expected);
    }

    /** Somebody whom the mailbox does not know. */
    private String stranger() { return "nobody-of-that-name" + user.substring(user.indexOf('@')); }
}
