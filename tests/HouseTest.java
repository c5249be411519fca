//DEPS org.junit.jupiter:junit-jupiter:6.1.3

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Keeps the house as CONTRIBUTING.md describes it: heads that name what a file needs (a catalog read from a URL has
 * nothing else to go by), arrows that point one way, rooms that can be read.
 */
class HouseTest {
    private static final int LONGEST_FILE = 300, LONGEST_LINE = 120;

    /** What is said, or commented, is not used. */
    private static final Pattern NO_CODE = Pattern.compile("\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\""
            + "|'(?:\\\\.|[^'\\\\\\n])'|/\\*[\\s\\S]*?\\*/|//.*");
    private static final Pattern WORD = Pattern.compile("(?<![\\w.])(?:m365\\.|stand_in\\.)?([A-Z]\\w*)\\b");
    private static final Pattern DEPENDENCY = Pattern.compile("(?m)^//DEPS (\\S+):([^:\\s]+)$");

    @ParameterizedTest
    @ValueSource(strings = {"m365", "tests/stand_in"})
    void a_head_names_exactly_the_files_of_its_folder_that_are_used(String folder) throws IOException {
        for (var file : uses(folder).entrySet()) {
            var named = Files.readString(Path.of(folder, file.getKey() + ".java")).lines()
                    .filter(line -> line.startsWith("//SOURCES ")).map(line -> line.substring(10)).toList();
            var used = file.getValue().stream().map(name -> name + ".java").toList();
            assertEquals(used, named, "the //SOURCES of " + folder + "/" + file.getKey() + ".java");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"m365", "tests/stand_in"})
    void arrows_between_files_never_lead_back(String folder) throws IOException {
        var uses = uses(folder);
        for (var start : uses.keySet()) {
            var reached = new TreeSet<String>();
            for (var next = new ArrayDeque<>(uses.get(start)); !next.isEmpty();) {
                var file = next.pop();
                if (reached.add(file)) next.addAll(uses.get(file));
            }
            assertTrue(!reached.contains(start), () -> start + " is used by what it uses: " + reached);
        }
    }

    @Test void no_command_uses_the_other() throws IOException {
        assertTrue(!code(Path.of("get_token.java")).contains("check_imap."), "get_token uses check_imap");
        assertTrue(!code(Path.of("check_imap.java")).contains("get_token."), "check_imap uses get_token");
    }

    @Test void config_java_is_what_a_user_edits_and_fits_on_a_screen() throws IOException {
        var text = Files.readString(Path.of("config.java"));
        assertTrue(text.lines().count() <= 60 && !text.contains("\nimport "), "config.java has grown");
    }

    @Test void every_file_can_be_read_in_one_go() throws IOException {
        var tooLong = new ArrayList<String>();
        for (var file : javaFiles()) {
            var lines = Files.readAllLines(file);
            if (lines.size() > LONGEST_FILE) tooLong.add(file + ": " + lines.size() + " lines");
            for (int i = 0; i < lines.size(); i++)
                if (lines.get(i).codePointCount(0, lines.get(i).length()) > LONGEST_LINE)
                    tooLong.add(file + ":" + (i + 1) + ": " + lines.get(i).length() + " columns");
        }
        assertEquals(List.of(), tooLong);
    }

    @Test void each_library_has_one_version() throws IOException {
        Map<String, Set<String>> versions = new TreeMap<>();
        for (var file : javaFiles())
            DEPENDENCY.matcher(Files.readString(file)).results().forEach(found ->
                    versions.computeIfAbsent(found.group(1), name -> new TreeSet<>()).add(found.group(2)));
        versions.values().removeIf(several -> several.size() == 1);
        assertEquals(Map.of(), versions);
    }

    private static List<Path> javaFiles() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("."))) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.startsWith("./.git")).toList();
        }
    }

    /** Which files of a folder each of them uses. */
    private static Map<String, Set<String>> uses(String folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(folder))) {
            files = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        var names = files.stream().map(HouseTest::name).collect(Collectors.toSet());
        Map<String, Set<String>> uses = new HashMap<>();
        for (var file : files) {
            Set<String> used = new TreeSet<>();
            WORD.matcher(code(file)).results().map(word -> word.group(1)).filter(names::contains).forEach(used::add);
            used.remove(name(file));
            uses.put(name(file), used);
        }
        assertTrue(uses.size() > 10, () -> "the folder " + folder + " is not here; run the tests in the clone");
        return uses;
    }

    private static String name(Path file) { return file.getFileName().toString().replace(".java", ""); }

    private static String code(Path file) throws IOException {
        return NO_CODE.matcher(Files.readString(file)).replaceAll("\"\"");
    }
}
