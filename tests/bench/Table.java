//SOURCES Row.java

package bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** Tells what was measured, as a table in Markdown, and which goals hold. Ratios travel; milliseconds do not. */
public final class Table {
    private final List<Row> rows;
    private final PrintStream out;

    public Table(List<Row> rows, PrintStream out) {
        this.rows = rows;
        this.out = out;
    }

    public void print(int runs) {
        out.println("| whole processes, " + runs + " runs | median | quartiles | peak memory | classes "
            + "| calls to the provider | requests | mail round trips |");
        out.println("|---|---:|---:|---:|---:|---:|---|---:|");
        for (var row : rows)
            out.printf("| %s | %.0f ms | %.0f–%.0f | %d MB | %s | %d | %s | %s |%n", row.name, row.median(),
                row.quantile(0.25), row.quantile(0.75), row.peakKilobytes / 1024,
                row.classes == 0 ? "–" : String.valueOf(row.classes), row.connections,
                row.requests.isEmpty() ? "–" : row.requests.size() > 9
                    ? row.requests.size() + " × " + row.requests.get(0) : String.join(", ", row.requests),
                row.roundTrips == 0 ? "–" : String.valueOf(row.roundTrips));
        out.println();
        out.println(Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ", JDK " + System.getProperty("java.version"));
    }

    /** The one's median in that of the other's; nothing if one of them is not here. */
    public void compare(String name, double goal, String otherName) {
        var row = named(name);
        var other = named(otherName);
        if (row.isEmpty() || other.isEmpty()) return;
        double ratio = row.get().median() / other.get().median();
        verdict(name + ", at most " + goal + " × " + otherName, String.format("%.2f", ratio), ratio <= goal);
    }

    public void atMost(String name, int goalMillis) {
        double millis = named(name).orElseThrow().median();
        verdict(name + ", at most " + goalMillis + " ms", String.format("%.0f ms", millis), millis <= goalMillis);
    }

    public void oneRequest(String name) {
        var row = named(name).orElseThrow();
        verdict(name + ", one TLS connection and one POST", row.connections + " and " + row.requests,
            row.connections == 1 && row.requests.equals(List.of("POST token")));
    }

    /** JBang's own memory is not ours. */
    public void memoryBelow(int goalMegabytes) {
        long most = rows.stream().filter(row -> !row.name.contains("JBang")).mapToLong(row -> row.peakKilobytes / 1024)
            .max().orElse(0);
        verdict("memory, below " + goalMegabytes + " MB", most + " MB", most < goalMegabytes);
    }

    private void verdict(String goal, String found, boolean reached) {
        out.println("* " + goal + ": " + found + ", " + (reached ? "reached" : "missed"));
    }

    private Optional<Row> named(String name) {
        return rows.stream().filter(row -> row.name.equals(name)).findFirst();
    }
}
