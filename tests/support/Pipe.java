//JAVA 17+

package support;

import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A pipe between threads. Java's own says that it is broken when the thread that wrote last has ended, and lets a
 * reader wait up to a second for what is there.
 */
final class Pipe {
    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> written = new LinkedBlockingQueue<>();
    final OutputStream in = new In();
    final InputStream out = new Out();

    /** Whoever reads it has come to the end, once what was written before is read. */
    void end() { written.add(END); }

    private final class In extends OutputStream {
        @Override public void write(int b) { written.add(new byte[] {(byte) b}); }

        @Override public void write(byte[] bytes, int offset, int length) {
            if (length > 0) written.add(Arrays.copyOfRange(bytes, offset, offset + length));
        }

        @Override public void close() { end(); }
    }

    private final class Out extends InputStream {
        private byte[] now = new byte[0];
        private int next;
        private boolean ended;

        @Override public int read() throws InterruptedIOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override public int read(byte[] bytes, int offset, int length) throws InterruptedIOException {
            if (!ended && next == now.length) more();
            if (ended) return -1;
            int n = Math.min(length, now.length - next);
            System.arraycopy(now, next, bytes, offset, n);
            next += n;
            return n;
        }

        private void more() throws InterruptedIOException {
            try {
                now = written.take();
                next = 0;
                ended = now == END;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
    }
}
