//SOURCES Cause.java
//SOURCES Failures.java

package m365;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Recognises Microsoft's sentences where their number (AADSTS…) was lost: cut off, or left out by a program. Compares
 * with what failures/ shows behind each number, five words at a time.
 */
final class WithoutNumber {
    private static final int WORDS = 5;
    /** That many fives must agree, which are seven words in a row. */
    private static final int ENOUGH = 3;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_/-]+");
    private static final Pattern SENTENCE = Pattern.compile("AADSTS\\d{4,8}: ?(.{20,600}?)(?:\\s*Trace ID|[\"\\\\]|$)",
            Pattern.DOTALL);

    /** The cause whose sentence stands in {@code text}, if it is one cause's alone. */
    static Optional<Cause> in(String text) {
        var seen = new HashMap<Cause, Integer>();
        for (var five : fives(text)) {
            var cause = Known.FIVES.get(five);
            if (cause != null) seen.merge(cause, 1, Integer::sum);
        }
        return seen.entrySet().stream().filter(entry -> entry.getValue() >= ENOUGH)
                .max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    private static Set<String> fives(String text) {
        var words = WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(word -> word.group()).toList();
        var fives = new HashSet<String>();
        for (int i = 0; i + WORDS <= words.size(); i++) fives.add(String.join(" ", words.subList(i, i + WORDS)));
        return fives;
    }

    /** Read once, and only when nothing else has explained a text. */
    private static final class Known {
        static final Map<String, Cause> FIVES = new HashMap<>();

        static {
            var ofSeveral = new HashSet<String>();
            for (var cause : Failures.all())
                for (var example : cause.examples())
                    for (var sentence = SENTENCE.matcher(example); sentence.find();)
                        for (var five : fives(sentence.group(1))) {
                            var other = FIVES.putIfAbsent(five, cause);
                            if (other != null && other != cause) ofSeveral.add(five);
                        }
            FIVES.keySet().removeAll(ofSeveral);
        }
    }

    private WithoutNumber() { }
}
