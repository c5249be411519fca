//JAVA 17+
//SOURCES tool.java

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The settings, and the files in which the tokens lie. No network. */
class config_test {
    static final String TOKEN = "1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA";

    static config.Problem problem(org.junit.jupiter.api.function.Executable work) {
        return assertThrows(config.Problem.class, work);
    }

    static config.Settings settings(String... namesAndValues) {
        var env = new HashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) env.put(namesAndValues[i], namesAndValues[i + 1]);
        return config.Settings.from(env);
    }

    @Nested class When_nothing_is_set {

        @Test void the_values_at_the_top_of_the_file_are_valid() {
            var settings = settings();
            assertEquals("https://login.microsoftonline.com/common", settings.authority().toString());
            assertEquals("outlook.office365.com:993", settings.imap().toString());
            assertEquals("smtp.office365.com:587", settings.smtp().toString());
            assertEquals("outlook.office365.com:995", settings.pop().toString());
            assertEquals(Optional.empty(), settings.proxy());
        }

        @Test void the_client_is_a_public_one() { assertFalse(settings().confidential()); }

        @Test void an_empty_variable_counts_as_not_set() {
            assertEquals(settings(), settings("M365_CLIENT_ID", "", "M365_SCOPES", "  ", "M365_IMAP_PORT", ""));
        }
    }

    @Nested class When_settings_are_wrong {

        @Test void all_of_them_are_told_at_once_and_by_name() {
            var problem = problem(() -> settings("M365_CLIENT_ID", "x", "M365_CLIENT_SECRET", "with space", "M365_AUTHORITY", "x",
                "M365_SCOPES", "x", "M365_REDIRECT_URI", "x", "M365_TOKEN_FILE", "/", "M365_IMAP_HOST", "a b", "M365_IMAP_PORT", "x",
                "M365_SMTP_PORT", "0", "M365_POP_PORT", "65536", "M365_CA_FILE", "/nowhere.pem", "HTTPS_PROXY", "https://x",
                "M365_TOKEN_READ_COMMAND", "pass 'show"));
            for (var name : List.of("CLIENT_ID", "CLIENT_SECRET", "AUTHORITY", "SCOPES", "REDIRECT_URI", "TOKEN_FILE", "IMAP_HOST",
                    "IMAP_PORT", "SMTP_PORT", "POP_PORT", "CA_FILE", "TOKEN_READ_COMMAND", "TOKEN_WRITE_COMMAND"))
                assertTrue(problem.getMessage().contains("M365_" + name), name + " is not in " + problem.getMessage());
            assertTrue(problem.getMessage().contains("HTTPS_PROXY"), problem.getMessage());
            assertEquals(config.Status.SETTINGS, problem.status);
        }

        @Test void each_is_a_line_of_stderr_and_the_exit_status_is_78(@TempDir Path folder) {
            tool.get_token("--status").in(folder).with(Map.of("M365_CLIENT_ID", "x", "M365_POP_PORT", "x")).run().exits(78).printsNothing()
                .says("get_token: error: M365_CLIENT_ID is \"x\"", "get_token: error: M365_POP_PORT is \"x\"").saysWhatToDo();
        }

        @ParameterizedTest @CsvSource(delimiter = '|', value = {
            "M365_CLIENT_ID     | 9e5f94bc",
            "M365_CLIENT_ID     | 9e5f94bc-e8a4-4e73-b8be-63364c29d753x",
            "M365_AUTHORITY     | http://login.microsoftonline.com/common",
            "M365_AUTHORITY     | https://login.microsoftonline.com",
            "M365_AUTHORITY     | https://login.microsoftonline.com/",
            "M365_AUTHORITY     | https://login.microsoftonline.com/common/oauth2/v2.0",
            "M365_AUTHORITY     | https://me:secret@login.microsoftonline.com/common",
            "M365_AUTHORITY     | https://login.microsoftonline.com/common?x",
            "M365_AUTHORITY     | https://exa mple/common",
            "M365_SCOPES        | IMAP.AccessAsUser.All",
            "M365_SCOPES        | offline_access",
            "M365_SCOPES        | https://outlook.office.com/",
            "M365_SCOPES        | https://outlook.office.com/SMTP.Send https://graph.microsoft.com/Mail.Read",
            "M365_SCOPES        | https://outlook.office.com/IMAP.AccessAsUser.All,https://outlook.office.com/SMTP.Send",
            "M365_SCOPES        | https://graph.microsoft.com/IMAP.AccessAsUser.All",
            "M365_REDIRECT_URI  | https://example.com/",
            "M365_REDIRECT_URI  | http://[::1]:8745/",
            "M365_REDIRECT_URI  | ftp://localhost/",
            "M365_REDIRECT_URI  | http://localhost:99999/",
            "M365_REDIRECT_URI  | http://localhost/?x=y",
            "M365_REDIRECT_URI  | http://localhost.example.com/",
            "M365_REDIRECT_URI  | http://localhost@example.com/",
            "M365_IMAP_HOST     | https://outlook.office365.com",
            "M365_IMAP_PORT     | 0",
            "M365_SMTP_PORT     | -1",
            "M365_POP_PORT      | 65536",
            "M365_TOKEN_FILE    | /",
            "M365_CA_FILE       | /no/such/ca.pem"})
        void a_bad_value_is_named_and_quoted(String name, String value) {
            var message = problem(() -> settings(name, value)).getMessage();
            assertTrue(message.startsWith(name + " "), message);
            if (!name.equals("M365_SCOPES")) assertTrue(message.contains("\"" + value + "\""), message);
            assertEquals(1, message.lines().count(), message);
        }

        @ParameterizedTest @CsvSource({"M365_CLIENTID, M365_CLIENT_ID", "M365_TOKENFILE, M365_TOKEN_FILE", "M365_SCOPE, M365_SCOPES", "M365_IMAP_PROT, M365_IMAP_PORT"})
        void a_name_that_is_nearly_right_is_not_passed_over(String name, String meant) {
            var message = problem(() -> settings(name, "x")).getMessage();
            assertTrue(message.contains("\"" + name + "\" is no setting; did you mean " + meant + "?"), message);
        }

        @Test void what_is_somebody_else_s_is() { assertEquals(settings(), settings("M365_USER", "jan", "M365_CLIENT_ID2", "x", "M365_TOKEN_FILE_OF_EVA", "x", "M365_SCOPE", " ")); }

        @Test void two_commands_for_one_token_are_for_the_same_user() {
            var message = problem(() -> settings("M365_TOKEN_READ_COMMAND", "pass show m365/{user}", "M365_TOKEN_WRITE_COMMAND", "pass insert m365/jan")).getMessage();
            assertTrue(message.contains("must both contain {user}"), message);
            // With commands the file's name does not matter.
            assertFalse(settings("M365_TOKEN_READ_COMMAND", "pass show m365", "M365_TOKEN_WRITE_COMMAND", "pass insert m365", "M365_TOKEN_FILE", "{user}").perUser());
        }

        @Test void what_may_be_secret_is_not_quoted() {
            var message = problem(() -> settings("M365_CLIENT_SECRET", "hush hush", "HTTPS_PROXY", "socks5://me:hush@proxy")).getMessage();
            assertFalse(message.contains("hush"), message);
        }

        @Test void control_characters_in_a_bad_value_do_not_reach_the_terminal() {
            var message = problem(() -> settings("M365_CLIENT_ID", "\u001b[2Jx\u202e")).getMessage();
            assertTrue(message.contains("\\u001b") && message.contains("\\u202e"), message);
        }

        @Test void a_CA_file_without_certificates_is_named(@TempDir Path folder) throws IOException {
            var file = Files.writeString(folder.resolve("ca.pem"), "nothing of the kind");
            var message = problem(() -> config.trust(settings("M365_CA_FILE", file.toString()))).getMessage();
            assertTrue(message.startsWith("M365_CA_FILE is \"" + file + "\""), message);
        }
    }

    @Nested class When_settings_are_unusual_but_right {

        @Test void a_slash_at_the_end_of_the_authority_is_dropped() {
            assertEquals("https://login.microsoftonline.us/uva.nl", settings("M365_AUTHORITY", "https://login.microsoftonline.us/uva.nl/")
                .authority().toString());
        }

        @Test void the_scopes_that_MSAL_adds_may_be_listed_as_well() {
            assertEquals(Set.of("https://outlook.office.com/SMTP.Send"),
                settings("M365_SCOPES", "openid profile offline_access  https://outlook.office.com/SMTP.Send").scopes());
        }

        @Test void a_secret_makes_the_client_confidential() { assertTrue(settings("M365_CLIENT_SECRET", "x").confidential()); }

        @Test void a_tilde_in_the_token_file_is_the_home_folder() {
            assertEquals("/home/jan/mail/token", settings("M365_TOKEN_FILE", "~/mail/token", "HOME", "/home/jan").tokenFile());
        }

        @ParameterizedTest @CsvSource(delimiter = '|', nullValues = "none", value = {
            "http://proxy.example:3128 |                            | http://proxy.example:3128",
            "proxy.example:3128        |                            | http://proxy.example:3128",
            "http://proxy.example      | localhost,.example.com     | http://proxy.example",
            "http://proxy.example      | microsoftonline.com        | none",
            "http://proxy.example      | a.b, .microsoftonline.com  | none",
            "http://proxy.example      | notmicrosoftonline.com     | http://proxy.example",
            "http://proxy.example      | *                          | none"})
        void the_proxy_is_read_as_curl_reads_it(String proxy, String exempt, String expected) {
            var settings = settings("HTTPS_PROXY", proxy, "NO_PROXY", exempt == null ? "" : exempt);
            assertEquals(Optional.ofNullable(expected), settings.proxy().map(Object::toString));
            assertEquals(settings.proxy(), settings("https_proxy", proxy, "no_proxy", exempt == null ? "" : exempt).proxy());
        }

        static Stream<List<Object>> commands() {
            return Stream.of(
                List.of("pass show mail/refresh_token", List.of("pass", "show", "mail/refresh_token")),
                List.of("  gpg   -d  'my token.gpg' ", List.of("gpg", "-d", "my token.gpg")),
                List.of("a \"b c\"d '' \"\\\"\" 'x\\y' e\\ f", List.of("a", "b cd", "", "\"", "x\\y", "e f")),
                List.of("echo $HOME `id` | cat", List.of("echo", "$HOME", "`id`", "|", "cat")));
        }

        @ParameterizedTest @MethodSource("commands") void a_command_is_split_into_words_without_a_shell(List<Object> lineAndWords) {
            var line = (String) lineAndWords.get(0);
            assertEquals(lineAndWords.get(1), settings("M365_TOKEN_READ_COMMAND", line, "M365_TOKEN_WRITE_COMMAND", "x").readCommand());
        }
    }

    @Nested class A_secret {

        @Test void prints_as_dots_wherever_it_is_put() {
            var settings = settings("M365_CLIENT_SECRET", "hush");
            assertEquals("••••", settings.clientSecret().orElseThrow().toString());
            assertFalse(settings.toString().contains("hush"), settings.toString());
            assertFalse(String.valueOf(Map.of("k", new config.Secret("hush"))).contains("hush"));
        }
    }

    @Nested class An_address {

        @ParameterizedTest @ValueSource(strings = {"jan@uva.nl", "jan.de+lists@mail.uva.nl", "o'brien@uva.nl"})
        void of_the_usual_kind_is_accepted(String address) { assertEquals(address, config.address(address)); }

        @ParameterizedTest @ValueSource(strings = {"jan", "@uva.nl", "jan@", "jan@uva.nl\u0001auth=Bearer x", "jan@uva.nl\r\nA LOGOUT",
            "../../etc/passwd@x/y", "-oProxyCommand=x", "jan@uva.nl,piet@uva.nl", "\"a b\"@uva.nl", ""})
        void that_could_leave_its_line_or_folder_is_refused(String address) {
            assertEquals(config.Status.USAGE, problem(() -> config.address(address)).status);
        }
    }

    // --------------------------------------------------------------------------------------------- token files

    @TempDir Path folder;
    Path file, cache;
    config.TokenStore store;

    @BeforeEach void aStore() {
        file = folder.resolve("refresh_token");
        cache = folder.resolve("token_cache.json");
        store = config.TokenStore.of(settings("M365_TOKEN_FILE", file.toString()), null);
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
            return files.map(path -> path.getFileName().toString()).collect(java.util.stream.Collectors.toSet());
        }
    }

    @Nested class When_the_token_file_is_read {

        @ParameterizedTest @ValueSource(strings = {TOKEN, TOKEN + "\n", TOKEN + "\r\n", "\uFEFF" + TOKEN, "\uFEFF" + TOKEN + "\r\n", " " + TOKEN + "\t\n\n"})
        void white_space_around_it_and_a_byte_order_mark_do_not_count(String content) throws IOException {
            write(content.getBytes(UTF_8));
            assertEquals(TOKEN, store.load().reveal());
        }

        @ParameterizedTest @ValueSource(strings = {TOKEN + "\n" + TOKEN + "\n", TOKEN + " " + TOKEN, "tökén", "a\0b", TOKEN + "\u00a0x"})
        void two_lines_or_other_signs_are_not_a_token(String content) throws IOException {
            write(content.getBytes(UTF_8));
            var problem = problem(() -> store.load());
            assertEquals(config.Status.SETTINGS, problem.status);
            assertTrue(problem.getMessage().startsWith(file.toString()), problem.getMessage());
            assertFalse(problem.getMessage().contains(TOKEN), "the token itself is in the message");
        }

        @Test void binary_is_not_a_token() throws IOException {
            write(new byte[] {(byte) 0x1f, (byte) 0x8b, 8, 0, (byte) 0xff, (byte) 0xfe});
            assertEquals(config.Status.SETTINGS, problem(() -> store.load()).status);
        }

        @ParameterizedTest @ValueSource(strings = {"", "\n", "\uFEFF \r\n"}) void an_empty_file_asks_for_a_sign_in(String content) throws IOException {
            write(content.getBytes(UTF_8));
            var problem = problem(() -> store.load());
            assertEquals(config.Status.SIGN_IN, problem.status);
            assertTrue(problem.tell("x").contains("get_token"), problem.tell("x"));
        }

        @Test void no_file_asks_for_a_sign_in() { assertEquals(config.Status.SIGN_IN, problem(() -> store.load()).status); }

        @Test void ten_megabytes_are_refused() throws IOException {
            write(new byte[10 * 1024 * 1024]);
            var problem = problem(() -> store.load());
            assertEquals(config.Status.SETTINGS, problem.status);
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
            assertEquals(config.Status.SETTINGS, problem.status);
            assertTrue(problem.tell("x").contains("chmod 600 " + file), problem.tell("x"));
        }

        @Test void the_chmod_to_type_works_for_a_name_with_spaces_and_quotes(@TempDir Path other) throws Exception {
            var odd = Files.writeString(Files.createDirectory(other.resolve("Jan's mail")).resolve("token $1"), TOKEN);
            Files.setPosixFilePermissions(odd, PosixFilePermissions.fromString("rw-r--r--"));
            var oddStore = config.TokenStore.of(settings("M365_TOKEN_FILE", odd.toString()), null);
            var command = problem(oddStore::load).tell("x").replaceFirst("(?s).*?(chmod [^\n]*).*", "$1");
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
            store.save(new config.Secret(TOKEN), "{}");
            assertArrayEquals(TOKEN.getBytes(UTF_8), Files.readAllBytes(file));
            assertEquals("{}", Files.readString(cache));
        }

        @Test void both_files_are_the_owners_alone() throws IOException {
            store.save(new config.Secret(TOKEN), "{}");
            assertEquals("rw-------", mode(file));
            assertEquals("rw-------", mode(cache));
        }

        @Test void nothing_is_left_beside_them() throws IOException {
            store.locked(() -> { store.save(new config.Secret(TOKEN), "{}"); return null; });
            assertEquals(Set.of("refresh_token", "token_cache.json", "refresh_token.lock"), names());
            assertEquals("rw-------", mode(folder.resolve("refresh_token.lock")));
        }

        @Test void a_reader_never_meets_half_a_token() throws Exception {
            var one = "1".repeat(1500);
            var two = "2".repeat(1700);
            store.save(new config.Secret(one), "{}");
            var done = new CountDownLatch(1);
            var writer = new Thread(() -> {
                for (int i = 0; i < 60; i++) store.save(new config.Secret(i % 2 == 0 ? two : one), "{}");
                done.countDown();
            });
            writer.start();
            int reads = 0;
            for (; done.getCount() > 0; reads++) assertTrue(Set.of(one, two).contains(store.load().reveal()), "half a token");
            writer.join();
            assertTrue(reads > 0);
        }

        @Test void a_file_that_others_opened_before_does_not_show_them_the_new_token() throws IOException {
            write("old".getBytes(UTF_8));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            try (var spy = Files.newInputStream(file)) {
                store.save(new config.Secret(TOKEN), "{}");
                assertEquals("old", new String(spy.readAllBytes(), UTF_8));
            }
            assertEquals("rw-------", mode(file));
        }

        @Test void a_symbolic_link_is_neither_followed_nor_replaced() throws IOException {
            var elsewhere = Files.writeString(folder.resolve("elsewhere"), "theirs");
            Files.createSymbolicLink(file, elsewhere);
            problem(() -> store.save(new config.Secret(TOKEN), "{}"));
            assertEquals("theirs", Files.readString(elsewhere));
            assertTrue(Files.isSymbolicLink(file));
        }

        @Test void a_link_laid_where_the_new_file_is_written_is_not_followed() throws IOException {
            var elsewhere = Files.writeString(folder.resolve("elsewhere"), "theirs");
            Files.createSymbolicLink(folder.resolve("refresh_token.new"), elsewhere);
            store.save(new config.Secret(TOKEN), "{}");
            assertEquals("theirs", Files.readString(elsewhere));
            assertEquals(TOKEN, store.load().reveal());
        }

        @Test void what_a_killed_writer_left_aside_is_swept_away() throws IOException {
            Files.writeString(folder.resolve("refresh_token.new"), "half");
            Files.writeString(folder.resolve("token_cache.json.new"), "half");
            assertTrue(store.unsettled());
            store.locked(() -> null);
            assertFalse(store.unsettled());
        }

        @Test void when_the_cache_cannot_be_written_both_stay_as_they_were() throws IOException {
            store.save(new config.Secret(TOKEN), "{}");
            Files.createDirectories(folder.resolve("token_cache.json.new/in the way"));
            problem(() -> store.save(new config.Secret("2" + TOKEN), "{\"new\":1}"));
            assertEquals(TOKEN, Files.readString(file));
            assertEquals("{}", Files.readString(cache));
        }

        @Test void a_folder_that_is_missing_is_told_with_the_mkdir_to_type() {
            var lost = config.TokenStore.of(settings("M365_TOKEN_FILE", folder.resolve("no/such/token").toString()), null);
            var problem = problem(() -> lost.locked(() -> null));
            assertEquals(config.Status.SETTINGS, problem.status);
            assertTrue(problem.tell("x").contains("mkdir -m 700 " + folder.resolve("no/such")), problem.tell("x"));
        }

        @Test void a_file_that_holds_something_else_is_not_overwritten() throws IOException {
            write("Dear Jan,\nplease keep this.\n".getBytes(UTF_8));
            assertEquals(config.Status.SETTINGS, problem(() -> store.checkWritable()).status);
            assertEquals("Dear Jan,\nplease keep this.\n", Files.readString(file));
        }
    }

    @Nested class When_several_want_to_write {

        @Test void one_waits_for_the_other() throws Exception {
            var inside = new AtomicInteger();
            var mostInside = new AtomicInteger();
            var threads = Stream.generate(() -> new Thread(() -> store.locked(() -> {
                mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return inside.decrementAndGet();
            }))).limit(5).toList();
            threads.forEach(Thread::start);
            for (var thread : threads) thread.join();
            assertEquals(1, mostInside.get());
        }
    }

    @Nested class With_one_file_per_user {

        @Test void the_name_takes_the_place_of_the_braces() {
            var theirs = config.TokenStore.of(settings("M365_TOKEN_FILE", folder.resolve("{user}.token").toString()), "jan@uva.nl");
            assertEquals(folder.resolve("jan@uva.nl.token"), theirs.file);
            assertEquals(Optional.of(folder.resolve("jan@uva.nl.token.token_cache.json")), theirs.cacheFile);
        }

        @Test void a_name_must_be_given() {
            assertEquals(config.Status.USAGE, problem(() -> config.TokenStore.of(settings("M365_TOKEN_FILE", "{user}.token"), null)).status);
        }
    }

    @Nested class When_the_tokens_are_deleted {

        @Test void both_files_go() throws IOException {
            store.save(new config.Secret(TOKEN), "{}");
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
