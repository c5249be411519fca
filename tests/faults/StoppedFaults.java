package faults;

import java.nio.file.Path;
import java.time.Duration;

import static faults.Checks.check;

/** Whoever holds the lock is stopped; or a file is mounted where tokens belong, and cannot be replaced (EBUSY). */
final class StoppedFaults {
    private final Lab lab;

    StoppedFaults(Lab lab) { this.lab = lab; }

    /** A token that is valid for a few minutes is to be renewed, but it will do if it cannot be. */
    void holder(Fault fault) throws Exception {
        SideBySide.times(2, lab.effort.times(6, 30), n -> fault.attempt("stop " + n, () -> {
            var home = lab.home(lab.login()).signedIn();
            home.login.accessTokenSeconds(280);
            home.get_token("--access-token").runHere().printsToken();
            home.login.hangNext("token", Duration.ofSeconds(90));
            int requests = home.login.requests("token").size();
            try (var stopped = home.get_token("--access-token").start()) {
                while (home.login.requests("token").size() == requests && stopped.isAlive()) Checks.sleep(10);
                signal(stopped, "STOP");
                home.get_token("--access-token").run().printsToken().within(40);
                home.get_token("--access-token").runHere().printsToken().within(40);
                home.isIntact();
                signal(stopped, "CONT");
            }
            home.get_token("--access-token").run().printsToken();
            home.isIntact();
        }));
    }

    private static void signal(Running run, String name) {
        check(Disk.system("kill", "-" + name, String.valueOf(run.process.pid())), name, "no signal");
    }

    void mounted(Fault fault) {
        if (!Disk.system("unshare", "--mount", "true")) {
            fault.note("nothing can be mounted here");
            return;
        }
        fault.attempt("the token file is mounted there", () -> {
            var home = lab.home(lab.login()).signedIn();
            var before = home.contents();
            over(home.token(), home.get_token("--access-token")).exits(78).says("nothing was changed");
            over(home.token(), home.get_token("--sign-out")).exits(78).says("nothing was changed");
            home.isStill(before);
        });
        fault.attempt("the cache is mounted there", () -> {
            var home = lab.home(lab.login()).signedIn();
            home.get_token("--access-token").runHere().printsToken();
            home.age();
            over(home.cache(), home.get_token("--access-token")).exits(78).says("the new refresh token is stored");
            check(home.stored().equals(home.login.refreshToken(Lab.USER)), "", "it is not the newest");
            home.isTidy();
        });
    }

    /** Runs a program where {@code file} is a mount of itself. */
    private static Outcome over(Path file, Program program) {
        return program.through("unshare", "--mount", "sh", "-c", "mount --bind '" + file + "' '" + file
                + "' && exec \"$@\"", "sh").run();
    }
}
