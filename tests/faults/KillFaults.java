package faults;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import static faults.Checks.check;

/** Programs are killed at any moment of their work, and while they write, which is aimed at: nothing is lost. */
final class KillFaults {
    private static final int WORKERS = 2;

    private final Lab lab;

    KillFaults(Lab lab) { this.lab = lab; }

    void renewing(Fault fault) throws Exception {
        var kills = new Kills();
        SideBySide.times(WORKERS, WORKERS, worker -> renewing(fault, kills, worker));
        fault.note(kills.toString());
    }

    private void renewing(Fault fault, Kills kills, int worker) {
        var random = lab.effort.random(worker);
        var home = lab.home(lab.login()).signedIn();
        home.get_token("--access-token").run().printsToken();
        home.age();
        int usual = (int) home.get_token("--access-token").run().printsToken().took.toMillis();
        int spare = lab.effort.times(100, 200);
        for (int n = 0; n < lab.effort.times(100, 200) / WORKERS && spare > 0;) {
            boolean aimed = n % 2 == 0;
            home.age();
            var before = home.stored();
            var run = home.get_token("--access-token").start();
            run.closeInput();
            if (aimed) {
                Checks.sleep(usual / 2);
                kills.waitForWriting(home, run, random);
            } else Checks.sleep(random.nextInt(usual * 5 / 4));
            var phase = kills.kill(home, run, before, aimed);
            if (phase.isEmpty()) {
                run.ends().printsToken();
                spare--;
                continue;
            }
            n++;
            fault.attempt("kill " + n + " of worker " + worker + " (" + phase.get() + ")", () -> {
                home.isIntact();
                home.get_token("--access-token").runHere().printsToken();
                home.isTidy();
            });
        }
        home.age();
        fault.attempt("the last token can still be redeemed",
                () -> home.get_token("--access-token").run().printsToken());
    }

    void signingIn(Fault fault) throws Exception {
        var kills = new Kills();
        SideBySide.times(WORKERS, WORKERS, worker -> signingIn(fault, kills, worker));
        fault.note(kills.toString());
    }

    private void signingIn(Fault fault, Kills kills, int worker) throws InterruptedException {
        var random = lab.effort.random(100 + worker);
        var login = lab.login();
        login.codeLength(200);
        int usual = 2000;
        int spare = lab.effort.times(50, 90);
        for (int n = 0; n < lab.effort.times(50, 90) / WORKERS && spare > 0;) {
            boolean aimed = n % 2 == 0;
            boolean first = n % 5 == 0;
            var home = lab.home(login);
            if (!first) home.signedIn();
            var before = home.stored();
            int redeemed = login.requests("token").size();
            var run = home.get_token("--no-browser").start();
            var sitting = Checks.daemon(() -> Person.answers(run, login));
            if (aimed) {
                while (sitting.isAlive() && login.requests("token").size() == redeemed) Checks.sleep(1);
                kills.waitForWriting(home, run, random);
            } else Checks.sleep(random.nextInt(usual));
            var phase = kills.kill(home, run, before, aimed);
            if (phase.isEmpty()) {
                usual = Math.max(500, (usual + (int) run.ends().exits(0).took.toMillis()) / 2);
                spare--;
                continue;
            }
            sitting.join(5000);
            n++;
            var when = " (" + phase.get() + (first ? ", first sign-in)" : ")");
            fault.attempt("kill " + n + " of worker " + worker + when, () -> survived(home, before));
        }
    }

    private static void survived(Home home, String before) {
        home.isIntact(Set.of(before));
        var next = home.get_token("--access-token").runHere();
        if (home.stored().isEmpty()) next.exits(77);
        else next.printsToken();
        home.isTidy();
    }

    /** The key of the loopback certificate lies in the temporary folder for as long as keytool runs. */
    void makingCertificate(Fault fault) throws Exception {
        var login = lab.login();
        var caught = new AtomicInteger();
        SideBySide.times(WORKERS, lab.effort.times(6, 10), n -> {
            var home = lab.home(login).signedIn();
            var temporary = home.path.resolve("tmp").toFile();
            check(temporary.mkdir(), temporary, "cannot be made");
            var run = waitingOverTls(home).start();
            while (run.isAlive() && temporary.list().length == 0) Checks.sleep(1);
            Checks.sleep(lab.effort.random(200 + n).nextInt(500));
            run.kill();
            if (temporary.list().length > 0) caught.incrementAndGet();
            fault.attempt("kill " + n, () -> {
                Checks.sleep(1500); // keytool outlives its parent for a moment
                waitingOverTls(home).run().exits(77);
                check(temporary.list().length == 0, Arrays.toString(temporary.list()), "stray temporary files");
                home.isIntact();
            });
        });
        fault.note(caught + " with the key on the disk");
    }

    private static Program waitingOverTls(Home home) {
        return home.get_token("--no-browser", "--timeout", "1").with("M365_REDIRECT_URI", "https://localhost:0/");
    }
}
