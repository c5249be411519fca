//SOURCES CleanOutput.java
//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES ProblemReport.java

package m365;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import static m365.ExitStatus.BUG;

/** What becomes of a command's work: its exit status, and on stderr whatever went wrong. Knows nothing of options. */
public final class Outcome {

    /**
     * Does the work.
     *
     * @param name as the user types the command
     * @return the exit status
     */
    public static int of(String name, Callable<Integer> work, CleanOutput err) {
        try {
            return work.call();
        } catch (Exception | Error e) { // Java would print a stack trace
            return told(e instanceof Problem problem ? problem : bug(e), name, err);
        }
    }

    static int told(Problem problem, String name, CleanOutput err) {
        err.print(ProblemReport.tell(problem, name, err.columns()));
        return problem.status().code;
    }

    /** A report without the exception's message, which could hold a secret. */
    static Problem bug(Throwable e) {
        var where = Arrays.stream(e.getStackTrace()).filter(Outcome::isOurs).limit(4)
                .map(frame -> frame.getMethodName() + ":" + frame.getLineNumber()).collect(Collectors.joining(" < "));
        return new Problem(BUG, "a bug: " + e.getClass().getSimpleName() + " at " + where,
                "please report this line; nothing of yours is in it");
    }

    private static boolean isOurs(StackTraceElement frame) {
        return frame.getClassName().matches("(m365\\.|get_token\\b|check_imap\\b|install\\b|config\\b).*");
    }

    private Outcome() { }
}
