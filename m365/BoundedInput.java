//SOURCES CarriedProblem.java
//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Server.java
//SOURCES Transcript.java

package m365;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** What a mail server says, with an end to it. Writes it into the transcript and remembers why reading ended. */
final class BoundedInput extends FilterInputStream {
    private static final long MOST_BYTES = 2 * 1024 * 1024;
    private static final int MOST_LINE = 256 * 1024;

    private final Server server;
    private final Transcript transcript;
    private long bytes, line;
    private volatile IOException broken;
    private volatile boolean ended;

    BoundedInput(InputStream in, Server server, Transcript transcript) {
        super(in);
        this.server = server;
        this.transcript = transcript;
    }

    @Override public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int n = super.read(buffer, offset, length);
            if (n > 0) listen(new String(buffer, offset, n, ISO_8859_1));
            ended = n < 0;
            return n;
        } catch (IOException e) {
            if (broken == null) broken = e;
            throw e;
        }
    }

    private void listen(String text) throws IOException {
        bytes += text.length();
        line = text.indexOf('\n') < 0 ? line + text.length() : text.length() - text.lastIndexOf('\n');
        if (bytes > MOST_BYTES || line > MOST_LINE)
            throw new CarriedProblem(new Problem(ExitStatus.REFUSED,
                    server + " sends more than any mail server should", "check the host and port in the settings"));
        transcript.add(text);
    }

    /** Why reading failed. Angus Mail makes a BYE of it and forgets it. */
    Optional<IOException> broken() { return Optional.ofNullable(broken); }

    /** Whether the server closed the connection. */
    boolean ended() { return ended; }
}
