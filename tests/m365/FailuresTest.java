//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The knowledge in failures/. No network. */
class FailuresTest {
    static final Set<String> PLACES =
            Set.of("page", "redirect", "token", "device", "imap", "smtp", "pop", "network", "local", "client");
    static final Set<String> ACTS = Set.of("wait", "sign-in", "configuration", "admin", "none");
    static final Set<String> PLACEHOLDERS = Set.of("user", "sign_in", "client_id", "tenant", "authority",
            "redirect_uri", "host", "scopes", "mailbox", "consent_url", "scope_host", "certificate_command",
            "connect_command", "service", "token_file", "parameter");

    static List<String> alternatives(Cause row) { return List.of(row.recognised().split(" \\|\\| ")); }

    static List<String> conditions(Cause row) { return List.of(row.recognised().split(" (?:\\|\\||&&) ")); }

    static String explained(String pasted) { return PastedError.explain(pasted).id(); }

    @Nested class Every_row_of_the_file {

        @Test void has_eight_cells_none_of_them_empty() throws IOException {
            var headings = Failures.texts().values().stream().flatMap(String::lines)
                    .filter(line -> line.startsWith("## ")).count();
            assertEquals(Failures.all().size(), headings, "entries that were read");
            for (var row : Failures.all()) {
                var cells = new ArrayList<>(List.of(row.id(), row.recognised(), row.act(), row.what()));
                for (var several : List.of(row.places(), row.why(), row.steps(), row.examples())) {
                    assertFalse(several.isEmpty(), row.id());
                    cells.addAll(several);
                }
                for (var cell : cells) assertTrue(!cell.isBlank() && cell.equals(cell.strip()), row.id() + cell);
            }
        }

        @Test void has_an_id_of_its_own() {
            var seen = new HashSet<String>();
            for (var row : Failures.all()) {
                assertTrue(row.id().matches("[a-z][a-z0-9]*(-[a-z0-9]+)*"), row.id());
                assertTrue(seen.add(row.id()), row.id() + " twice");
            }
        }

        @Test void says_where_it_shows_up_and_what_programs_should_do() {
            for (var row : Failures.all()) {
                assertTrue(PLACES.containsAll(row.places()), row.id());
                assertTrue(ACTS.contains(row.act()), row.id());
            }
        }

        @Test void is_recognised_in_one_of_the_known_ways() {
            for (var row : Failures.all()) for (var condition : conditions(row))
                assertTrue(condition.matches("AADSTS \\d{4,8}( \\d{4,8})*|(error|suberror) [a-z_]+( [a-z_]+)*"
                        + "|local [a-z0-9-]+( [a-z0-9-]+)*|(text|line|consequence|frame) \\S.*"
                        + "|described <[^>]+>( <[^>]+>)*"),
                        row.id() + ": " + condition);
        }

        @Test void has_expressions_that_compile_and_repeat_nothing_inside_a_repetition() {
            for (var row : Failures.all()) for (var condition : conditions(row)) {
                if (!condition.matches("(text|line|consequence|frame) .*")) continue;
                Pattern.compile(condition.substring(condition.indexOf(' ') + 1));
                var bare = condition.replaceAll("\\\\.", "x").replaceAll("\\[[^\\]]*]", "x");
                assertFalse(bare.matches(".*[+*}]\\)[+*{].*|.*[.x)][+*].*"), row.id() + " may run wild: " + condition);
            }
        }

        @Test void asks_for_facts_that_the_program_knows() {
            for (var row : Failures.all()) {
                for (var cell : List.of(row.what(), row.why().toString(), row.steps().toString())) {
                    Pattern.compile("\\{([^}]*)}").matcher(cell).results().forEach(braces ->
                            assertTrue(PLACEHOLDERS.contains(braces.group(1)), row.id() + ": " + braces.group()));
                    assertEquals(0, cell.chars().filter(c -> c == '`').count() % 2,
                            row.id() + ": a backtick without its twin");
                }
            }
        }

        @Test void reads_as_sentences() {
            for (var row : Failures.all())
                for (var sentence : Stream.of(List.of(row.what()), row.why()).flatMap(List::stream).toList())
                    assertTrue(sentence.matches("(?s)[\\p{Lu}{`/\\d].*[.)?]"), row.id() + ": " + sentence);
        }

        @Test void shares_no_number_error_or_name_with_another_row() {
            var owners = new HashMap<String, String>();
            for (var row : Failures.all()) for (var alternative : alternatives(row)) {
                if (alternative.matches("(text|line|consequence|frame|described) .*|.* && .*")) continue;
                var words = alternative.split(" ");
                for (int i = 1; i < words.length; i++) {
                    var other = owners.put(words[0] + " " + words[i], row.id());
                    assertEquals(null, other, words[i] + " is claimed by " + row.id() + " too");
                }
            }
        }
    }

    @Nested class An_example {

        static Stream<Arguments> examples() {
            return Failures.all().stream().flatMap(row ->
                    row.examples().stream().map(example -> Arguments.of(row.id(), example)));
        }

        @ParameterizedTest @MethodSource("examples")
        void is_claimed_by_its_own_row(String id, String example) { assertEquals(id, explained(example)); }

        @ParameterizedTest @MethodSource("examples")
        void is_claimed_in_the_middle_of_a_log_too(String id, String example) {
            if (example.startsWith("local ") || id.equals("unknown-text")) return;
            assertEquals(id, explained("2026-03-02 08:15:42 start\n" + example + "\n2026-03-02 08:15:43 end\n"));
        }

        @ParameterizedTest @MethodSource("examples")
        void shows_no_secret_once_it_is_scrubbed(String id, String example) {
            var clean = Scrub.secrets(example);
            for (var secret : List.of("AXkAqKp3", "EwBwA8l6", "FAQABAAEAAAA"))
                assertFalse(clean.contains(secret), clean);
        }

        @Test void exists_for_every_alternative_of_a_row() {
            for (var row : Failures.all()) for (var alternative : alternatives(row)) {
                if (alternative.startsWith("described ")) continue; // DescriptionTest
                int and = alternative.lastIndexOf(" && ");
                var condition = and < 0 ? alternative : alternative.substring(and + 4);
                var values = List.of(condition.split(" "));
                boolean words = condition.matches("(text|line|consequence|frame) .*");
                var regex = Pattern.compile(words ? condition.substring(condition.indexOf(' ') + 1) : "",
                        Pattern.CASE_INSENSITIVE);
                assertTrue(row.examples().stream().anyMatch(example -> words ? regex.matcher(example).find()
                        : values.stream().skip(1).anyMatch(example::contains)),
                        row.id() + " has no example for: " + alternative);
            }
        }
    }

    /** A user is helped in the middle of a failure as well as can be. */
    @Nested class A_list_that_is {

        @Test void missing_leaves_an_answer() throws ReflectiveOperationException {
            assertEquals("unknown-text", id(null));
        }

        @Test void broken_leaves_an_answer() throws ReflectiveOperationException {
            assertEquals("unknown-text", id("## no-more-than-a-heading"));
        }

        /** What m365 says, loaded once more, of a failure that it does know. @param page each of failures/, or null */
        private String id(String page) throws ReflectiveOperationException {
            var loader = new ClassLoader(FailuresTest.class.getClassLoader()) {
                @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                    if (!name.startsWith("m365.")) return super.loadClass(name, resolve);
                    var loaded = findLoadedClass(name);
                    return loaded != null ? loaded : findClass(name);
                }

                @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
                    try (var file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                        var bytes = file.readAllBytes();
                        return defineClass(name, bytes, 0, bytes.length);
                    } catch (IOException e) {
                        throw new ClassNotFoundException(name, e);
                    }
                }

                @Override public InputStream getResourceAsStream(String name) {
                    return page == null ? null : new ByteArrayInputStream(page.getBytes(UTF_8));
                }
            };
            var cause = loader.loadClass("m365.PastedError").getMethod("explain", String.class).invoke(null, "50011");
            return (String) cause.getClass().getMethod("id").invoke(cause);
        }
    }
}
