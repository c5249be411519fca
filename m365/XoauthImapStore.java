//DEPS org.eclipse.angus:angus-mail:2.0.5
//SOURCES Connection.java
//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Signal.java
//SOURCES Steps.java
//SOURCES Text.java

package m365;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;

import static m365.ExitStatus.REFUSED;

/** Angus Mail would send the token as a password (LOGIN) to a server without XOAUTH2; this looks before it logs in. */
final class XoauthImapStore extends IMAPStore {
    private final Connection connection;
    private final Steps steps;
    private boolean loginBegun;

    XoauthImapStore(Session session, Connection connection, Steps steps) {
        super(session, new URLName("imap", null, -1, null, null, null));
        this.connection = connection;
        this.steps = steps;
    }

    @Override protected void preLogin(IMAPProtocol server) throws ProtocolException {
        if (!server.hasCapability("AUTH=XOAUTH2"))
            throw new ProtocolException("", connection.failed(new Problem(REFUSED, connection.server()
                    + " does not offer XOAUTH2, but: " + String.join(" ", server.getCapabilities().keySet()), "",
                    Signal.local("xoauth2-not-offered"))));
        steps.done("offers XOAUTH2: " + Text.quote(connection.heard().greeting()));
        steps.begin("IMAP login");
        loginBegun = true;
    }

    /** A server that greets with PREAUTH would let anybody in, and has proved nothing. */
    @Override protected boolean protocolConnect(String host, int port, String user, String password)
            throws MessagingException {
        boolean connected = super.protocolConnect(host, port, user, password);
        if (!loginBegun)
            throw new MessagingException("", connection.failed(new Problem(REFUSED, connection.server()
                    + " wants no login: " + Text.quote(connection.heard().greeting()), "check the host and port",
                    Signal.local("xoauth2-not-offered"))));
        return connected;
    }
}
