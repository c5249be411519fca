//FILES failures/others.md=../failures/others.md
//SOURCES MarkdownLines.java
//SOURCES NamePage.java

package m365;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The names of failures/others.md, by which other services than Microsoft 365 are known. */
final class OtherNames {

    /** What a name says if it is found; the page tells what counts for each. */
    enum Kind { PROVIDER, ACCOUNT, SPEAKS, BESIDE, PROGRAM }

    /** @return the first service of the page that has a name of this kind in the text */
    static Optional<String> find(Kind kind, String text) {
        return Loaded.NAMES.getOrDefault(kind, Map.of()).entrySet().stream()
                .filter(service -> service.getValue().matcher(text).find()).map(Map.Entry::getKey).findFirst();
    }

    /** @param page in the form of failures/others.md */
    static Map<Kind, Map<String, Pattern>> read(String page) {
        var lines = new MarkdownLines("failures/others.md", page);
        var names = new EnumMap<Kind, Map<String, Pattern>>(Kind.class);
        NamePage.read(lines, (service, item) -> {
            var kind = kind(item).orElseThrow(() -> lines.malformedThere("no kind of name: " + item));
            var services = names.computeIfAbsent(kind, any -> new LinkedHashMap<>());
            if (services.put(service, expression(item, lines)) != null)
                throw lines.malformedThere(service + " has such names already");
        });
        return names;
    }

    private static Optional<Kind> kind(String item) {
        var label = item.substring(0, Math.max(item.indexOf(": `"), 0)).toUpperCase(Locale.ROOT);
        for (var kind : Kind.values()) if (kind.name().equals(label)) return Optional.of(kind);
        return Optional.empty();
    }

    /** Any of what stands between backticks. */
    private static Pattern expression(String item, MarkdownLines lines) {
        try {
            return Pattern.compile(String.join("|", NamePage.expressions(item)), Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException e) {
            throw lines.malformedThere(e.getMessage());
        }
    }

    private static final class Loaded {
        static final Map<Kind, Map<String, Pattern>> NAMES =
                NamePage.load("failures/others.md", OtherNames::read, Map.of());
    }

    private OtherNames() { }
}
