//SOURCES MarkdownLines.java

package m365;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A page of names in failures/: below each heading a list, in which what stands between backticks is an expression. */
final class NamePage {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /**
     * Read when a page is first asked for. A user is helped in the middle of a failure as well as can be; what is wrong
     * with a page the tests have told us.
     *
     * @param otherwise if the page is missing or broken
     */
    static <T> T load(String file, Function<String, T> read, T otherwise) {
        try (var page = NamePage.class.getResourceAsStream("/" + file)) {
            return page == null ? otherwise : read.apply(new String(page.readAllBytes(), UTF_8));
        } catch (IOException | IllegalArgumentException broken) {
            return otherwise;
        }
    }

    /** @param take gets each item of each list, with its heading; the lines say where something is wrong */
    static void read(MarkdownLines lines, BiConsumer<String, String> take) {
        while (lines.hasNext()) lines.read(); // what stands before the first heading is for people
        var seen = new HashSet<String>();
        for (var heading = lines.heading(); !heading.isEmpty(); heading = lines.heading()) {
            if (!seen.add(heading)) throw lines.malformedThere(heading + " is there twice");
            for (var item : lines.items("- ")) take.accept(heading, item);
            lines.skipEmpty();
        }
    }

    static List<String> expressions(String item) {
        return CODE.matcher(item).results().map(code -> code.group(1)).toList();
    }

    private NamePage() { }
}
