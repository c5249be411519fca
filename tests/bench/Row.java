package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A row of the table: what is run, what is done before each run, and what was measured. Runs nothing itself. */
public final class Row {
    final String name;
    final List<String> command;
    final Map<String, String> environment;
    final Runnable before;
    final List<Double> millis = new ArrayList<>();
    long peakKilobytes;
    int classes;
    int connections;
    int roundTrips;
    List<String> requests = List.of();

    /** @param environment beside what all of them get */
    public Row(String name, Map<String, String> environment, Runnable before, List<String> command) {
        this.name = name;
        this.environment = environment;
        this.before = before;
        this.command = command;
    }

    public Row(String name, Runnable before, List<String> command) { this(name, Map.of(), before, command); }

    double median() { return quantile(0.5); }

    /** Of the sorted times, the one so far from the quickest; between two of them if it must be. */
    double quantile(double part) {
        var sorted = millis.stream().sorted().toList();
        double at = part * (sorted.size() - 1);
        int below = (int) at;
        double next = sorted.get(Math.min(below + 1, sorted.size() - 1));
        return sorted.get(below) + (at - below) * (next - sorted.get(below));
    }
}
