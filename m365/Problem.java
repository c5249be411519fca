//SOURCES ExitStatus.java
//SOURCES Scrub.java
//SOURCES Server.java
//SOURCES Signal.java

package m365;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The one exception a user sees: what happened, what to do about it, and the exit status. Data only:
 * {@link ProblemReport} tells it.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_MESSAGE = 2000;

    private final ExitStatus status;
    private final String hint;
    private final transient Optional<Signal> signal;
    private transient Map<String, String> placeholders = Map.of(), own = Map.of();

    /** @param what may hold a server's words: secrets and what a terminal obeys are taken out */
    public Problem(ExitStatus status, String what, String hint) { this(status, what, hint, null); }

    /** @param signal by which failures/ knows it; null if what and hint say everything */
    public Problem(ExitStatus status, String what, String hint, Signal signal) {
        super(Scrub.printableLines(Scrub.secrets(bounded(what))));
        this.status = status;
        this.hint = hint;
        this.signal = Optional.ofNullable(signal);
    }

    private static String bounded(String what) {
        return what.length() > LONGEST_MESSAGE ? what.substring(0, LONGEST_MESSAGE) + "…" : what;
    }

    public ExitStatus status() { return status; }

    /** What to do about it; several lines are several hints, and {@code {sign_in}} stands for the command to type. */
    public String hint() { return hint; }

    /** By which failures/ knows it; empty if message and hint say everything. */
    public Optional<Signal> signal() { return signal; }

    /** What the words in braces in the advice stand for. */
    public Map<String, String> placeholders() {
        var all = new LinkedHashMap<>(placeholders);
        all.putAll(own);
        return all;
    }

    /** Names the user, client and so on, for the advice. @return this */
    public Problem about(Map<String, String> placeholders) {
        this.placeholders = new LinkedHashMap<>(placeholders);
        return this;
    }

    /** Names what this failure knows better than whoever catches it: these win over {@link #about}. @return this */
    public Problem with(Map<String, String> own) {
        this.own = new LinkedHashMap<>(own);
        return this;
    }

    /** Names the server with which it happened. @return this */
    public Problem at(Server server) {
        return with(Map.of("host", server.host(), "port", String.valueOf(server.port())));
    }
}
