//JAVA 17+
//SOURCES tool.java

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Signing in, with {@code get_token} as a process of its own and the tests in the place of person and browser. */
@Order(1) // the longest
@Execution(ExecutionMode.CONCURRENT)
class sign_in_test {
    static final String JAN = "jan@uva.example";
    static final String OLD_TOKEN = "1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA.an-old-refresh-token";

    @TempDir Path folder;
    fake_login login;

    @BeforeEach void theProvider() { login = tool.login(); }

    @AfterEach void closes() { login.close(); }

    tool get_token(String... arguments) { return tool.get_token(arguments).in(folder).with(tool.settings(login)); }

    Path tokenFile() { return folder.resolve("refresh_token"); }

    void anOldToken() throws IOException {
        Files.createFile(tokenFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(tokenFile(), OLD_TOKEN);
    }

    void theOldTokenIsUntouched() throws IOException {
        assertArrayEquals(OLD_TOKEN.getBytes(UTF_8), Files.readAllBytes(tokenFile()));
        assertFalse(Files.exists(folder.resolve("token_cache.json")));
        nothingIsLeftAside();
    }

    void nothingIsLeftAside() throws IOException {
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".new")).toList());
        }
    }

    void signedInAs(String user, tool.Result result) throws IOException {
        result.exits(0).printsNothing().says("Signed in as " + user + ".", tokenFile().toString(), "check_imap");
        assertEquals(login.refreshToken(user), Files.readString(tokenFile()));
        assertTrue(login.access(cachedAccessToken()).isPresent(), "the cached access token is good");
        for (var name : List.of("refresh_token", "token_cache.json"))
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)));
        nothingIsLeftAside();
    }

    String cachedAccessToken() throws IOException {
        return get_token.Cached.read(Files.readString(folder.resolve("token_cache.json"))).orElseThrow().accessToken().reveal();
    }

    /** Waits until the program reads what is pasted. @return the address to sign in at */
    static String ready(tool.Running program) {
        program.says("paste it here and press Enter:");
        return program.address();
    }

    static HttpResponse<String> visit(String address) { return visit(address, null); }

    /** Opens an address as a browser would. @param fingerprint of the one certificate to trust, or null for http */
    static HttpResponse<String> visit(String address, String fingerprint) {
        return send(HttpRequest.newBuilder(URI.create(address)).GET(), fingerprint);
    }

    static HttpResponse<String> send(HttpRequest.Builder request, String fingerprint) {
        var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20));
        if (fingerprint != null) client.sslContext(throwaway_ca.trustingOnly(fingerprint));
        try {
            return client.build().send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String fingerprint(tool.Running program) { return program.says("fingerprint\\s+((?:[0-9A-F]{2}:){31}[0-9A-F]{2})"); }

    @Nested class With_a_browser_or_by_pasting {

        @ParameterizedTest(name = "a {0} client, over {1}, {2}", quoteTextArguments = false) @CsvSource({
            "public,       http,  browser", "public,       http,  paste", "public,       https, browser", "public,       https, paste",
            "confidential, http,  browser", "confidential, http,  paste", "confidential, https, browser", "confidential, https, paste"})
        void signs_in(String client, String scheme, String way) throws Exception {
            var scratch = Files.createDirectory(folder.resolve("scratch"));
            var program = get_token("--no-browser", "--verbose").with("M365_REDIRECT_URI", scheme + "://localhost:0/")
                .java("-Djava.io.tmpdir=" + scratch);
            if (client.equals("confidential"))
                program.with("M365_CLIENT_ID", fake_login.CONFIDENTIAL_APP).with("M365_CLIENT_SECRET", fake_login.CONFIDENTIAL_SECRET);
            try (var running = program.start()) {
                var end = login.signIn(ready(running), JAN);
                assertTrue(end.startsWith(scheme + "://localhost:"), end);
                if (way.equals("paste")) running.types(end + "\n");
                else {
                    var page = visit(end, scheme.equals("https") ? fingerprint(running) : null);
                    assertEquals(200, page.statusCode());
                    assertTrue(page.body().contains("You are signed in as " + JAN + "."), page.body());
                }
                signedInAs(JAN, running.ends());
            }
            var sent = login.requests("token").get(0);
            assertEquals(1, login.requests("token").size());
            assertFalse(sent.parameter("code_verifier").isEmpty());
            assertEquals(client.equals("confidential") ? fake_login.CONFIDENTIAL_SECRET : "", sent.parameter("client_secret"));
            try (var left = Files.list(scratch)) {
                assertEquals(List.of(), left.filter(file -> !file.getFileName().toString().startsWith("hsperfdata")).toList());
            }
        }

        @Test void what_is_pasted_may_be_quoted_and_wrapped_in_spaces() throws Exception {
            try (var running = get_token("--no-browser").start()) {
                signedInAs(JAN, running.types("   \"" + login.signIn(ready(running), JAN) + "\"  \r\n").ends());
            }
        }

        @Test void what_is_pasted_may_be_only_the_code() throws Exception {
            try (var running = get_token("--no-browser").start()) {
                signedInAs(JAN, running.types(login.signIn(ready(running), JAN).replaceFirst(".*[?&]code=([^&]*).*", "$1") + "\n").ends());
            }
        }

        @Test void what_is_pasted_may_come_from_a_pipe_without_a_line_break() throws Exception {
            try (var running = get_token("--no-browser").start()) {
                signedInAs(JAN, running.types(URI.create(login.signIn(ready(running), JAN)).getRawQuery()).closesInput().ends());
            }
        }

        @Test void the_browser_may_come_when_nobody_can_type() throws Exception {
            try (var running = get_token("--no-browser").start()) {
                var end = login.signIn(ready(running.closesInput()), JAN);
                assertEquals(200, visit(end).statusCode());
                signedInAs(JAN, running.ends());
            }
        }

        @Test void a_personal_account_signs_in_too() throws Exception {
            try (var running = get_token("--no-browser").start()) {
                signedInAs("personal@outlook.example", running.types(login.signIn(ready(running), "personal@outlook.example") + "\n").ends());
            }
        }

        @Test void the_files_are_the_owners_alone_even_under_umask_000() throws Exception {
            try (var running = get_token("--no-browser").underUmask000().start()) {
                signedInAs(JAN, running.types(login.signIn(ready(running), JAN) + "\n").ends());
            }
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
            }
        }

        @Test void a_form_post_is_taken_as_well() throws Exception {
            try (var running = get_token("--no-browser").start()) {
                var end = login.signIn(ready(running).replace("response_mode=query", "response_mode=form_post"), JAN);
                var page = send(HttpRequest.newBuilder(URI.create(end.substring(0, end.indexOf('?'))))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(end.substring(end.indexOf('?') + 1))), null);
                assertTrue(page.body().contains("You are signed in as " + JAN), page.body());
                signedInAs(JAN, running.ends());
            }
        }

        @Test void the_browser_of_the_variable_BROWSER_is_opened_unless_told_not_to() throws Exception {
            var browser = Files.writeString(folder.resolve("browser.sh"), "#!/bin/sh\nprintf '%s' \"$1\" >opened\nenv >environment\necho chatter\n");
            browser.toFile().setExecutable(true);
            try (var running = get_token(JAN).with("BROWSER", browser).with("M365_CLIENT_ID", fake_login.CONFIDENTIAL_APP)
                    .with("M365_CLIENT_SECRET", fake_login.CONFIDENTIAL_SECRET).start()) {
                var address = ready(running);
                signedInAs(JAN, running.types(login.signIn(address, JAN) + "\n").ends().neverSays("chatter"));
                assertEquals(address, Files.readString(folder.resolve("opened")));
            }
            assertFalse(Files.readString(folder.resolve("environment")).contains("M365_CLIENT_SECRET"), "the browser inherits the client secret");
            Files.delete(folder.resolve("opened"));
            try (var running = get_token("--no-browser").with("BROWSER", browser).start()) {
                signedInAs(JAN, running.types(login.signIn(ready(running), JAN) + "\n").ends());
            }
            assertFalse(Files.exists(folder.resolve("opened")));
        }

        @Test void a_busy_port_is_replaced_and_the_provider_is_told_the_new_one() throws Exception {
            try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                    var running = get_token("--no-browser").with("M365_REDIRECT_URI", "http://localhost:" + other.getLocalPort() + "/").start()) {
                var end = login.signIn(ready(running), JAN);
                assertNotEquals(other.getLocalPort(), URI.create(end).getPort());
                assertEquals(200, visit(end).statusCode());
                signedInAs(JAN, running.ends().says("Port " + other.getLocalPort() + " is in use"));
            }
        }

        @Test void the_old_token_gives_way_to_the_new_one() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser", JAN).start()) {
                signedInAs(JAN, running.types(login.signIn(ready(running), JAN) + "\n").ends());
            }
        }
    }

    @Nested class With_a_code_on_another_device {

        @Test void signs_in_while_the_provider_says_pending_and_slow_down() throws Exception {
            login.deviceInterval(1);
            login.failNext("token", 400, "slow_down", 0, "The client polls too often.");
            try (var running = get_token("--device", "--verbose", JAN).start()) {
                var code = running.says("type the code ([A-Z0-9]{9})");
                assertEquals(List.of(code), login.pendingUserCodes());
                running.says("visit (" + login.base() + "\\S+)");
                login.approve(code, JAN);
                signedInAs(JAN, running.ends());
            }
            assertTrue(login.requests("token").size() >= 2, "it asked again");
        }

        /** RFC 8628 section 3.5: what cannot be asked now is asked later. */
        @Test void a_provider_that_hiccups_is_asked_again() throws Exception {
            login.deviceInterval(1);
            login.failNext("token", 503, "temporarily_unavailable", 90033, "A transient error has occurred.");
            login.answerNext("token", 429, Map.of(), "");
            try (var running = get_token("--device", "--verbose").start()) {
                login.approve(running.says("type the code ([A-Z0-9]{9})"), JAN);
                signedInAs(JAN, running.ends());
            }
            assertEquals(3, login.requests("token").size());
        }

        @Test void an_outage_that_lasts_is_not_told_as_a_refusal() {
            login.deviceInterval(1);
            for (int i = 0; i < 9; i++) login.failNext("token", 503, "temporarily_unavailable", 90033, "A transient error has occurred.");
            get_token("--device", "--timeout", "4").run().exits(75).says("unavailable (HTTP 503)").neverSays("AADSTS53003");
        }

        @Test void a_declined_sign_in_is_told() throws Exception {
            anOldToken();
            login.deviceInterval(1);
            try (var running = get_token("--device").start()) {
                login.decline(running.says("type the code ([A-Z0-9]{9})"));
                running.ends().exits(77).printsNothing().says("authorization_declined");
            }
            theOldTokenIsUntouched();
        }

        @Test void a_code_that_expires_is_told() throws Exception {
            anOldToken();
            login.deviceInterval(1);
            login.deviceSeconds(3);
            try (var running = get_token("--device").start()) {
                running.says("type the code");
                running.ends().exits(77).printsNothing();
            }
            theOldTokenIsUntouched();
        }

        @Test void the_wait_ends_at_the_timeout() throws Exception {
            anOldToken();
            login.deviceInterval(1);
            var result = get_token("--device", "--timeout", "3").run().printsNothing();
            result.exits(77).says("nobody signed in within 3 seconds", "--timeout").neverSays("expired");
            assertTrue(result.took().compareTo(Duration.ofSeconds(30)) < 0, "took " + result.took());
            theOldTokenIsUntouched();
        }
    }

    @Nested class When_something_else_arrives_first {

        @Test void each_bad_paste_is_told_what_is_wrong_with_it_and_asked_for_again() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser").start()) {
                var address = ready(running);
                var end = login.signIn(address, JAN);
                running.types(address + "\n").says("That is the address to open");
                running.types("good morning\n").says("it carries no code");
                running.types("\n").says("Nothing was pasted");
                running.types(end.replaceFirst("&state=.*", "") + "\n").says("its state is missing");
                running.types(end.substring(0, end.length() - 3) + "\n").says("belongs to another attempt");
                running.types(end.replaceFirst("code=[^&]*&", "") + "\n").says("neither a code nor an error");
                assertEquals(List.of(), login.requests("token"), "nothing was redeemed");
                theOldTokenIsUntouched();
                signedInAs(JAN, running.types(end + "\n").ends().says("Paste the address that the browser ended on:"));
            }
        }

        @Test void stray_and_forged_requests_do_not_end_the_wait() throws Exception {
            try (var running = get_token("--no-browser").start()) {
                var end = login.signIn(ready(running), JAN);
                var base = end.substring(0, end.indexOf('?'));
                assertEquals(404, visit(base + "favicon.ico").statusCode());
                assertEquals(400, visit(base).statusCode());
                assertEquals(400, visit(base + "?code=forged&state=forged").statusCode());
                assertEquals(400, visit(base + "?error=access_denied&state=forged").statusCode());
                assertEquals(List.of(), login.requests("token"), "nothing was redeemed");
                assertEquals(200, visit(end).statusCode());
                signedInAs(JAN, running.ends());
            }
        }

        @Test void an_address_of_an_earlier_attempt_is_refused() throws Exception {
            String earlier;
            try (var running = get_token("--no-browser").start()) {
                earlier = login.signIn(ready(running), JAN);
            }
            try (var running = get_token("--no-browser").start()) {
                var address = ready(running);
                running.types(earlier + "\n").says("belongs to another attempt");
                signedInAs(JAN, running.types(login.signIn(address, JAN) + "\n").ends());
            }
        }
    }

    @Nested class In_a_terminal {

        @Test void an_address_of_more_than_6000_characters_can_be_pasted_and_the_terminal_is_as_before() throws Exception {
            login.codeLength(6200);
            try (var running = get_token("--no-browser").onTerminal().start()) {
                var end = login.signIn(ready(running), JAN);
                assertTrue(end.length() > 6000, "it has only " + end.length());
                running.types(end + "\n").ends().exits(0).says("Signed in as " + JAN);
            }
            assertEquals(login.refreshToken(JAN), Files.readString(tokenFile()));
            theTerminalIsAsBefore();
        }

        @Test void a_slip_can_be_corrected_with_backspace() throws Exception {
            try (var running = get_token("--no-browser").onTerminal().start()) {
                var end = login.signIn(ready(running), JAN);
                running.types(end.substring(0, end.length() - 2) + "zz\u007f\u007f" + end.substring(end.length() - 2) + "\r").ends()
                    .exits(0).says("Signed in as " + JAN);
            }
        }

        @Test void Ctrl_C_ends_it_at_once_and_the_terminal_is_as_before() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser").onTerminal().start()) {
                ready(running);
                running.types("\u0003").ends().exits(130);
            }
            theOldTokenIsUntouched();
            theTerminalIsAsBefore();
        }

        @Test void when_time_is_up_it_asks_what_the_page_showed() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser", "--timeout", "2").onTerminal().start()) {
                ready(running);
                running.says("Did the page show an error, like AADSTS50011\\?");
                running.types("AADSTS50011: the redirect URI does not match\n").ends().exits(77).says("nobody signed in within 2 seconds").saysWhatToDo();
            }
            theOldTokenIsUntouched();
            theTerminalIsAsBefore();
        }

        @Test void a_browser_that_comes_when_time_is_up_is_told_so() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser", "--timeout", "2").onTerminal().start()) {
                var address = ready(running);
                running.says("Time is up");
                var page = visit(login.signIn(address, JAN));
                assertTrue(page.body().contains("Not signed in") && page.body().contains("nobody signed in within 2 seconds"), page.body());
                running.ends().exits(77);
            }
            theOldTokenIsUntouched();
        }

        void theTerminalIsAsBefore() throws IOException {
            assertTrue(Files.readString(folder.resolve("stty.before")).contains(" icanon"));
            assertEquals(Files.readString(folder.resolve("stty.before")), Files.readString(folder.resolve("stty.after")));
        }
    }

    @Nested class When_it_comes_to_nothing {

        @Test void a_declined_consent_is_told_in_terminal_and_browser() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser").start()) {
                var page = visit(login.cancel(ready(running), JAN));
                assertTrue(page.body().contains("Not signed in") && page.body().contains("AADSTS65004"), page.body());
                running.ends().exits(77).printsNothing().says("access_denied", "AADSTS65004").saysWhatToDo();
            }
            assertEquals(List.of(), login.requests("token"));
            theOldTokenIsUntouched();
        }

        @Test void markup_in_the_provider_s_words_is_shown_as_text() throws Exception {
            try (var running = get_token("--no-browser").start()) {
                var address = ready(running);
                var state = address.replaceFirst(".*[?&]state=([^&]*).*", "$1");
                var page = visit(login.signIn(address, JAN).replaceFirst("\\?.*", "") + "?error=access_denied&error_description="
                    + URLEncoder.encode("<script>alert(1)</script>\u001b[2J", UTF_8) + "&state=" + state);
                assertTrue(page.body().contains("&lt;script&gt;"), page.body());
                assertFalse(page.body().contains("<script>"), page.body());
                running.ends().exits(77).neverSays("\u001b");
            }
        }

        @Test void nobody_comes_within_the_timeout() throws Exception {
            anOldToken();
            get_token("--no-browser", "--timeout", "1").run().exits(77).printsNothing()
                .says("nobody signed in within 1 second", "hint: if the page showed an error", "AADSTS50011");
            theOldTokenIsUntouched();
        }

        @Test void another_account_than_the_one_that_was_named_is_turned_away() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser", "second@uva.example").start()) {
                var page = visit(login.signIn(ready(running), JAN));
                assertTrue(page.body().contains("Not signed in"), page.body());
                running.ends().exits(77).printsNothing().says(JAN + " signed in, not second@uva.example", "nothing was stored");
            }
            theOldTokenIsUntouched();
        }

        @Test void an_answer_without_refresh_token_names_offline_access() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser").start()) {
                var end = login.signIn(ready(running), JAN);
                var idToken = "eyJhbGciOiJub25lIn0." + base64("{\"preferred_username\":\"" + JAN + "\",\"oid\":\"o\",\"tid\":\"t\",\"sub\":\"s\"}") + ".x";
                login.answerNext("token", 200, Map.of("Content-Type", "application/json"), "{\"token_type\":\"Bearer\",\"expires_in\":3600,"
                    + "\"scope\":\"https://outlook.office.com/IMAP.AccessAsUser.All\",\"access_token\":\"" + "a".repeat(900) + "\",\"id_token\":\""
                    + idToken + "\",\"client_info\":\"" + base64("{\"uid\":\"o\",\"utid\":\"t\"}") + "\"}");
                running.types(end + "\n").ends().exits(78).printsNothing().says("no refresh token", "offline_access");
            }
            theOldTokenIsUntouched();
        }

        static String base64(String text) { return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8)); }

        @ParameterizedTest(name = "{1} AADSTS{2} → {3}", quoteTextArguments = false) @CsvSource({
            "400, invalid_grant,          54005,   77",
            "400, invalid_grant,          70008,   77",
            "401, invalid_client,         7000218, 78",
            "400, invalid_request,        900144,  78",
            "503, temporarily_unavailable, 90033,  75"})
        void a_refused_code_is_never_sent_twice_and_the_old_token_stays(int http, String error, int aadsts, int status) throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser").start()) {
                var end = login.signIn(ready(running), JAN);
                login.failNext("token", http, error, aadsts, "Refused for a test.");
                var page = visit(end);
                assertTrue(page.body().contains("Not signed in"), page.body());
                running.ends().exits(status).printsNothing().saysWhatToDo();
            }
            assertEquals(1, login.requests("token").size());
            theOldTokenIsUntouched();
        }

        @Test void a_place_where_no_token_can_be_stored_is_told_before_anybody_signs_in() throws Exception {
            Files.createDirectory(tokenFile());
            var result = get_token("--no-browser").run().exits(78).printsNothing().says("is not a file").neverSays("/authorize?");
            assertTrue(result.took().compareTo(Duration.ofSeconds(20)) < 0);
            assertEquals(List.of(), login.requests());
        }
    }

    @Nested class The_certificate_for_https {

        @Test void is_another_one_each_time_and_anybody_else_s_is_not_trusted() throws Exception {
            String first;
            try (var running = get_token("--no-browser").with("M365_REDIRECT_URI", "https://localhost:0/").start()) {
                ready(running);
                first = fingerprint(running);
            }
            try (var running = get_token("--no-browser").with("M365_REDIRECT_URI", "https://localhost:0/").start()) {
                var end = login.signIn(ready(running), JAN);
                assertNotEquals(first, fingerprint(running));
                assertThrows(java.io.UncheckedIOException.class, () -> visit(end, first));
                assertEquals(200, visit(end, fingerprint(running)).statusCode());
                signedInAs(JAN, running.ends());
            }
        }
    }

    @Nested class The_guard_against_telling_secrets {

        @Test void notices_a_token_a_code_or_a_part_of_one() throws Exception {
            try (var running = get_token("--no-browser").start()) {
                running.types(login.signIn(ready(running), JAN) + "\n").ends().exits(0);
            }
            var token = login.refreshToken(JAN);
            assertFalse(tool.leaks("x" + token + "x").isEmpty());
            assertFalse(tool.leaks("… " + token.substring(token.length() - 30)).isEmpty());
            assertFalse(tool.leaks(Base64.getEncoder().encodeToString(cachedAccessToken().getBytes(UTF_8))).isEmpty());
            assertFalse(tool.leaks("passwd=jan%27s+password").isEmpty());
            assertEquals(List.of(), tool.leaks("Signed in as jan@uva.example."));
            assertEquals(List.of(), tool.everythingSaid().stream().filter(said -> !said.program().contains("--access-token")
                && !said.program().contains("--refresh-token") && !tool.leaks(said.out()).isEmpty()).map(tool.Said::program).collect(Collectors.toList()));
        }
    }
}
