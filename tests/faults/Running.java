package faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A process that runs one of the programs; closing kills it. */
final class Running implements AutoCloseable {
    final Process process;
    private final Lab lab;
    private final Program program;
    private final long started = System.nanoTime();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Thread> readers;

    Running(Lab lab, Program program, Process process) {
        this.lab = lab;
        this.program = program;
        this.process = process;
        readers = List.of(Checks.daemon(() -> drain(process.getInputStream(), out)),
                Checks.daemon(() -> drain(process.getErrorStream(), err)));
    }

    private void drain(InputStream from, ByteArrayOutputStream into) {
        try (from) {
            var chunk = new byte[8192];
            for (int n; (n = from.read(chunk)) >= 0;)
                synchronized (this) {
                    into.write(chunk, 0, n);
                    notifyAll();
                }
        } catch (IOException e) { /* killed */ }
    }

    boolean isAlive() { return process.isAlive(); }

    void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) { /* it has ended */ }
    }

    void types(String text) {
        try {
            process.getOutputStream().write(text.getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) { /* it does not want to hear it */ }
    }

    synchronized String err() { return err.toString(UTF_8); }

    /** Waits for something on stderr. @return the first group; empty if the program ends without having said it */
    synchronized String says(String regex) {
        var pattern = Pattern.compile(regex, Pattern.MULTILINE);
        long deadline = System.nanoTime() + Program.PATIENCE.toNanos();
        try {
            while (System.nanoTime() < deadline) {
                var found = pattern.matcher(err());
                if (found.find()) return found.group(1);
                if (!process.isAlive() && readers.stream().noneMatch(Thread::isAlive)) return "";
                wait(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }

    /** The address to sign in at. */
    String address() { return says("^(https://localhost:\\d+/\\S+/authorize\\?\\S+)\\r?\\n"); }

    /** Waits for its end and looks at what it said. */
    Outcome ends() {
        try {
            if (!process.waitFor(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                close();
                throw new AssertionError("`" + program + "` does not end; it said " + err());
            }
            for (var reader : readers) reader.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        lab.ended(process);
        return program.ended(process.exitValue(), text(out), text(err), started);
    }

    private synchronized String text(ByteArrayOutputStream bytes) { return bytes.toString(UTF_8); }

    /** Kills it, as the system would that has no memory left, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
            for (var reader : readers) reader.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lab.ended(process);
        program.killed(text(out), text(err));
    }

    @Override public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        if (process.isAlive()) kill();
        lab.ended(process);
    }
}
