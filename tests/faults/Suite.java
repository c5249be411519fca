package faults;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.partitioningBy;

/** Runs all kinds of faults and draws up the table of what came of it. */
public final class Suite {
    private final PrintStream out;
    private final Effort effort;
    private final String only;
    private final List<Fault> table = new ArrayList<>();

    /**
     * @param extent short, whole or long, as {@link Effort} has it
     * @param only   part of the names of the kinds to run
     */
    public Suite(PrintStream out, String extent, String only) {
        this.out = out;
        this.effort = Effort.of(Effort.Extent.valueOf(extent.toUpperCase(Locale.ROOT)));
        this.only = only;
    }

    /** @return the exit status: 0 if all that was broken was survived */
    public int run() throws Exception {
        long started = System.nanoTime();
        out.println(effort.extent() + ", seed " + effort.seed());
        try (var lab = new Lab(effort)) {
            Runtime.getRuntime().addShutdownHook(new Thread(lab::close)); // after Ctrl-C
            // One after the other: what is crowded, flooded and timed in one kind would fail the next one's deadlines.
            var kinds = Kinds.all(lab).stream().filter(kind -> kind.name().contains(only))
                    .collect(partitioningBy(kind -> kind.sociable() && effort.extent() == Effort.Extent.SHORT));
            SideBySide.run(2, List.of(inTurn(kinds.get(false)), inTurn(kinds.get(true))));
            var secrets = new Kind("secrets in what was let out", fault -> secrets(fault, lab));
            if (secrets.name().contains(only)) inTurn(List.of(secrets)).call();
        }
        return verdict(started);
    }

    /** Fills a row of the table with each, one after the other. */
    private Callable<Void> inTurn(List<Kind> kinds) {
        var rows = new LinkedHashMap<Fault, Kind>();
        for (var kind : kinds) rows.put(new Fault(kind.name(), out), kind);
        table.addAll(rows.keySet());
        return () -> {
            rows.forEach((fault, kind) -> fault.undergo(kind.trial()));
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
