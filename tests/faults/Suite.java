package faults;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Runs all kinds of faults and draws up the table of what came of it. */
public final class Suite {
    private final PrintStream out;
    private final Effort effort;
    private final String only;
    private final List<Fault> table = new ArrayList<>();

    /**
     * @param lengthy more of the same, and other random numbers each time
     * @param only    part of the names of the kinds to run
     */
    public Suite(PrintStream out, boolean lengthy, String only) {
        this.out = out;
        this.effort = Effort.of(lengthy);
        this.only = only;
    }

    /** @return the exit status: 0 if all that was broken was survived */
    public int run() throws Exception {
        long started = System.nanoTime();
        out.println("seed " + effort.seed());
        try (var lab = new Lab(effort)) {
            Runtime.getRuntime().addShutdownHook(new Thread(lab::close)); // after Ctrl-C
            // One after the other: what is crowded, flooded and timed in one kind would fail the next one's deadlines.
            for (var kind : Kinds.all(lab)) if (kind.name().contains(only)) row(kind).call();
            var secrets = new Kind("secrets in what was let out", fault -> secrets(fault, lab));
            if (secrets.name().contains(only)) row(secrets).call();
        }
        return verdict(started);
    }

    /** A row of the table, and the work that fills it. */
    private Callable<Void> row(Kind kind) {
        var fault = new Fault(kind.name(), out);
        table.add(fault);
        return () -> {
            fault.undergo(kind.trial());
            return null;
        };
    }

    /** Nothing that the tool let out in all of the above holds a secret. */
    private static void secrets(Fault fault, Lab lab) {
        var planted = lab.secrets().iterator().next();
        fault.attempt("the search finds a planted secret", () -> {
            var login = "user=a\1auth=Bearer " + planted;
            var text = "x" + Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
            check(new Needles(Set.of(planted)).in(text).isPresent(), "", "not found");
        });
        var search = lab.search();
        fault.count(search.texts() - Math.min(search.texts(), search.found().size()));
        for (var leak : search.found()) fault.attempt("a leak", () -> check(false, leak, "a secret was told"));
        fault.note(search.secrets() + " secrets, " + search.characters() / 1000 + " kB of "
                + lab.programs() + " programs");
    }

    private int verdict(long started) {
        out.printf("%n%-44s %8s %9s%n", "fault", "tries", "survived");
        for (var fault : table) out.println(fault.row());
        long failed = table.stream().filter(fault -> !fault.survived()).count();
        out.printf("%nAll in %.0f s.%n", (System.nanoTime() - started) / 1e9);
        if (table.isEmpty()) out.println("No fault is called so.");
        out.println((table.size() - failed) + " passed, " + failed + " failed");
        return failed > 0 || table.isEmpty() ? 1 : 0;
    }
}
