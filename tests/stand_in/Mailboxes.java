//JAVA 17+
//DEPS org.slf4j:slf4j-nop:1.7.36
//DEPS com.icegreen:greenmail:2.1.13

package stand_in;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.imap.AuthorizationException;
import com.icegreen.greenmail.imap.ImapHandler;
import com.icegreen.greenmail.imap.ImapHostManager;
import com.icegreen.greenmail.pop3.Pop3Handler;
import com.icegreen.greenmail.pop3.commands.Pop3CommandRegistry;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserException;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The mail behind the login: GreenMail keeps it and speaks IMAP and POP with whoever is logged in. */
final class Mailboxes {
    private final Managers greenMail = new Managers();
    private final Map<String, GreenMailUser> users = new ConcurrentHashMap<>();
    private final String password = UUID.randomUUID().toString();

    /** A filled mailbox, unless it is there already. */
    void add(String address) {
        if (has(address)) {
            return;
        }
        try {
            var user = greenMail.getUserManager().createUser(address, address, password);
            users.put(address.toLowerCase(Locale.ROOT), user);
            for (var folder : List.of("Archive", "Deleted Items", "Drafts", "Junk Email", "Outbox", "Sent Items")) {
                folders().createMailbox(user, folder);
                folders().subscribe(user, folder);
            }
        } catch (UserException | FolderException | AuthorizationException e) {
            throw new IllegalStateException(e);
        }
        fill(address);
    }

    private void fill(String address) {
        append(address, "INBOX", message("it@uva.example", address, "Your mailbox has been moved",
            "It is now at Microsoft 365."), new Flags(Flags.Flag.SEEN));
        append(address, "INBOX", message("library@uva.example", address, "A book you reserved has arrived",
            "It is kept for you until Friday."), new Flags());
        append(address, "INBOX", message("facilities@uva.example", address, "Fire drill on Thursday",
            "At ten. Please use the stairs."), new Flags());
        append(address, "Sent Items", message(address, "it@uva.example", "Re: Your mailbox has been moved",
            "Thank you."), new Flags(Flags.Flag.SEEN));
        append(address, "Drafts", message(address, "library@uva.example", "Renewal", "Could I"),
            new Flags(Flags.Flag.DRAFT));
    }

    boolean has(String address) {
        return users.containsKey(address.toLowerCase(Locale.ROOT));
    }

    /** Puts a short unread message into an INBOX. */
    void deliver(String mailbox, String subject) {
        deliverText(mailbox, message("postmaster@uva.example", mailbox, subject, "Delivered by the stand-in."));
    }

    /** Puts a whole message into an INBOX, unread. */
    void deliverText(String mailbox, String text) {
        append(mailbox, "INBOX", text, new Flags());
    }

    /** Keeps a copy of a message that was sent. */
    void keepSent(String mailbox, String text) {
        append(mailbox, "Sent Items", text, new Flags(Flags.Flag.SEEN));
    }

    /** The number of messages in a folder. */
    int count(String mailbox, String folder) {
        return folders().getFolder(user(mailbox), folder).getMessageCount();
    }

    /** Speaks IMAP on a connection that begins with {@link #imapLogin}, until the client leaves. */
    void serveImap(Socket client) {
        leaveQuietly(new ImapHandler(greenMail.getUserManager(), folders(), client));
    }

    /** Speaks POP on a connection that begins with {@link #popLogin}, until the client leaves. */
    void servePop(Socket client) {
        leaveQuietly(new Pop3Handler(new Pop3CommandRegistry(), greenMail.getUserManager(), client));
    }

    /** The login that GreenMail wants to hear. */
    String imapLogin(String mailbox) {
        return "x LOGIN \"" + mailbox.toLowerCase(Locale.ROOT) + "\" \"" + password + "\"\r\n";
    }

    String popLogin(String mailbox) {
        return "USER " + mailbox.toLowerCase(Locale.ROOT) + "\r\nPASS " + password + "\r\n";
    }

    private static void leaveQuietly(Runnable session) {
        try {
            session.run();
        } catch (IllegalStateException e) {
            // GreenMail's way of saying that the client left without a word.
        }
    }

    private ImapHostManager folders() {
        return greenMail.getImapHostManager();
    }

    private GreenMailUser user(String address) {
        return Optional.ofNullable(users.get(address.toLowerCase(Locale.ROOT)))
            .orElseThrow(() -> new IllegalArgumentException("no such mailbox: " + address));
    }

    private void append(String mailbox, String folder, String text, Flags flags) {
        try {
            var message = new MimeMessage((Session) null, new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
            folders().getFolder(user(mailbox), folder).appendMessage(message, flags, new Date());
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String message(String from, String to, String subject, String body) {
        return String.join("\r\n", "From: " + from, "To: " + to, "Subject: " + subject,
            "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)),
            "Message-ID: <" + UUID.randomUUID() + "@stand-in.example>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=us-ascii", "", body, "");
    }
}
