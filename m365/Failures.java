//FILES failures.tsv=../failures.tsv
//SOURCES Cause.java
//SOURCES Recognition.java
//SOURCES Signal.java

package m365;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;

/** interim: the list as it was */
final class Failures {
    private static final List<Cause> ALL = read();

    private static List<Cause> read() {
        try (var file = Failures.class.getResourceAsStream("/failures.tsv")) {
            if (file != null) return new String(file.readAllBytes(), UTF_8).lines().skip(1)
                    .map(line -> line.split("\t")).filter(cells -> cells.length == 8).map(Failures::row).toList();
        } catch (IOException e) { /* told below, like a missing file */ }
        return List.of(row(new String[] {"unknown-text", "local", "text ^", "none",
                "The list of causes (failures.tsv) is missing from this program.", "It was not packed completely.",
                "Install it again.", "failures.tsv"}));
    }

    private static Cause row(String[] cells) {
        return new Cause(cells[0], List.of(cells[1].split(" ")), cells[2], cells[3], cells[4],
                List.of(cells[5].split(" \\| ")), List.of(cells[6].split(" \\| ")), List.of(cells[7].split(" \\| ")));
    }

    static List<Cause> all() { return ALL; }
    static Set<String> errors() { return named("error "); }
    static Set<String> suberrors() { return named("suberror "); }

    private static Set<String> named(String kind) {
        return ALL.stream().flatMap(row -> Stream.of(row.recognised().split(" (?:&&|\\|\\|) ")))
                .filter(condition -> condition.startsWith(kind))
                .flatMap(condition -> Stream.of(condition.split(" ")).skip(1)).collect(Collectors.toSet());
    }

    static Cause of(Signal seen) {
        for (var code : seen.codes()) {
            var known = best(seen, code);
            if (Recognition.rank(known, seen, code) >= Recognition.NUMBER_ALONE) return known;
        }
        return best(seen, "");
    }

    private static Cause best(Signal seen, String code) {
        Cause best = ALL.get(ALL.size() - 1);
        int highest = 0;
        for (var row : ALL) {
            int rank = Recognition.rank(row, seen, code);
            if (rank > highest) { highest = rank; best = row; }
        }
        return best;
    }

    private Failures() { }
}
