//SOURCES Cause.java
//SOURCES Condition.java
//SOURCES Fit.java
//SOURCES Signal.java

package m365;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import static m365.Fit.Tier.ERROR;
import static m365.Fit.Tier.LAST_RESORT;
import static m365.Fit.Tier.NUMBER;
import static m365.Fit.Tier.SUBERROR;
import static m365.Fit.Tier.WORDS_NOT_KNOWN;

/** Says how well a cause fits what was seen. */
final class Recognition {

    private static final Set<String> LEAST = Set.of("unknown-text", "unknown-client", "unknown-login");

    private final Signal seen;
    /** All of it in one line, and where in that each line of the text begins. */
    private final String oneLine;
    private final int[] starts;
    private final String small;

    Recognition(Signal seen) {
        this.seen = seen;
        var joined = new StringBuilder(seen.where().isEmpty() ? "" : seen.where() + ": ");
        var lines = seen.text().lines().toList();
        starts = new int[lines.size()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = joined.length();
            joined.append(i == 0 ? "" : " ").append(Signal.inOneLine(lines.get(i)));
        }
        oneLine = joined.toString();
        small = (oneLine + '\n' + seen.text()).toLowerCase(Locale.ROOT);
    }

    /**
     * A cause called unknown-… is its place's last resort.
     *
     * @param atLeast what could not reach this tier need not be looked for
     */
    Fit of(Cause cause, Fit.Tier atLeast) {
        boolean lastResort = cause.id().startsWith("unknown-");
        boolean here = cause.places().contains(seen.where());
        if (lastResort && !seen.where().isEmpty() && !seen.where().equals("local"))
            return here ? new Fit(LAST_RESORT, 0, false) : Fit.NONE;
        var best = lastResort && here ? new Fit(LAST_RESORT, 0, false) : Fit.NONE;
        for (var alternative : Condition.alternatives(cause)) {
            boolean enough = false;
            for (var condition : alternative) enough |= condition.tier.compareTo(atLeast) >= 0;
            if (enough) best = best.orBetter(all(alternative));
        }
        if (!lastResort) return best;
        return best.atMost(LEAST.contains(cause.id()) ? LAST_RESORT : WORDS_NOT_KNOWN);
    }

    private Fit all(List<Condition> conditions) {
        var best = Fit.NONE;
        for (var condition : conditions) {
            var fits = one(condition);
            if (fits == Fit.NONE) return Fit.NONE;
            best = best.orBetter(new Fit(fits.tier(), fits.line(), conditions.size() > 1));
        }
        return best;
    }

    private Fit one(Condition condition) {
        switch (condition.kind) {
            case "AADSTS": return number(condition.names());
            case "suberror": return condition.names().contains(seen.suberror()) ? fit(SUBERROR) : Fit.NONE;
            case "error": return condition.names().contains(seen.error()) ? fit(ERROR) : Fit.NONE;
            case "local": return seen.where().equals("local") && condition.names().contains(seen.text())
                    ? fit(NUMBER) : Fit.NONE;
            case "line": return found(condition, seen.text());
            case "text": case "consequence": case "frame": return found(condition, oneLine);
            default: return Fit.NONE;
        }
    }

    private static Fit fit(Fit.Tier tier) { return new Fit(tier, 0, false); }

    /** The decisive number stands first. */
    private Fit number(Set<String> any) {
        for (int i = 0; i < seen.codes().size(); i++)
            if (any.contains(seen.codes().get(i))) return new Fit(NUMBER, -i, false);
        return Fit.NONE;
    }

    /** The last place where it stands counts, and there the end. */
    private Fit found(Condition condition, String text) {
        int end = condition.end(text, small);
        if (end < 0) return Fit.NONE;
        return new Fit(condition.tier, condition.kind.equals("line") ? lineOfText(end) : line(end), false);
    }

    private int line(int end) {
        int line = starts.length - 1;
        while (line > 0 && starts[line] >= end) line--;
        return Math.max(line, 0);
    }

    private int lineOfText(int end) {
        return (int) seen.text().substring(0, end).chars().filter(c -> c == '\n').count();
    }
}
