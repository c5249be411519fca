//SOURCES Cause.java
//SOURCES Signal.java

package m365;

import java.util.List;
import java.util.regex.Pattern;

/** How well a cause fits what was seen. */
final class Recognition {
    static final int NUMBER_ALONE = 8;

    /**
     * How well the signal fits, 0 if not at all. It reads {@code AADSTS 50011 50012}, {@code error invalid_grant},
     * {@code suberror bad_token}, {@code text <regex>}, {@code line <regex>} (the same within one line, where {@code ^}
     * is its start) or {@code local <name>}; {@code &&} joins conditions, {@code ||} alternatives. A number beats a
     * suberror, that an error, that a text; two conditions beat one of the same kind. A row called unknown-… is its
     * place's last resort.
     */
    static int rank(Cause cause, Signal seen, String code) {
        boolean lastResort = cause.id().startsWith("unknown-");
        boolean here = cause.places().contains(seen.where());
        if (lastResort && !seen.where().isEmpty() && !seen.where().equals("local")) return here ? 1 : 0;
        int highest = 0;
        for (var alternative : cause.recognised().split(" \\|\\| ")) {
            var conditions = alternative.split(" && ");
            int rank = 0;
            for (var condition : conditions) {
                int fits = fits(condition, seen, code);
                if (fits == 0) { rank = 0; break; }
                rank = Math.max(rank, 2 * fits + (conditions.length > 1 ? 1 : 0));
            }
            highest = Math.max(highest, rank);
        }
        return lastResort ? Math.min(highest + (here ? 1 : 0), 1) : highest;
    }

    private static final int NUMBER = 4, SUBERROR = 3, ERROR = 2, TEXT = 1;

    private static int fits(String condition, Signal seen, String code) {
        int space = condition.indexOf(' ');
        var value = condition.substring(space + 1);
        var any = List.of(value.split(" "));
        switch (condition.substring(0, space)) {
            case "AADSTS": return any.contains(code) ? NUMBER : 0;
            case "suberror": return any.contains(seen.suberror()) ? SUBERROR : 0;
            case "error": return any.contains(seen.error()) ? ERROR : 0;
            case "local": return seen.where().equals("local") && any.contains(seen.text()) ? NUMBER : 0;
            case "text": return Pattern.compile(value, Pattern.CASE_INSENSITIVE).matcher(seen.oneLine()).find() ? TEXT : 0;
            case "line": return Pattern.compile(value, Pattern.CASE_INSENSITIVE | Pattern.MULTILINE).matcher(seen.text()).find() ? TEXT : 0;
            default: return 0;
        }
    }
}
