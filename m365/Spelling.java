package m365;

import java.util.Collection;
import java.util.Optional;

/**
 * Finds the name that somebody meant who wrote one that does not exist. Our launcher's own variables are such names, so
 * this too is on the way to a cached token: no regular expressions, lambdas or streams here.
 */
final class Spelling {

    /** The one of {@code known} that is nearest; empty if all are too far from what was written. */
    static Optional<String> nearest(String name, Collection<String> known) {
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (var other : known) {
            int distance = distance(name, other);
            if (distance > 1 + other.length() / 8 || distance >= least) continue;
            nearest = other;
            least = distance;
        }
        return Optional.ofNullable(nearest);
    }

    /** How many letters must be changed, added or removed to make {@code b} of {@code a} (Levenshtein). */
    private static int distance(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) return a.length() + b.length();
        var row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
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
