//FILES failures/others.md=../failures/others.md
//SOURCES MarkdownLines.java

package m365;

import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The names of failures/others.md, by which other services than Microsoft 365 are known. Read when first asked for. */
final class OtherNames {

    /** What a name says if it is found; the page tells what counts for each. */
    enum Kind { PROVIDER, ACCOUNT, SPEAKS, BESIDE, PROGRAM }

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** @return the first service of the page that has a name of this kind in the text */
    static Optional<String> find(Kind kind, String text) {
        return Read.NAMES.getOrDefault(kind, Map.of()).entrySet().stream()
                .filter(service -> service.getValue().matcher(text).find()).map(Map.Entry::getKey).findFirst();
    }

    /** @param page in the form of failures/others.md */
    static Map<Kind, Map<String, Pattern>> read(String page) {
        var lines = new MarkdownLines("failures/others.md", page);
        var names = new EnumMap<Kind, Map<String, Pattern>>(Kind.class);
        while (lines.hasNext()) lines.read(); // what stands before the first heading is for people
        for (var service = lines.heading(); !service.isEmpty(); service = lines.heading()) {
            for (var item : lines.items("- ")) {
                var kind = kind(item).orElseThrow(() -> lines.malformedThere("no kind of name: " + item));
                var services = names.computeIfAbsent(kind, any -> new LinkedHashMap<>());
                if (services.put(service, expression(item, lines)) != null)
                    throw lines.malformedThere(service + " has such names already");
            }
            lines.skipEmpty();
        }
        return names;
    }

    private static Optional<Kind> kind(String item) {
        var label = item.substring(0, Math.max(item.indexOf(": `"), 0)).toUpperCase(Locale.ROOT);
        for (var kind : Kind.values()) if (kind.name().equals(label)) return Optional.of(kind);
        return Optional.empty();
    }

    /** Any of what stands between backticks. */
    private static Pattern expression(String item, MarkdownLines lines) {
        var any = CODE.matcher(item).results().map(code -> code.group(1)).collect(Collectors.joining("|"));
        try {
            return Pattern.compile(any, Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException e) {
            throw lines.malformedThere(e.getMessage());
        }
    }

    private static final class Read {
        static final Map<Kind, Map<String, Pattern>> NAMES = names();

        /** A user is helped in the middle of a failure as well as can be; what is wrong the tests have told us. */
        private static Map<Kind, Map<String, Pattern>> names() {
            try (var file = OtherNames.class.getResourceAsStream("/failures/others.md")) {
                return file == null ? Map.of() : read(new String(file.readAllBytes(), UTF_8));
            } catch (IOException | IllegalArgumentException missingOrBroken) {
                return Map.of();
            }
        }
    }

    private OtherNames() { }
}
