//DEPS info.picocli:picocli:4.7.7
//SOURCES CleanOutput.java
//SOURCES ExitStatus.java
//SOURCES Invocation.java
//SOURCES Outcome.java
//SOURCES Problem.java
//SOURCES Screen.java
//SOURCES StartCommand.java
//SOURCES Wrapping.java

package m365;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import static m365.ExitStatus.USAGE;

/**
 * What the commands have in common: picocli reads their options, and {@link Outcome} does the rest. Only a script's
 * {@code main} exits.
 */
public final class Program {

    public static final String VERSION = "1.1.0";

    private static final int NARROW = 55, LONG_LINES = 1000;

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
                .setExpandAtFiles(false) // whoever is called @file is no list of options
                .setHelpFactory((spec, scheme) -> help(spec, invocation.out().screen()));
        line.setParameterExceptionHandler((e, given) -> {
            var meant = e instanceof UnmatchedArgumentException unknown ? unknown.getSuggestions() : List.<String>of();
            return Outcome.told(new Problem(USAGE, message(e),
                    (meant.isEmpty() ? "" : "did you mean " + meant.get(0) + "? ") + "jbang " + name
                            + ".java --help shows what there is"), name, err);
        });
        line.setExecutionExceptionHandler((e, commandLine, parsed) ->
                Outcome.told(e instanceof Problem problem ? problem : Outcome.bug(e), name, err));
        return Outcome.of(name, () -> {
            int status = line.execute(args);
            if (help.getBuffer().length() > 0) print(StartCommand.asTypedHere(help.toString()), invocation.out());
            return status;
        }, err);
    }

    /** Of what is no option at most its name is repeated: a password may hang on it, or it is a pasted text. */
    private static String message(ParameterException e) {
        var what = e.getMessage().replaceFirst("^Error: ", "");
        return !(e instanceof UnmatchedArgumentException unknown) || !unknown.isUnknownOption() ? what
                : unknown.getUnmatched().stream().filter(each -> each.startsWith("-"))
                    .map(each -> each.replaceFirst("(?s)^(-[A-Za-z0-9]|--[a-z-]{1,30}+).+", "$1…"))
                    .collect(Collectors.joining(" ", "Unknown option: ", ""));
    }

    /** As wide and coloured as there is room for; picocli makes no narrow one, so that is made of long lines. */
    private static Help help(CommandSpec spec, Screen screen) {
        spec.usageMessage().width(screen.columns() < NARROW ? LONG_LINES : screen.columns());
        return new Help(spec, Help.defaultColorScheme(screen.hasColours() && screen.columns() >= NARROW ? Ansi.ON
                : Ansi.OFF));
    }

    /** Our own text, of which picocli's bold and colour are to pass. */
    private static void print(String help, CleanOutput out) {
        out.raw().print(out.columns() < NARROW ? Wrapping.fit(out.columns(), help) : help);
    }

    private Program() { }
}
