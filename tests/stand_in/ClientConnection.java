//SOURCES RoundTrips.java

package stand_in;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One client of a mail server, line by line; what it says is recorded. */
public final class ClientConnection implements AutoCloseable {
    private final SSLContext context;
    private final List<String> heard;
    private final CountDownLatch serverClosed;
    private final RoundTrips.Client roundTrips;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private String tag = "";

    ClientConnection(Socket socket, SSLContext context, List<String> heard, CountDownLatch serverClosed,
            RoundTrips roundTrips) throws IOException {
        this.socket = socket;
        this.context = context;
        this.heard = heard;
        this.serverClosed = serverClosed;
        this.roundTrips = roundTrips.client(socket.getInputStream());
        // Unbuffered: bytes beyond a STARTTLS line belong to TLS (or are an attack), and must not be read here.
        in = this.roundTrips.in(socket.getInputStream());
        out = this.roundTrips.out(socket.getOutputStream());
    }

    /** Becomes the server side of a TLS connection. */
    public void startTls() throws IOException {
        var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        tls.setUseClientMode(false);
        tls.startHandshake();
        socket = tls;
        in = new BufferedInputStream(roundTrips.in(tls.getInputStream()));
        out = roundTrips.out(tls.getOutputStream());
    }

    /** Whether TLS has begun. */
    public boolean isSecure() {
        return socket instanceof SSLSocket;
    }

    /** The bytes from the client; not recorded. */
    public InputStream in() {
        return in;
    }

    /** The bytes to the client. */
    public OutputStream out() {
        return out;
    }

    /** The client's next line without line end, recorded; null at the end. */
    public String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        var text = line.toString(ISO_8859_1);
        text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        heard.add(text);
        return text;
    }

    /** A message up to the line with the single dot, dots unstuffed (RFC 5321 section 4.5.2), recorded. */
    public String readData() throws IOException {
        var message = new StringBuilder();
        for (var line = readLine(); line != null && !line.equals("."); line = readLine()) {
            message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
        return message.toString();
    }

    /** Sends lines in one go. */
    public void say(String... lines) throws IOException {
        write((String.join("\r\n", lines) + "\r\n").getBytes(ISO_8859_1));
    }

    /** Sends a line. @return the client's answer, null if it left */
    String ask(String line) throws IOException {
        say(line);
        return readLine();
    }

    /** Sends bytes as they are. */
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Which IMAP command is being answered; "" outside of IMAP. */
    void tag(String ofCommand) {
        tag = ofCommand;
    }

    /** The reply with the tag of the command that is being answered. */
    public String tagged(String reply) {
        return tag.isEmpty() ? reply : tag + " " + reply;
    }

    /** Waits; false if the server was closed meanwhile. */
    public boolean pause(long milliseconds) {
        try {
            return !serverClosed.await(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Says nothing until the server is closed. */
    void stayingSilent() throws IOException {
        while (pause(60_000)) {
            continue;
        }
        throw new IOException("closed");
    }

    @Override public void close() throws IOException {
        socket.close();
    }

    @Override public String toString() {
        return "connection from " + String.valueOf(socket.getRemoteSocketAddress()).toLowerCase(Locale.ROOT);
    }
}
