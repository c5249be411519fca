//SOURCES Connection.java
//SOURCES ExitStatus.java
//SOURCES KnownSecrets.java
//SOURCES Problem.java
//SOURCES Scrub.java
//SOURCES Secret.java
//SOURCES Server.java
//SOURCES Text.java

package m365;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static m365.ExitStatus.REFUSED;

/**
 * What is said to a mail server and what it says, line by line and bounded: no number that it names is believed before
 * as much has arrived. What the lines mean is for {@link ImapLogin}, {@link SmtpLogin} and {@link PopLogin} to know.
 */
final class MailDialogue {
    /** Of the longest there is, a folder's name and an answer to EHLO, a hundred times as much. */
    private static final int LONGEST_LINE = 64 * 1024;
    /** A hundred thousand folders, and then some. */
    private static final long MOST_BYTES = 16 * 1024 * 1024;
    private static final int LONGEST_NUMBER = 10;
    private static final int LONGEST_SHOWN = 4000;

    private final Connection connection;
    private final KnownSecrets secrets;
    private final Optional<Consumer<String>> log;
    private final byte[] buffer = new byte[8192];
    private InputStream in;
    private int next, end;
    private long bytes;

    /** @param log is given each line, with dots for what is secret; it need not be printable */
    MailDialogue(Connection connection, KnownSecrets secrets, Optional<Consumer<String>> log)
            throws IOException {
        this.connection = connection;
        this.secrets = secrets;
        this.log = log;
        this.in = connection.in();
    }

    /** Sends lines, all at once. */
    void say(String... lines) throws IOException {
        for (var line : lines) show("> " + line);
        send(String.join("\r\n", lines) + "\r\n");
    }

    /** Sends a line that ends with a secret. */
    void say(String before, Secret secret) throws IOException {
        show("> " + before + "••••");
        send(before + secret.reveal() + "\r\n");
    }

    /** Takes leave; nobody waits for the answer. */
    void leave(String... lines) {
        try {
            say(lines);
        } catch (IOException e) { /* it has left already */ }
    }

    private void send(String text) throws IOException {
        try {
            var out = connection.out();
            out.write(text.getBytes(UTF_8));
            out.flush();
        } catch (IOException e) {
            throw connection.reason(e);
        }
    }

    /** The next line, without its end. @throws EOFException if there is none */
    String hear() throws IOException {
        var line = new ByteArrayOutputStream(128);
        for (int b; (b = read()) != '\n'; line.write(b)) if (line.size() == LONGEST_LINE) throw tooMuch(server());
        var text = line.toString(UTF_8);
        var heard = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        show("< " + heard);
        return heard;
    }

    private void show(String line) {
        if (log.isEmpty()) return;
        var shown = Scrub.secrets(hide(line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + "…" : line));
        log.get().accept(shown);
    }

    /** Passes over what comes next, of which a line has named the size. */
    void pass(long size) throws IOException {
        if (size > LONGEST_LINE) throw tooMuch(server());
        for (long i = 0; i < size; i++) read();
    }

    private int read() throws IOException {
        if (next == end) fill();
        return buffer[next++] & 0xff;
    }

    private void fill() throws IOException {
        int n;
        try {
            n = in.read(buffer);
        } catch (IOException e) {
            throw connection.reason(e);
        }
        if (n < 0) throw new EOFException();
        bytes += n;
        if (bytes > MOST_BYTES) throw tooMuch(server());
        next = 0;
        end = n;
    }

    /** Agrees on TLS. What was said before it and not yet heard could be anybody's, and is forgotten (RFC 3207). */
    void startTls() throws IOException {
        connection.agreeOnTls();
        in = connection.in();
        next = end;
    }

    /** The count in {@code digits}. @throws Problem if it is none that a server may name (RFC 9051, "number") */
    long number(String digits) {
        if (digits.length() > LONGEST_NUMBER || !Text.madeOf(Text.DIGITS, digits)) throw nonsense();
        return Long.parseLong(digits);
    }

    /** For a server that would fill the memory. */
    static Problem tooMuch(Server server) {
        return new Problem(REFUSED, server + " sends more than any mail server should",
                "check the host and port in the settings").at(server);
    }

    /** For a server that does not keep to the protocol. */
    Problem nonsense() {
        return new Problem(REFUSED, server() + " does not speak the mail protocol as it should",
                "check the host and port; --verbose shows what it said").at(server());
    }

    /** With dots where the server repeats a secret. */
    String hide(String words) { return secrets.hide(words); }

    Server server() { return connection.server(); }
}
