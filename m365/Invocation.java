//SOURCES CleanOutput.java
//SOURCES Progress.java
//SOURCES Screen.java

package m365;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * How a command was called: its environment variables and its three streams. {@code out} is for the answer, {@code err}
 * for the conversation.
 */
public record Invocation(Map<String, String> env, InputStream in, CleanOutput out, CleanOutput err) {

    /** What is printed is cleaned on its way. */
    public Invocation(Map<String, String> env, InputStream in, PrintStream out, PrintStream err) {
        this(env, in, new CleanOutput(out, new Screen(env, out), false),
                new CleanOutput(err, new Screen(env, err), true));
        Progress.besides(this.out, this.err);
    }
}
