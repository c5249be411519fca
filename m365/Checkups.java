//SOURCES CheckRequest.java
//SOURCES Checkup.java
//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Progress.java
//SOURCES Settings.java

package m365;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** The checkups of several users, side by side. What is told of them in the end is {@link CheckReport}'s. */
public final class Checkups {
    private static final int SIDE_BY_SIDE = 8;

    /**
     * Said once and before anything runs, rather than of every user.
     *
     * @throws Problem if the users would share one token file
     */
    public static void demandTokenFileEach(CheckRequest request) {
        Settings settings;
        try {
            settings = request.settings();
        } catch (Problem e) {
            return; // told with each user
        }
        if (!settings.perUser())
            throw new Problem(ExitStatus.USAGE, "several users need a token file each", settings.readCommand().isEmpty()
                    ? "set M365_TOKEN_FILE=/path/{user}"
                    : "put {user} into M365_TOKEN_READ_COMMAND and M365_TOKEN_WRITE_COMMAND");
    }

    /** Runs all, at most eight at a time. */
    public static void run(List<Checkup> checkups) throws InterruptedException {
        // MSAL asks in Java's common pool. It has a thread less than there are processors, and waits as long for each.
        System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", String.valueOf(SIDE_BY_SIDE));
        var pool = Executors.newFixedThreadPool(Math.min(SIDE_BY_SIDE, checkups.size()));
        var progress = Progress.beginWhole(() -> howFar(checkups));
        try {
            pool.invokeAll(checkups.stream().<Callable<Void>>map(checkup -> () -> {
                checkup.run();
                return null;
            }).toList());
        } finally {
            progress.end();
            pool.shutdown();
        }
    }

    /** As "3 of 12 checked, jan@uva.nl: IMAP greeting": the first of those that are being checked. */
    private static String howFar(List<Checkup> checkups) {
        var checked = checkups.stream().filter(Checkup::finished).count() + " of " + checkups.size() + " checked";
        return checkups.stream().filter(checkup -> !checkup.finished() && !checkup.now().isEmpty()).findFirst()
                .map(checkup -> checked + ", " + checkup.user() + ": " + checkup.now()).orElse(checked);
    }

    private Checkups() { }
}
