package stand_in;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often a mail server's clients waited for an answer. A client that has sent more, or has hung up, before it is
 * answered does not wait; for a true count the server has to take its time ({@link #answersAfter}). Greeting and TLS
 * are not counted.
 */
final class RoundTrips {
    private final AtomicInteger count = new AtomicInteger();
    private volatile long milliseconds;

    int count() {
        return count.get();
    }

    void answersAfter(long milliseconds) {
        this.milliseconds = milliseconds;
    }

    /** Those of one client. @param network what has arrived from it, encrypted or not */
    Client client(InputStream network) {
        return new Client(network);
    }

    /** Listens in on one connection. */
    final class Client {
        private final InputStream network;
        private boolean asked;

        private Client(InputStream network) {
            this.network = network;
        }

        /** Put below any buffer. */
        InputStream in(InputStream stream) {
            return new FilterInputStream(stream) {
                @Override public int read() throws IOException {
                    var one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override public int read(byte[] bytes, int offset, int length) throws IOException {
                    int n = in.read(bytes, offset, length);
                    asked |= n > 0;
                    return n;
                }
            };
        }

        OutputStream out(OutputStream stream) {
            return new FilterOutputStream(stream) {
                @Override public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override public void write(byte[] bytes, int offset, int length) throws IOException {
                    answer();
                    out.write(bytes, offset, length);
                }
            };
        }

        private void answer() throws IOException {
            if (!asked) {
                return;
            }
            asked = false;
            try {
                Thread.sleep(milliseconds);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (network.available() == 0) {
                count.incrementAndGet();
            }
        }
    }
}
