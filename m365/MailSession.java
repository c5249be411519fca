//DEPS org.eclipse.angus:angus-mail:2.0.5
//SOURCES MailSocket.java
//SOURCES MailWire.java

package m365;

import jakarta.mail.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Properties;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/** How Angus Mail is told to log in: over our connection, with XOAUTH2 and nothing else. Connects to nobody. */
final class MailSession {

    /** For SMTP and POP; IMAP needs no session. */
    static Session over(MailWire wire) {
        var properties = new Properties();
        for (var protocol : new String[] {"smtp", "pop3"}) {
            var prefix = "mail." + protocol + ".";
            properties.put(prefix + "socketFactory", new Sockets(wire));
            properties.put(prefix + "socketFactory.fallback", "false"); // Angus would go on without it, in plain text
            properties.put(prefix + "auth.mechanisms", "XOAUTH2");
        }
        // Exchange wants POP's AUTH in two lines
        // (Microsoft: "Authenticate an IMAP, POP or SMTP connection using OAuth").
        properties.put("mail.pop3.auth.xoauth2.two.line.authentication.format", "true");
        properties.put("mail.smtp.auth", "true");
        properties.put("mail.smtp.starttls.required", "true");
        properties.put("mail.smtp.ssl.socketFactory", new TlsSockets(wire));
        properties.put("mail.smtp.quitwait", "false"); // a connection reset after a refusal would hide it
        properties.put("mail.smtp.localhost", "localhost"); // else EHLO tells the server this machine's name
        return Session.getInstance(properties);
    }

    /** Gives the connection that is there already. */
    private static final class Sockets extends SocketFactory {
        private final MailWire wire;

        Sockets(MailWire wire) { this.wire = wire; }

        @Override public Socket createSocket() { return new MailSocket(wire); }
        @Override public Socket createSocket(String host, int port) { throw new AssertionError(); }
        @Override public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new AssertionError();
        }
        @Override public Socket createSocket(InetAddress host, int port) { throw new AssertionError(); }
        @Override public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new AssertionError();
        }
    }

    /** After STARTTLS; the certificate and the name in it are checked by {@link Connection}. */
    private static final class TlsSockets extends SSLSocketFactory {
        private final MailWire wire;

        TlsSockets(MailWire wire) { this.wire = wire; }

        @Override public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
                throws IOException {
            wire.startTls();
            return new MailSocket(wire);
        }
        @Override public String[] getDefaultCipherSuites() { throw new AssertionError(); }
        @Override public String[] getSupportedCipherSuites() { throw new AssertionError(); }
        @Override public Socket createSocket(String host, int port) { throw new AssertionError(); }
        @Override public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new AssertionError();
        }
        @Override public Socket createSocket(InetAddress host, int port) { throw new AssertionError(); }
        @Override public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw new AssertionError();
        }
    }

    private MailSession() { }
}
