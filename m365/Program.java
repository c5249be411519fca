//DEPS info.picocli:picocli:4.7.7
//SOURCES ExitStatus.java
//SOURCES Invocation.java
//SOURCES Problem.java
//SOURCES ProblemReport.java
//SOURCES StartCommand.java

package m365;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.UnmatchedArgumentException;

import static m365.ExitStatus.BUG;
import static m365.ExitStatus.USAGE;

/**
 * What the commands have in common: picocli reads their options, and whatever went wrong is told on stderr and becomes
 * the exit status. Only a script's {@code main} exits.
 */
public final class Program {

    public static final String VERSION = "1.1.0";

    /**
     * Runs a picocli command.
     *
     * @param name    as the user types it
     * @param command an object with picocli's annotations
     * @return the exit status
     */
    public static int run(String name, Callable<Integer> command, Invocation invocation, String... args) {
        var err = invocation.err();
        var help = new StringWriter();
        var line = new CommandLine(command).setOut(new PrintWriter(help));
        line.setParameterExceptionHandler((e, given) -> {
            var meant = e instanceof UnmatchedArgumentException unknown ? unknown.getSuggestions() : List.<String>of();
            return told(new Problem(USAGE, e.getMessage().replaceFirst("^Error: ", ""),
                    (meant.isEmpty() ? "" : "did you mean " + meant.get(0) + "? ") + "jbang " + name
                            + ".java --help shows what there is"), name, err);
        });
        line.setExecutionExceptionHandler((e, commandLine, parsed) ->
                told(e instanceof Problem problem ? problem : bug(e), name, err));
        try {
            int status = line.execute(args);
            if (help.getBuffer().length() > 0) // our own text, of which picocli's bold and colour are to pass
                invocation.out().raw().print(StartCommand.asTypedHere(help.toString()));
            return status;
        } catch (Error e) { // picocli catches exceptions only, and Java would print a stack trace
            return told(bug(e), name, err);
        }
    }

    private static int told(Problem problem, String name, PrintStream err) {
        err.print(ProblemReport.tell(problem, name));
        return problem.status().code;
    }

    /** A report without the exception's message, which could hold a secret. */
    static Problem bug(Throwable e) {
        var where = Arrays.stream(e.getStackTrace()).filter(Program::isOurs).limit(4)
                .map(frame -> frame.getMethodName() + ":" + frame.getLineNumber()).collect(Collectors.joining(" < "));
        return new Problem(BUG, "a bug: " + e.getClass().getSimpleName() + " at " + where,
                "please report this line; nothing of yours is in it");
    }

    private static boolean isOurs(StackTraceElement frame) {
        return frame.getClassName().matches("(m365\\.|get_token\\b|check_imap\\b|install\\b|config\\b).*");
    }

    private Program() { }
}
