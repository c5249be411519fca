//SOURCES Cause.java
//SOURCES Expression.java
//SOURCES Fit.java
//SOURCES Foothold.java

package m365;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import static m365.Fit.Tier.CONSEQUENCE;
import static m365.Fit.Tier.ERROR;
import static m365.Fit.Tier.FRAME;
import static m365.Fit.Tier.NUMBER;
import static m365.Fit.Tier.SUBERROR;
import static m365.Fit.Tier.TEXT;

/**
 * One condition by which a cause is recognised: {@code AADSTS 50011 50012}, {@code error invalid_grant},
 * {@code suberror bad_token}, {@code text <regex>}, {@code line <regex>} (the same within one line, where {@code ^} is
 * its start), {@code consequence <regex>} (what may only follow from another failure), {@code frame <regex>} (what says
 * no more than that something failed), {@code described <group> <group>} (words near each other, {@link Description})
 * or {@code local <name>}; {@code &&} joins conditions, {@code ||} alternatives.
 */
final class Condition {
    private static final Map<String, Fit.Tier> TIERS = Map.of("AADSTS", NUMBER, "local", NUMBER, "suberror", SUBERROR,
            "error", ERROR, "text", TEXT, "line", TEXT, "consequence", CONSEQUENCE, "frame", FRAME);
    private static final Pattern GROUP = Pattern.compile("<([^>]+)>");
    private static final Map<String, List<List<Condition>>> READ = new ConcurrentHashMap<>();

    final String kind;
    /** By which a cause is recognised if this holds. */
    final Fit.Tier tier;
    /** What stands behind the kind. */
    final String value;
    private volatile Set<String> names;
    private volatile List<Expression> expressions;

    private Condition(String written) {
        int space = written.indexOf(' ');
        kind = written.substring(0, space);
        tier = TIERS.getOrDefault(kind, Fit.Tier.NONE);
        value = written.substring(space + 1);
    }

    /** The alternatives, in each of which all conditions must hold. */
    static List<List<Condition>> alternatives(Cause cause) {
        return READ.computeIfAbsent(cause.recognised(), recognised -> {
            var alternatives = new ArrayList<List<Condition>>();
            for (var alternative : recognised.split(" \\|\\| ")) {
                var conditions = new ArrayList<Condition>();
                for (var condition : alternative.split(" && ")) conditions.add(new Condition(condition));
                alternatives.add(conditions);
            }
            return alternatives;
        });
    }

    /** The groups of words that are to stand near each other. */
    List<String> groups() {
        return GROUP.matcher(value).results().map(group -> group.group(1)).toList();
    }

    /** The numbers or names any of which is looked for. */
    Set<String> names() {
        if (names == null) names = Set.copyOf(List.of(value.split(" ")));
        return names;
    }

    /**
     * Where in a text the last match ends, -1 if there is none.
     *
     * @param small the text in small letters; more may follow in it
     */
    int end(String text, String small) {
        if (expressions == null)
            expressions = Foothold.split(value).stream().map(each -> new Expression(each, kind.equals("line")))
                    .toList();
        int end = -1;
        for (var expression : expressions) end = Math.max(end, expression.end(text, small));
        return end;
    }
}
