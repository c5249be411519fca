package m365;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The steps of one checkup: times each and tells it when it is done. Does none of them. */
final class Steps {

    enum Mark { OK, NOTE, FAILED }

    /** @param cause the id of a cause in failures/, or empty */
    record Step(String name, Mark mark, String words, long millis, String cause) {
        /** As wide as the longest one. */
        String paddedName() { return name + " ".repeat(Math.max(0, 15 - name.length())); }
    }

    private final List<Step> steps = new ArrayList<>();
    private final Consumer<Step> tell;
    private volatile String now = "";
    private volatile Steps elsewhere;
    private long begun;
    /** How long the step had taken when nobody worked at it any more; negative while somebody does. */
    private long paused = -1;

    /** @param tell is given each step */
    Steps(Consumer<Step> tell) { this.tell = tell; }

    void begin(String step) {
        now = step;
        elsewhere = null;
        restart();
    }

    private void restart() {
        begun = System.nanoTime();
        paused = -1;
    }

    private long lasted() { return paused >= 0 ? paused : System.nanoTime() - begun; }

    /** The clock of the step that is being done stands still until the next one begins. */
    void pause() { paused = lasted(); }

    void done(String words) { add(Mark.OK, words, ""); }

    /** Something odd that need not be fatal: it is named here, and again should the login fail. */
    void note(String words, String cause) { add(Mark.NOTE, words, cause); }

    void failed(String words, String cause) { add(Mark.FAILED, words, cause); }

    private void add(Mark mark, String words, String cause) {
        add(new Step(now, mark, words, lasted() / 1_000_000, cause));
        restart();
    }

    private void add(Step step) {
        steps.add(step);
        tell.accept(step);
    }

    /** The step is now one of those that are done elsewhere, until they are {@linkplain #take taken}. */
    void waitFor(Steps others) { elsewhere = others; }

    /** Tells what was done elsewhere meanwhile, and goes on from there. */
    void take(Steps others) {
        others.steps.forEach(this::add);
        now = others.now;
        elsewhere = null;
        restart();
        paused = others.paused;
    }

    /** The name of the step that was begun last. */
    String now() {
        var others = elsewhere;
        return others == null ? now : others.now();
    }

    List<Step> all() { return List.copyOf(steps); }
}
