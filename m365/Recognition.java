//SOURCES Cause.java
//SOURCES Fit.java
//SOURCES Signal.java

package m365;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import static m365.Fit.Tier.CONSEQUENCE;
import static m365.Fit.Tier.ERROR;
import static m365.Fit.Tier.FRAME;
import static m365.Fit.Tier.LAST_RESORT;
import static m365.Fit.Tier.NUMBER;
import static m365.Fit.Tier.SUBERROR;
import static m365.Fit.Tier.TEXT;
import static m365.Fit.Tier.WORDS_NOT_KNOWN;

/**
 * Says how well a cause fits what was seen. It reads {@code AADSTS 50011 50012}, {@code error invalid_grant},
 * {@code suberror bad_token}, {@code text <regex>}, {@code line <regex>} (the same within one line, where {@code ^} is
 * its start), {@code consequence <regex>} (what may only follow from another failure), {@code frame <regex>} (what says
 * no more than that something failed) or {@code local <name>}; {@code &&} joins conditions, {@code ||} alternatives.
 */
final class Recognition {

    private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

    private final Signal seen;
    /** All of it in one line, and where in that each line of the text begins. */
    private final String oneLine;
    private final int[] starts;

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
    }

    /** A cause called unknown-… is its place's last resort. */
    Fit of(Cause cause) {
        boolean lastResort = cause.id().startsWith("unknown-");
        boolean here = cause.places().contains(seen.where());
        if (lastResort && !seen.where().isEmpty() && !seen.where().equals("local"))
            return here ? new Fit(LAST_RESORT, 0, false) : Fit.NONE;
        var best = lastResort && here ? new Fit(LAST_RESORT, 0, false) : Fit.NONE;
        for (var alternative : cause.recognised().split(" \\|\\| "))
            best = best.orBetter(all(List.of(alternative.split(" && "))));
        if (cause.id().matches("unknown-(?:text|client)")) return best.atMost(LAST_RESORT);
        return lastResort ? best.atMost(WORDS_NOT_KNOWN) : best;
    }

    private Fit all(List<String> conditions) {
        var best = Fit.NONE;
        for (var condition : conditions) {
            var fits = one(condition);
            if (fits == Fit.NONE) return Fit.NONE;
            best = best.orBetter(new Fit(fits.tier(), fits.line(), conditions.size() > 1));
        }
        return best;
    }

    private Fit one(String condition) {
        int space = condition.indexOf(' ');
        var value = condition.substring(space + 1);
        switch (condition.substring(0, space)) {
            case "AADSTS": return number(List.of(value.split(" ")));
            case "suberror": return List.of(value.split(" ")).contains(seen.suberror()) ? fit(SUBERROR) : Fit.NONE;
            case "error": return List.of(value.split(" ")).contains(seen.error()) ? fit(ERROR) : Fit.NONE;
            case "local": return seen.where().equals("local") && List.of(value.split(" ")).contains(seen.text())
                    ? fit(NUMBER) : Fit.NONE;
            case "text": return found(TEXT, value, 0);
            case "line": return found(TEXT, value, Pattern.MULTILINE);
            case "consequence": return found(CONSEQUENCE, value, 0);
            case "frame": return found(FRAME, value, 0);
            default: return Fit.NONE;
        }
    }

    private static Fit fit(Fit.Tier tier) { return new Fit(tier, 0, false); }

    /** The decisive number stands first. */
    private Fit number(List<String> any) {
        for (int i = 0; i < seen.codes().size(); i++)
            if (any.contains(seen.codes().get(i))) return new Fit(NUMBER, -i, false);
        return Fit.NONE;
    }

    /** The last place where it stands counts, and there the end. */
    private Fit found(Fit.Tier tier, String regex, int flags) {
        var pattern = COMPILED.computeIfAbsent(flags + regex,
                key -> Pattern.compile(regex, Pattern.CASE_INSENSITIVE | flags));
        int end = -1;
        for (var match = pattern.matcher(flags == 0 ? oneLine : seen.text()); match.find();) end = match.end();
        return end < 0 ? Fit.NONE : new Fit(tier, flags == 0 ? line(end) : lineOfText(end), false);
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
