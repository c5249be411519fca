package faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Does several things at once; what waits for a time-out takes no processor. */
final class SideBySide {

    interface Numbered {
        void make(int number) throws Exception;
    }

    /** Does all of {@code work}, so many at once; the first that fails ends it. */
    static void run(int width, List<? extends Callable<Void>> work) throws InterruptedException, ExecutionException {
        var pool = Executors.newFixedThreadPool(width);
        try {
            for (var done : pool.invokeAll(work)) done.get();
        } finally {
            pool.shutdown();
        }
    }

    /** Does {@code work} with the numbers from 0, so many at once. */
    static void times(int width, int times, Numbered work) throws InterruptedException, ExecutionException {
        var next = new AtomicInteger();
        var workers = new ArrayList<Callable<Void>>();
        for (int i = 0; i < width; i++)
            workers.add(() -> {
                for (int n; (n = next.getAndIncrement()) < times;) work.make(n);
                return null;
            });
        run(width, workers);
    }

    private SideBySide() { }
}
