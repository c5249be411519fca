//DEPS org.eclipse.angus:angus-mail:2.0.5
//SOURCES Connection.java
//SOURCES KnownSecrets.java
//SOURCES MailProtocol.java
//SOURCES MailSession.java
//SOURCES MailToken.java
//SOURCES MailboxCounts.java
//SOURCES Phrases.java
//SOURCES ServerRefusal.java
//SOURCES Settings.java
//SOURCES Steps.java
//SOURCES Trust.java
//SOURCES XoauthImapStore.java

package m365;

import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.PrintStream;
import java.util.Optional;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * Logs in to the mail servers, through Angus Mail, and takes one step more, for a login alone proves nothing. Reads
 * mailboxes without changing them and never sends mail. Each method throws a {@link Problem} if it does not work.
 */
final class MailLogins {
    private final Settings settings;
    private final Steps steps;
    private final String mailbox;
    private final MailToken token;
    private final Optional<PrintStream> protocolLog;
    private final KnownSecrets secrets;

    MailLogins(Settings settings, Steps steps, String mailbox, MailToken token, Optional<PrintStream> protocolLog) {
        this.settings = settings;
        this.steps = steps;
        this.mailbox = mailbox;
        this.token = token;
        this.secrets = KnownSecrets.ofLogin(mailbox, token.secret());
        this.protocolLog = protocolLog.map(secrets::hiding);
    }

    /** Opens INBOX. */
    MailboxCounts imap() { return logIn(MailProtocol.IMAP, this::imap); }

    /** Logs in and names a sender, then takes it back: nothing is sent. */
    void smtp() { logIn(MailProtocol.SMTP, this::smtp); }

    /** Counts the messages. */
    void pop() { logIn(MailProtocol.POP, this::pop); }

    @FunctionalInterface
    private interface Login<T> {
        T through(Session session, Connection connection) throws MessagingException;
    }

    private <T> T logIn(MailProtocol protocol, Login<T> login) {
        steps.begin(protocol + " scope");
        token.demandPermissionFor(protocol, settings);
        var trust = Trust.context(settings);
        var connection = new Connection(protocol, protocol.server(settings), trust, steps, secrets);
        try {
            return login.through(MailSession.over(connection, trust, protocolLog), connection);
        } catch (MessagingException e) {
            throw new ServerRefusal(connection, token, mailbox, steps.now()).problem(e);
        } catch (RuntimeException e) {
            throw ServerRefusal.nonsense(connection.server(), e);
        }
    }

    private MailboxCounts imap(Session session, Connection connection) throws MessagingException {
        var server = connection.server();
        try (var store = new XoauthImapStore(session, connection, steps)) {
            connection.resolve();
            store.connect(server.host(), server.port(), mailbox, token.secret().reveal());
            steps.done("XOAUTH2 as " + mailbox);
            steps.begin("IMAP mailbox");
            // Exchange may accept a login and fail the next command, so only an opened INBOX proves it.
            int folders = store.getDefaultFolder().list("*").length;
            var inbox = store.getFolder("INBOX");
            inbox.open(Folder.READ_ONLY);
            int messages = inbox.getMessageCount();
            inbox.close(false);
            // By STATUS; of an open folder by SEARCH, which names every message.
            var counts = new MailboxCounts(folders, messages, inbox.getUnreadMessageCount());
            steps.done(counts.foldersInWords() + "; INBOX: " + counts.inboxInWords());
            return counts;
        }
    }

    private Void smtp(Session session, Connection connection) throws MessagingException {
        var server = connection.server();
        try (var transport = (SMTPTransport) session.getTransport(MailProtocol.SMTP.angusName)) {
            connection.resolve();
            transport.connect(server.host(), server.port(), mailbox, token.secret().reveal());
            steps.done("XOAUTH2 as " + mailbox + ", after STARTTLS");
            steps.begin("SMTP sender");
            transport.issueCommand("MAIL FROM:<" + mailbox + ">", 250);
            transport.issueCommand("RSET", 250);
            steps.done(mailbox + " is accepted as sender; nothing was sent");
            return null;
        }
    }

    private Void pop(Session session, Connection connection) throws MessagingException {
        var server = connection.server();
        try (var store = session.getStore(MailProtocol.POP.angusName)) {
            connection.resolve();
            store.connect(server.host(), server.port(), mailbox, token.secret().reveal());
            // Angus Mail takes a challenge for success.
            if (!connection.heard().last().startsWith("+OK")) throw new MessagingException("no +OK");
            steps.done("XOAUTH2 as " + mailbox);
            steps.begin("POP mailbox");
            try (var inbox = store.getFolder("INBOX")) {
                inbox.open(Folder.READ_ONLY);
                steps.done(Phrases.count(inbox.getMessageCount(), "message"));
            }
            return null;
        }
    }
}
