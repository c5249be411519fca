package m365;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds the name that somebody meant who wrote one that does not exist. */
final class Spelling {

    /** The one of {@code known} that is nearest; empty if all are too far from what was written. */
    static Optional<String> nearest(String name, Collection<String> known) {
        return known.stream().filter(other -> distance(name, other) <= 1 + other.length() / 8)
                .min(Comparator.comparing(other -> distance(name, other)));
    }

    /** How many letters must be changed, added or removed to make {@code b} of {@code a} (Levenshtein). */
    private static int distance(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) return a.length() + b.length();
        var row = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0]++;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(diagonal, row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private Spelling() { }
}
