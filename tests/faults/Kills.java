package faults;

import java.nio.file.Files;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Kills that are aimed at the moment of writing, and where they hit. */
final class Kills {

    /** Where in its work a program was when it was killed, as far as its files tell. */
    enum Phase {
        BEFORE, ASIDE, BETWEEN, AFTER;

        private static Phase of(Home home, String before) {
            boolean moved = !home.stored().equals(before);
            boolean cacheAside = Files.exists(home.path.resolve("token_cache.json_new"));
            boolean tokenAside = Files.exists(home.path.resolve("refresh_token_new"));
            if (moved) return cacheAside ? BETWEEN : AFTER;
            return cacheAside || tokenAside ? ASIDE : BEFORE;
        }
    }

    private final int[] phases = new int[Phase.values().length];
    /** How long to let it write, in microseconds; follows what the machine needs. */
    private int window = 3000;

    /** Watches for the file that is written aside, then lets some more microseconds pass. */
    void waitForWriting(Home home, Running run, Random random) {
        var token = home.path.resolve("refresh_token_new").toFile();
        var cache = home.path.resolve("token_cache.json_new").toFile();
        while (run.isAlive() && !token.exists() && !cache.exists()) LockSupport.parkNanos(20_000);
        long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(random.nextInt(window()));
        while (System.nanoTime() < until) LockSupport.parkNanos(1000);
    }

    private synchronized int window() { return window; }

    /** @return what was hit; empty if the program had ended before, and then it does not count */
    synchronized Optional<Phase> kill(Home home, Running run, String before, boolean aimed) {
        boolean late = !run.isAlive();
        if (!late) run.kill();
        var phase = late ? Phase.AFTER : Phase.of(home, before);
        if (aimed && phase == Phase.AFTER) window = Math.max(50, window * 9 / 10);
        if (aimed && phase == Phase.ASIDE) window = Math.min(50_000, window * 11 / 10 + 1);
        if (late) return Optional.empty();
        phases[phase.ordinal()]++;
        return Optional.of(phase);
    }

    @Override public synchronized String toString() {
        return phases[0] + " before, " + phases[1] + " while writing aside, " + phases[2] + " between the renames, "
                + phases[3] + " after";
    }
}
