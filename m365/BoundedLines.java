//SOURCES ExitStatus.java
//SOURCES MailProtocol.java
//SOURCES Problem.java
//SOURCES Server.java
//SOURCES Text.java

package m365;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static m365.ExitStatus.REFUSED;

/**
 * What a mail server says, line by line and with an end to it. Angus Mail allocates what a server names, so a size or a
 * count that nobody should believe is refused here, before Angus Mail sees it. What a line means is for others to know.
 */
final class BoundedLines {
    /** Of the longest there is, a folder's name and an answer to EHLO, a hundred times as much. */
    private static final int LONGEST_LINE = 64 * 1024;
    /** Of all that is said, but for folders. */
    private static final long MOST = 256 * 1024;
    /** A hundred thousand of them, and then some. */
    private static final long MOST_WITH_FOLDERS = 16 * 1024 * 1024;
    private static final int LONGEST_NUMBER = 10;
    /** Exchange holds a million messages in a folder; ten million are too many. */
    private static final int LONGEST_COUNT = 7;

    private final InputStream in;
    private final MailProtocol protocol;
    private final Server server;
    private final byte[] buffer = new byte[8192];
    private int next, end;
    private long bytes, most = MOST;
    private boolean loggedIn;
    /** The end of the literal after which the line began: Angus Mail looks for a brace there as well. */
    private String before = "";

    BoundedLines(InputStream in, MailProtocol protocol, Server server) {
        this.in = in;
        this.protocol = protocol;
        this.server = server;
    }

    /** From now on there may be more to say. */
    void loggedIn() {
        loggedIn = true;
        if (protocol == MailProtocol.IMAP) most = MOST_WITH_FOLDERS;
    }

    /**
     * The next line and the end of it, and of IMAP the literal that it announces, each byte a character.
     *
     * @throws EOFException if there is none
     * @throws Problem      if it is too long, or names too large a number
     */
    String next() throws IOException {
        var line = line();
        int size = protocol == MailProtocol.IMAP ? literal(before + line) : 0;
        if (protocol == MailProtocol.POP && loggedIn) count(line);
        var literal = bytes(size);
        before = literal.substring(Math.max(0, size - 2 * LONGEST_NUMBER));
        return line + "\r\n" + literal;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream(128);
        for (int b; (b = read()) != '\n'; line.write(b)) if (line.size() == LONGEST_LINE) throw tooMuch(server);
        var text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** The size in {@code {5}} at the end (RFC 3501, "literal"), read as Angus Mail reads it; 0 if there is none. */
    private int literal(String line) {
        int brace = line.lastIndexOf('{');
        if (brace < 0 || !line.endsWith("}")) return 0;
        var size = line.substring(brace + 1, line.length() - 1);
        boolean negative = size.startsWith("-");
        if (size.isEmpty() || !negative && !Text.madeOf(Text.DIGITS, size)) return 0;
        if (negative || size.length() > LONGEST_NUMBER) throw nonsense(server);
        if (Long.parseLong(size) > LONGEST_LINE) throw tooMuch(server);
        return Integer.parseInt(size);
    }

    /** Of messages, in the answer to STAT. */
    private void count(String answer) {
        int begin = "+OK ".length(), at = begin;
        while (at < answer.length() && Text.DIGITS.indexOf(answer.charAt(at)) >= 0) at++;
        if (at - begin > LONGEST_COUNT) throw tooMuch(server);
    }

    private String bytes(int size) throws IOException {
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) bytes[i] = (byte) read();
        return new String(bytes, ISO_8859_1);
    }

    private int read() throws IOException {
        if (next == end) fill();
        return buffer[next++] & 0xff;
    }

    private void fill() throws IOException {
        int n = in.read(buffer);
        if (n < 0) throw new EOFException();
        bytes += n;
        if (bytes > most) throw tooMuch(server);
        next = 0;
        end = n;
    }

    /** For a server that would fill the memory. */
    static Problem tooMuch(Server server) {
        return new Problem(REFUSED, server + " sends more than any mail server should",
                "check the host and port in the settings").at(server);
    }

    /** For a server that does not keep to the protocol. */
    static Problem nonsense(Server server) {
        return new Problem(REFUSED, server + " does not speak the mail protocol as it should",
                "check the host and port; --verbose shows what it said").at(server);
    }
}
