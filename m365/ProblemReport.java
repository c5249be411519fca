//SOURCES Advice.java
//SOURCES Failures.java
//SOURCES PastedError.java
//SOURCES Problem.java
//SOURCES Scrub.java
//SOURCES StartCommand.java

package m365;

import java.util.Map;

/** Tells a problem on a terminal: the error, the hints, then what failures/ knows of its cause. */
public final class ProblemReport {

    /** {@code get_token: error: …}, {@code hint: …}, a line each unless there are several; then what is known of the cause. */
    public static String tell(Problem problem, String program) {
        var told = new StringBuilder();
        problem.getMessage().lines().forEach(line -> told.append(program).append(": error: ").append(line).append('\n'));
        var placeholders = problem.placeholders();
        var signIn = placeholders.getOrDefault("sign_in", "jbang get_token.java");
        Scrub.printableLines(problem.hint().replace("{sign_in}", signIn)).lines()
                .forEach(line -> told.append("hint: ").append(line).append('\n'));
        problem.signal().ifPresent(seen ->
                told.append('\n').append(Advice.tell(Failures.of(seen), seen, placeholders)));
        return StartCommand.asTypedHere(told.toString());
    }

    /** The id of the cause in failures/ that explains a problem, or empty. */
    static String causeId(Problem problem) { return problem.signal().map(seen -> Failures.of(seen).id()).orElse(""); }

    /** What a code or a pasted error text means; offline. */
    static String explain(String text, Map<String, String> placeholders) {
        var name = text == null ? "" : text.strip();
        var seen = PastedError.read(text);
        var cause = Failures.all().stream().filter(c -> c.id().equals(name)).findFirst().orElseGet(() -> Failures.of(seen));
        return StartCommand.asTypedHere(Advice.tell(cause, seen, placeholders));
    }

    private ProblemReport() { }
}
