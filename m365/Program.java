//DEPS info.picocli:picocli:4.7.7
//SOURCES ExitStatus.java
//SOURCES Invocation.java
//SOURCES Outcome.java
//SOURCES Problem.java
//SOURCES StartCommand.java

package m365;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.UnmatchedArgumentException;

import static m365.ExitStatus.USAGE;

/**
 * What the commands have in common: picocli reads their options, and {@link Outcome} does the rest. Only a script's
 * {@code main} exits.
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
        var line = new CommandLine(command).setOut(new PrintWriter(help))
                .setExpandAtFiles(false); // whoever is called @file is no list of options
        line.setParameterExceptionHandler((e, given) -> {
            var meant = e instanceof UnmatchedArgumentException unknown ? unknown.getSuggestions() : List.<String>of();
            return Outcome.told(new Problem(USAGE, e.getMessage().replaceFirst("^Error: ", ""),
                    (meant.isEmpty() ? "" : "did you mean " + meant.get(0) + "? ") + "jbang " + name
                            + ".java --help shows what there is"), name, err);
        });
        line.setExecutionExceptionHandler((e, commandLine, parsed) ->
                Outcome.told(e instanceof Problem problem ? problem : Outcome.bug(e), name, err));
        return Outcome.of(name, () -> {
            int status = line.execute(args);
            if (help.getBuffer().length() > 0) // our own text, of which picocli's bold and colour are to pass
                invocation.out().raw().print(StartCommand.asTypedHere(help.toString()));
            return status;
        }, err);
    }

    private Program() { }
}
