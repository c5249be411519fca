package m365;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The steps of one checkup: times each and tells it when it is done. Does none of them. */
final class Steps {

    enum Mark { OK, NOTE, FAILED }

    /** @param cause the id of a cause in failures/, or empty */
    record Step(String name, Mark mark, String words, long millis, String cause) {
        @Override public String toString() {
            return String.format("%-6s  %-15s %s  (%d ms)", mark, name, words, millis);
        }
    }

    private final List<Step> steps = new ArrayList<>();
    private final Consumer<String> tell;
    private String now = "";
    private long begun;

    /** @param tell is given each step as a line */
    Steps(Consumer<String> tell) { this.tell = tell; }

    void begin(String step) {
        now = step;
        begun = System.nanoTime();
    }

    void done(String words) { add(Mark.OK, words, ""); }

    /** Something odd that need not be fatal: it is named here, and again should the login fail. */
    void note(String words, String cause) { add(Mark.NOTE, words, cause); }

    void failed(String words, String cause) { add(Mark.FAILED, words, cause); }

    private void add(Mark mark, String words, String cause) {
        var step = new Step(now, mark, words, (System.nanoTime() - begun) / 1_000_000, cause);
        steps.add(step);
        tell.accept(step.toString());
        begun = System.nanoTime();
    }

    /** The name of the step that was begun last. */
    String now() { return now; }

    List<Step> all() { return List.copyOf(steps); }
}
