//FILES failures/words.md=../failures/words.md
//SOURCES Expression.java
//SOURCES MarkdownLines.java
//SOURCES NamePage.java

package m365;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What people call the same thing: the groups of failures/words.md. */
final class WordGroups {

    /** @return the expressions of each group, by its name */
    static Map<String, List<Expression>> all() { return Loaded.GROUPS; }

    /** @param page in the form of failures/words.md */
    static Map<String, List<Expression>> read(String page) {
        var groups = new HashMap<String, List<Expression>>();
        NamePage.read(new MarkdownLines("failures/words.md", page), (name, item) -> {
            var words = groups.computeIfAbsent(name, any -> new ArrayList<>());
            NamePage.expressions(item).forEach(word -> words.add(new Expression(word, false)));
        });
        return groups;
    }

    private static final class Loaded {
        static final Map<String, List<Expression>> GROUPS =
                NamePage.load("failures/words.md", WordGroups::read, Map.of());
    }

    private WordGroups() { }
}
