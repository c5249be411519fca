//SOURCES BoundedLines.java
//SOURCES Connection.java
//SOURCES ImapLogin.java
//SOURCES KnownSecrets.java
//SOURCES MailProtocol.java
//SOURCES MailToken.java
//SOURCES MailWire.java
//SOURCES MailboxCounts.java
//SOURCES Opening.java
//SOURCES Phrases.java
//SOURCES PopLogin.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES ServerRefusal.java
//SOURCES Settings.java
//SOURCES SmtpLogin.java
//SOURCES Steps.java
//SOURCES Xoauth2.java

package m365;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Logs in to the mail servers, through Angus Mail, and takes one step more, for a login alone proves nothing. Reads
 * mailboxes without changing them and never sends mail. Each method throws a {@link Problem} if it does not work.
 */
final class MailLogins {
    private final Settings settings;
    private final Steps steps;
    private final String mailbox;
    private final MailToken token;
    private final Secret response;
    private final KnownSecrets secrets;
    private final Optional<Consumer<String>> log;

    /** @param log is given what is said, with dots for secrets */
    MailLogins(Settings settings, Steps steps, String mailbox, MailToken token, Optional<Consumer<String>> log) {
        this.settings = settings;
        this.steps = steps;
        this.mailbox = mailbox;
        this.token = token;
        this.response = Xoauth2.response(mailbox, token.secret());
        this.secrets = KnownSecrets.of(token.secret(), response);
        this.log = log;
    }

    /** Opens INBOX. @param opening on the way to the server since before */
    MailboxCounts imap(Opening opening) throws InterruptedException {
        demandPermissionFor(MailProtocol.IMAP);
        return logIn(opening.ready(steps), this::imap);
    }

    /** Logs in and names a sender, then takes it back: nothing is sent. */
    void smtp() { logIn(MailProtocol.SMTP, this::smtp); }

    /** Counts the messages. */
    void pop() { logIn(MailProtocol.POP, this::pop); }

    @FunctionalInterface
    private interface Login<T> {
        T through(MailWire wire) throws IOException;
    }

    private void demandPermissionFor(MailProtocol protocol) {
        steps.begin(protocol + " scope");
        token.demandPermissionFor(protocol, settings);
    }

    private void logIn(MailProtocol protocol, Login<Void> login) {
        demandPermissionFor(protocol);
        try (var connection = new Connection(protocol, settings)) {
            connection.open(steps);
            steps.begin(protocol + " login");
            logIn(connection, login);
        }
    }

    private <T> T logIn(Connection connection, Login<T> login) {
        try (connection) {
            return login.through(new MailWire(connection, secrets, response, log));
        } catch (IOException e) {
            throw new ServerRefusal(connection, token, mailbox, secrets).problem(steps.now(), e);
        } catch (StackOverflowError | OutOfMemoryError e) { // whatever it said, it was too much
            throw BoundedLines.tooMuch(connection.server());
        } catch (Problem e) {
            throw e;
        } catch (RuntimeException e) { // Angus Mail stumbles so over what it does not expect
            throw BoundedLines.nonsense(connection.server());
        }
    }

    private MailboxCounts imap(MailWire wire) throws IOException {
        var imap = new ImapLogin(wire, steps);
        steps.begin("IMAP greeting");
        imap.greet();
        steps.begin("IMAP login");
        imap.logIn(mailbox, token.secret());
        steps.done("XOAUTH2 as " + mailbox);
        steps.begin("IMAP mailbox");
        var counts = imap.open();
        steps.done(counts.foldersInWords() + "; INBOX: " + counts.inboxInWords());
        return counts;
    }

    private Void smtp(MailWire wire) throws IOException {
        var smtp = new SmtpLogin(wire);
        smtp.logIn(mailbox, token.secret());
        steps.done("XOAUTH2 as " + mailbox + ", after STARTTLS");
        steps.begin("SMTP sender");
        smtp.nameSender(mailbox);
        steps.done(mailbox + " is accepted as sender; nothing was sent");
        return null;
    }

    private Void pop(MailWire wire) throws IOException {
        var pop = new PopLogin(wire);
        pop.logIn(mailbox, token.secret());
        steps.done("XOAUTH2 as " + mailbox);
        steps.begin("POP mailbox");
        steps.done(Phrases.count(pop.count(), "message"));
        return null;
    }
}
