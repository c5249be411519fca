//SOURCES BoundedInput.java
//SOURCES CarriedProblem.java
//SOURCES KnownSecrets.java
//SOURCES MailProtocol.java
//SOURCES Problem.java
//SOURCES Server.java
//SOURCES Steps.java
//SOURCES Transcript.java
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
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The connection to a mail server: resolves, connects and agrees on TLS step by step, so that each can be told and
 * timed; then hands the stream to Angus Mail, bounded in size and time against a server gone mad.
 */
final class Connection extends Socket {
    static final int PATIENCE_MILLIS = 15_000;
    private static final int CONNECT_MILLIS = 5000;
    private static final long LONGEST_MILLIS = 60_000;

    private final MailProtocol protocol;
    private final Server server;
    private final SSLContext trust;
    private final Steps steps;
    private final KnownSecrets secrets;
    private final Transcript heard;
    private List<InetAddress> addresses = List.of();
    private Socket connected = new Socket();
    private BoundedInput in;
    /** Why the connection is of no use any more, where reading itself does not tell. */
    private volatile IOException broken;

    /** @param secrets what will be sent, and must not be shown when the server repeats it */
    Connection(MailProtocol protocol, Server server, SSLContext trust, Steps steps, KnownSecrets secrets) {
        this.protocol = protocol;
        this.server = server;
        this.trust = trust;
        this.steps = steps;
        this.secrets = secrets;
        this.heard = new Transcript(secrets);
    }

    void resolve() {
        steps.begin(protocol + " name");
        try {
            addresses = List.of(InetAddress.getAllByName(server.host()));
            steps.done(server.host() + " is "
                    + addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", ")));
        } catch (UnknownHostException e) {
            throw Unreachable.problem(protocol.place(), server, true, e);
        }
    }

    /** Angus Mail has no say in where to: the server was resolved, and told, before. */
    @Override public void connect(SocketAddress ignored, int timeout) throws IOException {
        steps.begin(protocol + " connection");
        var failures = connectToTheFirstThatAnswers();
        var reached = server + " over " + (connected.getInetAddress() instanceof Inet6Address ? "IPv6" : "IPv4");
        if (failures.isEmpty()) steps.done(reached);
        else steps.note(reached + ", not " + String.join(", ", failures), "");
        closeAfterTheLongestTime(connected);
        if (protocol.tlsFirst) agreeOnTls();
        in = new BoundedInput(connected.getInputStream(), server, heard);
        steps.begin(protocol + (protocol == MailProtocol.IMAP ? " greeting" : " login"));
    }

    /** @return the addresses that did not answer, and why */
    private List<String> connectToTheFirstThatAnswers() throws IOException {
        var failures = new ArrayList<String>();
        IOException last = null;
        for (var address : addresses) {
            try {
                connected = new Socket();
                connected.connect(new InetSocketAddress(address, server.port()), CONNECT_MILLIS);
                return failures;
            } catch (IOException e) {
                connected.close();
                failures.add(address.getHostAddress() + ": " + e.getMessage());
                last = e;
            }
        }
        throw new CarriedProblem(Unreachable.problem(protocol.place(), server, true, last));
    }

    /** A byte now and then would keep every other deadline from passing, also while TLS is agreed on. */
    private void closeAfterTheLongestTime(Socket socket) {
        CompletableFuture.delayedExecutor(LONGEST_MILLIS, TimeUnit.MILLISECONDS).execute(() -> {
            if (socket.isClosed()) return;
            broken = new SocketTimeoutException("it talks for over a minute");
            try {
                socket.close();
            } catch (IOException e) { /* it was broken already */ }
        });
    }

    private void agreeOnTls() throws IOException {
        steps.begin(protocol + " TLS");
        try {
            connected.setSoTimeout(PATIENCE_MILLIS);
            var tls = (SSLSocket) trust.getSocketFactory().createSocket(connected, server.host(), server.port(), true);
            var parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the host name, too, must be in the certificate
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            var certificate = (X509Certificate) tls.getSession().getPeerCertificates()[0];
            steps.done(tls.getSession().getProtocol() + ", certificate from " + issuer(certificate) + ", until "
                    + certificate.getNotAfter().toInstant().toString().substring(0, 10));
            connected = tls;
        } catch (IOException e) {
            if (broken != null) throw broken;
            connected.close();
            throw new CarriedProblem(Unreachable.problem(protocol.place(), server, true, e));
        }
    }

    private static String issuer(X509Certificate certificate) {
        var name = certificate.getIssuerX500Principal().getName();
        return Stream.of(name.split(",")).filter(part -> part.startsWith("O=") || part.startsWith("CN="))
                .map(part -> part.substring(part.indexOf('=') + 1)).findFirst().orElse(name);
    }

    /** Keeps a problem that Angus Mail would lose on its way. */
    CarriedProblem failed(Problem problem) {
        var carried = new CarriedProblem(problem);
        broken = carried;
        return carried;
    }

    MailProtocol protocol() { return protocol; }

    Server server() { return server; }

    Transcript heard() { return heard; }

    /** What the server said after STARTTLS is known from Angus Mail only, as it came. */
    String hide(String words) { return secrets.hide(words); }

    /** The line with which the server refused. Only Angus Mail hears what is said after STARTTLS. */
    Optional<String> refusal() { return protocol.tlsFirst ? heard.refusal() : Optional.empty(); }

    /** Why the connection broke; Angus Mail may have forgotten it. */
    Optional<IOException> broken() {
        if (broken != null) return Optional.of(broken);
        return in == null ? Optional.empty() : in.broken();
    }

    /** Whether the server closed it. */
    boolean ended() { return in != null && in.ended(); }

    boolean throughIpv4() { return connected.getInetAddress() instanceof Inet4Address; }

    @Override public InputStream getInputStream() { return in; }
    @Override public OutputStream getOutputStream() throws IOException { return connected.getOutputStream(); }
    @Override public boolean isConnected() { return connected.isConnected(); }
    @Override public boolean isClosed() { return connected.isClosed(); }
    @Override public InetAddress getInetAddress() { return connected.getInetAddress(); }
    @Override public int getPort() { return connected.getPort(); }
    @Override public void setSoTimeout(int millis) throws SocketException { connected.setSoTimeout(millis); }
    @Override public int getSoTimeout() throws SocketException { return connected.getSoTimeout(); }
    @Override public void setTcpNoDelay(boolean on) throws SocketException { connected.setTcpNoDelay(on); }
    @Override public void close() throws IOException { connected.close(); }
}
