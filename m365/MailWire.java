//SOURCES BoundedLines.java
//SOURCES Connection.java
//SOURCES KnownSecrets.java
//SOURCES MailProtocol.java
//SOURCES MailRefusal.java
//SOURCES Problem.java
//SOURCES Scrub.java
//SOURCES Secret.java
//SOURCES Server.java
//SOURCES Xoauth2.java

package m365;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What goes between Angus Mail and a mail server: what the server says is bounded and can be shown, the token goes out
 * once, and a challenge is understood. Remembers why the talk ended, which Angus Mail may forget; speaks no protocol.
 */
final class MailWire {
    private static final int LONGEST_SHOWN = 4000;

    private final Connection connection;
    private final KnownSecrets secrets;
    private final String token;
    private final Optional<Consumer<String>> log;
    private BoundedLines lines;
    /** What Angus Mail will read, and what it has written of a line. */
    private byte[] heard = {};
    private int next;
    private final ByteArrayOutputStream unsaid = new ByteArrayOutputStream();
    private String last = "";
    private boolean sent, loggedIn, challenged, over;
    private Optional<String> challenge = Optional.empty();
    private Optional<Problem> problem = Optional.empty();
    private Optional<IOException> broken = Optional.empty();

    /**
     * @param token as SASL sends it
     * @param log   is given each line, with dots for what is secret; it need not be printable
     */
    MailWire(Connection connection, KnownSecrets secrets, Secret token, Optional<Consumer<String>> log)
            throws IOException {
        this.connection = connection;
        this.secrets = secrets;
        this.token = token.reveal();
        this.log = log;
        this.lines = lines();
    }

    private BoundedLines lines() throws IOException {
        return new BoundedLines(connection.in(), connection.protocol(), connection.server());
    }

    /** What the server says. */
    InputStream in() {
        return new InputStream() {
            @Override public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override public int read(byte[] into, int offset, int length) throws IOException {
                if (length == 0) return 0;
                if (next == heard.length && !hear()) return -1;
                int n = Math.min(length, heard.length - next);
                System.arraycopy(heard, next, into, offset, n);
                next += n;
                return n;
            }
        };
    }

    /** @return false if there is nothing more to hear */
    private boolean hear() throws IOException {
        if (over) return false;
        try {
            var piece = lines.next();
            while (isChallenge(piece)) {
                answerChallenge();
                piece = lines.next();
            }
            heard = piece.getBytes(ISO_8859_1);
            next = 0;
            return true;
        } catch (Problem e) {
            throw stopped(e);
        } catch (IOException e) {
            stopped(e);
            if (e instanceof EOFException) return false;
            throw e;
        }
    }

    /** Angus Mail would send the token again (IMAP), or take it for a yes (POP) or a no (SMTP). */
    private boolean isChallenge(String piece) {
        last = new String(piece.substring(0, piece.indexOf("\r\n")).getBytes(ISO_8859_1), UTF_8);
        show("< " + last);
        return sent && !loggedIn && (connection.protocol() == MailProtocol.SMTP ? last.startsWith("334")
                : last.startsWith("+") && !last.startsWith("+OK"));
    }

    private void answerChallenge() throws IOException {
        if (challenged) throw nonsense();
        challenged = true;
        challenge = Xoauth2.challenge(last.substring(connection.protocol() == MailProtocol.SMTP ? 3 : 1));
        send("");
    }

    /** To the server. */
    OutputStream out() {
        return new OutputStream() {
            @Override public void write(int b) throws IOException {
                if (b != '\n') {
                    unsaid.write(b);
                    return;
                }
                var line = unsaid.toString(UTF_8);
                unsaid.reset();
                say(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
            }
        };
    }

    /**
     * The token is sent once; alone in its line it is an answer to a {@code +}, for which Angus Mail does not look in
     * POP. After QUIT nobody listens.
     */
    private void say(String line) throws IOException {
        boolean secret = line.endsWith(token);
        if (secret && (sent || line.equals(token) && !(last + " ").startsWith("+ "))) over = true;
        if (over) return;
        sent |= secret;
        over = line.equals("QUIT");
        send(line);
    }

    private void send(String line) throws IOException {
        show("> " + line);
        try {
            connection.out().write((line + "\r\n").getBytes(UTF_8));
            connection.out().flush();
        } catch (IOException e) {
            throw stopped(e);
        }
    }

    private void show(String line) {
        if (log.isEmpty()) return;
        var shown = Scrub.secrets(hide(line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + "…" : line));
        log.get().accept(shown);
    }

    /** Agrees on TLS. What was said before it and not yet heard could be anybody's, and is forgotten (RFC 3207). */
    void startTls() throws IOException {
        try {
            connection.agreeOnTls();
            lines = lines();
            next = heard.length;
        } catch (Problem e) {
            throw stopped(e);
        }
    }

    private IOException stopped(Problem e) {
        if (problem.isEmpty()) problem = Optional.of(e);
        over = true;
        return new IOException(e);
    }

    private IOException stopped(IOException e) {
        if (broken.isEmpty()) broken = Optional.of(connection.reason(e));
        return e;
    }

    /** The token was accepted: there is much to hear now, but no challenge. */
    void loggedIn() {
        loggedIn = true;
        lines.loggedIn();
    }

    /**
     * Why Angus Mail has given up.
     *
     * @param refusal with which the server said no; empty if it said nothing of the kind
     * @throws Problem if it need not be asked why
     */
    IOException failure(String refusal) {
        if (problem.isPresent()) throw problem.get();
        if (!refusal.isBlank()) return new MailRefusal(refusal.strip(), challenge);
        return broken.orElseThrow(this::nonsense);
    }

    /** Whether there is more to say and to hear. */
    boolean intact() { return problem.isEmpty() && broken.isEmpty(); }

    /** Whether the token has gone out. */
    boolean tokenIsSent() { return sent; }

    /** What the server said last. */
    String last() { return last; }

    Problem nonsense() { return BoundedLines.nonsense(server()); }

    /** With dots where the server repeats a secret. */
    String hide(String words) { return secrets.hide(words); }

    Server server() { return connection.server(); }

    void close() { connection.close(); }
}
