//DEPS org.eclipse.angus:angus-mail:2.0.5
//SOURCES Connection.java

package m365;

import jakarta.mail.Session;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.Properties;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/** How Angus Mail is told to log in: over our connection, with XOAUTH2 and nothing else. Connects to nobody. */
final class MailSession {

    /** @param protocolLog where the protocol is shown; Angus Mail leaves the token out of it */
    static Session over(Connection connection, SSLContext trust, Optional<PrintStream> protocolLog) {
        var properties = new Properties();
        var prefix = "mail." + connection.protocol().angusName + ".";
        properties.put(prefix + "socketFactory", factory(connection));
        properties.put(prefix + "socketFactory.fallback", "false"); // Angus would go on without it, in plain text
        properties.put(prefix + "timeout", Connection.PATIENCE_MILLIS);
        properties.put(prefix + "connectiontimeout", Connection.PATIENCE_MILLIS);
        properties.put(prefix + "auth.mechanisms", "XOAUTH2");
        properties.put(prefix + "auth.xoauth2.disable", "false");
        properties.put(prefix + "auth", "true");
        // Exchange wants POP's AUTH in two lines
        // (Microsoft: "Authenticate an IMAP, POP or SMTP connection using OAuth").
        properties.put("mail.pop3.auth.xoauth2.two.line.authentication.format", "true");
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.starttls.required", "true");
        properties.put("mail.smtp.ssl.socketFactory", trust.getSocketFactory());
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.quitwait", "false"); // a connection reset after a refusal would hide it
        properties.put("mail.smtp.localhost", "localhost"); // else EHLO tells the server this machine's name
        var session = Session.getInstance(properties);
        protocolLog.ifPresent(log -> {
            session.setDebugOut(log);
            session.setDebug(true);
        });
        return session;
    }

    private static SocketFactory factory(Connection connection) {
        return new SocketFactory() {
            @Override public Socket createSocket() { return connection; }
            @Override public Socket createSocket(String host, int port) { throw new AssertionError(); }
            @Override public Socket createSocket(String host, int port, InetAddress local, int localPort) {
                throw new AssertionError();
            }
            @Override public Socket createSocket(InetAddress host, int port) { throw new AssertionError(); }
            @Override public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
                throw new AssertionError();
            }
        };
    }

    private MailSession() { }
}
