package faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import stand_in.FakeLogin;
import stand_in.FakeMail;
import stand_in.ThrowawayCa;

/** The bench on which things are broken: stand-ins, folders, programs, and a record of all that the tool let out. */
final class Lab implements AutoCloseable {
    static final String USER = "jan@uva.example";
    static final String SCOPES = "IMAP.AccessAsUser.All SMTP.Send POP.AccessAsUser.All";

    final Effort effort;
    final ThrowawayCa ca;
    /** Readable by everybody, for programs that run as somebody else. */
    final Path root;
    final boolean weAreRoot = System.getProperty("user.name").equals("root");
    final ProgramJar programJar;
    private final Emissions emissions = new Emissions();
    private final List<FakeLogin> logins = new ArrayList<>();
    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    /** A JVM that starts keeps a processor busy for a second; with many of them at once, all would miss deadlines. */
    private final Semaphore starting = new Semaphore(2 * Runtime.getRuntime().availableProcessors());
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private final ChildWatch watch = new ChildWatch(emissions);
    private final AtomicInteger folders = new AtomicInteger();
    private final AtomicInteger programs = new AtomicInteger();
    private boolean closed;

    Lab(Effort effort) throws IOException {
        this.effort = effort;
        root = Files.createTempDirectory("faults");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        ca = ThrowawayCa.in(Files.createDirectory(root.resolve("ca")));
        Files.setPosixFilePermissions(ca.pemFile(), PosixFilePermissions.fromString("rw-r--r--"));
        programJar = new ProgramJar(Files.createDirectory(root.resolve("jar")));
        programJar.archive(this);
    }

    /** A stand-in for the identity provider whose secrets nobody may tell. */
    FakeLogin login() {
        synchronized (logins) {
            var login = FakeLogin.start(ca);
            logins.add(login);
            return login;
        }
    }

    /** An IMAP server with which nothing is wrong. */
    FakeMail imap() { return FakeMail.imap(ca); }

    /** A new, empty folder for one user of {@code login}. */
    Home home(FakeLogin login) { return home(root.resolve("home" + folders.incrementAndGet()), login); }

    Home home(Path path, FakeLogin login) {
        var ownersAlone = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        try {
            if (!Files.isDirectory(path)) Files.createDirectory(path, ownersAlone);
            return new Home(this, path, login);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a process of the tool's, which will not outlive us. */
    Process start(ProcessBuilder builder, boolean isWatched) throws IOException {
        starting.acquireUninterruptibly();
        var process = builder.start();
        process.onExit().orTimeout(1500, TimeUnit.MILLISECONDS).whenComplete((ended, late) -> starting.release());
        programs.incrementAndGet();
        running.add(process);
        if (isWatched) watch.over(process);
        return process;
    }

    void ended(Process process) {
        running.remove(process);
        watch.leave(process);
    }

    int programs() { return programs.get(); }

    /** Something else that is secret. */
    String secret(String text) {
        secrets.add(text);
        return text;
    }

    /** Every secret that was ever handed out. */
    Set<String> secrets() {
        var all = new HashSet<>(secrets);
        synchronized (logins) {
            for (var login : logins) all.addAll(login.secrets());
        }
        return all;
    }

    /** Something that the tool let out, and where. */
    void emitted(String where, String text) { emissions.add(where, text); }

    Emissions.Search search() { return emissions.search(secrets()); }

    @Override public synchronized void close() {
        if (closed) return;
        closed = true;
        watch.close();
        for (var process : running) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        synchronized (logins) {
            logins.forEach(FakeLogin::close);
        }
        ca.close();
        try {
            Files.walkFileTree(root, new Deletion());
        } catch (IOException e) {
            System.err.println("left behind: " + root);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override public FileVisitResult visitFileFailed(Path file, IOException e) { return FileVisitResult.CONTINUE; }

        @Override public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
