//JAVA 17+
//SOURCES tool.java

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The parts of {@code get_token} that need no identity provider. */
class get_token_test {
    static final String STATE = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg";
    static final String CODE = "1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA.AgABBAIAAAD";

    static config.Settings settings() { return config.Settings.from(Map.of()); }

    static get_token.Attempt attempt() {
        return new get_token.Attempt(URI.create("https://localhost:8745/"), STATE,
            new config.Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    }

    @Nested class The_proof_key {

        /** https://www.rfc-editor.org/rfc/rfc7636#appendix-B */
        @Test void gives_the_challenge_of_RFC_7636_appendix_B() {
            assertEquals("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", attempt().challenge());
        }

        @Test void and_the_state_are_new_for_each_attempt_and_long_enough() {
            var one = get_token.Attempt.fresh(URI.create("http://localhost/"));
            var two = get_token.Attempt.fresh(URI.create("http://localhost/"));
            assertNotEquals(one.state(), two.state());
            assertNotEquals(one.verifier().reveal(), two.verifier().reveal());
            assertTrue(one.verifier().reveal().matches("[A-Za-z0-9_-]{43,128}"), "RFC 7636 section 4.1");
            assertTrue(one.state().length() >= 22, "RFC 6749 section 10.10: at least 128 bits");
        }
    }

    @Nested class The_address_to_sign_in_at {

        static Map<String, String> parameters(String user) {
            var found = new HashMap<String, String>();
            for (var pair : new get_token.Provider(settings(), line -> { }, 0).authorizeUrl(attempt(), user).getRawQuery().split("&"))
                found.put(pair.split("=", 2)[0], URLDecoder.decode(pair.split("=", 2)[1], UTF_8));
            return found;
        }

        @Test void carries_state_and_challenge_but_not_the_verifier() {
            var sent = parameters(null);
            assertEquals(STATE, sent.get("state"));
            assertEquals("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", sent.get("code_challenge"));
            assertEquals("S256", sent.get("code_challenge_method"));
            assertFalse(sent.toString().contains("dBjftJeZ4CVP"), sent.toString());
        }

        @Test void asks_for_a_code_in_an_address_that_can_be_pasted() {
            assertEquals("code", parameters(null).get("response_type"));
            assertEquals("query", parameters(null).get("response_mode"));
            assertEquals("https://localhost:8745/", parameters(null).get("redirect_uri"));
        }

        @Test void asks_for_the_mail_scopes_and_a_refresh_token() {
            var scopes = Set.of(parameters(null).get("scope").split(" "));
            assertTrue(scopes.containsAll(Set.of("https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send",
                "offline_access")), scopes.toString());
        }

        @Test void lets_a_person_choose_the_account_or_names_the_one_that_was_given() {
            assertEquals("select_account", parameters(null).get("prompt"));
            assertFalse(parameters(null).containsKey("login_hint"));
            assertEquals("jan@uva.nl", parameters("jan@uva.nl").get("login_hint"));
        }
    }

    @Nested class What_a_person_pastes {

        @ParameterizedTest @ValueSource(strings = {
            "https://localhost:8745/?code=%CODE%&state=%STATE%",
            "https://localhost:8745/?code=%CODE%&state=%STATE%&session_state=f0e1#",
            "https://localhost:8745/?session_state=x&state=%STATE%&code=%CODE%#_=_",
            "  \"https://localhost:8745/?code=%CODE%&state=%STATE%\"  ",
            "'https://localhost:8745/?code=%CODE%&state=%STATE%'",
            "<https://localhost:8745/?code=%CODE%&state=%STATE%>",
            "https://localhost:8745/?code=1.AXYAka3GpsNkL0ua Ui9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA.AgABBAIAAAD&state=%STATE%",
            "localhost:8745/?code=%CODE%&state=%STATE%",
            "?code=%CODE%&state=%STATE%",
            "code=%CODE%&state=%STATE%",
            "state=%STATE%&code=%CODE%",
            "%CODE%",
            " %CODE%\t"})
        void is_understood_as_address_query_or_code(String text) {
            var redirect = browser.Redirect.pasted(text.replace("%CODE%", CODE).replace("%STATE%", STATE), STATE, Map.of());
            assertEquals(CODE, assertInstanceOf(browser.Redirect.Code.class, redirect).code().reveal());
        }

        @ParameterizedTest @CsvSource(delimiter = '|', value = {
            "''                                                                 | Nothing was pasted",
            "'   '                                                              | Nothing was pasted",
            "https://localhost:8745/?code=%CODE%                                | incomplete: its state is missing",
            "https://localhost:8745/?code=%CODE%&state=%STATE%x                 | another attempt",
            "https://localhost:8745/?code=%CODE%&state=n4bQgYhM                 | another attempt",
            "https://localhost:8745/?code=%CODE%&state=                         | another attempt",
            "https://localhost:8745/?state=%STATE%                              | neither a code nor an error",
            "https://localhost:8745/?code=&state=%STATE%                        | code in that address is empty",
            "https://localhost:8745/?code=a&code=b&state=%STATE%                | malformed",
            "https://localhost:8745/?code=%ZZ&state=%STATE%                     | malformed",
            "https://localhost:8745/                                            | carries no code",
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x&state=%STATE% | That is the address to open",
            "hello                                                              | carries no code",
            "rm -rf ~                                                           | carries no code",
            "please open the browser for me                                     | carries no code",
            "Troubleshooting details: copy 12 lines                             | carries no code",
            "Donaudampfschifffahrtsgesellschaft                                 | carries no code",
            "AADSTS50011: The redirect URI does not match                       | redirect"})
        void is_told_what_is_wrong_with_it(String text, String reason) {
            var redirect = browser.Redirect.pasted(text.replace("%CODE%", CODE).replace("%STATE%", STATE), STATE, Map.of());
            var why = assertInstanceOf(browser.Redirect.Stray.class, redirect).why();
            assertTrue(why.contains(reason), why);
        }

        @Test void may_be_a_refusal() {
            var redirect = browser.Redirect.pasted("http://localhost/?error=access_denied&error_description=AADSTS65004%3A+declined&state="
                + STATE, STATE, Map.of());
            var declined = assertInstanceOf(browser.Redirect.Declined.class, redirect);
            assertEquals("access_denied", declined.error());
            assertEquals("AADSTS65004: declined", declined.description());
        }

        @Test void may_be_as_long_as_codes_get() {
            var code = CODE + "x".repeat(60_000);
            assertEquals(code, assertInstanceOf(browser.Redirect.Code.class,
                browser.Redirect.pasted("http://localhost/?code=" + code + "&state=" + STATE, STATE, Map.of())).code().reveal());
        }

        @Test void a_refusal_with_a_foreign_state_is_a_stray() {
            assertInstanceOf(browser.Redirect.Stray.class, browser.Redirect.pasted("?error=access_denied&state=other", STATE, Map.of()));
        }
    }

    @Nested class The_last_page {

        @Test void shows_markup_as_text() {
            var html = new browser.Page(200, "<b>", "\"><script>alert('1')</script>&").html();
            assertFalse(html.contains("<script") || html.contains("<b>"), html);
            assertTrue(html.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;"), html);
        }

        @Test void brings_everything_with_it() {
            var html = new browser.Page(200, "Signed in", "x").html();
            assertFalse(html.matches("(?s).*(https?:|src=|<link|@import|url\\().*"), html);
        }
    }

    @Nested class Records_with_secrets_in_them {

        @Test void print_dots() {
            var cached = get_token.Cached.read("""
                {"AccessToken":{"k":{"secret":"hush","client_id":"id","environment":"host","realm":"common","target":"IMAP","expires_on":"1",
                "cached_at":"1"}},"RefreshToken":{"k":{"secret":"hush"}},"Account":{"k":{"username":"jan","home_account_id":"u.t"}}}""");
            for (var record : List.of(attempt(), new browser.Redirect.Code(new config.Secret("hush")), cached.orElseThrow()))
                assertFalse(record.toString().matches(".*(hush|dBjftJeZ4CVP).*"), record.toString());
        }
    }

    @Nested class A_cache {

        @ParameterizedTest @ValueSource(strings = {"", "{", "[]", "null", "42", "{}", "{\"AccessToken\":{}}", "{\"AccessToken\":[]}",
            "{\"AccessToken\":{\"k\":{\"secret\":\"x\"}}}", "{\"AccessToken\":{\"k\":{\"secret\":7}},\"Account\":{}}", "<html></html>", "\0\0\0"})
        void that_is_not_MSAL_s_counts_as_none(String text) { assertEquals(Optional.empty(), get_token.Cached.read(text)); }

        @Test void may_be_nested_to_any_depth_without_harm() {
            assertEquals(Optional.empty(), get_token.Cached.read("[".repeat(100_000)));
            assertEquals(Optional.empty(), get_token.Cached.read("{\"a\":".repeat(100_000)));
        }
    }

    @Nested class The_command_line {
        @TempDir Path folder;

        @Test void shows_its_help_on_stdout() {
            var help = tool.get_token("--help").in(folder).runHere().exits(0);
            for (var word : List.of("--device", "--no-browser", "--access-token", "--refresh-token", "--status", "--sign-out", "--timeout",
                    "--verbose", "--version", "77 a person must sign in"))
                assertTrue(help.out().contains(word), word);
        }

        @Test void names_its_version() { tool.get_token("--version").in(folder).runHere().exits(0).prints("get_token " + config.VERSION); }

        @ParameterizedTest @ValueSource(strings = {"--nonsense", "--access-token --status", "--device --sign-out", "a@b.nl c@d.nl",
            "not-an-address", "--timeout 0", "--timeout soon", "--timeout -1", "--json", "--access-token --json"})
        void is_refused_with_64_when_it_makes_no_sense(String line) {
            tool.get_token(line.split(" ")).in(folder).runHere().exits(64).printsNothing().says("get_token: error: ");
        }

        @Test void a_confidential_client_has_no_device_flow_and_is_told_the_other_ways() {
            tool.get_token("--device").in(folder).with("M365_CLIENT_SECRET", "hush").runHere().exits(64).printsNothing()
                .says("no device flow", "paste", "M365_CLIENT_SECRET").saysWhatToDo().neverSays("hush");
        }

        @Test void without_a_token_whoever_asks_for_one_is_told_to_sign_in() {
            for (var option : List.of("--access-token", "--refresh-token", "--status"))
                tool.get_token(option).in(folder).runHere().exits(77).printsNothing().says("get_token: error: ", "hint: sign in");
        }
    }

    @Nested class The_browser {
        @TempDir Path folder;
        final URI address = URI.create("https://localhost/authorize?a=b&c=$(d)'e");

        Path script(String name, String body) throws IOException {
            var script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
            script.toFile().setExecutable(true);
            return script;
        }

        String opened() throws Exception {
            var file = folder.resolve("opened");
            for (int i = 0; i < 500 && !(Files.exists(file) && Files.readString(file).endsWith("\n")); i++) Thread.sleep(10);
            return Files.readString(file).strip();
        }

        @Test void of_the_variable_BROWSER_gets_the_address_as_one_argument() throws Exception {
            var program = script("browser", "echo \"$# $1\" >" + folder + "/opened");
            assertTrue(browser.Browser.open(address, Map.of("BROWSER", program.toString(), "SSH_TTY", "/dev/pts/1")));
            assertEquals("1 " + address, opened());
        }

        @Test void may_take_the_address_where_percent_s_stands() throws Exception {
            var program = script("browser", "echo \"$1 $2 $3\" >" + folder + "/opened");
            assertTrue(browser.Browser.open(address, Map.of("BROWSER", program + " --new %s --tab")));
            assertEquals("--new " + address + " --tab", opened());
        }

        @Test void is_the_next_one_when_the_first_cannot_be_started() throws Exception {
            var program = script("second", "echo \"$1\" >" + folder + "/opened");
            assertTrue(browser.Browser.open(address, Map.of("BROWSER", "/no/such/browser:" + program)));
            assertEquals(address.toString(), opened());
        }

        @Test void is_not_looked_for_inside_SSH_or_without_a_display() {
            assertFalse(browser.Browser.open(address, Map.of("SSH_CONNECTION", "1 2 3 4", "DISPLAY", ":0")));
            assertFalse(browser.Browser.open(address, Map.of()));
            assertFalse(browser.Browser.open(address, Map.of("BROWSER", "")));
        }
    }

    // ------------------------------------------------------------------------------------------------ listening

    final LinkedBlockingQueue<browser.Event> events = new LinkedBlockingQueue<>();
    final List<String> told = Collections.synchronizedList(new ArrayList<>());
    browser.Callback callback;

    browser.Callback listen(String redirect) {
        callback = browser.Callback.listen(URI.create(redirect), events, told::add);
        callback.serve(STATE);
        return callback;
    }

    @AfterEach void stopListening() { if (callback != null) callback.close(); }

    /** Sends exactly this, and returns all that comes back. */
    String ask(String host, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getByName(host), callback.redirect.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    String get(String path) throws IOException { return ask("127.0.0.1", "GET " + path + " HTTP/1.1\nHost: localhost:" + callback.redirect.getPort() + "\n\n"); }

    /** Waits for the answer of a browser and lets it have its page. */
    browser.Redirect arrived() throws InterruptedException {
        var event = assertInstanceOf(browser.Event.Arrived.class, events.poll(20, TimeUnit.SECONDS));
        event.answer(new browser.Page(200, "Signed in", "You are signed in."));
        return event.redirect();
    }

    @Nested class The_listener {

        @BeforeEach void listens() { listen("http://localhost:0/back"); }

        @Test void takes_the_code_of_a_GET_and_answers_when_all_is_done() throws Exception {
            var waiting = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                try {
                    return get("/back?code=" + CODE + "&state=" + STATE);
                } catch (IOException e) {
                    return e.toString();
                }
            });
            var event = assertInstanceOf(browser.Event.Arrived.class, events.poll(20, TimeUnit.SECONDS));
            assertFalse(waiting.isDone(), "the page came before it could know");
            event.answer(new browser.Page(200, "Signed in", "You are signed in."));
            var page = waiting.get(20, TimeUnit.SECONDS);
            assertTrue(page.startsWith("HTTP/1.1 200") && page.contains("You are signed in."), page);
            assertEquals(CODE, assertInstanceOf(browser.Redirect.Code.class, event.redirect()).code().reveal());
        }

        @Test void takes_the_code_of_a_form_post() throws Exception {
            var form = "code=" + CODE + "&state=" + STATE;
            var page = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                try {
                    return ask("127.0.0.1", "POST /back HTTP/1.1\nHost: localhost\nContent-Type: application/x-www-form-urlencoded\n"
                        + "Content-Length: " + form.length() + "\n\n" + form);
                } catch (IOException e) {
                    return e.toString();
                }
            });
            assertInstanceOf(browser.Redirect.Code.class, arrived());
            assertTrue(page.get(20, TimeUnit.SECONDS).startsWith("HTTP/1.1 200"));
        }

        @Test void lets_no_stray_request_end_the_wait() throws Exception {
            assertTrue(get("/favicon.ico").startsWith("HTTP/1.1 404"));
            assertTrue(get("/").startsWith("HTTP/1.1 404"));
            assertTrue(get("/back").startsWith("HTTP/1.1 400"));
            assertTrue(get("/back?code=" + CODE).startsWith("HTTP/1.1 400"));
            assertTrue(get("/back?code=" + CODE + "&state=other").startsWith("HTTP/1.1 400"));
            assertTrue(get("/back?error=access_denied&state=other").startsWith("HTTP/1.1 400"));
            assertTrue(get("/back/more?code=" + CODE + "&state=" + STATE).startsWith("HTTP/1.1 404"));
            assertTrue(ask("127.0.0.1", "DELETE /back?code=" + CODE + "&state=" + STATE + " HTTP/1.1\nHost: localhost\n\n").startsWith("HTTP/1.1 404"));
            assertTrue(events.isEmpty(), "a stray was taken for the answer");
        }

        @Test void does_not_answer_to_the_name_of_another_host() throws Exception {
            for (var host : List.of("Host: evil.example\n", "Host: localhost.evil.example\n", "Host: localhost:1\n", ""))
                assertFalse(ask("127.0.0.1", "GET /back?code=" + CODE + "&state=" + STATE + " HTTP/1.1\n" + host + "\n").startsWith("HTTP/1.1 200"), host);
            assertTrue(events.isEmpty(), "it was taken for the answer");
        }

        @Test void refuses_a_form_of_a_megabyte() throws Exception {
            var start = "code=" + CODE + "&state=" + STATE + "&x=";
            try {
                var page = ask("127.0.0.1", "POST /back HTTP/1.1\nHost: localhost\nContent-Length: 1048576\n\n" + start
                    + "x".repeat(1_048_576 - start.length()));
                assertTrue(page.startsWith("HTTP/1.1 404"), page);
            } catch (java.net.SocketException hungUp) { /* as good an answer */ }
            assertTrue(events.isEmpty(), "it was taken for the answer");
        }

        @Test void serves_the_browser_while_somebody_else_says_nothing() throws Exception {
            try (var silent = new Socket("127.0.0.1", callback.redirect.getPort());
                    var slow = new Socket("127.0.0.1", callback.redirect.getPort())) {
                slow.getOutputStream().write("POST /back HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nco".getBytes(UTF_8));
                assertTrue(silent.isConnected());
                assertTrue(get("/favicon.ico").startsWith("HTTP/1.1 404"));
            }
        }

        @Test void lets_only_the_first_answer_count() throws Exception {
            var first = new Thread(() -> {
                try {
                    get("/back?code=" + CODE + "&state=" + STATE);
                } catch (IOException e) { /* seen by the assertions below */ }
            });
            first.start();
            arrived();
            first.join();
            assertTrue(get("/back?code=" + CODE + "2&state=" + STATE).startsWith("HTTP/1.1 409"));
            assertTrue(events.isEmpty());
        }

        @Test void lets_nobody_keep_or_frame_its_pages() throws Exception {
            var page = get("/favicon.ico").toLowerCase();
            for (var header : List.of("cache-control: no-store", "content-security-policy: default-src 'none'", "frame-ancestors 'none'",
                    "referrer-policy: no-referrer"))
                assertTrue(page.contains(header), header);
        }

        @Test void is_on_loopback_only() throws Exception {
            for (var nic : Collections.list(NetworkInterface.getNetworkInterfaces()))
                for (var address : Collections.list(nic.getInetAddresses()))
                    if (!address.isLoopbackAddress())
                        assertThrows(ConnectException.class, () -> {
                            try (var socket = new Socket()) {
                                socket.connect(new InetSocketAddress(address, callback.redirect.getPort()), 2000);
                            }
                        }, address.toString());
        }

        @Test void is_on_IPv6_loopback_where_there_is_one() throws Exception {
            org.junit.jupiter.api.Assumptions.assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null,
                "this machine has no ::1");
            assertTrue(ask("::1", "GET / HTTP/1.1\nHost: localhost\n\n").startsWith("HTTP/1.1 404"));
        }
    }

    @Nested class The_port {

        @Test void is_any_free_one_when_the_wanted_one_is_taken_and_that_is_said() throws Exception {
            try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                listen("http://localhost:" + other.getLocalPort() + "/");
                assertNotEquals(other.getLocalPort(), callback.redirect.getPort());
                assertTrue(told.get(0).contains("Port " + other.getLocalPort() + " is in use"), told.toString());
                assertTrue(told.get(0).contains(String.valueOf(callback.redirect.getPort())), told.toString());
            }
        }

        @Test void is_the_wanted_one_when_it_is_free() throws Exception {
            int port = tool.freePort();
            assertEquals("http://127.0.0.1:" + port + "/x", listen("http://127.0.0.1:" + port + "/x").redirect.toString());
            assertEquals(List.of(), told);
        }

        @Test void is_free_again_afterwards() throws Exception {
            listen("http://localhost:" + tool.freePort() + "/").close();
            try (var next = new ServerSocket(callback.redirect.getPort(), 1, InetAddress.getByName("127.0.0.1"))) {
                assertTrue(next.isBound());
            }
        }
    }

    @Nested class Times {

        @ParameterizedTest @CsvSource({"1, 1 second", "119, 119 seconds", "300, 5 minutes", "7200, 2 hours"})
        void are_told_in_words(int seconds, String words) { assertEquals(words, get_token.words(Duration.ofSeconds(seconds))); }
    }
}
