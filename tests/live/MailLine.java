package live;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import m365.Server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** A connection to a mail server, line by line; TLS checks the server's name. Angus Mail would hide what was said. */
final class MailLine implements AutoCloseable {
    private final SSLContext trusting;
    private final Server server;
    private Socket socket;
    private BufferedReader in;

    private MailLine(Server server, SSLContext trusting) throws IOException {
        this.server = server;
        this.trusting = trusting;
        socket = new Socket();
        socket.connect(new InetSocketAddress(server.host(), server.port()), 20_000);
        socket.setSoTimeout(30_000);
        listen();
    }

    static MailLine tls(Server server, SSLContext trusting) throws IOException {
        var line = new MailLine(server, trusting);
        line.secure();
        return line;
    }

    /** For STARTTLS. */
    static MailLine plain(Server server, SSLContext trusting) throws IOException {
        return new MailLine(server, trusting);
    }

    void secure() throws IOException {
        var tls = (SSLSocket) trusting.getSocketFactory().createSocket(socket, server.host(), server.port(), true);
        var parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        socket = tls;
        listen();
    }

    private void listen() throws IOException {
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    String read() throws IOException {
        var line = in.readLine();
        if (line == null) throw new EOFException("the server hung up");
        return line;
    }

    String ask(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
        return read();
    }

    /** All lines of an answer, up to the first that matches. */
    List<String> askUntil(String last, String line) throws IOException {
        var lines = new ArrayList<>(List.of(ask(line)));
        while (!lines.get(lines.size() - 1).matches(last)) lines.add(read());
        return lines;
    }

    /** The answer of XOAUTH2. */
    static String xoauth2(String user, String token) {
        var text = "user=" + user + "\1auth=Bearer " + token + "\1\1";
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @Override public void close() throws IOException { socket.close(); }
}
