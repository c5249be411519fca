//SOURCES Foothold.java

package m365;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A regular expression that is not compiled before a text has what it cannot do without. Minds no capitals. */
final class Expression {
    private final String regex;
    private final int flags;
    private final Foothold foothold;
    private volatile Pattern pattern;

    /** @param ofLines whether {@code ^} is the start of a line */
    Expression(String regex, boolean ofLines) {
        this.regex = regex;
        // Cyrillic has capitals too; asked of every expression, that takes twice the time
        int capitals = regex.chars().anyMatch(letter -> letter > 127) ? Pattern.UNICODE_CASE : 0;
        this.flags = Pattern.CASE_INSENSITIVE | capitals | (ofLines ? Pattern.MULTILINE : 0);
        this.foothold = new Foothold(regex);
    }

    /** Where in a text the matches end, in order. @param small the text in small letters */
    List<Integer> ends(String text, String small) {
        if (!foothold.in(small)) return List.of();
        if (pattern == null) pattern = Pattern.compile(regex, flags);
        return pattern.matcher(text).results().map(MatchResult::end).toList();
    }

    /** Where the last match ends, -1 if there is none. */
    int end(String text, String small) {
        var ends = ends(text, small);
        return ends.isEmpty() ? -1 : ends.get(ends.size() - 1);
    }
}
