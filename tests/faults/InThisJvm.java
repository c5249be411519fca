package faults;

import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;

/** The scripts, which are in the unnamed package, from which nothing can be imported. */
final class InThisJvm {

    static {
        // The programs set it before they first connect. This JVM has connected before, and Java looks once.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    /** Runs {@code get_token} or {@code check_imap}. @return the exit status */
    static int run(String program, Map<String, String> environment, PrintStream out, PrintStream err, String... words) {
        try {
            var run = Class.forName(program).getMethod("run", Map.class, InputStream.class, PrintStream.class,
                    PrintStream.class, String[].class);
            return (int) run.invoke(null, environment, InputStream.nullInputStream(), out, err, words);
        } catch (InvocationTargetException e) {
            throw new AssertionError(program + " does not tell what went wrong: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(program + " cannot be run", e);
        }
    }

    /** What config.java says, by the names of the environment. */
    @SuppressWarnings("unchecked")
    static Map<String, String> configured() {
        try {
            var values = Class.forName("config").getDeclaredMethod("values");
            values.setAccessible(true);
            return (Map<String, String>) values.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("config.java cannot be asked", e);
        }
    }

    private InThisJvm() { }
}
