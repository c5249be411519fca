package faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

import static faults.Checks.check;

/** Many programs want to renew at once: one does, the others take what it brought, and no lock outlives its owner. */
final class CrowdFaults {

    private final Lab lab;
    private final int many;

    CrowdFaults(Lab lab) {
        this.lab = lab;
        many = lab.effort.times(50, 50);
    }

    void renews(Fault fault) throws Exception { crowd(fault, false); }

    void renewsWhileHalfAreKilled(Fault fault) throws Exception { crowd(fault, true); }

    private void crowd(Fault fault, boolean killHalf) throws Exception {
        var home = lab.home(lab.login()).signedIn();
        home.get_token("--access-token").run().printsToken();
        home.age();
        int before = home.login.requests("token").size();
        var crowd = gather(fault, home);
        if (killHalf) killHalf(crowd);
        var tokens = new HashSet<String>();
        for (int i = killHalf ? 1 : 0; i < many; i += killHalf ? 2 : 1) {
            var run = crowd.get(i);
            fault.attempt("process " + i, () -> tokens.add(run.ends().printsToken().within(100).out));
        }
        int renewals = home.login.requests("token").size() - before;
        fault.attempt("one winner", () -> {
            // Who was killed after the request and before the writing has asked in vain, and the next one must.
            check(killHalf ? renewals <= 5 : renewals == 1, renewals, "renewals");
            check(tokens.size() == 1, tokens.size(), "different tokens");
            home.isIntact();
        });
        fault.attempt("no dead lock", () -> {
            home.age();
            home.get_token("--access-token").run().printsToken().within(30);
            home.isTidy();
        });
        fault.note(renewals + " renewal" + (renewals == 1 ? "" : "s"));
    }

    /** All wait for a lock that we hold, so that they really are there at once when it is let go. */
    private List<Running> gather(Fault fault, Home home) throws IOException {
        var crowd = new ArrayList<Running>();
        try (var channel = FileChannel.open(home.lock(), StandardOpenOption.WRITE); var lock = channel.lock()) {
            check(lock.isValid(), lock, "no lock");
            for (int i = 0; i < many; i++) {
                var run = home.get_token("--access-token").start();
                run.closeInput();
                crowd.add(run);
                // So that none of them waits for a minute.
                while (i - waiting(crowd, home.lock()) > 6) Checks.sleep(20);
            }
            for (int i = 0; i < 400 && waiting(crowd, home.lock()) < many; i++) Checks.sleep(50);
            int there = waiting(crowd, home.lock());
            fault.attempt("all wait for the lock", () -> check(there == many, there, "waiting"));
        }
        return crowd;
    }

    private void killHalf(List<Running> crowd) {
        var random = lab.effort.random(300);
        for (int i = 0; i < many; i += 2) {
            Checks.sleep(random.nextInt(60)); // some while they wait, some while they hold the lock
            crowd.get(i).kill();
        }
    }

    /** How many have opened the lock. */
    private static int waiting(List<Running> crowd, Path lock) {
        return (int) crowd.stream().filter(run -> hasOpen(run.process.pid(), lock)).count();
    }

    private static boolean hasOpen(long process, Path lock) {
        try (var files = Files.list(Path.of("/proc/" + process + "/fd"))) {
            return files.anyMatch(file -> {
                try {
                    return Files.readSymbolicLink(file).equals(lock);
                } catch (IOException e) {
                    return false;
                }
            });
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
