package faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import stand_in.FakeLogin;
import stand_in.FakeMail;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Browser, stty, keytool and a secret store: none is told a secret, but the store through its pipe. Nor is who reads
 * of a bug of ours.
 */
final class ToldFaults {
    private static final List<String> CHILDREN = List.of("browser", "stty", "read", "write");

    private final Lab lab;

    ToldFaults(Lab lab) { this.lab = lab; }

    void children(Fault fault) throws IOException {
        var home = lab.home(lab.login());
        var dump = home.path.resolve("dump");
        var runtime = home.path.resolve("runtime");
        Files.createDirectory(runtime,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        writeChildren(home, dump);
        fault.attempt("a sign-in", () -> {
            try (var run = secretive(home.get_token("--verbose")).watched().start()) {
                var address = run.address();
                check(!address.isEmpty(), run.err(), "no address");
                run.types(home.login.signIn(address, Lab.USER) + "\n");
                run.ends().exits(0);
            }
        });
        fault.attempt("afterwards", () -> {
            secretive(home.get_token("--verbose", "--access-token")).run().printsToken();
            secretive(home.get_token("--status", "--json")).run().exits(0);
            for (var program : List.of("offlineimap", "mbsync", "neomutt", "getmail"))
                secretive(home.get_token("--config-for", program)).run().exits(0);
        });
        checkups(fault, home);
        fault.attempt("none was given a secret", () -> {
            childrenWereToldNone(home, dump);
            keptPrivate(runtime, Disk.read(home.path.resolve("store")).strip());
        });
    }

    /** Each dumps its arguments and environment, and then does its work. */
    private static void writeChildren(Home home, Path dump) throws IOException {
        var store = home.path.resolve("store");
        var tell = "#!/bin/sh\n{ echo \"$0 $*\"; env; } >>" + dump + "\n";
        script(home, "browser", tell);
        script(home, "stty", tell + "exec /usr/bin/env PATH=/usr/bin:/bin stty \"$@\"\n");
        script(home, "read", tell + "cat " + store + " 2>/dev/null || echo signed-out\n");
        script(home, "write", tell + "umask 077; cat >" + store + "\n");
    }

    private static void script(Home home, String name, String text) throws IOException {
        var file = Files.writeString(home.path.resolve(name), text);
        Disk.mode(file, "rwx------");
    }

    /** With all the secrets that settings can hold, and all the children. */
    private Program secretive(Program program) {
        var home = program.home.path;
        return program.with("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP)
                .with("M365_CLIENT_SECRET", FakeLogin.CONFIDENTIAL_SECRET)
                .with("M365_CLIENT_CERTIFICATE_PASSWORD", lab.secret("a password that must not be passed on"))
                .with("M365_REDIRECT_URI", "https://localhost:0/").with("PATH", home + ":" + System.getenv("PATH"))
                .with("BROWSER", home.resolve("browser")).with("XDG_RUNTIME_DIR", home.resolve("runtime"))
                .with("M365_TOKEN_READ_COMMAND", home.resolve("read"))
                .with("M365_TOKEN_WRITE_COMMAND", home.resolve("write"));
    }

    private void checkups(Fault fault, Home home) {
        try (var imap = lab.imap().start(); var refusing = FakeMail.authenticateFailed(lab.ca).start();
                var smtp = FakeMail.smtp(lab.ca).start()) {
            for (var server : List.of(imap, refusing))
                fault.attempt("a checkup with everything shown", () -> {
                    for (var options : List.of(List.of("--verbose"), List.of("--verbose", "--json"), List.of("--json"),
                            List.<String>of())) {
                        var words = new ArrayList<>(options);
                        words.addAll(List.of("--smtp", Lab.USER));
                        secretive(home.check_imap(words.toArray(String[]::new))).at("IMAP", server).at("SMTP", smtp)
                                .run().exits(server == imap ? 0 : 69);
                    }
                });
        }
    }

    private void childrenWereToldNone(Home home, Path dump) {
        var told = Disk.read(dump);
        for (var child : CHILDREN)
            check(told.contains(home.path.resolve(child) + " "), child, "was never started");
        lab.emitted("arguments and environment of our children", told);
        boolean passedOn = told.contains("M365_CLIENT_SECRET") || told.contains("CERTIFICATE_PASSWORD");
        check(!passedOn, "", "the client's secret was passed on");
        var found = new Needles(lab.secrets()).in(told);
        check(found.isEmpty(), found, "a child was given a secret");
    }

    private static void keptPrivate(Path runtime, String refreshToken) throws IOException {
        try (var files = Files.list(runtime)) {
            for (var file : files.toList()) {
                check(Disk.mode(file).equals("rw-------"), runtime, "others can read it");
                check(!Disk.read(file).contains(refreshToken), file, "the refresh token has left its store");
            }
        }
    }

    /** Status 70, a line or two, and nothing of the exception's message. */
    void bug(Fault fault) {
        var secret = lab.secret("1.AXYAsecret-in-an-exception-message-" + "0123456789abcdefGHIJ".repeat(10));
        for (var thrown : List.of(new IllegalStateException(secret), new AssertionError(secret),
                new StackOverflowError(secret), new OutOfMemoryError(secret), new ExceptionInInitializerError(secret)))
            for (var program : List.of("get_token", "check_imap"))
                fault.attempt(program + " meets " + thrown.getClass().getSimpleName(), () -> {
                    var out = new ByteArrayOutputStream();
                    var err = new ByteArrayOutputStream();
                    var word = program.equals("get_token") ? "--access-token" : Lab.USER;
                    int status = InThisJvm.run(program, new BrokenEnvironment(thrown),
                            new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), word);
                    var told = out.toString(UTF_8) + err.toString(UTF_8);
                    lab.emitted("report of a bug", told);
                    check(status == 70, status, "status");
                    boolean isShort = told.lines().count() <= 12 && !told.contains("\tat ") && told.contains("report");
                    check(isShort, told, "not a short report");
                    check(!told.contains(secret.substring(20, 60)), "", "the exception's message was told");
                });
    }

    /** Throws at the first question about a setting. */
    private static final class BrokenEnvironment extends HashMap<String, String> {
        private static final long serialVersionUID = 1;
        private final Throwable thrown;

        BrokenEnvironment(Throwable thrown) { this.thrown = thrown; }

        @Override public String getOrDefault(Object name, String otherwise) {
            if (!name.toString().startsWith("M365_")) return otherwise; // the screen's width is asked for to tell it
            if (thrown instanceof Error error) throw error;
            throw (RuntimeException) thrown;
        }
    }
}
