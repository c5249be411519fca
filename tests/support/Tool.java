//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Running.java Result.java Said.java HereProcess.java Leaks.java
//SOURCES ../stand_in/FakeLogin.java ../stand_in/ThrowawayCa.java

package support;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import stand_in.FakeLogin;
import stand_in.ThrowawayCa;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Runs the toolkit's programs as a user's shell would, and catches what they say:
 * {@code Tool.get_token("--access-token").in(folder).with(settings).run().exits(0)}.
 *
 * <p>{@link #run} and {@link #start} start a process; {@link #runHere} and {@link #startHere} do the same inside this
 * JVM, in a tenth of the time, where the process is not what is tested. A program gets a clean environment: PATH, HOME
 * and what it was given. Whatever it says is searched for the secrets of every stand-in that is {@link #watched}, so
 * the test in which a secret leaks is the one that fails.
 */
public final class Tool {
    /** Ours; absolute, for a program runs in another folder. */
    private static final String CLASS_PATH = Stream
        .of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString()).collect(Collectors.joining(File.pathSeparator));
    private static final Leaks leaks = new Leaks();
    private static final List<Said> everything = new CopyOnWriteArrayList<>();

    static {
        // The programs set these before they first connect. Here a test has connected before, and Java looks once.
        System.setProperty("sun.net.http.retryPost", "false");
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private final String program;
    private final List<String> arguments;
    private final Map<String, String> environment = new TreeMap<>();
    // The statistics file may belong to a process of the same number in another container.
    private final List<String> javaOptions = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
        "-Xshare:auto", "-XX:-UsePerfData"));
    private Path folder;
    private String input = "";
    private boolean terminal;
    private boolean session;
    private boolean looseUmask;

    private Tool(String program, String... arguments) {
        this.program = program;
        this.arguments = List.of(arguments);
        // As if the launcher had started it: the class path of the tests is no command that anybody would type.
        with(Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C.UTF-8", "SHELL", "/bin/sh",
            "M365_LAUNCHER", Path.of("jbang").toAbsolutePath().toString()));
    }

    public static Tool get_token(String... arguments) { return new Tool("get_token", arguments); }

    public static Tool check_imap(String... arguments) { return new Tool("check_imap", arguments); }

    /** The current directory and home of the program. In this JVM only the home, and where tokens are. */
    public Tool in(Path folder) {
        this.folder = folder;
        environment.put("HOME", folder.toString());
        return this;
    }

    public Tool with(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    public Tool with(String variable, Object value) { return with(Map.of(variable, value.toString())); }

    /** Standard input; it ends after this. */
    public Tool typing(String text) {
        input = text;
        return this;
    }

    public Tool java(String... options) {
        javaOptions.addAll(List.of(options));
        return this;
    }

    /** In a real pseudo-terminal; {@code stty -a} before and after are in the files stty.before and stty.after. */
    public Tool onTerminal() {
        terminal = true;
        return this;
    }

    /** In a session without a terminal, as cron and timers have it. */
    public Tool withoutTerminal() {
        session = true;
        return this;
    }

    /** With the umask that leaves every file open to everybody. */
    public Tool underUmask000() {
        looseUmask = true;
        return this;
    }

    // ------------------------------------------------------------------------------------------------- as a process

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
        if (session) command.addAll(0, List.of("setsid", "--wait"));
        if (looseUmask) command.addAll(0, List.of("sh", "-c", "umask 000; exec \"$@\"", "sh"));
        if (terminal) {
            // The shell outlives Ctrl-C, to say how the program left the terminal.
            var line = "stty -a >stty.before; trap : INT; " + words(command)
                + "; status=$?; stty -a >stty.after; exit $status";
            command.clear();
            // Whoever runs the tests in the background ignores Ctrl-C, and so would every program started here.
            command.addAll(List.of("env", "--default-signal=INT", "script", "--quiet", "--return", "--command", line,
                "/dev/null"));
        }
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new Running(toString(), builder.start(), terminal, this::result);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String words(List<String> command) {
        return String.join(" ", command.stream().map(word -> "'" + word.replace("'", "'\\''") + "'").toList());
    }

    // ------------------------------------------------------------------------------------------------- in this JVM

    /** Runs the program to its end, inside this JVM. */
    public Result runHere() {
        var in = new ByteArrayInputStream(input.getBytes(UTF_8));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        long started = System.nanoTime();
        int status = here(in, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
        var took = Duration.ofNanos(System.nanoTime() - started);
        return result(status, elsewhere(out.toString(UTF_8)), elsewhere(err.toString(UTF_8)), took, "");
    }

    /** In the checkout, where this JVM runs, advice says {@code ./jbang}; in a user's folder it does not. */
    private static String elsewhere(String said) { return said.replace("./jbang ", "jbang "); }

    /** Starts the program inside this JVM and leaves its standard input open. */
    public Running startHere() {
        return new Running(toString(), new HereProcess(toString(), this::here), false, this::result);
    }

    private int here(InputStream in, PrintStream out, PrintStream err) {
        environment.putIfAbsent("M365_TOKEN_FILE", folder.resolve("refresh_token").toString());
        try {
            // The programs are in the unnamed package, from which nothing can be imported.
            var run = Class.forName(program).getMethod("run", Map.class, InputStream.class, PrintStream.class,
                PrintStream.class, String[].class);
            return (int) run.invoke(null, environment, in, out, err, arguments.toArray(String[]::new));
        } catch (InvocationTargetException e) {
            throw new AssertionError(this + " does not tell what went wrong", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(this + " cannot be run", e);
        }
    }

    // ------------------------------------------------------------------------------------------------- what it said

    /** @param typed at the program while it ran */
    private Result result(int status, String out, String err, Duration took, String typed) {
        var said = new Said(toString(), out, err);
        everything.add(said);
        boolean asked = arguments.contains("--access-token") || arguments.contains("--refresh-token");
        // What was typed at a terminal is echoed there, and the one who typed it has seen it.
        var echoed = err;
        if (terminal)
            for (var line : typed.split("\\p{Cntrl}+")) if (!line.isBlank()) echoed = echoed.replace(line, "(typed)");
        var visible = arguments + "\n" + (asked ? "" : out) + "\n" + echoed;
        assertEquals(List.of(), leaks(visible), () -> "secrets were told by " + said);
        return new Result(toString(), status, out, err, took);
    }

    /** What all programs have said so far. */
    public static List<Said> everythingSaid() { return List.copyOf(everything); }

    /** The secrets of all stand-ins that are in {@code text}, in full, in part or encoded; by their kind only. */
    public static List<String> leaks(String text) { return leaks.in(text); }

    @Override public String toString() { return program + " " + String.join(" ", arguments); }

    // ------------------------------------------------------------------------------------------------- the stand-in

    private static ThrowawayCa ca;

    /** One authority for all tests. */
    public static synchronized ThrowawayCa ca() {
        try {
            if (ca == null) {
                var folder = Files.createTempDirectory("throwaway_ca");
                ca = ThrowawayCa.in(folder);
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
    public static FakeLogin login() { return watched(FakeLogin.start(ca())); }

    /** From now on no program may tell the secrets of this stand-in. */
    public static FakeLogin watched(FakeLogin login) {
        leaks.watch(login);
        return login;
    }

    /** What a program needs to find the stand-in: the public client, an http redirect address on any free port. */
    public static Map<String, String> settings(FakeLogin login) {
        return Map.of("M365_AUTHORITY", login.authority(), "M365_CA_FILE", ca().pemFile().toString(),
            "M365_REDIRECT_URI", "http://localhost:0/");
    }

    /**
     * A port that is free now and stays so, for a server that cannot choose its own: the system gives out none below
     * 32768 by itself (ip_local_port_range, and RFC 6335 section 6).
     */
    public static int freePort() {
        while (true) {
            int port = 20_000 + new Random().nextInt(10_000);
            try (var probe = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
                return probe.getLocalPort();
            } catch (IOException taken) { /* the next one, then */ }
        }
    }
}
