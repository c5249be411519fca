//SOURCES Clean.java

package live;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What became of each assumption: held, not held, or not tried. Prints a line for each as it is known, and makes the
 * report; what was seen goes through {@link Clean} before either.
 */
public final class Findings {
    /** Asks what a group of assumptions needs to know; when that fails, the rest of the group is not tried. */
    public interface Group {
        void examine() throws IOException;
    }

    /** @param seen empty if there is nothing to add */
    private record Finding(String verdict, String assumption, String seen) {
        @Override public String toString() { return assumption + (seen.isEmpty() ? "" : " (" + seen + ")"); }
    }

    private static final String HELD = "held", NOT_HELD = "NOT HELD", NOT_TRIED = "not tried";

    private final PrintStream out;
    private final Clean clean;
    private final List<Finding> findings = new ArrayList<>();

    public Findings(PrintStream out, Clean clean) {
        this.out = out;
        this.clean = clean;
    }

    /** @param assumption in words of ours; {@code seen}, what was seen instead, may be a server's */
    void that(String assumption, boolean held, String seen) {
        add(held ? HELD : NOT_HELD, assumption, held ? "" : seen);
    }

    public void notTried(String assumption, String why) { add(NOT_TRIED, assumption, why); }

    private void add(String verdict, String assumption, String seen) {
        var finding = new Finding(verdict, assumption, clean.of(seen));
        findings.add(finding);
        out.println(String.format("%-9s %s", verdict, finding));
    }

    /** @param name what is printed above it */
    public void group(String name, Group group) {
        out.println();
        out.println(name);
        try {
            group.examine();
        } catch (IOException | RuntimeException e) {
            notTried("the rest of: " + name, e.getClass().getSimpleName());
        }
    }

    /** Whether nothing contradicts our picture. */
    public boolean allHeld() { return findings.stream().noneMatch(finding -> finding.verdict().equals(NOT_HELD)); }

    /** How many, in words. */
    public String summary() {
        return count(HELD) + " held, " + count(NOT_HELD) + " not held, " + count(NOT_TRIED) + " not tried";
    }

    private long count(String verdict) {
        return findings.stream().filter(finding -> finding.verdict().equals(verdict)).count();
    }

    /** For an issue: Markdown, without secrets, addresses and names of tenants. */
    public String report(String about) {
        var head = "# Our picture of Microsoft 365\n\n" + about + "\n" + summary() + "\n\n";
        return head + findings.stream().map(finding -> "* **" + finding.verdict() + "** " + finding + "\n")
                .collect(Collectors.joining());
    }
}
