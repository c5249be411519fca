package faults;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

import static faults.Checks.check;

/** Feeds scrambled input to a reader: it must be done soon, and throw nothing. */
final class Fuzzer {
    /** No line that a person pastes, and no setting, may take more of a processor. */
    private static final long MOST_MILLIS = 3000;
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
    private static final Pattern CONTROL =
            Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\x80-\\x9f\\u202a-\\u202e\\u2028\\u2029]");

    interface Property {
        void of(String input);
    }

    private final Effort effort;

    Fuzzer(Effort effort) { this.effort = effort; }

    /** @param times how often in the ordinary run */
    void fuzz(Fault fault, int times, List<String> seeds, Property property) {
        var scrambler = new Scrambler(new Random(effort.seed()));
        int good = 0;
        for (int n = 0; n < effort.inputs(times); n++) {
            var input = scrambler.of(seeds);
            try {
                soon(() -> property.of(input));
                good++;
            } catch (RuntimeException | StackOverflowError | AssertionError e) {
                var where = List.of(e.getStackTrace()).stream().limit(4).toList();
                fault.attempt("input " + n + " " + Scrambler.shown(input), () -> {
                    throw new AssertionError(e + " at " + where);
                });
                if (n - good > 5) break; // the first ones will do
            }
        }
        fault.count(good);
    }

    private static void soon(Runnable work) {
        long started = CLOCK.getCurrentThreadCpuTime();
        work.run();
        long millis = (CLOCK.getCurrentThreadCpuTime() - started) / 1_000_000;
        check(millis < MOST_MILLIS, millis, "milliseconds");
    }

    /** What is told to a person holds no control character and is no flood. */
    static void clean(String told) {
        check(!CONTROL.matcher(told).find(), Scrambler.shown(told), "a control character");
        check(told.length() < 20_000, told.length(), "characters");
    }
}
