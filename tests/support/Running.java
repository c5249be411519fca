//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Result.java Said.java

package support;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;

/** A program that runs, as a process or in this JVM. Closing kills it. */
public final class Running implements AutoCloseable {
    /** Nothing here takes longer, however busy the machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Makes a result of what the program said, and sees to it that no secret is in it. */
    interface Ending {
        Result of(int status, String out, String err, Duration took, String typed);
    }

    private final String program;
    private final Process process;
    private final Ending ending;
    private final long started = System.nanoTime();
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();
    private final StringBuilder typed = new StringBuilder();
    private final List<Thread> readers;

    /** @param oneScreen for a terminal, which shows both streams in one */
    Running(String program, Process process, boolean oneScreen, Ending ending) {
        this.program = program;
        this.process = process;
        this.ending = ending;
        readers = List.of(read(process.getInputStream(), oneScreen ? err : out), read(process.getErrorStream(), err));
    }

    private Thread read(InputStream stream, StringBuilder into) {
        var thread = new Thread(() -> {
            try (var reader = new InputStreamReader(stream, UTF_8)) {
                var buffer = new char[4096];
                for (int n; (n = reader.read(buffer)) >= 0;)
                    synchronized (this) {
                        into.append(buffer, 0, n);
                        notifyAll();
                    }
            } catch (IOException e) { /* the program was killed */ }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Waits until the program has said something on stderr. @return the first group if there is one, else the match */
    public synchronized String says(String regex) {
        var pattern = Pattern.compile(regex, Pattern.MULTILINE);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                var matcher = pattern.matcher(err);
                if (matcher.find()) return matcher.group(Math.min(1, matcher.groupCount()));
                if (System.nanoTime() > deadline || !process.isAlive() && readers.stream().noneMatch(Thread::isAlive))
                    return fail("never said " + regex + ": " + said());
                wait(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail("interrupted while waiting for " + regex);
        }
    }

    private Said said() { return new Said(program, out.toString(), err.toString()); }

    /** The address to sign in at, which stands alone on its line. */
    public String address() { return says("^(https://localhost:\\d+/\\S+/authorize\\?\\S+)\\r?\\n"); }

    public Running types(String text) {
        typed.append(text);
        try {
            process.getOutputStream().write(text.getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) { /* it did not want to read any more */ }
        return this;
    }

    public Running closesInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) { /* it was closed before */ }
        return this;
    }

    public boolean isAlive() { return process.isAlive(); }

    /** Sends a signal, as in {@code STOP}. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("interrupted");
        }
    }

    /** Waits for the end of the program. */
    public Result ends() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) return fail("does not end: " + said());
            for (var reader : readers) reader.join(PATIENCE.toMillis());
            return ending.of(process.exitValue(), out.toString(), err.toString(),
                Duration.ofNanos(System.nanoTime() - started), typed.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail("interrupted");
        }
    }

    /** Kills the program and what it started; harmless when it has ended. */
    @Override public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
