//SOURCES SignInEvent.java
//SOURCES Stty.java

package m365;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;

/**
 * Reads what a person pastes, and puts each line into a queue. A terminal in its usual mode cuts a line at 1024 (macOS)
 * or 4095 (Linux) characters, and codes can be longer; so it is switched to hand over each character, and restored
 * whatever happens.
 */
final class Terminal implements AutoCloseable {
    private static final int LONGEST_LINE = 64 * 1024;
    /** Who has more to say than that is no person, and would drown the browser's answer. */
    private static final int MOST_LINES = 200;
    /** So much of a line is echoed that one sees it arrive; what follows holds the code, and screens get logged. */
    private static final int SHOWN = 32;
    private static final char DELETE = 0x7f;

    /** The terminal's settings as they were; empty where there is no terminal to switch. */
    private final Optional<String> savedSettings;
    private final Thread restoreAtExit = new Thread(this::restore);
    private final PrintStream echo;
    private final StringBuilder line = new StringBuilder();

    private Terminal(Optional<String> savedSettings, PrintStream echo) {
        this.savedSettings = savedSettings;
        this.echo = echo;
    }

    /** Starts to read {@code in}. Only the standard input of this process can be a terminal that is switched. */
    static Terminal open(BlockingQueue<SignInEvent> events, InputStream in, PrintStream echo) {
        var terminal = new Terminal(in == System.in ? Stty.of(Stty.IN, "-g") : Optional.empty(), echo);
        if (terminal.interactive()) {
            Runtime.getRuntime().addShutdownHook(terminal.restoreAtExit);
            Stty.of(Stty.IN, "-icanon", "-echo", "min", "1", "time", "0");
        }
        var reader = new Thread(() -> terminal.read(in, events));
        reader.setDaemon(true);
        reader.start();
        return terminal;
    }

    /** Whether a person sits there. */
    boolean interactive() { return savedSettings.isPresent(); }

    private void read(InputStream in, BlockingQueue<SignInEvent> events) {
        try {
            for (int c, lines = 0; lines < MOST_LINES && (c = in.read()) >= 0;) {
                if (c == '\n' || c == '\r') {
                    lines++;
                    if (interactive()) echo.println();
                    events.add(new SignInEvent.Pasted(line.toString()));
                    line.setLength(0);
                } else if (interactive() && (c == DELETE || c == '\b')) erase();
                else if (c >= ' ' && c < DELETE && line.length() < LONGEST_LINE) add((char) c);
            }
            if (!line.isEmpty()) events.add(new SignInEvent.Pasted(line.toString())); // piped in, without a line break
        } catch (IOException e) { /* no more to come; the browser may still answer */ }
    }

    private void erase() {
        if (line.isEmpty()) return;
        line.setLength(line.length() - 1);
        if (line.length() <= SHOWN) echo.print("\b \b");
    }

    private void add(char c) {
        line.append(c);
        if (interactive() && line.length() <= SHOWN + 1) echo.print(line.length() <= SHOWN ? c : '…');
    }

    @Override public void close() {
        if (interactive() && Runtime.getRuntime().removeShutdownHook(restoreAtExit)) restore();
    }

    private void restore() { savedSettings.ifPresent(settings -> Stty.of(Stty.IN, settings)); }
}
