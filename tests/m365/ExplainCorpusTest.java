//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/Documents.java
//SOURCES ../../m365/Explanation.java
//SOURCES ../../m365/Json.java

package m365;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import support.Documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What people really posted, in tests/explain/ with its source, the truth from there, and what an answer must contain
 * one of. Too much to be right each time; each kind has a rate below which it must not fall.
 */
class ExplainCorpusTest {

    /** In per cent, a little below what was measured. */
    private static final Map<String, Integer> FLOORS =
            Map.of("number", 99, "server line", 99, "program's own words", 96, "something else", 94);

    /** Nothing that is longer can be acted on. */
    private static final int MOST_LINES = 30;

    private static final Pattern NUMBER = Pattern.compile("(?i)AADSTS\\d{4}|error code:? ?\\d{5}");
    private static final Pattern SERVER_LINE = Pattern.compile("(?s).*(?:\\b[45]\\d\\d[ -]\\#?[45]\\.\\d{1,3}\\.\\d|"
            + "\\b(?:NO|BAD|BYE)\\b \\[?[A-Za-z]|-ERR |AUTHENTICATE failed|LOGIN failed).*");
    /** What is meant for an administrator repeats the text. */
    private static final Pattern BLOCK =
            Pattern.compile("(?m)^(?:If that does not help, send this|Send this) to your administrator");

    private static final List<Map<String, Object>> CASES = cases();
    /** Each is looked up once: four hundred texts against a thousand expressions take seconds. */
    private static final List<String> ANSWERS = CASES.stream().map(ExplainCorpusTest::answer).toList();

    private static List<Map<String, Object>> cases() {
        return Stream.of("programs.jsonl", "forums.jsonl", "applications.jsonl")
                .flatMap(name -> Documents.text(Documents.root().resolve("tests/explain/" + name)).lines())
                .map(line -> Json.read(line).orElseThrow(() -> new AssertionError("no JSON: " + line))).toList();
    }

    static String kind(Map<String, Object> posted) {
        var text = (String) posted.get("text");
        return posted.get("kind").equals("other") ? "something else" : NUMBER.matcher(text).find() ? "number"
                : SERVER_LINE.matcher(text).matches() ? "server line" : "program's own words";
    }

    private static String answer(Map<String, Object> posted) {
        return new Explanation((String) posted.get("text"), Map.of(), Map.of(), null).text(80);
    }

    private static boolean right(Map<String, Object> posted) {
        var told = BLOCK.split(ANSWERS.get(CASES.indexOf(posted)))[0].replaceAll("\\s+", " ");
        return ((List<?>) posted.get("want")).stream()
                .anyMatch(want -> Pattern.compile((String) want, Pattern.CASE_INSENSITIVE).matcher(told).find());
    }

    @Test void the_true_cause_is_told() {
        var byKind = CASES.stream().collect(Collectors.groupingBy(ExplainCorpusTest::kind, TreeMap::new,
                Collectors.toList()));
        assertEquals(FLOORS.keySet(), byKind.keySet());
        var tooFew = new ArrayList<String>();
        byKind.forEach((kind, posted) -> {
            var wrong = posted.stream().filter(one -> !right(one)).toList();
            if (100 * (posted.size() - wrong.size()) < FLOORS.get(kind) * posted.size())
                tooFew.add(kind + ": " + wrong.size() + " of " + posted.size() + " are answered wrongly\n"
                        + wrong.stream().map(one -> one.get("source") + "\n  " + one.get("truth") + "\n")
                        .collect(Collectors.joining()));
        });
        assertEquals(List.of(), tooFew);
    }

    @Test void no_secret_comes_back() {
        for (int i = 0; i < CASES.size(); i++)
            for (var secret : (List<?>) CASES.get(i).getOrDefault("never", List.of()))
                assertFalse(ANSWERS.get(i).contains((String) secret), "a secret of " + CASES.get(i).get("source"));
    }

    @Test void no_answer_is_too_long_to_act_on() {
        for (var answer : ANSWERS) assertTrue(answer.lines().count() <= MOST_LINES, answer);
    }

    /** The texts are other people's; what is theirs alone is not in them. */
    @Test void nobody_is_named() {
        var address = Pattern.compile("[\\w.+-]+@[\\w-]+\\.[a-z]{2,}");
        for (var posted : CASES)
            address.matcher((String) posted.get("text")).results().map(match -> match.group().toLowerCase(Locale.ROOT))
                    .filter(mail -> !mail.matches(".*@(?:[\\w.-]*\\.)?(?:example(?:\\.\\w+)?|contoso\\.\\w+|uva\\.nl"
                            + "|[\\w.-]*(?:outlook|hotmail|live|gmail|office365|microsoft)[\\w.-]*)"))
                    .forEach(mail -> assertEquals("", mail, () -> "an address in " + posted.get("source")));
    }
}
