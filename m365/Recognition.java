//SOURCES Cause.java
//SOURCES Signal.java

package m365;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Says how well a cause fits what was seen. It reads {@code AADSTS 50011 50012}, {@code error invalid_grant},
 * {@code suberror bad_token}, {@code text <regex>}, {@code line <regex>} (the same within one line, where {@code ^} is
 * its start) or {@code local <name>}; {@code &&} joins conditions, {@code ||} alternatives.
 */
final class Recognition {

    private static final int NUMBER = 4, SUBERROR = 3, ERROR = 2, TEXT = 1;

    /** The rank from which on it was the number, or this program's own name for it, that decided. */
    static final int BY_NUMBER = 2 * NUMBER;

    /**
     * A number beats a suberror, that an error, that a text; two conditions beat one of the same kind. A cause called
     * unknown-… is its place's last resort.
     *
     * @param code the one AADSTS number to go by, or empty
     * @return 0 if it does not fit at all
     */
    static int rank(Cause cause, Signal seen, String code) {
        boolean lastResort = cause.id().startsWith("unknown-");
        boolean here = cause.places().contains(seen.where());
        if (lastResort && !seen.where().isEmpty() && !seen.where().equals("local")) return here ? 1 : 0;
        int highest = 0;
        for (var alternative : cause.recognised().split(" \\|\\| "))
            highest = Math.max(highest, rank(List.of(alternative.split(" && ")), seen, code));
        return lastResort ? Math.min(highest + (here ? 1 : 0), 1) : highest;
    }

    private static int rank(List<String> conditions, Signal seen, String code) {
        int highest = 0;
        for (var condition : conditions) {
            int fits = fits(condition, seen, code);
            if (fits == 0) return 0;
            highest = Math.max(highest, 2 * fits + (conditions.size() > 1 ? 1 : 0));
        }
        return highest;
    }

    private static int fits(String condition, Signal seen, String code) {
        int space = condition.indexOf(' ');
        var value = condition.substring(space + 1);
        var any = List.of(value.split(" "));
        switch (condition.substring(0, space)) {
            case "AADSTS": return any.contains(code) ? NUMBER : 0;
            case "suberror": return any.contains(seen.suberror()) ? SUBERROR : 0;
            case "error": return any.contains(seen.error()) ? ERROR : 0;
            case "local": return seen.where().equals("local") && any.contains(seen.text()) ? NUMBER : 0;
            case "text": return finds(value, 0, seen.oneLine()) ? TEXT : 0;
            case "line": return finds(value, Pattern.MULTILINE, seen.text()) ? TEXT : 0;
            default: return 0;
        }
    }

    private static boolean finds(String regex, int flags, String text) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | flags).matcher(text).find();
    }

    private Recognition() { }
}
