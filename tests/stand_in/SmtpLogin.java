//SOURCES Admission.java
//SOURCES ClientConnection.java
//SOURCES Conversation.java
//SOURCES ExchangeScripts.java
//SOURCES Mailboxes.java
//SOURCES SentMessage.java
//SOURCES Visitor.java

package stand_in;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;

/** RFC 5321 and 4954 as far as mail programs go, in Exchange Online's words; GreenMail's own SMTP has no STARTTLS. */
record SmtpLogin(Admission admission, Mailboxes mailboxes, Consumer<SentMessage> sent) implements Conversation {
    private static final String BAD_SEQUENCE = "503 5.5.1 Bad sequence of commands";

    @Override public void with(ClientConnection client) throws IOException {
        client.say("220 localhost Microsoft ESMTP MAIL Service ready");
        var session = new Session(client);
        for (var line = client.readLine(); line != null; line = client.readLine()) {
            if (line.equalsIgnoreCase("QUIT")) {
                client.say("221 2.0.0 Service closing transmission channel");
                return;
            }
            session.answer(line);
        }
    }

    /** What one client has said so far. */
    private final class Session {
        private final ClientConnection client;
        private final List<String> to = new ArrayList<>();
        private boolean greeted;
        private Visitor visitor;
        private String from;

        Session(ClientConnection client) {
            this.client = client;
        }

        void answer(String line) throws IOException {
            var command = line.toUpperCase(Locale.ROOT);
            if (command.startsWith("EHLO ") || command.startsWith("HELO ")) {
                greeted = true;
                client.say(ExchangeScripts.ehlo(client.isSecure()));
            } else if (command.equals("STARTTLS") && !client.isSecure()) {
                client.say("220 2.0.0 SMTP server ready");
                client.startTls();
                greeted = false; // RFC 3207 section 4.2: everything learnt before TLS is forgotten.
            } else if (command.equals("NOOP")) {
                client.say("250 2.0.0 OK");
            } else if (command.equals("RSET")) {
                forgetMessage();
                client.say("250 2.0.0 Resetting");
            } else if (!greeted) {
                client.say("503 5.5.2 Send hello first");
            } else if (command.startsWith("AUTH ")) {
                authenticate(line.split(" "));
            } else if (command.startsWith("MAIL FROM:")) {
                mailFrom(line);
            } else if (command.startsWith("RCPT TO:")) {
                recipientTo(line);
            } else if (command.equals("DATA")) {
                data();
            } else {
                client.say("500 5.3.3 Unrecognized command");
            }
        }

        private void authenticate(String[] words) throws IOException {
            var mechanism = words[1].toUpperCase(Locale.ROOT);
            if (visitor != null) {
                client.say("503 5.5.2 Already authenticated");
            } else if (!client.isSecure()) {
                admission.refuse("SMTP", mechanism, "");
                client.say("504 5.7.4 Unrecognized authentication type");
            } else if (!mechanism.equals("XOAUTH2")) {
                admission.refuse("SMTP", mechanism, "");
                client.say("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.");
            } else {
                var response = words.length > 2 ? words[2] : client.ask("334 ");
                visitor = admission.visitor("SMTP", response == null ? "" : response).orElse(null);
                client.say(visitor != null ? "235 2.7.0 Authentication successful"
                    : "535 5.7.3 Authentication unsuccessful");
            }
        }

        private void mailFrom(String line) throws IOException {
            if (visitor == null) {
                client.say("530 5.7.57 Client not authenticated to send mail.");
            } else {
                from = address(line);
                client.say("250 2.1.0 Sender OK");
            }
        }

        private void recipientTo(String line) throws IOException {
            if (from == null) {
                client.say(BAD_SEQUENCE);
            } else {
                to.add(address(line));
                client.say("250 2.1.5 Recipient OK");
            }
        }

        private void data() throws IOException {
            if (to.isEmpty()) {
                client.say(BAD_SEQUENCE);
            } else {
                client.say("354 Start mail input; end with <CRLF>.<CRLF>");
                client.say(submit(client.readData()));
                forgetMessage();
            }
        }

        private String submit(String text) {
            if (!visitor.access().opens(from)) {
                return "554 5.2.252 SendAsDenied; " + visitor.mailbox() + " not allowed to send as " + from;
            }
            sent.accept(new SentMessage(from, List.copyOf(to), text));
            for (var recipient : new LinkedHashSet<>(to)) {
                if (mailboxes.has(recipient)) {
                    mailboxes.deliverText(recipient, text);
                }
            }
            mailboxes.keepSent(visitor.mailbox(), text);
            return "250 2.0.0 OK <" + UUID.randomUUID() + "@stand-in.example> [Hostname=localhost]";
        }

        private void forgetMessage() {
            from = null;
            to.clear();
        }
    }

    private static String address(String line) {
        var path = line.substring(line.indexOf(':') + 1).strip();
        return path.startsWith("<") && path.contains(">") ? path.substring(1, path.indexOf('>')) : path.split(" ")[0];
    }
}
