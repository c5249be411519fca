package faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import stand_in.FakeMail;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One of the tool's programs, which is yet to be run: as a process with little memory, in an environment of its own; or
 * inside this JVM.
 */
final class Program {
    /** Nothing takes longer, except what a server that drips is allowed. */
    static final Duration PATIENCE = Duration.ofSeconds(120);

    final Home home;
    private final Lab lab;
    private final String name;
    private final List<String> words;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> options = new ArrayList<>(List.of("-Xmx64m"));
    private final List<String> through = new ArrayList<>();
    private boolean isWatched;

    Program(Lab lab, String name, Home home, String... words) {
        this.lab = lab;
        this.name = name;
        this.home = home;
        this.words = List.of(words);
        environment.putAll(Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C.UTF-8", "HOME", home.path.toString(),
                "M365_CA_FILE", lab.ca.pemFile().toString(), "M365_REDIRECT_URI", "http://localhost:0/",
                "M365_AUTHORITY", home.login.authority()));
    }

    Program with(String variable, Object value) {
        environment.put(variable, value.toString());
        return this;
    }

    /** With this server for one of IMAP, SMTP, POP. */
    Program at(String protocol, FakeMail server) {
        return with("M365_" + protocol + "_HOST", "localhost").with("M365_" + protocol + "_PORT", server.port());
    }

    /** With more options for its JVM. */
    Program java(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** With an eye on what it starts, which costs some time. */
    Program watched() {
        isWatched = true;
        return this;
    }

    /** Through another command that takes a command, like setpriv. */
    Program through(String... command) {
        through.addAll(List.of(command));
        return this;
    }

    /** As somebody whom file modes concern; the tests' own user may be root. */
    Program asNobody() {
        return lab.weAreRoot ? through("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") : this;
    }

    Outcome run() {
        var run = start();
        run.closeInput();
        return run.ends();
    }

    Running start() {
        var temporary = home.path.resolve("tmp");
        var command = new ArrayList<>(through);
        command.addAll(lab.programJar.java());
        command.addAll(options);
        if (Files.isDirectory(temporary)) command.add("-Djava.io.tmpdir=" + temporary);
        command.add(name);
        command.addAll(words);
        var builder = new ProcessBuilder(command).directory(home.path.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new Running(lab, this, lab.start(builder, isWatched));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Inside this JVM, which is faster; for faults that cannot bring a JVM down. */
    Outcome runHere() {
        environment.putIfAbsent("M365_TOKEN_FILE", home.token().toString());
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        long started = System.nanoTime();
        var status = new AtomicInteger(-1);
        var thread = Checks.daemon(() -> status.set(InThisJvm.run(name, environment, new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8), words.toArray(String[]::new))));
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive())
            throw new AssertionError("`" + this + "` does not end; it is at " + List.of(thread.getStackTrace()));
        return ended(status.get(), out.toString(UTF_8), err.toString(UTF_8), started);
    }

    /** Remembers what the program said, and looks at it. */
    Outcome ended(int status, String out, String err, long started) {
        var took = Duration.ofNanos(System.nanoTime() - started);
        lab.emitted(this + ", stderr", err);
        if (!wasAskedForToken() || status != 0) lab.emitted(this + ", stdout", out);
        return new Outcome(toString(), home, status, out, err, took, words.contains("--verbose"));
    }

    void killed(String out, String err) {
        lab.emitted(this + " (killed), stderr", err);
        if (!words.contains("--access-token")) lab.emitted(this + " (killed), stdout", out);
    }

    private boolean wasAskedForToken() { return words.contains("--access-token") || words.contains("--refresh-token"); }

    @Override public String toString() { return name + " " + String.join(" ", words); }
}
