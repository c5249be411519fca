//SOURCES CleanOutput.java
//SOURCES Screen.java
//SOURCES Steps.java
//SOURCES Wrapping.java

package m365;

/**
 * A line of a report with its mark, OK, NOTE or FAILED, which a terminal shows in green, yellow or red. What is too
 * long for the terminal goes on below itself; what is no terminal gets one line without colour.
 */
final class MarkedLine {
    private static final int WIDE = 72, FAR = 24, NEAR = 8;
    private static final String RED = "\033[31m", GREEN = "\033[32m", YELLOW = "\033[33m", PLAIN = "\033[0m";

    /** A step of a checkup. Why it failed is told by whoever tells the error, so here only the cause has a name. */
    static void print(CleanOutput out, Steps.Step step) {
        var words = step.mark() == Steps.Mark.FAILED ? step.cause() : step.words();
        print(out, "", step.mark(), step.paddedName() + " ", words + "  (" + step.millis() + " ms)");
    }

    /** @param words what may be broken into several lines */
    static void print(CleanOutput out, String before, Steps.Mark mark, String after, String words) {
        var head = before + mark + " ".repeat(8 - mark.name().length()) + after;
        if (out.screen().isTerminal()) {
            out.print(""); // what stands there for the moment goes
            out.raw().print(coloured(CleanOutput.clean(broken(head, words, out.screen().columns())), before.length(),
                    mark, out.screen()));
            out.raw().flush();
        } else out.println(head + words);
    }

    private static String broken(String head, String words, int columns) {
        if (head.length() + words.length() <= columns) return head + words + "\n";
        var next = " ".repeat(columns < WIDE ? NEAR : FAR);
        return Wrapping.wrap(columns, head, next, words);
    }

    private static String coloured(String line, int at, Steps.Mark mark, Screen screen) {
        if (!screen.hasColours()) return line;
        var colour = switch (mark) {
            case OK -> GREEN;
            case NOTE -> YELLOW;
            case FAILED -> RED;
        };
        int end = at + mark.name().length();
        return line.substring(0, at) + colour + line.substring(at, end) + PLAIN + line.substring(end);
    }

    private MarkedLine() { }
}
