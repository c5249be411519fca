package m365;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * How a command was called: its environment variables and its three streams. {@code out} is for the answer, {@code err}
 * for the conversation.
 */
public record Invocation(Map<String, String> env, InputStream in, PrintStream out, PrintStream err) { }
