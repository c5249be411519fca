//SOURCES SharedAuthority.java

package stand_in;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static stand_in.SharedAuthority.TLS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Base64;
import javax.net.ssl.SSLSocket;

/** A connection to a mail server that one can talk over line by line; it has read the greeting. */
final class Line implements AutoCloseable {
    private Socket socket;
    private BufferedReader in;

    Line(int port, boolean secure) throws IOException {
        socket = new Socket("localhost", port);
        socket.setSoTimeout(20_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
        if (secure) {
            secure();
        }
        read();
    }

    void secure() throws IOException {
        var wrapped = (SSLSocket) TLS.createSocket(socket, "localhost", socket.getPort(), true);
        checkName(wrapped);
        wrapped.startHandshake();
        socket = wrapped;
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    /** Makes the handshake fail if the certificate is somebody else's. */
    static void checkName(SSLSocket socket) {
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
    }

    /** The response of the SASL mechanism XOAUTH2. */
    static String xoauth2(String user, String token) {
        return Base64.getEncoder().encodeToString(("user=" + user + "\1auth=Bearer " + token + "\1\1").getBytes(UTF_8));
    }

    String read() throws IOException {
        return in.readLine();
    }

    /** The next line, or null if it takes longer. */
    String readWithin(int milliseconds) throws IOException {
        socket.setSoTimeout(milliseconds);
        try {
            return read();
        } catch (SocketTimeoutException tooLong) {
            return null;
        } finally {
            socket.setSoTimeout(20_000);
        }
    }

    String ask(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(ISO_8859_1));
        return read();
    }

    String until(String beginning, String line) throws IOException {
        var all = new StringBuilder(ask(line)).append('\n');
        for (var last = all.toString(); !last.startsWith(beginning);) {
            last = read();
            all.append(last).append('\n');
        }
        return all.toString();
    }

    @Override public void close() throws IOException {
        socket.setSoTimeout(20); // Closing TLS waits so long for a server that says nothing.
        socket.close();
    }
}
