//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/ExitStatus.java
//SOURCES ../../m365/Problem.java
//SOURCES ../../m365/ProblemReport.java
//SOURCES ../../m365/Secret.java
//SOURCES ../../m365/TokenStore.java
//SOURCES ../../m365/TokenStores.java
//SOURCES ../support/TestSettings.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static support.TestSettings.settings;

/** The files in which the tokens lie. No network. */
class TokenFileTest {
    static final String TOKEN = "1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA";

    @TempDir Path folder;
    Path file, cache;
    TokenStore store;

    @BeforeEach void aStore() {
        file = folder.resolve("refresh_token");
        cache = folder.resolve("token_cache.json");
        store = TokenStores.of(settings("M365_TOKEN_FILE", file.toString()), null);
    }

    void write(byte[] content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, content);
    }

    static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    Set<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    static Problem problem(Executable work) { return assertThrows(Problem.class, work); }

    @Nested class When_the_token_file_is_read {

        @ParameterizedTest
        @ValueSource(strings = {TOKEN, TOKEN + "\n", TOKEN + "\r\n", "\uFEFF" + TOKEN, "\uFEFF" + TOKEN + "\r\n",
            " " + TOKEN + "\t\n\n"})
        void white_space_around_it_and_a_byte_order_mark_do_not_count(String content) throws IOException {
            write(content.getBytes(UTF_8));
            assertEquals(TOKEN, store.load().reveal());
        }

        @ParameterizedTest
        @ValueSource(strings = {TOKEN + "\n" + TOKEN + "\n", TOKEN + " " + TOKEN, "tökén", "a\0b", TOKEN + "\u00a0x"})
        void two_lines_or_other_signs_are_not_a_token(String content) throws IOException {
            write(content.getBytes(UTF_8));
            var problem = problem(() -> store.load());
            assertEquals(ExitStatus.SETTINGS, problem.status());
            assertTrue(problem.getMessage().startsWith(file.toString()), problem.getMessage());
            assertFalse(problem.getMessage().contains(TOKEN), "the token itself is in the message");
        }

        @Test void binary_is_not_a_token() throws IOException {
            write(new byte[] {(byte) 0x1f, (byte) 0x8b, 8, 0, (byte) 0xff, (byte) 0xfe});
            assertEquals(ExitStatus.SETTINGS, problem(() -> store.load()).status());
        }

        @ParameterizedTest @ValueSource(strings = {"", "\n", "\uFEFF \r\n"})
        void an_empty_file_asks_for_a_sign_in(String content) throws IOException {
            write(content.getBytes(UTF_8));
            var problem = problem(() -> store.load());
            assertEquals(ExitStatus.SIGN_IN, problem.status());
            var told = ProblemReport.tell(problem, "x", 80);
            assertTrue(told.contains("get_token"), told);
        }

        /** Only the current directory's file may be missing because that is another directory. */
        @Test void no_file_at_a_full_path_says_nothing_of_the_current_directory() {
            var told = ProblemReport.tell(problem(() -> store.load()), "x", 80);
            assertTrue(told.contains("Sign in: ") && !told.contains("current directory"), told);
        }

        @Test void no_file_asks_for_a_sign_in() {
            assertEquals(ExitStatus.SIGN_IN, problem(() -> store.load()).status());
        }

        @Test void ten_megabytes_are_refused() throws IOException {
            write(new byte[10 * 1024 * 1024]);
            var problem = problem(() -> store.load());
            assertEquals(ExitStatus.SETTINGS, problem.status());
            assertTrue(problem.getMessage().contains("too large"), problem.getMessage());
        }

        @Test void a_folder_in_its_place_is_refused() throws IOException {
            Files.createDirectory(file);
            assertTrue(problem(() -> store.load()).getMessage().contains("is not a file"));
        }

        @Test void a_symbolic_link_in_its_place_is_refused() throws IOException {
            Files.createSymbolicLink(file, Files.writeString(folder.resolve("elsewhere"), TOKEN));
            assertTrue(problem(() -> store.load()).getMessage().contains("is a symbolic link"));
        }

        @Test void a_named_pipe_in_its_place_does_not_hang_us() throws Exception {
            assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
            assertTrue(problem(() -> store.load()).getMessage().contains("is not a file"));
        }

        @ParameterizedTest @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-rw-rw-", "rw--w----", "rwx-----x"})
        void a_mode_that_lets_others_at_it_is_refused_with_the_chmod_to_type(String mode) throws IOException {
            write(TOKEN.getBytes(UTF_8));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            var problem = problem(() -> store.load());
            assertEquals(ExitStatus.SETTINGS, problem.status());
            assertTrue(ProblemReport.tell(problem, "x", 80).contains("chmod 600 " + file),
                ProblemReport.tell(problem, "x", 80));
        }

        @Test void the_chmod_to_type_works_for_a_name_with_spaces_and_quotes(@TempDir Path other) throws Exception {
            var odd = Files.writeString(Files.createDirectory(other.resolve("Jan's mail")).resolve("token $1"), TOKEN);
            Files.setPosixFilePermissions(odd, PosixFilePermissions.fromString("rw-r--r--"));
            var oddStore = TokenStores.of(settings("M365_TOKEN_FILE", odd.toString()), null);
            var command = ProblemReport.tell(problem(oddStore::load), "x", 80)
                .replaceFirst("(?s).*?(chmod [^\n]*).*", "$1");
            assertEquals(0, new ProcessBuilder("sh", "-c", command).start().waitFor(), command);
            assertEquals(TOKEN, oddStore.load().reveal());
        }

        @Test void a_read_only_file_is_fine() throws IOException {
            write(TOKEN.getBytes(UTF_8));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
            assertEquals(TOKEN, store.load().reveal());
        }
    }

    @Nested class When_the_tokens_are_stored {

        @Test void the_file_holds_the_bare_token_and_nothing_else() throws IOException {
            store.save(new Secret(TOKEN), "{}");
            assertArrayEquals(TOKEN.getBytes(UTF_8), Files.readAllBytes(file));
            assertEquals("{}", Files.readString(cache));
        }

        @Test void both_files_are_the_owners_alone() throws IOException {
            store.save(new Secret(TOKEN), "{}");
            assertEquals("rw-------", mode(file));
            assertEquals("rw-------", mode(cache));
        }

        @Test void nothing_is_left_beside_them() throws IOException {
            store.locked(() -> { store.save(new Secret(TOKEN), "{}"); return null; });
            assertEquals(Set.of("refresh_token", "token_cache.json", "refresh_token_lock"), names());
            assertEquals("rw-------", mode(folder.resolve("refresh_token_lock")));
        }

        @Test void a_reader_never_meets_half_a_token() throws Exception {
            var one = "1".repeat(1500);
            var two = "2".repeat(1700);
            store.save(new Secret(one), "{}");
            var done = new CountDownLatch(1);
            var writer = new Thread(() -> {
                for (int i = 0; i < 60; i++) store.save(new Secret(i % 2 == 0 ? two : one), "{}");
                done.countDown();
            });
            writer.start();
            int reads = 0;
            for (; done.getCount() > 0; reads++) assertTrue(Set.of(one, two).contains(store.load().reveal()),
                "half a token");
            writer.join();
            assertTrue(reads > 0);
        }

        @Test void a_file_that_others_opened_before_does_not_show_them_the_new_token() throws IOException {
            write("old".getBytes(UTF_8));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            try (var spy = Files.newInputStream(file)) {
                store.save(new Secret(TOKEN), "{}");
                assertEquals("old", new String(spy.readAllBytes(), UTF_8));
            }
            assertEquals("rw-------", mode(file));
        }

        @Test void a_symbolic_link_is_neither_followed_nor_replaced() throws IOException {
            var elsewhere = Files.writeString(folder.resolve("elsewhere"), "theirs");
            Files.createSymbolicLink(file, elsewhere);
            problem(() -> store.save(new Secret(TOKEN), "{}"));
            assertEquals("theirs", Files.readString(elsewhere));
            assertTrue(Files.isSymbolicLink(file));
        }

        @Test void a_link_laid_where_the_new_file_is_written_is_not_followed() throws IOException {
            var elsewhere = Files.writeString(folder.resolve("elsewhere"), "theirs");
            Files.createSymbolicLink(folder.resolve("refresh_token_new"), elsewhere);
            store.save(new Secret(TOKEN), "{}");
            assertEquals("theirs", Files.readString(elsewhere));
            assertEquals(TOKEN, store.load().reveal());
        }

        @Test void what_a_killed_writer_left_aside_is_swept_away() throws IOException {
            Files.writeString(folder.resolve("refresh_token_new"), "half");
            Files.writeString(folder.resolve("token_cache.json_new"), "half");
            assertTrue(store.unsettled());
            store.locked(() -> null);
            assertFalse(store.unsettled());
        }

        @Test void when_the_cache_cannot_be_written_both_stay_as_they_were() throws IOException {
            store.save(new Secret(TOKEN), "{}");
            Files.createDirectories(folder.resolve("token_cache.json_new/in the way"));
            problem(() -> store.save(new Secret("2" + TOKEN), "{\"new\":1}"));
            assertEquals(TOKEN, Files.readString(file));
            assertEquals("{}", Files.readString(cache));
        }

        /** Like a file that a container has mounted there. */
        @Test void when_only_the_cache_cannot_be_replaced_it_is_told_that_the_token_was() throws IOException {
            Files.createDirectories(folder.resolve("token_cache.json/in the way"));
            var problem = problem(() -> store.save(new Secret(TOKEN), "{}"));
            assertEquals(TOKEN, Files.readString(file));
            var told = ProblemReport.tell(problem, "x", 80);
            assertFalse(told.contains("nothing was changed"), told);
            assertTrue(told.contains("the new refresh token is stored"), told);
            assertFalse(store.unsettled());
        }

        @Test void a_folder_that_is_missing_is_told_with_the_mkdir_to_type() {
            var lost = TokenStores.of(settings("M365_TOKEN_FILE", folder.resolve("no/such/token").toString()), null);
            var problem = problem(() -> lost.locked(() -> null));
            assertEquals(ExitStatus.SETTINGS, problem.status());
            assertTrue(ProblemReport.tell(problem, "x", 80).contains("mkdir -m 700 " + folder.resolve("no/such")),
                ProblemReport.tell(problem, "x", 80));
        }

        /** What Java says of a full disk names no file. */
        @Test void a_full_disk_is_told_with_the_file_that_lies_there() {
            var problem = StorageProblem.of(new IOException("No space left on device"), file);
            assertEquals(ExitStatus.LATER, problem.status());
            assertTrue(problem.getMessage().contains(file + " (No space left on device)"), problem.getMessage());
        }

        @Test void a_file_that_holds_something_else_is_not_overwritten() throws IOException {
            write("Dear Jan,\nplease keep this.\n".getBytes(UTF_8));
            assertEquals(ExitStatus.SETTINGS, problem(() -> store.checkWritable()).status());
            assertEquals("Dear Jan,\nplease keep this.\n", Files.readString(file));
        }
    }

    @Nested class When_the_tokens_are_deleted {

        @Test void both_files_go() throws IOException {
            store.save(new Secret(TOKEN), "{}");
            assertTrue(store.delete());
            assertEquals(Set.of(), names());
        }

        @Test void there_may_be_none() { assertFalse(store.delete()); }

        @Test void a_symbolic_link_is_not_followed() throws IOException {
            var elsewhere = Files.writeString(folder.resolve("elsewhere"), "theirs");
            Files.createSymbolicLink(file, elsewhere);
            problem(() -> store.delete());
            assertTrue(Files.exists(elsewhere));
        }
    }
}
