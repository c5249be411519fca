//SOURCES Cause.java
//SOURCES Condition.java
//SOURCES Failures.java
//SOURCES Signal.java
//SOURCES WordGroups.java

package m365;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Which causes are worded most like a text in which none is recognised: those that share most words with it, rare ones
 * counting most (BM25, Robertson and Zaragoza 2009, The Probabilistic Relevance Framework). What failures/words.md
 * calls by one name is one word more, whatever the language.
 */
final class Likeness {
    private static final Pattern WORD = Pattern.compile("\\p{L}{3,}|\\d{3,}");
    /** Of a word; what follows is an ending in most languages here. */
    private static final int STEM = 7;
    /** Below that any letter is like something. */
    private static final double LEAST = 10;
    /** How soon a word that is repeated counts no more, and how much long entries are held back; both are usual. */
    private static final double SATURATION = 1.2, LENGTH = 0.75;

    private final List<Cause> causes = Failures.all();
    private final List<Map<String, Integer>> entries = causes.stream().map(Likeness::entry).toList();
    private final Map<String, Integer> holders = new HashMap<>();
    private final double usualSize;

    private Likeness() {
        entries.forEach(entry -> entry.keySet().forEach(word -> holders.merge(word, 1, Integer::sum)));
        usualSize = entries.stream().mapToInt(Likeness::size).average().orElse(1);
    }

    /** Its own class, so that it is made when the first question is asked. */
    private static final class Known {
        static final Likeness LIKENESS = new Likeness();
    }

    /** The likest first. @param most as many at most */
    static List<Cause> nearest(String text, int most) { return Known.LIKENESS.to(text, most); }

    private List<Cause> to(String text, int most) {
        var words = words(text);
        words.addAll(groups(text));
        var scores = new HashMap<Cause, Double>();
        for (int i = 0; i < causes.size(); i++) scores.put(causes.get(i), score(words, entries.get(i)));
        return causes.stream().filter(cause -> scores.get(cause) >= LEAST)
                .filter(cause -> !cause.id().matches("unknown-.*|about-something-else"))
                .sorted(Comparator.comparing(scores::get).reversed()).limit(most).toList();
    }

    private double score(Set<String> words, Map<String, Integer> entry) {
        double score = 0, all = entries.size(), held = SATURATION * (1 - LENGTH + LENGTH * size(entry) / usualSize);
        for (var word : words) {
            int times = entry.getOrDefault(word, 0), in = holders.getOrDefault(word, 0);
            score += Math.log(1 + (all - in + 0.5) / (in + 0.5)) * times * (SATURATION + 1) / (times + held);
        }
        return score;
    }

    private static int size(Map<String, Integer> entry) { return entry.values().stream().mapToInt(n -> n).sum(); }

    /** The words of an entry and how much each says of it: most in the sentence that says what happened. */
    private static Map<String, Integer> entry(Cause cause) {
        var entry = new HashMap<String, Integer>();
        each(cause.what()).forEach(word -> entry.merge(word, 3, Integer::sum));
        groups(cause.what()).forEach(group -> entry.merge(group, 2, Integer::sum));
        for (var sentences : List.of(cause.why(), cause.steps()))
            sentences.forEach(sentence -> each(sentence).forEach(word -> entry.merge(word, 1, Integer::sum)));
        words(String.join(" ", cause.examples())).forEach(word -> entry.merge(word, 1, Integer::sum));
        for (var alternative : Condition.alternatives(cause))
            if (alternative.get(0).kind.equals("described"))
                alternative.get(0).groups().forEach(group -> entry.merge('<' + group, 3, Integer::sum));
        return entry;
    }

    private static List<String> each(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group)
                .map(word -> word.substring(0, Math.min(STEM, word.length()))).toList();
    }

    private static Set<String> words(String text) { return new HashSet<>(each(text)); }

    private static List<String> groups(String text) {
        var plain = Signal.inOneLine(text);
        var small = plain.toLowerCase(Locale.ROOT);
        var groups = new ArrayList<String>();
        WordGroups.all().forEach((name, words) -> {
            if (words.stream().anyMatch(word -> word.end(plain, small) >= 0)) groups.add('<' + name);
        });
        return groups;
    }
}
