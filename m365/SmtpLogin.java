//DEPS org.eclipse.angus:angus-mail:2.0.5
//SOURCES ExitStatus.java
//SOURCES MailSession.java
//SOURCES MailWire.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Signal.java

package m365;

import jakarta.mail.MessagingException;
import jakarta.mail.URLName;
import java.io.IOException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * Logs in to SMTP with XOAUTH2 and nothing else, after STARTTLS, and names a sender, through Angus Mail. Sends no mail,
 * and nothing again that was refused.
 */
final class SmtpLogin extends SMTPTransport {
    private final MailWire wire;
    private boolean secure;

    SmtpLogin(MailWire wire) {
        super(MailSession.over(wire), new URLName("smtp", null, -1, null, null, null));
        this.wire = wire;
    }

    /** Sends the token, once. */
    void logIn(String mailbox, Secret token) throws IOException {
        try {
            connect(wire.server().host(), wire.server().port(), mailbox, token.reveal());
        } catch (MessagingException e) {
            throw failure();
        }
        wire.loggedIn();
    }

    /** Angus Mail would go on with HELO, or with what was offered before TLS. */
    @Override protected boolean ehlo(String domain) throws MessagingException {
        if (!super.ehlo(domain)) throw new MessagingException(getLastServerResponse());
        if (!secure && !supportsExtension("STARTTLS")) throw notOffered("STARTTLS");
        if (secure && !supportsAuthentication("XOAUTH2"))
            throw notOffered("XOAUTH2, but: " + wire.hide(getLastServerResponse()));
        return true;
    }

    /** Angus Mail would once more, and then send the token again, to a server that wants it first (530). */
    @Override protected void startTLS() throws MessagingException {
        if (secure) throw new MessagingException(getLastServerResponse());
        super.startTLS();
        secure = true;
    }

    private Problem notOffered(String what) {
        return new Problem(ExitStatus.REFUSED, wire.server() + " does not offer " + what.strip().replace("\n", " "), "",
                Signal.local("xoauth2-not-offered")).at(wire.server());
    }

    /** A login alone proves nothing. Nobody waits for the answer to RSET, for a sender without a message sends none. */
    synchronized void nameSender(String address) throws IOException {
        try {
            issueCommand("MAIL FROM:<" + address + ">", 250);
        } catch (MessagingException e) {
            throw failure();
        }
        try {
            sendCommand("RSET");
            close();
        } catch (MessagingException e) { /* it has left already */ }
    }

    private IOException failure() {
        return wire.failure(wire.intact() && getLastReturnCode() > 0 ? getLastServerResponse() : "");
    }
}
