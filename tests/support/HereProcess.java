//JAVA 17+
//SOURCES Pipe.java

package support;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A program in a thread of this JVM that can be treated as a process: it has the three streams and an exit status.
 * Killing it interrupts it and closes its input, which ends whatever waits for somebody.
 */
public final class HereProcess extends Process {
    /** What the program does with its streams. */
    public interface Main {
        int run(InputStream in, PrintStream out, PrintStream err);
    }

    private final Pipe in = new Pipe();
    private final Pipe out = new Pipe();
    private final Pipe err = new Pipe();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile int status = -1;

    /** Starts at once. @param name of the thread */
    public HereProcess(String name, Main main) {
        thread = new Thread(() -> run(main), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Main main) {
        try (var toOut = new PrintStream(out.in, true, UTF_8); var toErr = new PrintStream(err.in, true, UTF_8)) {
            try {
                status = main.run(in.out, toOut, toErr);
            } catch (RuntimeException | Error e) { // as a JVM of its own would do
                e.printStackTrace(toErr);
                status = 1;
            }
        }
        in.end(); // for the thread that still reads what is pasted
        ended.countDown();
    }

    @Override public OutputStream getOutputStream() { return in.in; }

    @Override public InputStream getInputStream() { return out.out; }

    @Override public InputStream getErrorStream() { return err.out; }

    @Override public int waitFor() throws InterruptedException {
        ended.await();
        return status;
    }

    @Override public boolean waitFor(long time, TimeUnit unit) throws InterruptedException {
        return ended.await(time, unit);
    }

    @Override public int exitValue() {
        if (isAlive()) throw new IllegalThreadStateException("it has not ended");
        return status;
    }

    @Override public boolean isAlive() { return ended.getCount() > 0; }

    @Override public void destroy() {
        if (!isAlive()) return;
        thread.interrupt();
        in.end();
    }

    @Override public Stream<ProcessHandle> descendants() { return Stream.empty(); }
}
