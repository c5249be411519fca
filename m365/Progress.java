//SOURCES CleanOutput.java
//SOURCES Screen.java

package m365;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Names what this process waits for, as long as it does: on a terminal, once it has been quiet for a moment, and wiped
 * before anything else appears. Says nothing where standard output is no terminal as well, for whoever reads our answer
 * may own the screen (mutt does).
 */
public final class Progress {
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final int TICK_MILLIS = 100;

    // All that is static is guarded by the class.
    private static final Screen answer = new Screen(System.getenv(), System.out);
    private static final Screen screen = new Screen(System.getenv(), System.err);
    /** What was begun last is at the end, and shown. */
    private static final List<Progress> running = new ArrayList<>();
    private static Progress whole;
    private static boolean silent, clockRuns;
    private static long quietSince;
    private static String shown = "";

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Progress::giveWay)); // after Ctrl-C the shell's prompt comes
    }

    private final Supplier<String> what;

    private Progress(Supplier<String> what) { this.what = what; }

    /** {@code out} and {@code err} are what else appears; if they are not this process's own, nothing is ever shown. */
    static synchronized void besides(CleanOutput out, CleanOutput err) {
        if (out.raw() != System.out || err.raw() != System.err) silent = true;
        out.before(Progress::giveWay);
        err.before(Progress::giveWay);
    }

    /** @param what as it will stand on the line: "waiting for localhost" */
    static Progress begin(String what) { return begin(() -> what); }

    /** The same if the words change meanwhile; empty ones are not shown. */
    public static Progress begin(Supplier<String> what) {
        var step = new Progress(what);
        synchronized (Progress.class) {
            if (running.isEmpty()) quietSince = System.nanoTime();
            running.add(step);
            if (!silent && !clockRuns) {
                clockRuns = true;
                var clock = new Thread(Progress::tick, "progress");
                clock.setDaemon(true);
                clock.start();
            }
        }
        return step;
    }

    /** The same for work that has steps in several threads: what is begun within it is not shown. */
    static Progress beginWhole(Supplier<String> what) {
        var whole = begin(what);
        synchronized (Progress.class) {
            Progress.whole = whole;
        }
        return whole;
    }

    /** Call it whatever happens. */
    public void end() {
        synchronized (Progress.class) {
            running.remove(this);
            if (whole == this) whole = null;
            if (running.isEmpty()) wipe();
        }
    }

    private static void tick() {
        try {
            while (goesOn()) Thread.sleep(TICK_MILLIS);
        } catch (InterruptedException e) { /* so it says nothing more */ }
    }

    private static synchronized boolean goesOn() {
        clockRuns = !running.isEmpty();
        if (clockRuns && System.nanoTime() - quietSince > QUIET_NANOS) {
            silent = silent || !answer.isTerminal() || !screen.isTerminal();
            clockRuns = !silent;
            if (!silent) show((whole != null ? whole : running.get(running.size() - 1)).what.get());
        }
        return clockRuns;
    }

    private static void show(String words) {
        int room = screen.columns() - 4;
        var line = CleanOutput.clean(words.substring(0, Math.min(room, words.length()))) + "...";
        if (words.isEmpty() || line.equals(shown)) return;
        System.err.print(screen.obeys() ? "\r" + line + "\033[K" : line + "\n"); // what cannot be wiped stays
        System.err.flush();
        shown = line;
    }

    private static synchronized void giveWay() {
        quietSince = System.nanoTime();
        wipe();
    }

    private static void wipe() {
        if (!shown.isEmpty() && screen.obeys()) System.err.print("\r\033[K");
        System.err.flush();
        shown = "";
    }
}
