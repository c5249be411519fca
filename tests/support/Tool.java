//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES fake_login.java throwaway_ca.java ../get_token.java

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * Runs the toolkit's programs as a user's shell would, and catches what they say:
 * {@code tool.get_token("--access-token").in(folder).with(settings).run().exits(0)}.
 *
 * <p>A program gets a clean environment: PATH, HOME and what it was given. Whatever it says is searched for the secrets
 * of every stand-in that is {@linkplain #watch watched}, so the test in which a secret leaks is the one that fails.
 */
public final class tool {
    /** Nothing here takes longer, however busy the machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Ours; absolute, for a program runs in another folder. */
    private static final String CLASS_PATH = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString()).collect(Collectors.joining(File.pathSeparator));
    private static final Set<fake_login> watched = ConcurrentHashMap.newKeySet();
    private static final List<Said> everything = new CopyOnWriteArrayList<>();

    private final String program;
    private final List<String> arguments;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> javaOptions = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
        "-XX:-UsePerfData")); // whose file may belong to a process of the same number in another container
    private Path folder;
    private String input = "";
    private boolean terminal;
    private boolean looseUmask;

    private tool(String program, String... arguments) {
        this.program = program;
        this.arguments = List.of(arguments);
    }

    public static tool get_token(String... arguments) { return new tool("get_token", arguments); }

    public static tool check_imap(String... arguments) { return new tool("check_imap", arguments); }

    /** The current directory and home of the program. */
    public tool in(Path folder) {
        this.folder = folder;
        environment.put("HOME", folder.toString());
        return this;
    }

    public tool with(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    public tool with(String variable, Object value) { return with(Map.of(variable, value.toString())); }

    /** Standard input; it ends after this. */
    public tool typing(String text) {
        input = text;
        return this;
    }

    public tool java(String... options) {
        javaOptions.addAll(List.of(options));
        return this;
    }

    /** In a real pseudo-terminal; {@code stty -a} before and after are in the files stty.before and stty.after. */
    public tool onTerminal() {
        terminal = true;
        return this;
    }

    /** With the umask that leaves every file open to everybody. */
    public tool underUmask000() {
        looseUmask = true;
        return this;
    }

    /** Runs the program to its end. */
    public Result run() {
        try (var running = start()) {
            if (!terminal) running.types(input).closesInput();
            return running.ends();
        }
    }

    /** Starts the program and leaves its standard input open. */
    public Running start() {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", CLASS_PATH, program));
        command.addAll(arguments);
        if (looseUmask) command.addAll(0, List.of("sh", "-c", "umask 000; exec \"$@\"", "sh"));
        if (terminal) {
            // The shell outlives Ctrl-C, to say how the program left the terminal.
            var line = "stty -a >stty.before; trap : INT; " + words(command) + "; status=$?; stty -a >stty.after; exit $status";
            command.clear();
            // Whoever runs the tests in the background ignores Ctrl-C, and so would every program started here.
            command.addAll(List.of("env", "--default-signal=INT", "script", "--quiet", "--return", "--command", line, "/dev/null"));
        }
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C.UTF-8", "SHELL", "/bin/sh"));
        builder.environment().putAll(environment);
        try {
            return new Running(this, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code get_token} inside this JVM, ten times as fast; for what neither reads input nor needs a process. */
    public Result runHere() {
        environment.putIfAbsent("M365_TOKEN_FILE", folder.resolve("refresh_token").toString());
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        long started = System.nanoTime();
        int status = get_token.run(environment, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8),
            arguments.toArray(String[]::new));
        return result(status, out.toString(UTF_8), err.toString(UTF_8), Duration.ofNanos(System.nanoTime() - started), "");
    }

    private Result result(int status, String out, String err, Duration took, String typed) {
        var said = new Said(this + "", out, err);
        everything.add(said);
        boolean asked = arguments.contains("--access-token") || arguments.contains("--refresh-token");
        // What was typed at a terminal is echoed there, and the one who typed it has seen it.
        var echoed = err;
        for (var line : typed.split("\\p{Cntrl}+")) if (!line.isBlank()) echoed = echoed.replace(line, "(typed)");
        var visible = arguments + "\n" + (asked ? "" : out) + "\n" + echoed;
        assertEquals(List.of(), leaks(visible), () -> "secrets were told by " + said);
        return new Result(this + "", status, out, err, took);
    }

    @Override public String toString() { return program + " " + String.join(" ", arguments); }

    private static String words(List<String> command) {
        return String.join(" ", command.stream().map(word -> "'" + word.replace("'", "'\\''") + "'").toList());
    }

    // ---------------------------------------------------------------------------------------------- the stand-in

    private static throwaway_ca ca;

    /** One authority for all tests; making it costs a second. */
    public static synchronized throwaway_ca ca() {
        try {
            if (ca == null) {
                var folder = Files.createTempDirectory("throwaway_ca");
                ca = throwaway_ca.in(folder);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    ca.close();
                    ca.pemFile().toFile().delete();
                    folder.toFile().delete();
                }));
            }
            return ca;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A stand-in whose secrets no program may tell. */
    public static fake_login login() {
        var login = fake_login.start(ca());
        watched.add(login);
        return login;
    }

    /** What a program needs to find the stand-in: the public client, an http redirect address on any free port. */
    public static Map<String, String> settings(fake_login login) {
        return Map.of("M365_AUTHORITY", login.authority(), "M365_CA_FILE", ca().pemFile().toString(),
            "M365_REDIRECT_URI", "http://localhost:0/");
    }

    /** The secrets of all watched stand-ins that are in {@code text}, in full, in part or encoded; by their kind only. */
    public static List<String> leaks(String text) {
        var secrets = watched.stream().flatMap(login -> login.secrets().stream()).collect(Collectors.toSet());
        return secrets.stream().flatMap(secret -> forms(secret).filter(text::contains).limit(1)
            .map(form -> form.length() + " characters of a secret of " + secret.length() + ", after \""
                + text.substring(Math.max(0, text.indexOf(form) - 40), text.indexOf(form)) + "\"")).toList();
    }

    private static Stream<String> forms(String secret) {
        var whole = Stream.of(secret, URLEncoder.encode(secret, UTF_8), Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)));
        // Tokens begin alike, so only the middle and the end tell one from another.
        return secret.length() < 60 ? whole
            : Stream.concat(whole, Stream.of(secret.length() / 2, secret.length()).map(end -> secret.substring(end - 24, end)));
    }

    /**
     * A port that is free now and stays so, for a server that cannot choose its own: the system gives out none below 32768
     * by itself (ip_local_port_range, and RFC 6335 section 6).
     */
    public static int freePort() {
        while (true)
            try (var probe = new ServerSocket(20_000 + new Random().nextInt(10_000), 1, InetAddress.getByName("127.0.0.1"))) {
                return probe.getLocalPort();
            } catch (IOException taken) { /* the next one, then */ }
    }

    /** What all programs have said so far. */
    public static List<Said> everythingSaid() { return List.copyOf(everything); }

    /** What one program said. */
    public record Said(String program, String out, String err) {
        @Override public String toString() { return "`" + program + "`\n--- stdout\n" + out + "--- stderr\n" + err + "---"; }
    }

    // ------------------------------------------------------------------------------------------------- a program

    /** A program that runs. Closing kills it. */
    public static final class Running implements AutoCloseable {
        private final tool tool;
        private final Process process;
        private final long started = System.nanoTime();
        private final StringBuilder out = new StringBuilder();
        private final StringBuilder err = new StringBuilder();
        private final StringBuilder typed = new StringBuilder();
        private final List<Thread> readers;

        private Running(tool tool, Process process) {
            this.tool = tool;
            this.process = process;
            // A terminal has one screen for both.
            readers = List.of(read(process.getInputStream(), tool.terminal ? err : out), read(process.getErrorStream(), err));
        }

        private Thread read(InputStream stream, StringBuilder into) {
            var thread = new Thread(() -> {
                try (var reader = new java.io.InputStreamReader(stream, UTF_8)) {
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
                        return fail("never said " + regex + ": " + new Said(tool.toString(), out.toString(), err.toString()));
                    wait(100);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return fail("interrupted while waiting for " + regex);
            }
        }

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

        /** Waits for the end of the program. */
        public Result ends() {
            try {
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    return fail("does not end: " + new Said(tool.toString(), out.toString(), err.toString()));
                for (var reader : readers) reader.join(PATIENCE.toMillis());
                return tool.result(process.exitValue(), out.toString(), err.toString(), Duration.ofNanos(System.nanoTime() - started),
                    tool.terminal ? typed.toString() : "");
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

    /** What came of it. The methods assert, and show the whole conversation when they fail. */
    public record Result(String program, int status, String out, String err, Duration took) {

        public Result exits(int expected) {
            assertEquals(expected, status, () -> "exit status of " + said());
            return this;
        }

        /** On stderr, all of it. */
        public Result says(String... fragments) {
            for (var fragment : fragments) assertTrue(err.contains(fragment), () -> "no \"" + fragment + "\" on stderr of " + said());
            return this;
        }

        /** An error, and below it what a person can do about it. */
        public Result saysWhatToDo() {
            assertTrue(err.contains(program.replaceFirst(" .*", "") + ": error: "), () -> "no error is told by " + said());
            assertTrue(err.matches("(?s).*\\n(hint: |What to do:).*"), () -> "no advice is given by " + said());
            return this;
        }

        public Result neverSays(String fragment) {
            assertFalse((out + err).contains(fragment), () -> "\"" + fragment + "\" was said by " + said());
            return this;
        }

        /** On stdout, exactly one line. */
        public Result prints(String line) {
            assertEquals(line + "\n", out, () -> "stdout of " + said());
            return this;
        }

        public Result printsNothing() {
            assertEquals("", out, () -> "stdout of " + said());
            return this;
        }

        private Said said() { return new Said(program, out, err); }
    }
}
