package faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;

import static faults.Checks.check;

/**
 * How a program ended. What must hold whatever was done to it is checked at once: a status of ours, no stack trace, no
 * exception's class, no control character.
 */
final class Outcome {
    private static final Pattern TRACE =
            Pattern.compile("(?m)^\\s+at [\\w.$/]+\\(|Exception in thread|Caused by:|OutOfMemoryError");
    private static final Pattern CLASS = Pattern.compile("\\b[A-Z][A-Za-z]+(Exception|Error)\\b");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\x80-\\x9f]");

    final int status;
    final String out;
    final String err;
    final Duration took;
    private final String program;
    private final Home home;

    /** @param verbose whether it was to show the protocol as it is */
    Outcome(String program, Home home, int status, String out, String err, Duration took, boolean verbose) {
        this.program = program;
        this.home = home;
        this.status = status;
        this.out = out;
        this.err = err;
        this.took = took;
        check(Set.of(0, 64, 69, 75, 77, 78).contains(status), this, "no status of ours");
        check(!TRACE.matcher(err + out).find(), this, "a stack trace");
        check(verbose || !CLASS.matcher(err + out).find(), this, "the class of an exception");
        check(verbose || !CONTROL.matcher(err + out).find(), this, "a control character");
        check(verbose || err.length() < 20_000, this, "a flood of words");
    }

    Outcome exits(int... statuses) {
        check(Arrays.stream(statuses).anyMatch(s -> s == status), this,
                "expected status " + Arrays.toString(statuses));
        return this;
    }

    Outcome says(String... words) {
        for (var word : words) check((out + err).contains(word), this, "nothing of \"" + word + "\"");
        return this;
    }

    Outcome within(int seconds) {
        check(took.toSeconds() < seconds, this, "took " + took.toMillis() + " ms, allowed were " + seconds + " s");
        return this;
    }

    /** A valid access token and nothing else was printed. */
    Outcome printsToken() {
        exits(0);
        check(home.login.access(out.strip()).isPresent(), this, "no valid access token");
        return this;
    }

    /** Nobody was asked to sign in when it would have been for nothing. */
    Outcome asksNobody() {
        check(!err.contains("/authorize?"), this, "a person was asked to sign in for nothing");
        return this;
    }

    @Override public String toString() {
        return "`" + program + "` ended with " + status + " after " + took.toMillis() + " ms\n"
                + brief(out) + brief(err);
    }

    private static String brief(String text) {
        return text.length() < 3000 ? text
                : text.substring(0, 1500) + "\n…\n" + text.substring(text.length() - 1500);
    }
}
