//JAVA 17+
//SOURCES tool.java fake_mail.java

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What mail programs call every few minutes, and what a person asks about the tokens. */
@Order(2)
@Execution(ExecutionMode.CONCURRENT)
class access_token_test {
    static final String JAN = "jan@uva.example";
    static final String SCOPES = "IMAP.AccessAsUser.All SMTP.Send offline_access openid profile";

    @TempDir Path folder;
    fake_login login;
    String refreshToken;

    /** A refresh token and nothing else, as the Python tool leaves it. */
    @BeforeEach void aTokenFile() throws IOException {
        login = tool.login();
        refreshToken = login.issueRefreshToken(JAN, fake_login.PUBLIC_APP, SCOPES);
        write("refresh_token", refreshToken + "\n");
    }

    @AfterEach void closes() { login.close(); }

    void write(String name, String content) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
        Files.createFile(folder.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(folder.resolve(name), content);
    }

    String read(String name) throws IOException { return Files.readString(folder.resolve(name)); }

    tool get_token(String... arguments) { return tool.get_token(arguments).in(folder).with(tool.settings(login)); }

    String accessToken() { return printed(get_token("--access-token").runHere()); }

    /** Makes a cache, even one whose access token is over at once. */
    void renew() { get_token("--access-token").runHere().exits(0); }

    String printed(tool.Result result) {
        var token = result.exits(0).out().strip();
        result.prints(token);
        assertTrue(login.access(token).isPresent(), "not a valid token: " + result.err());
        return token;
    }

    int requests() { return login.requests("token").size(); }

    Map<String, String> files() throws IOException {
        var contents = new HashMap<String, String>();
        for (var name : List.of("refresh_token", "token_cache.json")) contents.put(name, Files.exists(folder.resolve(name)) ? read(name) : "none");
        return contents;
    }

    @Nested class With_a_token_file_of_the_Python_tool {

        @Test void an_access_token_is_printed_at_once_and_nothing_else() {
            printed(get_token("--access-token").run().says(""));
            assertEquals(1, login.requests().size(), "one request, and no discovery");
            assertEquals("refresh_token", login.requests("token").get(0).parameter("grant_type"));
        }

        @Test void the_new_refresh_token_and_the_cache_are_stored_for_the_owner_alone() throws IOException {
            get_token("--access-token").underUmask000().run().exits(0);
            assertNotEquals(refreshToken, read("refresh_token"));
            assertEquals(login.refreshToken(JAN), read("refresh_token"));
            for (var name : List.of("refresh_token", "token_cache.json", "refresh_token.lock"))
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))), name);
        }

        @Test void the_user_may_be_named() { printed(get_token("--access-token", JAN).runHere()); }

        @Test void a_confidential_client_sends_its_secret_and_tells_nobody() throws IOException {
            write("refresh_token", login.issueRefreshToken(JAN, fake_login.CONFIDENTIAL_APP, SCOPES));
            printed(get_token("--access-token", "--verbose").with("M365_CLIENT_ID", fake_login.CONFIDENTIAL_APP)
                .with("M365_CLIENT_SECRET", fake_login.CONFIDENTIAL_SECRET).run());
            assertEquals(fake_login.CONFIDENTIAL_SECRET, login.requests("token").get(0).parameter("client_secret"));
        }

        @Test void a_personal_account_s_token_survives_the_form_it_is_sent_in() throws IOException {
            write("refresh_token", login.issueRefreshToken("personal@outlook.example", fake_login.PUBLIC_APP, SCOPES));
            printed(get_token("--access-token").runHere());
        }
    }

    @Nested class With_a_cached_token {

        @Test void it_is_printed_again_without_a_request() {
            var token = accessToken();
            assertEquals(token, printed(get_token("--access-token").run()));
            assertEquals(1, requests());
        }

        @Test void neither_MSAL_nor_picocli_nor_HTTP_is_loaded() throws IOException {
            var token = accessToken();
            assertEquals(token, printed(get_token("--access-token").java("-Xlog:class+load:file=classes.log").run()));
            var loaded = Files.readAllLines(folder.resolve("classes.log")).stream().map(line -> line.replaceFirst("^(\\[[^]]*])+ *(\\S+) .*", "$2")).toList();
            assertTrue(loaded.contains("get_token") && loaded.size() > 300, "the log shows what is loaded");
            assertEquals(List.of(), loaded.stream().filter(name -> name.matches("(com\\.microsoft|picocli|java\\.net\\.http|java\\.net\\.(Http)?URLConnection"
                + "|javax\\.net\\.ssl\\.(SSL|Https)|sun\\.net\\.www\\.protocol\\.http|com\\.sun\\.net\\.httpserver|org\\.slf4j)\\b.*")).toList());
        }

        @Test void it_is_not_used_once_it_has_less_than_five_minutes() {
            login.accessTokenSeconds(299);
            var first = accessToken();
            login.accessTokenSeconds(-1);
            var second = accessToken();
            assertNotEquals(first, second);
            assertEquals(second, accessToken());
            assertEquals(2, requests());
        }

        @Test void each_renewal_stores_the_newest_refresh_token() throws IOException {
            login.accessTokenSeconds(1);
            for (int i = 0; i < 3; i++) {
                renew();
                assertEquals(login.refreshToken(JAN), read("refresh_token"));
            }
            assertEquals(3, login.requests("token").stream().map(request -> request.parameter("refresh_token")).distinct().count());
        }

        @Test void it_does_not_matter_any_more_when_the_file_holds_another_refresh_token() throws IOException {
            accessToken();
            var theirs = login.issueRefreshToken("second@uva.example", fake_login.PUBLIC_APP, SCOPES);
            write("refresh_token", theirs);
            assertEquals("second@uva.example", login.access(accessToken()).orElseThrow().user().name());
            assertEquals(theirs, login.requests("token").get(1).parameter("refresh_token"));
        }

        @Test void it_is_not_printed_once_the_token_file_is_gone_or_loose() throws IOException {
            accessToken();
            Files.setPosixFilePermissions(folder.resolve("refresh_token"), PosixFilePermissions.fromString("rw-r--r--"));
            get_token("--access-token").run().exits(78).printsNothing().says("chmod 600");
            Files.delete(folder.resolve("refresh_token"));
            get_token("--access-token").run().exits(77).printsNothing();
            assertEquals(1, requests());
        }

        @Test void it_is_not_used_for_other_settings() throws IOException {
            accessToken();
            assertEquals(fake_login.TENANT, login.access(printed(get_token("--access-token").with("M365_AUTHORITY", login.base() + "/" + fake_login.TENANT)
                .runHere())).map(access -> fake_login.TENANT).orElseThrow());
            printed(get_token("--access-token").with("M365_AUTHORITY", login.base() + "/" + fake_login.TENANT)
                .with("M365_SCOPES", "https://outlook.office.com/SMTP.Send").runHere());
            get_token("--access-token").with("M365_CLIENT_ID", fake_login.CONFIDENTIAL_APP).with("M365_CLIENT_SECRET", fake_login.CONFIDENTIAL_SECRET)
                .runHere().exits(77).printsNothing();
        }
    }

    @Nested class With_a_cache_that_is_no_use {

        static Stream<String> caches() {
            return Stream.of("", "{", "null", "[]", "{}", "\0\1\2\3", "<html>", "{\"AccessToken\":{\"a\":{\"secret\":\"x\"}}}", "{\"AccessToken\":[1]}",
                "[".repeat(50_000), "x".repeat(2_000_000));
        }

        @ParameterizedTest(name = "{index}") @MethodSource("caches") void it_is_ignored_and_replaced(String cache) throws IOException {
            write("token_cache.json", cache);
            var token = accessToken();
            assertEquals(token, accessToken());
            assertEquals(1, requests());
        }

        @ParameterizedTest @ValueSource(ints = {1, 10, 50, 90, 99}) void cut_off_after_so_many_percent_it_is_ignored_and_replaced(int percent) throws IOException {
            accessToken();
            var whole = read("token_cache.json");
            write("token_cache.json", whole.substring(0, whole.length() * percent / 100));
            var token = accessToken();
            assertEquals(token, accessToken());
            assertEquals(2, requests());
        }

        @Test void somebody_else_s_is_ignored_and_replaced() throws IOException {
            accessToken();
            var jans = read("token_cache.json");
            write("refresh_token", login.issueRefreshToken("second@uva.example", fake_login.PUBLIC_APP, SCOPES));
            write("token_cache.json", jans);
            assertEquals("second@uva.example", login.access(accessToken()).orElseThrow().user().name());
            assertNotEquals(jans, read("token_cache.json"));
        }

        @Test void one_that_others_can_write_is_not_believed() throws IOException {
            var token = accessToken();
            Files.setPosixFilePermissions(folder.resolve("token_cache.json"), PosixFilePermissions.fromString("rw-rw-rw-"));
            assertNotEquals(token, accessToken());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("token_cache.json"))));
        }

        @Test void a_link_in_its_place_is_replaced_and_not_followed() throws IOException {
            var elsewhere = Files.writeString(folder.resolve("elsewhere"), "theirs");
            Files.createSymbolicLink(folder.resolve("token_cache.json"), elsewhere);
            accessToken();
            assertEquals("theirs", Files.readString(elsewhere));
            assertFalse(Files.isSymbolicLink(folder.resolve("token_cache.json")));
        }

        @ParameterizedTest @ValueSource(strings = {"client_id", "realm", "secret", "target", "expires_on", "cached_at", "username", "home_account_id"})
        void without_one_of_its_fields_it_is_ignored_and_replaced(String field) throws IOException {
            accessToken();
            write("token_cache.json", read("token_cache.json").replaceAll("\"" + field + "\":\"[^\"]*\",?", "").replace(",}", "}"));
            var token = printed(get_token("--access-token").run());
            assertEquals(token, printed(get_token("--access-token").run()));
        }

        @Test void a_token_in_it_that_would_break_the_line_is_not_printed() throws IOException {
            var token = accessToken();
            write("token_cache.json", read("token_cache.json").replace(token, "two\\nlines"));
            accessToken();
        }
    }

    @Nested class When_twenty_processes_ask_at_once {

        @Test void one_renews_and_all_print_the_same_token() throws IOException {
            login.accessTokenSeconds(0);
            renew();
            login.accessTokenSeconds(-1);
            login.forgetRequests();
            var running = Stream.generate(() -> get_token("--access-token").start()).limit(20).toList();
            var tokens = new HashSet<String>();
            for (var program : running)
                try (program) {
                    tokens.add(printed(program.ends()));
                }
            assertEquals(1, tokens.size());
            assertEquals(1, requests());
            assertEquals(login.refreshToken(JAN), read("refresh_token"));
        }
    }

    @Nested class When_the_provider_is_in_trouble {

        @Test void a_token_that_is_still_valid_is_printed_anyway() throws IOException {
            login.accessTokenSeconds(200);
            var token = accessToken();
            var before = files();
            for (int i = 0; i < 3; i++) login.failNext("token", 503, "temporarily_unavailable", 90033, "A transient error has occurred.");
            assertEquals(token, accessToken());
            login.close();
            assertEquals(token, get_token("--access-token").run().exits(0).out().strip());
            assertEquals(before, files());
        }

        @Test void an_expired_token_is_not() throws IOException {
            login.accessTokenSeconds(0);
            renew();
            var before = files();
            login.close();
            get_token("--access-token").runHere().exits(75).printsNothing().says("cannot be reached").saysWhatToDo();
            assertEquals(before, files());
        }

        @Test void it_is_asked_again_before_giving_up() {
            login.failNext("token", 503, "temporarily_unavailable", 90033, "A transient error has occurred.");
            accessToken();
            assertEquals(2, requests());
        }

        @Test void a_short_Retry_After_is_honoured() {
            login.answerNext("token", 429, Map.of("Retry-After", "3"), "");
            var result = get_token("--access-token").runHere();
            printed(result);
            assertEquals(2, requests());
            assertTrue(result.took().compareTo(Duration.ofSeconds(3)) >= 0, "it waited only " + result.took());
        }

        @Test void a_long_Retry_After_is_told_instead() {
            login.answerNext("token", 429, Map.of("Retry-After", "60"), "");
            var result = get_token("--access-token").runHere().exits(75).printsNothing().says("throttling us", "try again in 60 seconds");
            assertEquals(1, requests());
            assertTrue(result.took().compareTo(Duration.ofSeconds(8)) < 0, "it waited " + result.took());
        }

        @ParameterizedTest @ValueSource(strings = {"soon", "-5", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999", "3.5"})
        void a_strange_Retry_After_counts_as_none(String value) {
            login.answerNext("token", 429, Map.of("Retry-After", value), "");
            var result = get_token("--access-token").runHere();
            printed(result);
            assertTrue(result.took().compareTo(Duration.ofSeconds(8)) < 0, "it waited " + result.took());
        }

        /** Side by side, since each takes its ten or twenty seconds; on a busy machine a program needs some to start, too. */
        @Test void a_server_that_never_finishes_is_given_up() throws IOException {
            var before = files();
            login.hangNext("token", Duration.ofSeconds(50));
            login.hangMidAnswerNext("token", Duration.ofSeconds(50));
            try (var silent = fake_mail.hangsAfterAccept(tool.ca()).start();
                    var dripping = fake_mail.serving(tool.ca().server(), true, client -> {
                        for (var line = client.readLine(); line != null && !line.isEmpty();) line = client.readLine();
                        client.say("HTTP/1.1 200 OK", "Content-Type: application/json", "");
                        while (client.pause(500)) client.write(new byte[] {' '});
                    }).start();
                    var hangs = get_token("--access-token").start();
                    var hangsWithoutTls = get_token("--access-token").with("M365_AUTHORITY", "https://localhost:" + silent.port() + "/common")
                        .with("M365_TOKEN_FILE", copy("two")).start();
                    var drips = get_token("--access-token").with("M365_AUTHORITY", "https://localhost:" + dripping.port() + "/common")
                        .with("M365_TOKEN_FILE", copy("three")).start();
                    var stops = get_token("--access-token").with("M365_TOKEN_FILE", copy("four")).start()) {
                for (var program : List.of(hangs, hangsWithoutTls, drips, stops)) {
                    var result = program.ends().exits(75).printsNothing().saysWhatToDo();
                    assertTrue(result.took().compareTo(Duration.ofSeconds(40)) < 0, "took " + result.took());
                }
            }
            assertEquals(before, files());
        }

        Path copy(String name) throws IOException {
            write(name, refreshToken);
            return folder.resolve(name);
        }
    }

    @Nested class When_the_provider_refuses {

        @ParameterizedTest(name = "{1} {3} AADSTS{2} → {4}", quoteTextArguments = false) @CsvSource({
            "400, invalid_grant,           700082, bad_token,               77",
            "400, invalid_grant,           50173,  bad_token,               77",
            "400, invalid_grant,           70000,  '',                      77",
            "400, invalid_grant,           65001,  consent_required,        77",
            "400, invalid_grant,           50076,  basic_action,            77",
            "400, invalid_grant,           53003,  message_only,            77",
            "400, invalid_grant,           50057,  user_password_expired,   77",
            "400, interaction_required,    50079,  basic_action,            77",
            "400, login_required,          50058,  '',                      77",
            "400, something_new,           999999, '',                      77",
            "401, invalid_client,          7000222,'',                      78",
            "401, invalid_client,          7000215,'',                      78",
            "400, unauthorized_client,     700016, '',                      78",
            "400, invalid_scope,           70011,  '',                      78",
            "400, invalid_resource,        500011, '',                      78",
            "400, invalid_request,         90002,  '',                      78",
            "400, temporarily_unavailable, 90033,  '',                      75"})
        void the_tokens_stay_and_the_status_says_whose_turn_it_is(int http, String error, int aadsts, String suberror, int status) throws IOException {
            login.accessTokenSeconds(0);
            renew();
            var before = files();
            login.failNext("token", http, error, aadsts, "Refused for a test.", suberror);
            get_token("--access-token", "--verbose").runHere().exits(status).printsNothing()
                .says(error, suberror, "AADSTS" + aadsts).saysWhatToDo();
            assertEquals(before, files());
            assertEquals(2, requests(), "a refusal is not asked for twice");
        }

        @Test void one_command_to_type_is_told() {
            login.revokeSessions(JAN);
            get_token("--access-token").runHere().exits(77).printsNothing().says("AADSTS50173", "hint: sign in: ");
        }

        /** A mail program's person has other settings in force than the program, and would sign in beside it. */
        @Test void that_command_carries_the_settings_of_the_failed_one_but_no_secret() throws IOException {
            Files.delete(folder.resolve("refresh_token"));
            var err = get_token("--access-token", JAN).with("M365_TOKEN_FILE", folder.resolve("a token")).with("M365_CLIENT_ID", fake_login.CONFIDENTIAL_APP)
                .with("M365_CLIENT_SECRET", fake_login.CONFIDENTIAL_SECRET).with("M365_PASSPHRASE", "somebody else's").run()
                .exits(77).neverSays("M365_PASSPHRASE").err();
            assertTrue(err.contains("hint: sign in: M365_AUTHORITY=" + login.authority() + " M365_CA_FILE="), err);
            assertTrue(err.contains(" M365_CLIENT_ID=" + fake_login.CONFIDENTIAL_APP + " "), err);
            assertTrue(err.contains(" M365_TOKEN_FILE='" + folder + "/a token' M365_CLIENT_SECRET=… jbang get_token.java " + JAN + "\n"), err);
        }

        /** Somebody may have put a passphrase into it. */
        @Test void a_secret_store_s_command_is_not_repeated() {
            get_token("--access-token").with("M365_TOKEN_READ_COMMAND", "sh -c 'echo a-passphrase; exit 3'").with("M365_TOKEN_WRITE_COMMAND", "cat").run()
                .exits(78).says("M365_TOKEN_READ_COMMAND=… M365_TOKEN_WRITE_COMMAND=… jbang get_token.java").neverSays("a-passphrase");
        }

        /** What could not be read again must not take the place of what can. */
        @ParameterizedTest @ValueSource(strings = {"1.AX{new}token", "\\\"1.AXnewtoken\\\""})
        void a_new_refresh_token_that_cannot_be_one_is_not_stored(String odd) throws IOException {
            login.answerNext("token", 200, Map.of("Content-Type", "application/json"), "{\"token_type\":\"Bearer\",\"scope\":\"https://outlook.office.com/IMAP.AccessAsUser.All\","
                + "\"expires_in\":3600,\"access_token\":\"" + "a".repeat(900) + "\",\"refresh_token\":\"" + odd + "\",\"client_info\":\"eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ\","
                + "\"id_token\":\"e30.eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJqYW5AdXZhLmV4YW1wbGUiLCJvaWQiOiJvIiwidGlkIjoidCIsInN1YiI6InMifQ.x\"}");
            get_token("--access-token").runHere().exits(0);
            assertEquals(refreshToken, read("refresh_token").strip());
        }

        @ParameterizedTest @CsvSource({"invalid_grant, 53003, message_only, 77", "invalid_grant, 50057, '', 77", "invalid_grant, 50196, '', 75"})
        void signing_in_again_is_not_advised_where_it_cannot_help(String error, int aadsts, String suberror, int status) {
            login.failNext("token", 400, error, aadsts, "Refused for a test.", suberror);
            get_token("--access-token").runHere().exits(status).neverSays("hint: sign in");
        }

        @ParameterizedTest(name = "HTTP {0}") @ValueSource(ints = {429, 500, 503}) void three_times_with_a_busy_status_is_75(int http) throws IOException {
            var before = files();
            for (int i = 0; i < 3; i++) login.answerNext("token", http, Map.of("Content-Type", "text/html"), "<html><title>Busy</title></html>");
            get_token("--access-token").runHere().exits(75).printsNothing().says("HTTP " + http).saysWhatToDo();
            assertEquals(3, requests());
            assertEquals(before, files());
        }

        static Stream<String> nonsense() {
            return Stream.of("", "<html><head><title>Welcome to the hotel</title></head></html>", "{", "[]", "null", "42", "\"token\"", "{}",
                "{\"token_type\":\"Bearer\"}", "{\"access_token\":\"\"}", "{\"access_token\":null}",
                "{\"error\":{\"code\":1}}", "{\"a\":".repeat(20_000), "\0\1\2", "{\"access_token\":\"x y\\nz\",\"expires_in\":3600,\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"" + "x".repeat(2_000_000) + "\"}");
        }

        @ParameterizedTest(name = "{index}") @MethodSource("nonsense") void an_answer_that_makes_no_sense_is_75(String body) throws IOException {
            var before = files();
            login.answerNext("token", 200, Map.of("Content-Type", "application/json"), body);
            // The same again for the retries, if there are any.
            login.answerNext("token", 200, Map.of("Content-Type", "application/json"), body);
            login.answerNext("token", 200, Map.of("Content-Type", "application/json"), body);
            get_token("--access-token", "--verbose").runHere().exits(75).printsNothing().saysWhatToDo();
            assertEquals(before, files());
        }

        @Test void a_captive_portal_is_named_by_its_title() {
            login.answerNext("token", 200, Map.of("Content-Type", "text/html"), "<html><title>Welcome to the hotel</title></html>");
            get_token("--access-token").runHere().exits(75).says("Welcome to the hotel");
        }

        @Test void a_redirect_is_not_followed() throws IOException {
            var before = files();
            login.redirectNext("token", login.base() + "/elsewhere");
            get_token("--access-token").runHere().exits(75).printsNothing().says("/elsewhere");
            assertEquals(List.of(), login.requests("other"));
            assertEquals(before, files());
        }

        @ParameterizedTest @ValueSource(strings = {"unknown authority", "expired", "another host", "CA file not set"})
        void an_untrusted_certificate_gets_no_token(String fault) throws IOException {
            var ca = tool.ca();
            var context = switch (fault) {
                case "unknown authority" -> ca.unknownAuthority();
                case "expired" -> ca.expired();
                case "another host" -> ca.wrongHost("other.example");
                default -> ca.server();
            };
            var before = files();
            try (var server = fake_mail.serving(context, true, fake_mail.Connection::readLine).start()) {
                get_token("--access-token").with("M365_AUTHORITY", "https://localhost:" + server.port() + "/common")
                    .with("M365_CA_FILE", fault.equals("CA file not set") ? "" : ca.pemFile()).runHere().exits(78).printsNothing().says("TLS with localhost:" + server.port()).saysWhatToDo();
                assertEquals(List.of(), server.heard());
            }
            assertEquals(before, files());
        }
    }

    @Nested class Behind_a_proxy {

        @Test void the_token_travels_through_it_with_the_password_it_wants() throws IOException {
            try (var proxy = new Proxy("Basic amFuOmh1c2g=")) {
                printed(get_token("--access-token", "--verbose").with("HTTPS_PROXY", "http://jan:hush@127.0.0.1:" + proxy.port()).run().neverSays("hush"));
                assertTrue(proxy.asked.contains("CONNECT localhost:" + login.port()), proxy.asked.toString());
            }
        }

        @Test void which_refuses_the_person_is_told_to_check_it() throws IOException {
            var before = files();
            try (var proxy = new Proxy("Basic something-else")) {
                get_token("--access-token").with("HTTPS_PROXY", "http://jan:hush@127.0.0.1:" + proxy.port()).run().exits(78).printsNothing()
                    .says("HTTPS_PROXY").neverSays("jan:hush");
            }
            assertEquals(before, files());
        }

        /** MSAL treats Microsoft's own hosts unlike any other: in its cache they have another name. */
        @ParameterizedTest @CsvSource({"login.microsoftonline.com, common", "login.microsoftonline.com, organizations",
            "login.microsoftonline.com, " + fake_login.TENANT, "login.microsoftonline.us, " + fake_login.TENANT, "login.partner.microsoftonline.cn, " + fake_login.TENANT})
        void at_Microsofts_own_address_two_calls_make_one_request(String host, String tenant) throws IOException {
            try (var proxy = new Proxy("", login.port())) {
                var first = printed(get_token("--access-token").with("M365_AUTHORITY", "https://" + host + "/" + tenant).with("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()).run());
                assertEquals(first, printed(get_token("--access-token").with("M365_AUTHORITY", "https://" + host + "/" + tenant).with("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()).run()));
                assertEquals(List.of("CONNECT " + host + ":443"), proxy.asked);
                assertEquals(1, requests());
            }
        }

        @Test void a_wrong_password_is_offered_once() throws IOException {
            try (var proxy = new Proxy("Basic something-else")) {
                get_token("--access-token").with("HTTPS_PROXY", "http://jan:hush@127.0.0.1:" + proxy.port()).run().exits(78);
                assertEquals(1, proxy.offered.get());
            }
        }

        @Test void whose_own_trouble_may_pass_the_person_is_told_to_try_later() throws IOException {
            try (var busy = fake_mail.serving(tool.ca().server(), false, client -> {
                for (var line = client.readLine(); line != null && !line.isEmpty();) line = client.readLine();
                client.say("HTTP/1.1 503 Service Unavailable", "Content-Length: 0", "", "");
            }).start()) {
                get_token("--access-token").with("HTTPS_PROXY", "http://127.0.0.1:" + busy.port()).run().exits(75).says("the proxy in HTTPS_PROXY");
            }
        }

        @ParameterizedTest @ValueSource(strings = {"http://127.0.0.1:1", "http://proxy.invalid:3128"})
        void that_cannot_be_reached_the_proxy_is_named_and_not_the_provider(String proxy) {
            get_token("--access-token").with("HTTPS_PROXY", proxy).run().exits(75).says("the proxy " + proxy.substring(7) + " cannot be reached", "HTTPS_PROXY");
        }

        @Test void named_in_NO_PROXY_the_provider_is_asked_directly() throws IOException {
            try (var proxy = new Proxy("")) {
                printed(get_token("--access-token").with("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()).with("NO_PROXY", "localhost").runHere());
                assertEquals(List.of(), proxy.asked);
            }
        }
    }

    /** An HTTP proxy (RFC 9110 section 9.3.6) that lets through who shows the right password. */
    static final class Proxy implements AutoCloseable {
        final List<String> asked = new java.util.concurrent.CopyOnWriteArrayList<>();
        private final java.net.ServerSocket server = new java.net.ServerSocket(0, 5, java.net.InetAddress.getByName("127.0.0.1"));
        final AtomicInteger offered = new AtomicInteger();
        private final String wanted;
        private final int behind443;

        Proxy(String wanted) throws IOException { this(wanted, 443); }

        /** @param wanted for a login, or empty; @param behind443 the port of the server on this machine that plays all others */
        Proxy(String wanted, int behind443) throws IOException {
            this.wanted = wanted;
            this.behind443 = behind443;
            daemon(() -> {
                while (true) {
                    var client = server.accept();
                    daemon(() -> serve(client));
                }
            });
        }

        int port() { return server.getLocalPort(); }

        private void serve(java.net.Socket client) throws IOException {
            try (client) {
                while (true) {
                    var head = new StringBuilder();
                    for (int c; head.indexOf("\r\n\r\n") < 0; head.append((char) c)) if ((c = client.getInputStream().read()) < 0) return;
                    asked.add(head.toString().replaceFirst("(?s) HTTP/.*", ""));
                    if (head.toString().toLowerCase(Locale.ROOT).contains("\r\nproxy-authorization: ")) offered.incrementAndGet();
                    if (wanted.isEmpty() || head.toString().matches("(?is).*\r\nProxy-Authorization: \\Q" + wanted + "\\E\r\n.*")) break;
                    client.getOutputStream().write(("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                        + "Content-Length: 0\r\n\r\n").getBytes());
                }
                var address = asked.get(asked.size() - 1).split("[ :]");
                try (var provider = new java.net.Socket("127.0.0.1", address[2].equals("443") ? behind443 : Integer.parseInt(address[2]))) {
                    client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
                    daemon(() -> provider.getInputStream().transferTo(client.getOutputStream()));
                    client.getInputStream().transferTo(provider.getOutputStream());
                }
            }
        }

        private interface Work { void run() throws IOException; }

        private static void daemon(Work work) {
            var thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException over) { /* one side has had enough */ }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override public void close() throws IOException { server.close(); }
    }

    @Nested class Asked_for_the_status {

        @Test void it_says_who_is_signed_in_and_what_expires_when_without_a_request() {
            accessToken();
            var out = get_token("--status").runHere().exits(0).says("").out();
            for (var word : List.of(JAN, fake_login.TENANT, fake_login.PUBLIC_APP, "(public)", "IMAP.AccessAsUser.All", "valid for",
                    folder.resolve("refresh_token").toString(), "renewed today"))
                assertTrue(out.contains(word), word + " is not in " + out);
            assertEquals(1, login.requests().size());
        }

        @Test void it_says_so_when_the_access_token_has_expired() {
            login.accessTokenSeconds(0);
            renew();
            assertTrue(get_token("--status").runHere().exits(0).out().contains("expired "));
        }

        @Test void it_does_with_the_token_file_alone() {
            assertTrue(get_token("--status").runHere().exits(0).out().contains("not known until the next renewal"));
        }

        @Test void it_gives_the_same_to_programs_as_JSON() {
            accessToken();
            var status = get_token.fromJson(get_token("--status", "--json").runHere().exits(0).out()).orElseThrow();
            assertEquals(JAN, status.get("account"));
            assertEquals(fake_login.PUBLIC_APP, status.get("client_id"));
            assertEquals("public", status.get("client_kind"));
            assertEquals(0L, ((Number) status.get("refresh_token_age_days")).longValue());
            assertTrue(Instant.parse((String) status.get("access_token_expires")).isAfter(Instant.now()));
            assertTrue(status.containsKey("warning") && status.get("warning") == null, status.toString());
        }

        @ParameterizedTest @CsvSource({"74, false", "75, true", "89, true"}) void it_warns_from_the_75th_day_on(int days, boolean warns) throws IOException {
            accessToken();
            write("token_cache.json", read("token_cache.json").replaceAll("\"cached_at\":\"\\d+\"",
                "\"cached_at\":\"" + Instant.now().minus(Duration.ofDays(days)).minusSeconds(60).getEpochSecond() + "\""));
            var result = get_token("--status").runHere().exits(0);
            assertEquals(warns, result.err().contains("warning: the refresh token was last renewed " + days + " days ago"), result.err());
            assertTrue(result.out().contains(days + " days ago"), result.out());
            assertEquals(warns, get_token.fromJson(get_token("--status", "--json").runHere().out()).orElseThrow().get("warning") != null);
        }

        @Test void without_a_cache_the_file_s_own_age_counts() throws IOException {
            Files.setLastModifiedTime(folder.resolve("refresh_token"), FileTime.from(Instant.now().minus(Duration.ofDays(80))));
            get_token("--status").runHere().exits(0).says("80 days ago");
        }

        @Test void whose_token_it_is_may_be_unknown() throws IOException {
            accessToken();
            write("token_cache.json", read("token_cache.json").replaceAll("\"username\":\"[^\"]*\"", "\"username\":\"\""));
            assertTrue(get_token("--status").runHere().exits(0).out().contains("not known until the next renewal"));
            get_token("--sign-out", "second@uva.example").runHere().exits(0);
        }

        @Test void it_does_not_show_somebody_else_s_cache() throws IOException {
            accessToken();
            write("refresh_token", login.issueRefreshToken("second@uva.example", fake_login.PUBLIC_APP, SCOPES));
            assertFalse(get_token("--status").runHere().exits(0).out().contains(JAN));
        }
    }

    @Nested class Asked_for_the_refresh_token {

        @Test void it_prints_the_one_in_the_file_without_a_request() {
            get_token("--refresh-token").run().exits(0).prints(refreshToken);
            assertEquals(List.of(), login.requests());
        }

        @Test void it_refuses_a_loose_file() throws IOException {
            Files.setPosixFilePermissions(folder.resolve("refresh_token"), PosixFilePermissions.fromString("rw-r-----"));
            get_token("--refresh-token").runHere().exits(78).printsNothing().says("chmod 600");
        }
    }

    @Nested class When_somebody_else_is_named {

        @ParameterizedTest @ValueSource(strings = {"--access-token", "--refresh-token", "--status", "--sign-out"})
        void whose_token_lies_here_is_told_and_nothing_is_printed_or_deleted(String what) throws IOException {
            accessToken();
            var before = files();
            get_token(what, "second@uva.example").runHere().exits(77).printsNothing().says(JAN + " is signed in here, not second@uva.example", "{user}");
            assertEquals(before, files());
            get_token(what, JAN.toUpperCase(Locale.ROOT)).runHere().exits(0);
        }

        /** The name has chosen the place, and signing in has compared it with all the account's names. */
        @Test void where_each_has_a_place_an_alias_will_do() throws IOException {
            for (var name : List.of("jan@uva.example", "alias@uva.example")) {
                write(name + ".token", login.issueRefreshToken(JAN, fake_login.PUBLIC_APP, SCOPES));
                for (var what : List.of("--access-token", "--status", "--access-token", "--sign-out"))
                    get_token(what, name).with("M365_TOKEN_FILE", folder.resolve("{user}.token")).runHere().exits(0);
            }
        }

        @Test void what_a_renewal_makes_known_counts_too() throws IOException {
            get_token("--access-token", "second@uva.example").runHere().exits(77).printsNothing().says(JAN + " is signed in here");
            assertEquals(login.refreshToken(JAN), read("refresh_token"), "the renewed token is stored all the same");
        }

        @Test void a_cache_of_another_token_says_nothing_about_it() throws IOException {
            accessToken();
            write("refresh_token", login.issueRefreshToken("second@uva.example", fake_login.PUBLIC_APP, SCOPES));
            get_token("--access-token", "second@uva.example").runHere().exits(0);
        }
    }

    @Nested class When_the_answer_cannot_be_written {

        @Test void that_is_no_success() throws IOException {
            accessToken();
            var full = new java.io.OutputStream() {
                @Override public void write(int b) throws IOException { throw new IOException("No space left on device"); }
            };
            for (var words : List.of("--access-token", "--refresh-token", "--status", "--config-for=mbsync", "--config-for")) {
                var err = new java.io.ByteArrayOutputStream();
                var env = new HashMap<>(tool.settings(login));
                env.put("M365_TOKEN_FILE", folder.resolve("refresh_token").toString());
                assertEquals(75, get_token.run(env, new java.io.PrintStream(full), new java.io.PrintStream(err), words), words);
                assertTrue(err.toString().contains("could not be written"), err.toString());
            }
        }
    }

    @Nested class Asked_for_a_configuration {

        @Test void it_warns_where_there_is_no_token_yet() throws IOException {
            Files.delete(folder.resolve("refresh_token"));
            get_token("--config-for", "mbsync", JAN).run().exits(0).says("there is no token in " + folder.resolve("refresh_token") + " yet");
        }

        @Test void it_warns_when_the_token_is_another_s() {
            accessToken();
            get_token("--config-for", "mbsync", "shared@uva.example").run().exits(0).says(JAN + " is signed in here", "only if they share it");
            get_token("--config-for", "mbsync", JAN).run().exits(0).says("").neverSays("warning");
        }

        @Test void OfflineIMAP_renews_for_a_public_client_alone() {
            var ofPublic = get_token("--config-for", "offlineimap", JAN).run().exits(0).out();
            assertTrue(ofPublic.contains("\noauth2_refresh_token_eval = ") && ofPublic.contains("\n#oauth2_access_token_eval = "), ofPublic);
            var confidential = get_token("--config-for", "offlineimap", JAN).with("M365_CLIENT_ID", fake_login.CONFIDENTIAL_APP)
                .with("M365_CLIENT_SECRET", fake_login.CONFIDENTIAL_SECRET).run().exits(0).out();
            assertTrue(confidential.contains("\noauth2_access_token_eval = ") && !confidential.contains("refresh_token_eval"), confidential);
        }

        @ParameterizedTest @CsvSource({"mbsnc, did you mean mbsync?", "offlineimap3, did you mean offlineimap?"})
        void a_name_that_is_nearly_right_is_put_right(String name, String advice) { get_token("--config-for", name).runHere().exits(64).says(advice); }

        @ParameterizedTest @ValueSource(strings = {"thunderbird", "jan@uva.example"})
        void nothing_is_suggested_for_what_is_none(String name) { get_token("--config-for", name).runHere().exits(64).neverSays("did you mean"); }
    }

    @Nested class Asked_to_sign_out {

        @Test void it_deletes_both_files_and_says_what_that_does_not_do() throws IOException {
            accessToken();
            get_token("--sign-out").runHere().exits(0).printsNothing().says("Signed out", "still honours copies");
            assertFalse(Files.exists(folder.resolve("refresh_token")) || Files.exists(folder.resolve("token_cache.json")));
            get_token("--access-token").runHere().exits(77);
        }

        @Test void it_does_not_mind_when_there_is_nothing() throws IOException {
            Files.delete(folder.resolve("refresh_token"));
            get_token("--sign-out").runHere().exits(0).printsNothing().says("nothing to delete");
        }
    }

    @Nested class When_a_process_is_killed_while_it_renews {

        @Test void the_next_one_goes_on_with_a_token_that_works() throws Exception {
            login.hangNext("token", Duration.ofSeconds(20));
            try (var running = get_token("--access-token").start()) {
                for (int i = 0; i < 1000 && requests() == 0; i++) Thread.sleep(10);
                assertEquals(1, requests());
                assertTrue(running.isAlive(), "it waits for the answer");
            }
            assertEquals(refreshToken, read("refresh_token").strip());
            accessToken();
            assertEquals(Set.of("refresh_token", "token_cache.json", "refresh_token.lock"), names());
        }

        Set<String> names() throws IOException {
            try (var files = Files.list(folder)) {
                return files.map(path -> path.getFileName().toString()).collect(java.util.stream.Collectors.toSet());
            }
        }
    }
}
