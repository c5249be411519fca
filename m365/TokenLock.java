//SOURCES ExitStatus.java
//SOURCES PrivateFile.java
//SOURCES Problem.java
//SOURCES Progress.java
//SOURCES StorageProblem.java
//SOURCES Text.java

package m365;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import static m365.ExitStatus.LATER;

/** The one lock that all writers of the same tokens hold. The system frees it when its holder dies. */
final class TokenLock {
    /**
     * Does {@code work} while holding the lock.
     *
     * @throws IOException if the lock file cannot be made
     * @throws Problem     if another process holds it all the time
     */
    static <T> T holding(Path lockFile, int patienceSeconds, Supplier<T> work) throws IOException {
        // A pipe in the lock's place would keep us waiting for ever.
        if (Files.exists(lockFile, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(lockFile, LinkOption.NOFOLLOW_LINKS)) throw StorageProblem.inTheWay(lockFile);
        try (var channel = FileChannel.open(lockFile, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS), PrivateFile.ownerOnly(lockFile))) {
            if (!tryLock(channel)) await(channel, lockFile, patienceSeconds);
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(LATER, "interrupted while waiting for " + lockFile, "try again");
        }
    }

    private static void await(FileChannel channel, Path lockFile, int patienceSeconds)
            throws IOException, InterruptedException {
        var progress = Progress.begin("waiting for another process, which holds " + lockFile);
        try {
            for (long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds); !tryLock(channel);
                    Thread.sleep(20))
                if (System.nanoTime() > deadline)
                    throw new Problem(LATER, "another process has held " + lockFile + " for " + patienceSeconds + " s",
                            "see who it is: fuser " + Text.shellQuote(lockFile));
        } finally {
            progress.end();
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException anotherThreadOfOurs) {
            return false;
        }
    }

    private TokenLock() { }
}
