//SOURCES MailProtocol.java
//SOURCES Server.java
//SOURCES Settings.java
//SOURCES Steps.java
//SOURCES Trust.java
//SOURCES Unreachable.java

package m365;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/**
 * The connection to a mail server: resolves, connects and agrees on TLS step by step, so that each can be told and
 * timed, and ends it after a minute whatever the server does. What is said there is {@link MailWire}'s.
 */
final class Connection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final int CONNECT_MILLIS = 5000;
    private static final long LONGEST_SECONDS = 60;

    private final MailProtocol protocol;
    private final Server server;
    private final Settings settings;
    private final CountDownLatch closed = new CountDownLatch(1);
    /** That of TCP, and what it is used through: itself, or TLS. */
    private volatile Socket tcp = new Socket(), socket = tcp;
    /** Whether the minute was over. */
    private volatile boolean late;

    Connection(MailProtocol protocol, Settings settings) {
        this.protocol = protocol;
        this.server = protocol.server(settings);
        this.settings = settings;
    }

    /** @throws Problem if the server cannot be reached, or is not the one it should be */
    void open(Steps steps) {
        steps.begin(protocol + " name");
        var addresses = resolve();
        steps.done(server.host() + " is " + words(addresses));
        steps.begin(protocol + " connection");
        var failures = connectToTheFirstThatAnswers(addresses);
        var reached = server + " over " + (socket.getInetAddress() instanceof Inet6Address ? "IPv6" : "IPv4");
        if (failures.isEmpty()) steps.done(reached);
        else steps.note(reached + ", not " + String.join(", ", failures), "");
        closeAfterTheLongestTime();
        if (!protocol.tlsFirst) return;
        steps.begin(protocol + " TLS");
        steps.done(agreeOnTls());
    }

    private List<InetAddress> resolve() {
        try {
            return List.of(InetAddress.getAllByName(server.host()));
        } catch (UnknownHostException e) {
            throw Unreachable.problem(protocol.place(), server, true, e);
        }
    }

    private static String words(List<InetAddress> addresses) {
        var words = new ArrayList<String>();
        for (var address : addresses) words.add(address.getHostAddress());
        return String.join(", ", words);
    }

    /** @return the addresses that did not answer, and why */
    private List<String> connectToTheFirstThatAnswers(List<InetAddress> addresses) {
        var failures = new ArrayList<String>();
        IOException last = null;
        for (var address : addresses) {
            try {
                var attempt = new Socket();
                attempt.connect(new InetSocketAddress(address, server.port()), CONNECT_MILLIS);
                attempt.setSoTimeout(PATIENCE_MILLIS);
                attempt.setTcpNoDelay(true);
                hold(attempt);
                return failures;
            } catch (IOException e) {
                failures.add(address.getHostAddress() + ": " + e.getMessage());
                last = e;
            }
        }
        throw Unreachable.problem(protocol.place(), server, true, last);
    }

    /** Whoever closes us meanwhile closes this as well. */
    private void hold(Socket connected) throws IOException {
        tcp = connected;
        socket = connected;
        if (closed.getCount() == 0) connected.close();
    }

    /** A byte now and then would keep every other deadline from passing, also while TLS is agreed on. */
    private void closeAfterTheLongestTime() {
        var watch = new Thread(() -> {
            try {
                if (closed.await(LONGEST_SECONDS, TimeUnit.SECONDS)) return;
                late = true;
                tcp.close();
            } catch (IOException | InterruptedException e) { /* it was broken already */ }
        }, "deadline");
        watch.setDaemon(true);
        watch.start();
    }

    /** For IMAP and POP at once, for SMTP when both sides have said STARTTLS. @return with whom */
    String agreeOnTls() {
        try {
            var factory = Trust.context(settings).getSocketFactory();
            var tls = (SSLSocket) factory.createSocket(socket, server.host(), server.port(), true);
            var parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the host name, too, must be in the certificate
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            socket = tls;
            var certificate = (X509Certificate) tls.getSession().getPeerCertificates()[0];
            return tls.getSession().getProtocol() + ", certificate from " + issuer(certificate) + ", until "
                    + certificate.getNotAfter().toInstant().toString().substring(0, 10);
        } catch (IOException e) {
            close();
            throw late ? Unreachable.silent(protocol.place(), server, reason(e))
                    : Unreachable.problem(protocol.place(), server, protocol.tlsFirst, e);
        }
    }

    private static String issuer(X509Certificate certificate) {
        var name = certificate.getIssuerX500Principal().getName();
        for (var part : name.split(","))
            if (part.startsWith("O=") || part.startsWith("CN=")) return part.substring(part.indexOf('=') + 1);
        return name;
    }

    /** Why it broke: that we cut it off ourselves is not what the exception says. */
    IOException reason(IOException e) {
        return late ? new SocketTimeoutException("it talks for over a minute") : e;
    }

    InputStream in() throws IOException { return socket.getInputStream(); }

    OutputStream out() throws IOException { return socket.getOutputStream(); }

    MailProtocol protocol() { return protocol; }

    Server server() { return server; }

    boolean throughIpv4() { return socket.getInetAddress() instanceof Inet4Address; }

    /** Says goodbye in TLS; to close that would be to wait for the server's. */
    @Override public void close() {
        closed.countDown();
        try (var last = tcp) {
            if (socket != last) socket.shutdownOutput();
        } catch (IOException e) { /* it was broken already */ }
    }
}
