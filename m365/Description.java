//SOURCES Cause.java
//SOURCES Condition.java
//SOURCES Failures.java
//SOURCES OtherService.java
//SOURCES Signal.java
//SOURCES WordGroups.java

package m365;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the cause of a failure that somebody describes in words of their own, without a server's line: what is named
 * ("client secret") has to stand near what is said of it ("expired"), in whatever order.
 */
final class Description {

    /** In characters: a sentence of some length. */
    private static final int NEAR = 120;

    /** A line that goes on with a small letter is the same sentence; of a log each line is one of its own. */
    private static final Pattern NEXT = Pattern.compile("\\R(?!\\s*[\\p{Ll}(])|(?<=[.!?]) (?=\\p{Lu})");

    /** What somebody asks for, plans or has behind them is no failure. */
    private static final Pattern ELSE = Pattern.compile("(?i)^(?:please|bitte|make sure|before you|if you"
            + "|to (?:switch|turn|disable|enable)|so schalten|how to) "
            + "|\\b(?:solved|works? (?:now|again)|now works|mail is flowing|enabled it|newsletter)\\b");

    /** Somebody tells that nothing fails, or quotes what wants to catch a password. */
    private static final Pattern NO_FAILURE = Pattern.compile("(?i)nothing is broken|\\bno problems\\b|\\bphish"
            + "|\\b(?:not|n't) click|keinen? (?:link )?(?:an)?geklickt|pas cliqu|niet (?:op )?(?:de link )?geklikt");

    private final String text;
    private final String small;
    private final List<Description> sentences;
    /** Where the words of each group end. */
    private final Map<String, List<Integer>> ends = new HashMap<>();

    private Description(String text, List<Description> sentences) {
        this.text = Signal.inOneLine(text);
        this.small = this.text.toLowerCase(Locale.ROOT);
        this.sentences = sentences;
    }

    private static Description of(String text) {
        return new Description(text, NEXT.splitAsStream(text)
                .filter(sentence -> !ELSE.matcher(sentence).find() && !OtherService.tells(sentence))
                .map(sentence -> new Description(sentence, List.of())).toList());
    }

    /** The cause that most groups of words speak for; of several the one whose words stand nearest to each other. */
    static Optional<Cause> in(String text) {
        if (NO_FAILURE.matcher(text).find()) return Optional.empty();
        var description = of(text);
        Cause best = null;
        int most = 0, nearest = 0;
        for (var cause : Failures.all())
            for (var alternative : Condition.alternatives(cause)) {
                int apart = description.apart(alternative), said = alternative.get(0).groups().size();
                if (apart < 0 || said < most || said == most && apart >= nearest) continue;
                best = cause;
                most = said;
                nearest = apart;
            }
        return Optional.ofNullable(best);
    }

    /** Whether the text has all that an alternative asks for. */
    static boolean fits(List<Condition> alternative, String text) { return of(text).apart(alternative) >= 0; }

    /** How far apart the words stand of what is recognised by a description, -1 if it is not so. */
    private int apart(List<Condition> alternative) {
        if (!alternative.get(0).kind.equals("described")) return -1;
        var groups = alternative.get(0).groups();
        for (var group : groups) if (ends(group).isEmpty()) return -1;
        for (var other : alternative.subList(1, alternative.size())) if (other.end(text, small) < 0) return -1;
        return sentences.stream().mapToInt(sentence -> sentence.apartHere(groups)).filter(apart -> apart <= NEAR).min()
                .orElse(-1);
    }

    /** How far a word of the first group is from the nearest ones of the others, in characters. */
    private int apartHere(List<String> groups) {
        return ends(groups.get(0)).stream().mapToInt(end -> groups.stream().mapToInt(group -> distance(end, group))
                .max().orElse(0)).min().orElse(Integer.MAX_VALUE);
    }

    private int distance(int from, String group) {
        return ends(group).stream().mapToInt(end -> Math.abs(end - from)).min().orElse(Integer.MAX_VALUE);
    }

    private List<Integer> ends(String group) {
        return ends.computeIfAbsent(group, name -> WordGroups.all().getOrDefault(name, List.of()).stream()
                .flatMap(word -> word.ends(text, small).stream()).toList());
    }
}
