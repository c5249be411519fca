//FILES failures/words.md=../failures/words.md
//SOURCES Expression.java
//SOURCES MarkdownLines.java

package m365;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What people call the same thing: the groups of failures/words.md. Read when first asked for. */
final class WordGroups {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** @return the expressions of each group, by its name */
    static Map<String, List<Expression>> all() { return Read.GROUPS; }

    /** @param page in the form of failures/words.md */
    static Map<String, List<Expression>> read(String page) {
        var lines = new MarkdownLines("failures/words.md", page);
        var groups = new HashMap<String, List<Expression>>();
        while (lines.hasNext()) lines.read(); // what stands before the first heading is for people
        for (var name = lines.heading(); !name.isEmpty(); name = lines.heading()) {
            var words = new ArrayList<Expression>();
            for (var item : lines.items("- "))
                CODE.matcher(item).results().forEach(word -> words.add(new Expression(word.group(1), false)));
            if (groups.put(name, words) != null) throw lines.malformedThere("the group " + name + " is there twice");
            lines.skipEmpty();
        }
        return groups;
    }

    private static final class Read {
        static final Map<String, List<Expression>> GROUPS = groups();

        /** A user is helped in the middle of a failure as well as can be; what is wrong the tests have told us. */
        private static Map<String, List<Expression>> groups() {
            try (var file = WordGroups.class.getResourceAsStream("/failures/words.md")) {
                return file == null ? Map.of() : read(new String(file.readAllBytes(), UTF_8));
            } catch (IOException | IllegalArgumentException missingOrBroken) {
                return Map.of();
            }
        }
    }

    private WordGroups() { }
}
