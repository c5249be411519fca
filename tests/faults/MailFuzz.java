package faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import stand_in.ClientConnection;
import stand_in.Conversation;
import stand_in.FakeMail;

import static faults.Checks.check;

/** Spoils every field of every answer of a mail server. */
final class MailFuzz {
    /** What a healthy server says, to which command; the greeting is first. {@code #} is the tag. */
    private static final List<List<String>> IMAP = List.of(
            List.of("", "* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] ready"),
            List.of("", "* OK The server is ready. [dGVzdA==]"),
            List.of("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR", "# OK CAPABILITY completed."),
            List.of("AUTHENTICATE", "# OK AUTHENTICATE completed."),
            List.of("AUTHENTICATE", "+ eyJzdGF0dXMiOiI0MDAifQ==", "# NO AUTHENTICATE failed."),
            List.of("LIST", "* LIST (\\HasNoChildren) \"/\" INBOX", "* LIST () \"/\" {4}", "Sent", "# OK done"),
            List.of("STATUS", "* STATUS INBOX (MESSAGES 3 UNSEEN 1)", "# OK STATUS completed."),
            List.of("EXAMINE", "* 3 EXISTS", "* 0 RECENT", "* FLAGS (\\Seen \\Draft)", "* OK [UIDVALIDITY 14] valid",
                    "* VANISHED (EARLIER) 1:3", "* 1 FETCH (UID 4 BODY {2}", "xx)", "# OK [READ-ONLY] completed."));
    private static final List<List<String>> SMTP = List.of(
            List.of("", "220 localhost Microsoft ESMTP MAIL Service ready"),
            List.of("EHLO", "250-localhost Hello", "250-SIZE 157286400", "250-STARTTLS", "250 AUTH LOGIN XOAUTH2"),
            List.of("AUTH", "235 2.7.0 Authentication successful"),
            List.of("AUTH", "334 eyJzdGF0dXMiOiI0MDAifQ==", "535 5.7.3 Authentication unsuccessful"),
            List.of("MAIL", "250 2.1.0 Sender OK"));
    private static final List<List<String>> POP = List.of(
            List.of("", "+OK The Microsoft Exchange POP3 service is ready. [dGVzdA==]"),
            List.of("CAPA", "+OK", "TOP", "SASL PLAIN XOAUTH2", "EXPIRE 60", "."),
            List.of("AUTH", "+ "),
            List.of("", "+OK User successfully authenticated."),
            List.of("", "+ eyJzdGF0dXMiOiI0MDAifQ==", "-ERR no"),
            List.of("STAT", "+OK 3 2048"));
    private final Lab lab;
    private final MailCheck mailbox;
    private final List<Callable<Void>> work = new ArrayList<>();

    MailFuzz(Lab lab) {
        this.lab = lab;
        var login = lab.login();
        login.accessTokenSeconds(4000);
        mailbox = new MailCheck(lab, login);
    }

    void fuzz(Fault fault) throws Exception {
        for (int round = 0; round < lab.effort.inputs(1); round++)
            for (var mail : MailProtocol.values()) {
                var random = lab.effort.random(3 * round + mail.ordinal());
                for (var rule : mail.choose(IMAP, SMTP, POP))
                    for (int line = 1; line < rule.size(); line++)
                        for (int field = 0; field < fields(rule.get(line)).size(); field++)
                            plan(fault, mail, rule, line, field, random);
            }
        SideBySide.run(16, lab.effort.some(work));
    }

    private static List<String> fields(String line) {
        return List.of(line.split("(?<=[ (\\[{])|(?=[ )\\]}])")).stream().filter(field -> !field.equals(" ")).toList();
    }

    /** Changes one field of one line, or what comes after it. */
    private void plan(Fault fault, MailProtocol mail, List<String> rule, int line, int field, Random random) {
        var lines = new ArrayList<>(rule.subList(1, rule.size()));
        var was = lines.get(line - 1);
        int from = field == 0 ? 0 : was.indexOf(fields(was).get(field), fields(was).get(field - 1).length());
        var spoiled = new Spoiler(random).spoil(was, from, from + fields(was).get(field).stripTrailing().length());
        var is = spoiled.text();
        lines.set(line - 1, is);
        if (spoiled.cut()) lines.subList(line, lines.size()).clear();
        for (int i = 1; i < spoiled.times(); i++) lines.add(line, is.length() > 200 ? "* X" : is);
        var what = mail + " " + Scrambler.shown(was) + " became "
                + Scrambler.shown(is.substring(0, Math.min(200, is.length())));
        work.add(() -> {
            one(fault, mail, what, spoiled(mail, rule, lines, spoiled.cut()));
            return null;
        });
    }

    private void one(Fault fault, MailProtocol mail, String what, FakeMail spoiled) {
        try (var server = spoiled.start()) {
            fault.attempt(what, () -> {
                mailbox.here(mail, server).exits(0, 69, 75);
                var needles = new Needles(lab.secrets());
                long tokens = server.heard().stream().filter(line -> needles.in(line).isPresent()).count();
                check(tokens <= 1, tokens, "times the token was sent");
            });
        }
    }

    /** A healthy server but for {@code rule}, to which it says {@code lines} instead. */
    private FakeMail spoiled(MailProtocol mail, List<String> rule, List<String> lines, boolean cut) {
        var command = rule.get(0);
        var healthy = mail.healthy(lab);
        Conversation spoiled = client -> say(client, lines, cut, healthy);
        if (command.isEmpty() && mail == MailProtocol.POP && !rule.get(1).contains("ready"))
            return healthy.on("AUTH XOAUTH2", client -> {
                client.say("+ ");
                client.readLine();
                spoiled.with(client);
            });
        if (command.isEmpty()) return healthy.greeting(spoiled);
        return healthy.on(command, spoiled).on(command + " *", spoiled);
    }

    private static void say(ClientConnection client, List<String> lines, boolean cut, FakeMail server)
            throws IOException {
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i).replace("#", client.tagged("").strip())
                    .replace(Spoiler.ECHO, server.heard().isEmpty() ? "user=" : last(server.heard()));
            if (cut && i == lines.size() - 1) {
                Misbehaviour.write(client, line);
                throw new IOException("hanging up");
            }
            client.say(line);
            if (line.startsWith("+ ") || line.startsWith("334 ")) client.readLine();
        }
        Checks.daemon(() -> leaveSoon(client));
    }

    private static String last(List<String> lines) { return lines.get(lines.size() - 1); }

    /** Neither waits for the other for long. */
    private static void leaveSoon(ClientConnection client) {
        client.pause(1000);
        try {
            client.close();
        } catch (IOException e) { /* it was closed already */ }
    }
}
