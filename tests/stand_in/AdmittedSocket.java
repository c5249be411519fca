//SOURCES ClientConnection.java

package stand_in;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.BooleanSupplier;

/**
 * The rest of a connection whose client was let in, as GreenMail sees it: it begins with a password login that works.
 * GreenMail's greeting and answers to that stay hidden; a session that outlives its token ends with a farewell.
 */
final class AdmittedSocket extends Socket {
    private final ClientConnection client;
    private final InputStream in;
    private final OutputStream out;

    AdmittedSocket(ClientConnection client, String passwordLogin, int answersToHide, BooleanSupplier stillIn,
                   String farewell) {
        this.client = client;
        in = new SequenceInputStream(new ByteArrayInputStream(passwordLogin.getBytes(US_ASCII)),
            whileValid(stillIn, farewell));
        out = without(answersToHide);
    }

    private InputStream whileValid(BooleanSupplier stillIn, String farewell) {
        return new FilterInputStream(client.in()) {
            @Override public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override public int read(byte[] bytes, int offset, int length) throws IOException {
                int n = in.read(bytes, offset, length);
                if (n > 0 && !stillIn.getAsBoolean()) {
                    client.say(farewell);
                    return -1;
                }
                return n;
            }
        };
    }

    private OutputStream without(int lines) {
        return new FilterOutputStream(client.out()) {
            private int hidden;

            @Override public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override public void write(byte[] bytes, int offset, int length) throws IOException {
                int start = offset;
                while (hidden < lines && start < offset + length) {
                    hidden += bytes[start++] == '\n' ? 1 : 0;
                }
                if (start < offset + length) {
                    out.write(bytes, start, offset + length - start);
                }
            }
        };
    }

    @Override public InputStream getInputStream() {
        return in;
    }

    @Override public OutputStream getOutputStream() {
        return out;
    }

    @Override public InetAddress getInetAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override public void close() throws IOException {
        super.close();
        client.close();
    }
}
