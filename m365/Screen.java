//SOURCES Stty.java

package m365;

import java.io.PrintStream;
import java.util.Map;

/**
 * Where a stream of ours is read: on a terminal with so many columns, which may wipe a line and show colours, or
 * elsewhere. Finds out when first asked, for that takes a process, and prints nothing.
 */
final class Screen {
    /** Where there is no terminal, or one that does not know its width. */
    static final int USUAL_COLUMNS = 80;
    private static final int FEWEST_COLUMNS = 20;

    private final Map<String, String> env;
    private final PrintStream stream;
    private String size;

    /** Only the standard output and error of this process can be terminals. */
    Screen(Map<String, String> env, PrintStream stream) {
        this.env = env;
        this.stream = stream;
    }

    /** What stty says: rows and columns; empty if it is no terminal. */
    private synchronized String size() {
        if (size == null)
            size = stream == System.out ? Stty.of(Stty.OUT, "size").orElse("")
                    : stream == System.err ? Stty.of(Stty.ERR, "size").orElse("") : "";
        return size;
    }

    boolean isTerminal() { return !size().isEmpty(); }

    /** What the user says (COLUMNS, POSIX), else what the terminal does. */
    int columns() {
        int said = number(env.getOrDefault("COLUMNS", ""));
        int columns = said > 0 ? said : number(size().substring(size().indexOf(' ') + 1));
        return columns <= 0 ? USUAL_COLUMNS : Math.max(FEWEST_COLUMNS, columns);
    }

    private static int number(String text) {
        return text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
    }

    /** Whether it obeys control sequences (ECMA-48), as all terminals do that do not call themselves dumb. */
    boolean obeys() {
        var kind = env.getOrDefault("TERM", "");
        return isTerminal() && !kind.isEmpty() && !kind.equals("dumb");
    }

    /** https://no-color.org: any value but an empty one. */
    boolean hasColours() { return obeys() && env.getOrDefault("NO_COLOR", "").isEmpty(); }
}
