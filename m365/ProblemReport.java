//SOURCES Advice.java
//SOURCES Failures.java
//SOURCES PastedError.java
//SOURCES Problem.java
//SOURCES Scrub.java
//SOURCES StartCommand.java

package m365;

import java.util.Map;

/** Tells a failure to the person at the terminal, and what somebody else's error text means. Prints nothing itself. */
public final class ProblemReport {

    /**
     * {@code get_token: error: …}, {@code hint: …}, a line each unless there are several; then what is known of the
     * cause, in lines of up to so many columns.
     */
    public static String tell(Problem problem, String program, int columns) {
        var placeholders = problem.placeholders();
        var told = new StringBuilder();
        problem.getMessage().lines()
                .forEach(line -> told.append(program).append(": error: ").append(line).append('\n'));
        var hint = problem.hint()
                .replace("{sign_in}", placeholders.getOrDefault("sign_in", "jbang get_token.java"));
        Scrub.printableLines(hint).lines().forEach(line -> told.append("hint: ").append(line).append('\n'));
        problem.signal().ifPresent(seen ->
                told.append('\n').append(Advice.tell(Failures.find(seen), placeholders, columns)));
        return StartCommand.asTypedHere(told.toString());
    }

    /** The id of the cause in failures/ that explains it, or empty. */
    public static String causeId(Problem problem) {
        return problem.signal().map(seen -> Failures.of(seen).id()).orElse("");
    }

    /** What a code or a pasted error text means; offline. */
    public static String explain(String text, Map<String, String> placeholders) {
        return StartCommand.asTypedHere(Advice.tell(PastedError.find(text), placeholders));
    }

    private ProblemReport() { }
}
