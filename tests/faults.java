//JAVA 17+
//DEPS org.slf4j:slf4j-nop:1.7.36
//SOURCES faults_lab.java faults_disk.java faults_peers.java faults_listener.java faults_input.java

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Breaks what can break, and attacks what can be attacked, with real processes: {@code ./jbang tests/faults.java}, or one
 * kind with {@code --only NAME}; {@code --long} for more fuzzing with another seed. Everything stays on this machine. Ends
 * with a table and a line {@code N passed, N failed}.
 */
public final class faults {
    private static final long SEED = 20240501;

    final boolean lengthy;
    final long seed;
    final faults_lab lab;
    private final PrintStream out;
    private final String only;
    private final List<Fault> all = new ArrayList<>();

    private faults(faults_lab lab, PrintStream out, boolean lengthy, String only) {
        this.lab = lab;
        this.out = out;
        this.lengthy = lengthy;
        this.only = only;
        this.seed = lengthy ? System.nanoTime() : SEED;
    }

    public static void main(String... args) throws Exception {
        var words = List.of(args);
        int only = words.indexOf("--only");
        int status = 1;
        try (var lab = new faults_lab()) {
            Runtime.getRuntime().addShutdownHook(new Thread(lab::close)); // after Ctrl-C
            status = new faults(lab, new PrintStream(System.out, true, UTF_8), words.contains("--long"),
                    only < 0 ? "" : words.get(only + 1)).run();
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(status); // whatever threads are left
    }

    /** One kind of fault: how often it was tried, and how often the tool survived. */
    final class Fault {
        final String name;
        private final long started = System.nanoTime();
        private int tries, survived;
        private double seconds;
        private String note = "";

        private Fault(String name) { this.name = name; }

        /** Tries once; a failure is told, and the next try goes on. */
        void attempt(String what, Attempt attempt) {
            Throwable failure = null;
            try {
                attempt.make();
            } catch (Exception | AssertionError e) {
                failure = e;
            }
            synchronized (this) {
                tries++;
                if (failure == null) survived++;
            }
            if (failure != null) failed(what, failure);
        }

        synchronized void count(int more) {
            tries += more;
            survived += more;
        }

        void note(String text) { note = note.isEmpty() ? text : note + ", " + text; }

        private void failed(String what, Throwable e) {
            var where = java.util.Arrays.stream(e.getStackTrace()).filter(f -> f.getClassName().startsWith("faults_") && !f.getMethodName().equals("check"))
                    .limit(3).map(f -> f.getFileName() + ":" + f.getLineNumber()).toList();
            synchronized (out) {
                out.println("FAILED " + name + ", " + what + "\n    " + String.valueOf(e instanceof AssertionError ? e.getMessage() : e).strip().replace("\n", "\n    ") + "\n    at " + where);
            }
        }
    }

    interface Attempt {
        void make() throws Exception;
    }

    interface Faults {
        void on(Fault fault) throws Exception;
    }

    /** Makes a row of the table. */
    void fault(String name, Faults faults) {
        if (!name.contains(only)) return;
        var fault = new Fault(name);
        synchronized (all) {
            all.add(fault);
        }
        try {
            faults.on(fault);
        } catch (Exception | AssertionError e) {
            fault.attempt("as a whole", () -> { throw new IllegalStateException(e); });
        }
        fault.seconds = (System.nanoTime() - fault.started) / 1e9;
        synchronized (out) {
            out.printf("%-44s %6d tries  %6d survived  %5.0f s  %s%n", name, fault.tries, fault.survived, fault.seconds, fault.note);
        }
    }

    private int run() throws Exception {
        long started = System.nanoTime();
        out.println("seed " + seed);
        // What waits for slow peers, beside what keeps the processors busy.
        var side = Executors.newSingleThreadExecutor(work -> {
            var thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        });
        var waiting = side.<Void>submit(() -> {
            new faults_peers(this).all();
            new faults_listener(this).all();
            return null;
        });
        new faults_disk(this).all();
        new faults_input(this).all();
        waiting.get();
        side.shutdown();
        secrets();
        return verdict(started);
    }

    /** Runs independent attempts side by side; those that wait for time-outs take no processor. */
    static void sideBySide(int width, List<Callable<Void>> work) throws InterruptedException, ExecutionException {
        var pool = Executors.newFixedThreadPool(width);
        try {
            for (var done : pool.invokeAll(work)) done.get();
        } finally {
            pool.shutdown();
        }
    }

    /** Nothing that the tool let out in all of the above holds a secret. */
    private void secrets() {
        fault("secrets in what was let out", fault -> {
            var planted = lab.secrets().iterator().next();
            fault.attempt("the search finds a planted secret", () -> faults_lab.check(new faults_lab.Needles(java.util.Set.of(planted))
                    .in("x" + java.util.Base64.getEncoder().encodeToString(("user=a\1auth=Bearer " + planted).getBytes(UTF_8))).isPresent(), "", "not found"));
            var search = lab.search();
            fault.count(search.texts() - Math.min(search.texts(), search.found().size()));
            for (var leak : search.found()) fault.attempt("a leak", () -> faults_lab.check(false, leak, "a secret was told"));
            fault.note(search.secrets() + " secrets, " + search.characters() / 1000 + " kB of " + lab.programs() + " programs");
        });
    }

    private int verdict(long started) {
        out.printf("%n%-44s %8s %9s%n", "fault", "tries", "survived");
        for (var fault : all)
            out.printf("%-44s %8d %9d  %s%s%n", fault.name, fault.tries, fault.survived, fault.tries == fault.survived ? "" : "FAILED ", fault.note);
        long failed = all.stream().filter(f -> f.tries != f.survived).count();
        out.printf("%nAll in %.0f s.%n", (System.nanoTime() - started) / 1e9);
        if (all.isEmpty()) out.println("No fault is called so.");
        out.println((all.size() - failed) + " passed, " + failed + " failed");
        return failed > 0 || all.isEmpty() ? 1 : 0;
    }
}
