//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The documents of this checkout, as text. Knows Markdown as far as they use it: fences, code, links, headings. */
public final class Documents {
    /** A line of a document, and whether it lies in a fenced block. @param language of that block, else empty */
    public record Line(Path file, int number, String text, String language, boolean fenced) {
        @Override public String toString() { return root().relativize(file) + ":" + number + ": " + text; }
    }

    /** A command as the document shows it. */
    public record Shown(Line line, String text) {
        @Override public String toString() { return root().relativize(line.file) + ":" + line.number + ": " + text; }
    }

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private Documents() { }

    /** The checkout: the tests are run in it, or in its tests/. */
    public static Path root() {
        var root = Stream.of("", "..").map(up -> Path.of(up).toAbsolutePath().normalize())
            .filter(folder -> Files.exists(folder.resolve("jbang-catalog.json"))).findFirst();
        assumeTrue(root.isPresent(), "the documents are not beside the tests");
        return root.get();
    }

    /** README and docs/: what users read. */
    public static List<Path> forUsers() {
        var files = new ArrayList<>(List.of(root().resolve("README.md")));
        files.addAll(markdownIn("docs"));
        return files;
    }

    /** Those, and what maintainers read. */
    public static List<Path> all() {
        var files = new ArrayList<>(forUsers());
        for (var name : List.of("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")) files.add(root().resolve(name));
        files.addAll(markdownIn("failures"));
        return files;
    }

    private static List<Path> markdownIn(String folder) {
        try (var files = Files.list(root().resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    public static List<Line> lines(Path file) {
        var lines = new ArrayList<Line>();
        String language = null;
        for (var text : text(file).split("\n")) {
            boolean fence = text.strip().startsWith("```");
            if (fence) language = language == null ? text.strip().substring(3) : null;
            var in = language == null ? "" : language;
            lines.add(new Line(file, lines.size() + 1, text, in, fence || language != null));
        }
        return lines;
    }

    /** The commands in blocks of shell: every line of {@code sh}, what follows the prompt in {@code console}. */
    public static List<Shown> commandsInBlocks(Path file) {
        return lines(file).stream()
            .filter(line -> line.language.equals("sh") || line.language.equals("console") && line.text.startsWith("$ "))
            .filter(line -> !line.text.startsWith("```") && !line.text.startsWith("#") && !line.text.isBlank())
            .map(line -> new Shown(line, line.text.replaceFirst("^\\$ ", "").replaceFirst(" +# .*", ""))).toList();
    }

    /** What stands between backticks in the running text. */
    public static List<Shown> code(Path file) {
        return lines(file).stream().filter(line -> !line.fenced)
            .flatMap(line -> matches(CODE, line.text).map(code -> new Shown(line, code.group(1)))).toList();
    }

    public static Stream<MatchResult> matches(Pattern pattern, String text) { return pattern.matcher(text).results(); }

    /** The anchors that a forge makes of the headings. */
    public static List<String> anchors(Path file) {
        return lines(file).stream().filter(line -> !line.fenced && line.text.startsWith("#"))
            .map(line -> line.text.replaceFirst("^#+ ", "").toLowerCase(java.util.Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-')).toList();
    }
}
