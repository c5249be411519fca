//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Said.java

package support;

import java.time.Duration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What came of a program. The methods assert, and show the whole conversation when they fail. */
public record Result(String program, int status, String out, String err, Duration took) {

    public Result exits(int expected) {
        assertEquals(expected, status, () -> "exit status of " + said());
        return this;
    }

    /** On stderr, all of it. */
    public Result says(String... fragments) {
        for (var fragment : fragments)
            assertTrue(err.contains(fragment), () -> "no \"" + fragment + "\" on stderr of " + said());
        return this;
    }

    /** On stdout or stderr, wherever the lines break. */
    public Result tells(String... fragments) {
        var told = (out + err).replaceAll("\\s+", " ");
        for (var fragment : fragments)
            assertTrue(told.contains(fragment), () -> "no \"" + fragment + "\" was said by " + said());
        return this;
    }

    /** An error, and below it what a person can do about it. */
    public Result saysWhatToDo() {
        assertTrue(err.contains(program.replaceFirst(" .*", "") + ": error: "), () -> "no error is told by " + said());
        assertTrue(err.matches("(?s).*\\n(hint: |What to do:).*"), () -> "no advice is given by " + said());
        return this;
    }

    public Result neverSays(String fragment) {
        assertFalse((out + err).contains(fragment), () -> "\"" + fragment + "\" was said by " + said());
        return this;
    }

    /** On stdout, exactly one line. */
    public Result prints(String line) {
        assertEquals(line + "\n", out, () -> "stdout of " + said());
        return this;
    }

    public Result printsNothing() {
        assertEquals("", out, () -> "stdout of " + said());
        return this;
    }

    private Said said() { return new Said(program, out, err); }
}
