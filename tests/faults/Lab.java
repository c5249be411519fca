//JAVA 17+
//SOURCES fake_login.java fake_mail.java throwaway_ca.java
//SOURCES ../get_token.java ../check_imap.java

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The bench on which things are broken: stand-ins, folders, real processes, and a record of everything that the tool ever
 * let out. What must hold whatever happens is asserted of each process: no bug, no stack trace, no exception's class, no
 * control character.
 */
final class faults_lab implements AutoCloseable {
    static final String USER = "jan@uva.example";
    static final String SCOPES = "IMAP.AccessAsUser.All SMTP.Send POP.AccessAsUser.All";
    /** Nothing takes longer, except what a server that drips is allowed. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Pattern TRACE = Pattern.compile("(?m)^\\s+at [\\w.$/]+\\(|Exception in thread|Caused by:|OutOfMemoryError");
    private static final Pattern CLASS = Pattern.compile("\\b[A-Z][A-Za-z]+(Exception|Error)\\b");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\x80-\\x9f]");

    final throwaway_ca ca;
    /** Readable by everybody, for programs that run as somebody else. */
    final Path root;
    final boolean weAreRoot = System.getProperty("user.name").equals("root");
    private final String classPath;
    private final List<fake_login> logins = new ArrayList<>();
    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Emitted> emitted = new ConcurrentLinkedQueue<>();
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private final Set<Process> watched = ConcurrentHashMap.newKeySet();
    private final AtomicInteger folders = new AtomicInteger();
    private final AtomicInteger programs = new AtomicInteger();
    private volatile boolean closed;

    /** Something that the tool let out, and where. */
    record Emitted(String where, String text) { }

    faults_lab() throws IOException {
        root = Files.createTempDirectory("faults");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        ca = throwaway_ca.in(Files.createDirectory(root.resolve("ca")));
        Files.setPosixFilePermissions(ca.pemFile(), PosixFilePermissions.fromString("rw-r--r--"));
        classPath = copyOfClassPath();
        daemon(this::watchChildren);
    }

    /** Somebody else cannot read the home that JBang keeps its jars in. */
    private String copyOfClassPath() throws IOException {
        var copies = new ArrayList<String>();
        Files.createDirectory(root.resolve("classes"));
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            var from = Path.of(entry).toAbsolutePath();
            if (entry.isEmpty() || !Files.exists(from)) continue;
            var to = root.resolve("classes").resolve(copies.size() + (Files.isDirectory(from) ? ".jar" : "-" + from.getFileName()));
            if (Files.isDirectory(from)) pack(from, to);
            else Files.copy(from, to);
            copies.add(to.toString());
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void pack(Path folder, Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar)); var all = Files.walk(folder)) {
            for (var file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                out.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }

    private static String java() { return Path.of(System.getProperty("java.home"), "bin", "java").toString(); }

    /** A stand-in for the identity provider whose secrets nobody may tell. */
    fake_login login() {
        synchronized (logins) {
            var login = fake_login.start(ca);
            logins.add(login);
            return login;
        }
    }

    /** An IMAP server with which nothing is wrong. */
    fake_mail imap() { return fake_mail.imap(ca); }

    /** Something else that is secret. */
    String secret(String text) {
        secrets.add(text);
        return text;
    }

    void emitted(String where, String text) { emitted.add(new Emitted(where, text)); }

    int programs() { return programs.get(); }

    // ---- folders ---------------------------------------------------------------------------------------------------

    /** Where one tool lives. */
    final class Home {
        final Path path;
        final fake_login login;

        Home(Path path, fake_login login) {
            this.path = path;
            this.login = login;
        }

        Path token() { return path.resolve("refresh_token"); }
        Path cache() { return path.resolve("token_cache.json"); }
        Path lock() { return path.resolve("refresh_token.lock"); }

        /** Puts a valid refresh token there, as if somebody had signed in. */
        Home signedIn() {
            write(token(), login.issueRefreshToken(USER, fake_login.PUBLIC_APP, SCOPES));
            return this;
        }

        String stored() { return Files.exists(token()) ? read(token()) : ""; }

        /** Makes the cached access token look old, so that the next one who wants one must renew. */
        void age() {
            if (Files.isRegularFile(cache(), LinkOption.NOFOLLOW_LINKS))
                write(cache(), read(cache()).replaceAll("(\"(?:extended_)?expires_on\"\\s*:\\s*\")\\d+", "$11000000000"));
        }

        /** The names of what lies there, without the tool's temporary folder. */
        Set<String> names() {
            try (var files = Files.list(path)) {
                return files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("tmp"))
                        .collect(Collectors.toCollection(TreeSet::new));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What is there, to see that nothing was destroyed: names, kinds, modes, contents; but the lock may come. */
        Map<String, String> contents() {
            var found = new TreeMap<String, String>();
            try (var all = Files.walk(path)) {
                for (var file : (Iterable<Path>) all::iterator) {
                    var name = path.relativize(file).toString();
                    if (name.isEmpty() || name.startsWith("tmp") || name.equals("refresh_token.lock")) continue;
                    var is = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    found.put(name, mode(file) + Files.getOwner(file, LinkOption.NOFOLLOW_LINKS) + (is.isSymbolicLink()
                            ? "-> " + Files.readSymbolicLink(file) : is.isRegularFile() ? Arrays.hashCode(Files.readAllBytes(file)) : "other"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return found;
        }

        Program get_token(String... words) { return new Program("get_token", this, words); }
        Program check_imap(String... words) { return new Program("check_imap", this, words); }
    }

    Home home(fake_login login) { return home(root.resolve("home" + folders.incrementAndGet()), login); }

    Home home(Path path, fake_login login) {
        try {
            if (!Files.isDirectory(path)) Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new Home(path, login);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path path) {
        try {
            return Files.readString(path, ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file that only we can read. */
    static void write(Path path, String text) {
        try {
            if (!Files.exists(path)) Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(path, text.getBytes(ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a system command. @return whether it went well */
    static boolean system(String... command) {
        try {
            var process = new ProcessBuilder(command).directory(new File(System.getProperty("java.io.tmpdir"))).redirectErrorStream(true).start();
            process.getOutputStream().close();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // ---- processes -------------------------------------------------------------------------------------------------

    /** A program that is yet to be run. */
    final class Program {
        private final String name;
        private final Home home;
        private final List<String> words;
        private final Map<String, String> environment = new HashMap<>();
        private final List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
                "-XX:-UsePerfData", "-Xmx64m"));
        private final List<String> through = new ArrayList<>();
        private boolean isWatched;

        private Program(String name, Home home, String... words) {
            this.name = name;
            this.home = home;
            this.words = List.of(words);
            environment.putAll(Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C.UTF-8", "HOME", home.path.toString(),
                    "M365_CA_FILE", ca.pemFile().toString(), "M365_REDIRECT_URI", "http://localhost:0/"));
            if (home.login != null) environment.put("M365_AUTHORITY", home.login.authority());
        }

        Program with(String variable, Object value) {
            environment.put(variable, value.toString());
            return this;
        }

        Program without(String variable) {
            environment.remove(variable);
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
            return weAreRoot ? through("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") : this;
        }

        Outcome run() {
            var run = start();
            run.closeInput();
            return run.ends();
        }

        /** Inside this JVM, which is faster; for faults that cannot bring a JVM down. */
        Outcome runHere() {
            environment.putIfAbsent("M365_TOKEN_FILE", home.token().toString());
            var out = new ByteArrayOutputStream();
            var err = new ByteArrayOutputStream();
            long started = System.nanoTime();
            var status = new AtomicInteger(-1);
            var thread = daemon(() -> status.set(name.equals("get_token")
                    ? get_token.run(environment, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), words.toArray(String[]::new))
                    : check_imap.run(environment, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), words.toArray(String[]::new))));
            try {
                thread.join(PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) throw new AssertionError("`" + this + "` does not end; it is at " + Arrays.toString(thread.getStackTrace()));
            var outcome = new Outcome(this, status.get(), out.toString(UTF_8), err.toString(UTF_8), Duration.ofNanos(System.nanoTime() - started));
            record(this, outcome);
            return outcome;
        }

        Running start() {
            var temporary = home.path.resolve("tmp");
            var command = new ArrayList<>(through);
            command.add(java());
            command.addAll(options);
            if (Files.isDirectory(temporary)) command.add("-Djava.io.tmpdir=" + temporary);
            command.addAll(List.of("-cp", classPath, name));
            command.addAll(words);
            var builder = new ProcessBuilder(command).directory(home.path.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            try {
                programs.incrementAndGet();
                return new Running(this, builder.start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override public String toString() { return name + " " + String.join(" ", words); }
    }

    final class Running implements AutoCloseable {
        final Process process;
        private final Program program;
        private final long started = System.nanoTime();
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final List<Thread> readers;

        private Running(Program program, Process process) {
            this.program = program;
            this.process = process;
            running.add(process);
            if (program.isWatched) watched.add(process);
            readers = List.of(daemon(() -> drain(process.getInputStream(), out)), daemon(() -> drain(process.getErrorStream(), err)));
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
            long deadline = System.nanoTime() + PATIENCE.toNanos();
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
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    close();
                    throw new AssertionError("`" + program + "` does not end; it said " + err());
                }
                for (var reader : readers) reader.join(2000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            forget();
            var outcome = new Outcome(program, process.exitValue(), text(out), text(err), Duration.ofNanos(System.nanoTime() - started));
            record(program, outcome);
            return outcome;
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
            forget();
            emitted(program + " (killed), stderr", text(err));
            if (!program.words.contains("--access-token")) emitted(program + " (killed), stdout", text(out));
        }

        @Override public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            if (process.isAlive()) kill();
            forget();
        }

        private void forget() {
            running.remove(process);
            watched.remove(process);
        }
    }

    private void record(Program program, Outcome outcome) {
        emitted(program + ", stderr", outcome.err);
        boolean asked = program.words.contains("--access-token") || program.words.contains("--refresh-token");
        if (!asked || outcome.status != 0) emitted(program + ", stdout", outcome.out);
    }

    /** How a program ended. */
    final class Outcome {
        final int status;
        final String out, err;
        final Duration took;
        private final Program program;

        private Outcome(Program program, int status, String out, String err, Duration took) {
            this.program = program;
            this.status = status;
            this.out = out;
            this.err = err;
            this.took = took;
            sound();
        }

        /** What holds of every run, whatever was done to it. */
        private void sound() {
            check(Set.of(0, 64, 69, 75, 77, 78).contains(status), this, "no status of ours");
            check(!TRACE.matcher(err + out).find(), this, "a stack trace");
            boolean trace = program.words.contains("--verbose"); // shows the protocol as it is
            check(trace || !CLASS.matcher(err + out).find(), this, "the class of an exception");
            check(trace || !CONTROL.matcher(err + out).find(), this, "a control character");
            check(err.length() < 20_000 || trace, this, "a flood of words");
        }

        Outcome exits(int... statuses) {
            check(Arrays.stream(statuses).anyMatch(s -> s == status), this, "expected status " + Arrays.toString(statuses));
            return this;
        }

        Outcome says(String... words) {
            for (var word : words) check((out + err).contains(word), this, "nothing of \"" + word + "\"");
            return this;
        }

        Outcome within(int seconds) {
            check(took.toSeconds() < seconds, this, "took " + took.toMillis() + " ms, allowed were " + seconds + " s");
            return this;
        }

        /** A valid access token and nothing else was printed. */
        Outcome printsToken() {
            exits(0);
            check(program.home.login.access(out.strip()).isPresent(), this, "no valid access token");
            return this;
        }

        @Override public String toString() {
            return "`" + program + "` ended with " + status + " after " + took.toMillis() + " ms\n" + brief(out) + brief(err);
        }

        private String brief(String text) { return text.length() < 3000 ? text : text.substring(0, 1500) + "\n…\n" + text.substring(text.length() - 1500); }
    }

    static void check(boolean holds, Object about, String what) {
        if (!holds) throw new AssertionError(what + ": " + about);
    }

    static Thread daemon(Runnable work) {
        var thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- secrets ---------------------------------------------------------------------------------------------------

    /** Arguments and environment of what our programs start, as ps shows them. */
    private void watchChildren() {
        var seen = new HashSet<String>();
        for (; !closed; sleep(30))
            for (var process : watched)
                process.descendants().forEach(child -> {
                    var arguments = proc(child.pid(), "cmdline");
                    // For a moment the JDK's helper is a copy of its parent, which may know the secret.
                    if (arguments.isEmpty() || arguments.contains("jspawnhelper") || !seen.add(child.pid() + arguments)) return;
                    emitted("arguments of a child", arguments);
                    emitted("environment of a child", proc(child.pid(), "environ"));
                });
    }

    private static String proc(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/" + file), ISO_8859_1).replace('\0', '\n');
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    /** Every secret that was ever handed out. */
    Set<String> secrets() {
        var all = new HashSet<>(secrets);
        synchronized (logins) {
            for (var login : logins) all.addAll(login.secrets());
        }
        return all;
    }

    /** What was let out: how many texts, how many characters, and where a secret was found in one of them. */
    record Search(int secrets, int texts, long characters, List<String> found) { }

    Search search() {
        var all = secrets();
        var needles = new Needles(all);
        long characters = 0;
        var found = new ArrayList<String>();
        for (var e : emitted) {
            characters += e.text().length();
            needles.in(e.text()).ifPresent(where -> found.add(e.where() + ": " + where));
        }
        return new Search(all.size(), emitted.size(), characters, found);
    }

    /**
     * Finds any 24 characters in a row of any secret, plain, percent-encoded or in base64; of short secrets, all of them.
     * The first characters of tokens are alike in all and tell nothing, so they do not count.
     */
    static final class Needles {
        private static final int LENGTH = 24;
        private static final int ALIKE = 72;
        private final Set<String> pieces = new HashSet<>();
        private final Set<Integer> hashes = new HashSet<>();
        private final Set<String> whole = new HashSet<>();

        Needles(Set<String> secrets) {
            for (var secret : secrets) {
                if (secret.length() < LENGTH) whole.add(secret);
                for (int at = secret.length() > 2 * ALIKE ? ALIKE : 0; at + LENGTH <= secret.length(); at += LENGTH / 2)
                    pieces.add(secret.substring(at, at + LENGTH));
            }
            pieces.forEach(piece -> hashes.add(piece.hashCode()));
        }

        java.util.Optional<String> in(String text) {
            var forms = new ArrayList<>(List.of(text));
            if (text.contains("%")) try {
                forms.add(URLDecoder.decode(text.replaceAll("%(?![0-9a-fA-F]{2})", "%25"), UTF_8));
            } catch (IllegalArgumentException e) { /* it was not encoded so */ }
            Pattern.compile("[A-Za-z0-9+/_-]{32,}").matcher(text).results().map(m -> m.group().replace('-', '+').replace('_', '/'))
                    .forEach(run -> Stream.of(0, 1, 2, 3).map(run::substring).map(part -> part.substring(0, part.length() / 4 * 4))
                            .forEach(part -> forms.add(new String(Base64.getDecoder().decode(part), ISO_8859_1))));
            return forms.stream().flatMap(form -> find(form).stream()).findFirst();
        }

        /** With String's own hash, rolled along the text. */
        private java.util.Optional<String> find(String text) {
            for (var secret : whole) if (text.contains(secret)) return java.util.Optional.of("a short secret");
            int power = 1, hash = 0;
            for (int i = 0; i < LENGTH; i++) power *= 31;
            for (int i = 0; i < text.length(); i++) {
                hash = hash * 31 + text.charAt(i) - (i < LENGTH ? 0 : power * text.charAt(i - LENGTH));
                if (i + 1 >= LENGTH && hashes.contains(hash) && pieces.contains(text.substring(i + 1 - LENGTH, i + 1)))
                    return java.util.Optional.of("a secret after \"…" + text.substring(Math.max(0, i - 120), i + 1 - LENGTH) + "\"");
            }
            return java.util.Optional.empty();
        }
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    @Override public synchronized void close() {
        if (closed) return;
        closed = true;
        for (var process : running) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        synchronized (logins) {
            logins.forEach(fake_login::close);
        }
        ca.close();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }
                @Override public FileVisitResult visitFileFailed(Path file, IOException e) { return FileVisitResult.CONTINUE; }
                @Override public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            System.err.println("left behind: " + root);
        }
    }
}
