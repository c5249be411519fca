//DEPS org.eclipse.angus:angus-mail:2.0.5
//SOURCES ExitStatus.java
//SOURCES MailSession.java
//SOURCES MailWire.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Signal.java

package m365;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.URLName;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.eclipse.angus.mail.pop3.POP3Store;

/**
 * Logs in to POP with XOAUTH2 and nothing else, and counts the messages, through Angus Mail. Fetches and deletes none.
 */
final class PopLogin {
    private final MailWire wire;
    private final POP3Store store;

    PopLogin(MailWire wire) {
        this.wire = wire;
        this.store = new POP3Store(MailSession.over(wire), new URLName("pop3", null, -1, null, null, null));
    }

    /** Sends the token, once. @throws Problem if the server is none that could be let know it */
    void logIn(String mailbox, Secret token) throws IOException {
        try {
            store.connect(wire.server().host(), wire.server().port(), mailbox, token.reveal());
        } catch (MessagingException e) {
            if (e instanceof AuthenticationFailedException && wire.intact()) demandXoauth2();
            throw failure();
        }
        if (!wire.tokenIsSent() || !wire.last().startsWith("+OK")) throw failure();
        wire.loggedIn();
    }

    private void demandXoauth2() {
        var offered = offered();
        if (List.of(offered.toUpperCase(Locale.ROOT).split(" ")).contains("XOAUTH2")) return;
        throw new Problem(ExitStatus.REFUSED, wire.server() + " does not offer XOAUTH2"
                + (offered.isEmpty() ? "" : ", but: " + wire.hide(offered)), "",
                Signal.local("xoauth2-not-offered")).at(wire.server());
    }

    private String offered() {
        try {
            return store.capabilities().getOrDefault("SASL", "SASL").substring("SASL".length()).strip();
        } catch (MessagingException e) {
            return "";
        }
    }

    /** @return how many there are */
    int count() throws IOException {
        try (var inbox = store.getFolder("INBOX")) {
            inbox.open(Folder.READ_ONLY);
            int messages = inbox.getMessageCount();
            // Angus Mail takes what is no number for 0.
            if (!wire.last().startsWith("+OK " + messages)) throw wire.nonsense();
            return messages;
        } catch (MessagingException e) {
            throw failure();
        }
    }

    private IOException failure() { return wire.failure(wire.last().startsWith("-ERR") ? wire.last() : ""); }
}
