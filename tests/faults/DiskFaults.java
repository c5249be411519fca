//JAVA 17+
//SOURCES faults.java

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Nothing lost: killed programs, full disks, hostile files, and fifty at once. */
final class faults_disk {
    private static final int KILLS_RENEWING = 200, KILLS_SIGNING_IN = 90, KILLS_MAKING_A_CERTIFICATE = 10;

    private final faults suite;
    private final faults_lab lab;

    faults_disk(faults suite) {
        this.suite = suite;
        this.lab = suite.lab;
    }

    void all() {
        suite.fault("kill: while renewing", this::killedRenewing);
        suite.fault("kill: while signing in", this::killedSigningIn);
        suite.fault("kill: while making a certificate", this::killedMakingCertificate);
        suite.fault("crowd: 50 renew at once", fault -> crowd(fault, false));
        suite.fault("crowd: 50 at once, half of them killed", fault -> crowd(fault, true));
        suite.fault("disk: full", this::full);
        suite.fault("disk: a token file that is none", this::notATokenFile);
        suite.fault("disk: an odd token file", this::oddTokenFile);
        suite.fault("disk: a cache, lock or .new that is none", this::hostileNeighbours);
        suite.fault("disk: an unfriendly folder", this::unfriendlyFolder);
    }

    // ---- SIGKILL ---------------------------------------------------------------------------------------------------

    /** Where in its work a program was when it was killed, as far as its files tell. */
    private enum Phase { BEFORE, ASIDE, BETWEEN, AFTER }

    private final class Kills {
        final int[] phases = new int[Phase.values().length];
        /** How long to let it write, in microseconds; follows what the machine needs. */
        int window = 3000;

        synchronized void in(Phase phase) { phases[phase.ordinal()]++; }

        synchronized void adapt(Phase phase) {
            if (phase == Phase.AFTER) window = Math.max(50, window * 9 / 10);
            if (phase == Phase.ASIDE) window = Math.min(50_000, window * 11 / 10 + 1);
        }

        @Override public String toString() {
            return phases[0] + " before, " + phases[1] + " while writing aside, " + phases[2] + " between the renames, " + phases[3] + " after";
        }
    }

    private void killedRenewing(faults.Fault fault) throws Exception {
        var kills = new Kills();
        var login = lab.login();
        faults.sideBySide(2, workers(2, worker -> {
            var random = new Random(suite.seed + worker);
            var home = lab.home(login).signedIn();
            home.get_token("--access-token").run().printsToken();
            home.age();
            long usual = home.get_token("--access-token").run().printsToken().took.toMillis();
            for (int n = 0, spare = KILLS_RENEWING; n < KILLS_RENEWING / 2 && spare > 0;) {
                boolean aimed = n % 2 == 0;
                home.age();
                var before = home.stored();
                var run = home.get_token("--access-token").start();
                run.closeInput();
                if (aimed) waitForWriting(home, run, random.nextInt(kills.window));
                else faults_lab.sleep(random.nextInt((int) (usual * 5 / 4)));
                if (!run.process.isAlive()) { // too late: no kill, so it does not count
                    run.ends().printsToken();
                    if (aimed) kills.adapt(Phase.AFTER);
                    spare--;
                    continue;
                }
                run.kill();
                n++;
                var phase = phase(home, before);
                kills.in(phase);
                if (aimed) kills.adapt(phase);
                fault.attempt("kill " + n + " of worker " + worker + " (" + phase + ")", () -> {
                    intact(home, Set.of());
                    home.get_token("--access-token").run().printsToken();
                    tidy(home);
                });
            }
            home.age();
            fault.attempt("the last token can still be redeemed", () -> home.get_token("--access-token").run().printsToken());
        }));
        fault.note(kills.toString());
    }

    /** Watches for the file that is written aside, then lets some more microseconds pass. */
    private static void waitForWriting(faults_lab.Home home, faults_lab.Running run, int micros) {
        var token = home.path.resolve("refresh_token.new").toFile();
        var cache = home.path.resolve("token_cache.json.new").toFile();
        while (run.process.isAlive() && !token.exists() && !cache.exists()) LockSupport.parkNanos(20_000);
        long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
        while (System.nanoTime() < until) LockSupport.parkNanos(1000);
    }

    private static Phase phase(faults_lab.Home home, String before) {
        boolean moved = !home.stored().equals(before);
        boolean cacheAside = Files.exists(home.path.resolve("token_cache.json.new"));
        boolean tokenAside = Files.exists(home.path.resolve("refresh_token.new"));
        return moved ? cacheAside ? Phase.BETWEEN : Phase.AFTER : cacheAside || tokenAside ? Phase.ASIDE : Phase.BEFORE;
    }

    /** One of the valid tokens, byte for byte, in a file that only its owner can read; and so is whatever lies beside it. */
    private void intact(faults_lab.Home home, Set<String> orElse) {
        var stored = home.stored();
        faults_lab.check(orElse.contains(stored) || stored.startsWith("1.AXYA") && home.login.secrets().contains(stored),
                stored.length() + " characters", "the token file holds no token that was issued");
        for (var name : home.names())
            faults_lab.check(faults_lab.mode(home.path.resolve(name)).equals("rw-------"), name + " is " + faults_lab.mode(home.path.resolve(name)), "mode");
    }

    private static void tidy(faults_lab.Home home) {
        var stray = new HashSet<>(home.names());
        stray.removeAll(Set.of("refresh_token", "token_cache.json", "refresh_token.lock"));
        faults_lab.check(stray.isEmpty(), stray, "stray files");
    }

    private void killedSigningIn(faults.Fault fault) throws Exception {
        var kills = new Kills();
        var login = lab.login();
        login.codeLength(200);
        faults.sideBySide(2, workers(2, worker -> {
            var random = new Random(suite.seed + 100 + worker);
            var browser = HttpClient.newHttpClient();
            long usual = 2000;
            for (int n = 0, spare = KILLS_SIGNING_IN; n < KILLS_SIGNING_IN / 2 && spare > 0;) {
                boolean aimed = n % 2 == 0, first = n % 5 == 0;
                var home = lab.home(login);
                if (!first) home.signedIn();
                var before = home.stored();
                long started = System.nanoTime();
                var run = home.get_token("--no-browser").start();
                var sitting = faults_lab.daemon(() -> answer(browser, run, login));
                if (aimed) {
                    while (run.process.isAlive() && login.requests("token").stream().noneMatch(r -> r.parameter("code").length() > 0
                            && run.err().contains(r.parameter("redirect_uri").replaceAll(".*:(\\d+).*", "%3A$1")))) faults_lab.sleep(1);
                    waitForWriting(home, run, random.nextInt(kills.window));
                } else faults_lab.sleep(random.nextInt((int) usual));
                if (!run.process.isAlive()) {
                    run.ends().exits(0);
                    usual = Math.max(500, (usual + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started)) / 2);
                    if (aimed) kills.adapt(Phase.AFTER);
                    spare--;
                    continue;
                }
                run.kill();
                sitting.join(5000);
                n++;
                var phase = phase(home, before);
                kills.in(phase);
                if (aimed) kills.adapt(phase);
                fault.attempt("kill " + n + " of worker " + worker + " (" + phase + (first ? ", first sign-in)" : ")"), () -> {
                    intact(home, Set.of(before));
                    var next = home.get_token("--access-token").run();
                    if (home.stored().isEmpty()) next.exits(77);
                    else next.printsToken();
                    tidy(home);
                });
            }
        }));
        fault.note(kills.toString());
    }

    /** What a person and a browser do; that the program is gone meanwhile is the point. */
    private static void answer(HttpClient browser, faults_lab.Running run, fake_login login) {
        var address = run.address();
        if (address.isEmpty()) return;
        try {
            browser.send(HttpRequest.newBuilder(URI.create(login.signIn(address, faults_lab.USER))).timeout(java.time.Duration.ofSeconds(20)).build(),
                    HttpResponse.BodyHandlers.discarding());
        } catch (IOException | RuntimeException e) { /* it was killed */
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The key of the loopback certificate lies in the temporary folder for as long as keytool runs. */
    private void killedMakingCertificate(faults.Fault fault) {
        var random = new Random(suite.seed + 200);
        var login = lab.login();
        var home = lab.home(login).signedIn();
        var temporary = home.path.resolve("tmp");
        faults_lab.check(temporary.toFile().mkdir(), temporary, "cannot be made");
        int caught = 0;
        for (int n = 0; n < KILLS_MAKING_A_CERTIFICATE; n++) {
            var run = home.get_token("--no-browser", "--timeout", "1").with("M365_REDIRECT_URI", "https://localhost:0/").start();
            while (run.process.isAlive() && temporary.toFile().list().length == 0) faults_lab.sleep(1);
            faults_lab.sleep(random.nextInt(500));
            run.kill();
            if (temporary.toFile().list().length > 0) caught++;
            fault.attempt("kill " + n, () -> {
                faults_lab.sleep(1500); // keytool outlives its parent for a moment
                home.get_token("--no-browser", "--timeout", "1").with("M365_REDIRECT_URI", "https://localhost:0/").run().exits(77);
                faults_lab.check(temporary.toFile().list().length == 0, Arrays.toString(temporary.toFile().list()), "stray temporary files");
                intact(home, Set.of());
            });
        }
        fault.note(caught + " with the key on the disk");
    }

    private interface Worker {
        void work(int number) throws Exception;
    }

    private static List<Callable<Void>> workers(int how, Worker worker) {
        var all = new ArrayList<Callable<Void>>();
        for (int i = 0; i < how; i++) {
            int number = i;
            all.add(() -> {
                worker.work(number);
                return null;
            });
        }
        return all;
    }

    // ---- a crowd ---------------------------------------------------------------------------------------------------

    /** All wait for a lock that we hold, so that they really are there at once when it is let go. */
    private void crowd(faults.Fault fault, boolean killHalf) throws Exception {
        int many = 50;
        var login = lab.login();
        var home = lab.home(login).signedIn();
        home.get_token("--access-token").run().printsToken();
        home.age();
        var random = new Random(suite.seed + 300);
        var crowd = new ArrayList<faults_lab.Running>();
        int renewedBefore = login.requests("token").size();
        try (var channel = FileChannel.open(home.lock(), StandardOpenOption.WRITE); var lock = channel.lock()) {
            faults_lab.check(lock.isValid(), lock, "no lock");
            for (int i = 0; i < many; i++) {
                var run = home.get_token("--access-token").start();
                run.closeInput();
                crowd.add(run);
                while (i - waiting(crowd, home.lock()) > 6) faults_lab.sleep(20); // so that none of them waits for a minute
            }
            for (int i = 0; i < 400 && waiting(crowd, home.lock()) < many; i++) faults_lab.sleep(50);
            int there = waiting(crowd, home.lock());
            fault.attempt("all wait for the lock", () -> faults_lab.check(there == many, there, "waiting"));
        }
        if (killHalf)
            for (int i = 0; i < many; i += 2) {
                faults_lab.sleep(random.nextInt(60)); // some while they wait, some while they hold the lock
                crowd.get(i).kill();
            }
        var tokens = new HashSet<String>();
        for (int i = killHalf ? 1 : 0; i < many; i += killHalf ? 2 : 1) {
            var run = crowd.get(i);
            fault.attempt("process " + i, () -> tokens.add(run.ends().printsToken().within(100).out));
        }
        int renewals = login.requests("token").size() - renewedBefore;
        fault.attempt("one winner", () -> {
            // Who was killed after the request and before the writing has asked in vain, and the next one must.
            faults_lab.check(killHalf ? renewals <= 5 : renewals == 1, renewals, "renewals");
            faults_lab.check(tokens.size() == 1, tokens.size(), "different tokens");
            intact(home, Set.of());
        });
        fault.attempt("no dead lock", () -> {
            home.age();
            home.get_token("--access-token").run().printsToken().within(30);
            tidy(home);
        });
        fault.note(renewals + " renewal" + (renewals == 1 ? "" : "s"));
    }

    private static int waiting(List<faults_lab.Running> crowd, Path lock) {
        return (int) crowd.stream().filter(run -> {
            try (var files = Files.list(Path.of("/proc/" + run.process.pid() + "/fd"))) {
                return files.anyMatch(file -> {
                    try {
                        return Files.readSymbolicLink(file).equals(lock);
                    } catch (IOException e) {
                        return false;
                    }
                });
            } catch (IOException | java.io.UncheckedIOException e) {
                return false;
            }
        }).count();
    }

    // ---- the disk is full ------------------------------------------------------------------------------------------

    private void full(faults.Fault fault) throws Exception {
        var login = lab.login();
        var disk = lab.root.resolve("disk");
        Files.createDirectory(disk);
        if (!lab.weAreRoot || !faults_lab.system("mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=16,mode=700", "faults", disk.toString())) {
            fullByLimit(fault, login);
            return;
        }
        try {
            var home = lab.home(disk, login).signedIn();
            home.get_token("--access-token").run().printsToken();
            for (int pages = 0; pages <= 6; pages++) {
                int free = pages;
                fault.attempt(pages + " pages free, renewing", () -> {
                    home.age();
                    filled(home, free, () -> survives(home, home.get_token("--access-token").run()));
                });
                fault.attempt(pages + " pages free, signing in", () -> {
                    filled(home, free, () -> {
                        var outcome = signIn(home);
                        survives(home, outcome);
                        if (free < 4) faults_lab.check(outcome.status == 75 && !outcome.err.contains("/authorize?"), outcome, "a person was asked to sign in for nothing");
                    });
                });
                fault.attempt(pages + " pages free, signing out", () -> {
                    filled(home, free, () -> home.get_token("--sign-out").run().exits(0, 75));
                    home.signedIn();
                    home.get_token("--access-token").run().printsToken();
                });
            }
            fault.attempt("no room for another name", () -> {
                home.age();
                var names = new ArrayList<Path>();
                try {
                    for (int i = 0; i < 20; i++) names.add(Files.createFile(home.path.resolve("file" + i)));
                } catch (IOException full) { /* as it should be */ }
                try {
                    home.get_token("--access-token").run().exits(0, 75);
                } finally {
                    for (var name : names) Files.delete(name);
                }
                intact(home, Set.of());
            });
            fault.attempt("room again", () -> {
                home.age();
                home.get_token("--access-token").run().printsToken();
                tidy(home);
            });
            fault.attempt("read-only file system", () -> {
                home.age();
                var before = home.contents();
                faults_lab.check(faults_lab.system("mount", "-o", "remount,ro", disk.toString()), disk, "cannot be remounted");
                try {
                    home.get_token("--access-token").run().exits(78).says("Read-only file system");
                    home.get_token("--no-browser").run().exits(78);
                    home.get_token("--sign-out").run().exits(78);
                    home.get_token("--refresh-token").run().exits(0);
                } finally {
                    faults_lab.system("mount", "-o", "remount,rw", disk.toString());
                }
                faults_lab.check(home.contents().equals(before), home.contents(), "changed");
            });
        } finally {
            faults_lab.system("umount", disk.toString());
        }
    }

    /** Without a disk of its own: the system refuses to let a file grow beyond one block. */
    private void fullByLimit(faults.Fault fault, fake_login login) {
        var home = lab.home(login).signedIn();
        for (int blocks = 0; blocks <= 12; blocks++) {
            var limit = "ulimit -f " + blocks + "; exec \"$@\"";
            fault.attempt("files of " + blocks + " blocks", () -> {
                home.age();
                survives(home, home.get_token("--access-token").through("sh", "-c", limit, "sh").run());
            });
        }
        fault.note("by ulimit, for want of a tmpfs");
    }

    /** Either it works, or it says that the disk is to blame and leaves everything as it was. */
    private void survives(faults_lab.Home home, faults_lab.Outcome outcome) {
        outcome.exits(0, 75);
        if (outcome.status == 75) outcome.says("nothing was changed");
        intact(home, Set.of());
        home.get_token("--refresh-token").run().exits(0);
    }

    /** Does {@code work} while so many pages of the disk are free. */
    private static void filled(faults_lab.Home home, int pages, faults.Attempt work) throws Exception {
        var filler = home.path.resolve("filler");
        try (var file = new RandomAccessFile(filler.toFile(), "rw")) {
            Files.setPosixFilePermissions(filler, PosixFilePermissions.fromString("rw-------"));
            var page = new byte[4096];
            try {
                while (true) file.write(page);
            } catch (IOException full) { /* as it should be */ }
            file.setLength(Math.max(0, file.length() - 4096L * pages));
            work.make();
        } finally {
            Files.delete(filler);
        }
    }

    private static faults_lab.Outcome signIn(faults_lab.Home home) {
        var run = home.get_token("--no-browser").start();
        answer(HttpClient.newHttpClient(), run, home.login);
        run.closeInput();
        return run.ends();
    }

    // ---- files that are not what they should be ----------------------------------------------------------------------

    private interface Prepare {
        void in(faults_lab.Home home) throws IOException;
    }

    private static final byte[] BINARY = new byte[5000];

    static {
        new Random(1).nextBytes(BINARY);
    }

    /** All of these are refused by every command with 78, and none is touched. */
    private void notATokenFile(faults.Fault fault) throws Exception {
        var login = lab.login();
        var victim = lab.root.resolve("victim");
        faults_lab.write(victim, "precious");
        refused(fault, login, "a folder", home -> Files.createDirectories(home.token().resolve("inside")));
        refused(fault, login, "a dangling link", home -> Files.createSymbolicLink(home.token(), home.path.resolve("nowhere")));
        refused(fault, login, "a link to another file", home -> Files.createSymbolicLink(home.token(), victim));
        refused(fault, login, "a link to itself", home -> Files.createSymbolicLink(home.token(), home.token()));
        refused(fault, login, "a link to /dev/zero", home -> Files.createSymbolicLink(home.token(), Path.of("/dev/zero")));
        refused(fault, login, "a pipe", home -> faults_lab.check(faults_lab.system("mkfifo", home.token().toString()), home, "no pipe"));
        refused(fault, login, "10 MB of letters", home -> faults_lab.write(home.token(), "x".repeat(10_000_000)));
        refused(fault, login, "binary", home -> {
            faults_lab.write(home.token(), "");
            Files.write(home.token(), BINARY);
        });
        refused(fault, login, "two lines", home -> faults_lab.write(home.token(), token(home) + "\n" + token(home)));
        refused(fault, login, "a letter", home -> faults_lab.write(home.token(), "Dear token,\nhow are you?\n"));
        refused(fault, login, "UTF-16", home -> {
            faults_lab.write(home.token(), "");
            Files.write(home.token(), token(home).getBytes(java.nio.charset.StandardCharsets.UTF_16));
        });
        refused(fault, login, "a NUL inside", home -> faults_lab.write(home.token(), token(home).replaceFirst("1", "\0")));
        if (lab.weAreRoot) refused(fault, login, "somebody else's", home -> {
            faults_lab.write(home.token(), token(home));
            faults_lab.check(faults_lab.system("chown", "65534:65534", home.token().toString()), home, "chown");
        });
        for (var special : List.of("/dev/null", "/dev/full", "/", "../home1", victim + "/below", "x".repeat(300)))
            fault.attempt("M365_TOKEN_FILE=" + special, () -> {
                var home = lab.home(login);
                for (var command : List.of("--access-token", "--refresh-token", "--no-browser", "--sign-out"))
                    home.get_token(command).with("M365_TOKEN_FILE", special).run().exits(78);
            });
        faults_lab.check(faults_lab.read(victim).equals("precious"), victim, "the victim was changed");
    }

    private static String token(faults_lab.Home home) {
        return home.login.issueRefreshToken(faults_lab.USER, fake_login.PUBLIC_APP, faults_lab.SCOPES);
    }

    private void refused(faults.Fault fault, fake_login login, String what, Prepare prepare) {
        fault.attempt(what, () -> {
            var home = lab.home(login);
            prepare.in(home);
            var before = home.contents();
            int requests = login.requests().size();
            for (var command : List.of("--access-token", "--refresh-token", "--status", "--no-browser"))
                home.get_token(command).run().exits(78).within(20);
            home.check_imap(faults_lab.USER).run().exits(78);
            faults_lab.check(login.requests().size() == requests, "", "something was sent");
            faults_lab.check(home.contents().equals(before), home.contents(), "changed");
            var out = home.get_token("--sign-out").run().exits(0, 78);
            if (out.status == 78) faults_lab.check(home.contents().equals(before), home.contents(), "changed by signing out");
        });
    }

    /** These are read as what they obviously are. */
    private void oddTokenFile(faults.Fault fault) {
        var login = lab.login();
        for (var odd : List.of("%s\n", "%s\r\n", "\uFEFF%s", "\uFEFF%s\r\n", "%s   \t ", "  %s", "\n\n%s\n\n"))
            fault.attempt("as in " + odd.replace("\uFEFF", "BOM ").replace("\r", "\\r").replace("\n", "\\n"), () -> {
                var home = lab.home(login);
                var token = token(home);
                faults_lab.write(home.token(), "");
                Files.writeString(home.token(), odd.formatted(token));
                faults_lab.check(home.get_token("--refresh-token").run().exits(0).out.equals(token + "\n"), "", "another token");
                home.get_token("--access-token").run().printsToken();
                intact(home, Set.of());
            });
        for (var nothing : List.of("", "\n", "\uFEFF\r\n", "   "))
            fault.attempt("nothing but " + nothing.length() + " characters", () -> {
                var home = lab.home(login);
                faults_lab.write(home.token(), "");
                Files.writeString(home.token(), nothing);
                home.get_token("--access-token").run().exits(77);
                signIn(home).exits(0);
                home.get_token("--access-token").run().printsToken();
            });
        for (var mode : List.of("rw-r--r--", "rw-rw-rw-", "rw----r--", "rw--w----"))
            fault.attempt("mode " + mode, () -> {
                var home = lab.home(login).signedIn();
                Files.setPosixFilePermissions(home.token(), PosixFilePermissions.fromString(mode));
                var before = home.contents();
                for (var command : List.of("--access-token", "--refresh-token", "--status")) home.get_token(command).run().exits(78).says("chmod 600");
                faults_lab.check(home.contents().equals(before), home.contents(), "changed");
            });
        fault.attempt("a cache that others can read is not believed, and closed again", () -> {
            var home = lab.home(login).signedIn();
            home.get_token("--access-token").run().printsToken();
            Files.setPosixFilePermissions(home.cache(), PosixFilePermissions.fromString("rw-rw-rw-"));
            home.get_token("--access-token").run().printsToken();
            intact(home, Set.of());
        });
    }

    // ---- the files beside it -----------------------------------------------------------------------------------------

    private void hostileNeighbours(faults.Fault fault) throws Exception {
        var login = lab.login();
        var victim = lab.root.resolve("victim");
        faults_lab.write(victim, "precious");
        for (var name : List.of("token_cache.json", "refresh_token.lock", "refresh_token.new", "token_cache.json.new")) {
            beside(fault, login, name, "a folder", file -> Files.createDirectories(file.resolve("inside")));
            beside(fault, login, name, "an empty folder", Files::createDirectory);
            beside(fault, login, name, "a link to another file", file -> Files.createSymbolicLink(file, victim));
            beside(fault, login, name, "a dangling link", file -> Files.createSymbolicLink(file, file.resolveSibling("nowhere")));
            beside(fault, login, name, "a link to the token", file -> Files.createSymbolicLink(file, Path.of("refresh_token")));
            beside(fault, login, name, "a pipe", file -> faults_lab.system("mkfifo", file.toString()));
            beside(fault, login, name, "binary", file -> Files.write(file, BINARY));
            beside(fault, login, name, "10 MB", file -> Files.write(file, new byte[10_000_000]));
            if (lab.weAreRoot) beside(fault, login, name, "somebody else's", file -> {
                Files.writeString(file, "{}");
                faults_lab.system("chown", "65534:65534", file.toString());
            });
        }
        faults_lab.check(faults_lab.read(victim).equals("precious"), victim, "the victim was changed");
    }

    private interface Place {
        void at(Path file) throws IOException;
    }

    /** It works all the same, or is refused in words; the token stays one that is valid. */
    private void beside(faults.Fault fault, fake_login login, String name, String what, Place place) {
        fault.attempt(name + " is " + what, () -> {
            var home = lab.home(login).signedIn();
            place.at(home.path.resolve(name));
            var outcome = home.get_token("--access-token").run().exits(0, 78).within(20);
            if (outcome.status == 0) outcome.printsToken();
            else outcome.says(home.path.resolve(name).toString());
            faults_lab.check(Files.isRegularFile(home.token(), LinkOption.NOFOLLOW_LINKS), home.token(), "the token file is gone");
            faults_lab.check(home.stored().startsWith("1.AXYA") && login.secrets().contains(home.stored()), "", "the token is not one that was issued");
            faults_lab.check(!Files.exists(home.path.resolve("nowhere")), "nowhere", "was made through a link");
            home.get_token("--refresh-token").run().exits(0);
        });
    }

    private void unfriendlyFolder(faults.Fault fault) throws Exception {
        var login = lab.login();
        fault.attempt("it does not exist", () -> {
            var home = lab.home(login);
            for (var command : List.of("--access-token", "--no-browser"))
                home.get_token(command).with("M365_TOKEN_FILE", "missing/refresh_token").run().exits(77, 78);
        });
        fault.attempt("it may not be written", () -> {
            var home = somebodys(lab.home(login).signedIn());
            home.get_token("--access-token").asNobody().run().printsToken();
            home.age();
            var before = home.contents();
            Files.setPosixFilePermissions(home.path, PosixFilePermissions.fromString("r-xr-xr-x"));
            home.get_token("--refresh-token").asNobody().run().exits(0);
            var renewed = home.get_token("--access-token").asNobody().run().exits(0, 78);
            if (renewed.status == 78) renewed.says("permission");
            var asked = home.get_token("--no-browser").asNobody().run().exits(78).says("permission");
            faults_lab.check(!asked.err.contains("/authorize?"), asked, "a person was asked to sign in for nothing");
            home.get_token("--sign-out").asNobody().run().exits(78).says("permission");
            Files.setPosixFilePermissions(home.path, PosixFilePermissions.fromString("rwx------"));
            faults_lab.check(home.contents().equals(before), home.contents(), "changed");
        });
        fault.attempt("it may not be entered", () -> {
            var home = somebodys(lab.home(login).signedIn());
            var below = home.path.resolve("below");
            Files.createDirectory(below);
            Files.setPosixFilePermissions(below, PosixFilePermissions.fromString("---------"));
            for (var command : List.of("--access-token", "--refresh-token", "--no-browser", "--status"))
                home.get_token(command).asNobody().with("M365_TOKEN_FILE", "below/refresh_token").run().exits(78).says("permission");
            Files.setPosixFilePermissions(below, PosixFilePermissions.fromString("rwx------")); // else we could not delete it
        });
        if (lab.weAreRoot) fault.attempt("everything in it is root's", () -> {
            var home = lab.home(login).signedIn();
            Files.setPosixFilePermissions(home.path, PosixFilePermissions.fromString("rwxr-xr-x"));
            for (var command : List.of("--access-token", "--refresh-token", "--no-browser"))
                home.get_token(command).asNobody().run().exits(78);
            intact(home, Set.of());
        });
    }

    /** Hands a home to the user whom file modes concern. */
    private faults_lab.Home somebodys(faults_lab.Home home) {
        if (lab.weAreRoot) faults_lab.check(faults_lab.system("chown", "-R", "65534:65534", home.path.toString()), home.path, "chown");
        return home;
    }
}
