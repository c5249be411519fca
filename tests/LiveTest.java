//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES live.java
//SOURCES stand_in/StandIn.java

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import live.AtTheTerminal;
import live.Person;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stand_in.FakeLogin;
import stand_in.FakeMail;
import stand_in.StandIn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The check of our picture of Microsoft, on the stand-in that is made after that picture: honest, and lying. */
class LiveTest {
    private static final String JAN = "jan@uva.example";
    private static StandIn cloud;
    private static FakeLogin login;

    @TempDir Path folder;
    private String user = JAN;

    @BeforeAll static void start() throws IOException {
        cloud = StandIn.start(Files.createTempDirectory("live"));
        login = cloud.login();
    }

    @AfterAll static void stop() { cloud.close(); }

    @BeforeEach void nobodyLies() {
        login.lie((request, body) -> body);
        login.accessTokenSeconds(-1);
    }

    private Said live(Person person) throws IOException { return live(person, Map.of()); }

    private record Said(int status, String out, String report) {
        void caught(String... assumptions) {
            assertEquals(1, status, out);
            for (var assumption : assumptions)
                assertTrue(out.lines().anyMatch(line -> line.startsWith("NOT HELD  " + assumption)),
                        () -> "not caught: " + assumption + "\n" + out);
        }
    }

    private Said live(Person person, Map<String, String> elsewhere) throws IOException {
        var environment = new TreeMap<>(cloud.environment());
        environment.putAll(elsewhere);
        var out = new ByteArrayOutputStream();
        var report = folder.resolve("report.md");
        int status = live.run(environment, person, new PrintStream(out, true, UTF_8), report, user);
        var said = new Said(status, out.toString(UTF_8), Files.readString(report));
        for (var secret : login.secrets())
            assertFalse(said.out().contains(secret) || said.report().contains(secret), "a secret was told");
        return said;
    }

    private Person person() {
        return (address, redirect) -> {
            try {
                return login.signIn(address.toString(), user);
            } catch (IllegalStateException page) {
                return page.getMessage();
            }
        };
    }

    @Test void everything_holds_for_a_work_account_at_the_honest_stand_in() throws IOException {
        var said = live(person());
        assertTrue(said.out().contains(" held, 0 not held, 0 not tried"), said.out());
        assertEquals(0, said.status(), said.out());
    }

    /** In one run, for each spoils nothing else; a word of the identity provider's answers becomes another. */
    @Test void wrong_words_and_numbers_are_caught() throws IOException {
        var lies = new TreeMap<>(Map.ofEntries(
                Map.entry("\"expires_in\":", "\"expires_in\":9"),
                Map.entry("Bearer", "jan@uva.example of " + FakeLogin.TENANT),
                Map.entry("office.com/IMAP", "office365.com/IMAP"),
                Map.entry("id_token", "token_of_id"),
                Map.entry("54005]", "70008]"), Map.entry("501481]", "50148]"), Map.entry("500112]", "50011]"),
                Map.entry("650053]", "65001]"), Map.entry("9002313]", "70000]"), Map.entry("900144]", "90014]"),
                Map.entry("70016]", "70020]"), Map.entry("bad_verification_code", "invalid_grant"),
                Map.entry("\"interval\":5", "\"interval\":50"),
                Map.entry("\"message\"", "\"verification_uri_complete\"")));
        login.lie((request, body) -> {
            if (!List.of("token", "devicecode").contains(request.endpoint())) return body;
            for (var lie : lies.entrySet()) body = body.replace(lie.getKey(), lie.getValue());
            return body;
        });
        var said = live(person());
        said.caught("an access token lives 60 to 90 minutes", "the token's type is Bearer",
                "the scope is spelled as asked for: IMAP.AccessAsUser.All", "the ID token has tid",
                "preferred_username is the address that signed in", "a code used twice", "PKCE is enforced",
                "a redirect that differs from the first one", "a scope that does not exist",
                "a malformed refresh token", "a missing one", "until somebody signs in", "an unknown device code",
                "it is good for 15 minutes", "it is asked for every 5 seconds", "the message has the code",
                "there is no verification_uri_complete");
        for (var name : new String[] {"jan", "uva.example", FakeLogin.TENANT, "eyJ"})
            assertFalse(said.report().contains(name), said.report());
    }

    @Test void another_way_of_working_is_caught() throws IOException {
        login.lie((request, body) -> switch (request.endpoint()) {
            case "authorize" -> request.parameter("redirect_uri").startsWith("http://localhost:")
                    ? "AADSTS50011: a port that is not registered" : body;
            case "token" -> request.parameter("grant_type").equals("refresh_token") // no rotation
                    ? body.replaceAll("(\"refresh_token\":\")[^\"]*", "$1" + request.parameter("refresh_token")) : body;
            default -> body;
        });
        try (var imap = FakeMail.jsonChallenge(cloud.ca()).greeting("* OK Dovecot ready.").start();
                var pop = FakeMail.popRefused(cloud.ca()).on("CAPA", "+OK", "SASL PLAIN", ".").start();
                var smtp = FakeMail.smtpAuthDisabled(cloud.ca()).start()) {
            var said = live(person(), Map.of("M365_IMAP_PORT", String.valueOf(imap.port()),
                    "M365_POP_PORT", String.valueOf(pop.port()), "M365_SMTP_PORT", String.valueOf(smtp.port())));
            said.caught("http://localhost is accepted as redirect, and its port is ignored",
                    "without a port it is refused as well", "each renewal brings a new refresh token",
                    "IMAP greets as Exchange does", "IMAP refuses a broken token with a bare NO", "POP offers XOAUTH2",
                    "POP lets the right user in", "SMTP lets the right user in");
        }
    }

    @Test void whoever_does_not_want_to_sign_in_learns_what_was_not_tried() throws IOException {
        var said = live((address, redirect) -> "");
        assertEquals(0, said.status(), said.out());
        assertTrue(said.report().contains("**not tried** everything that needs a token"), said.report());
        assertTrue(said.report().contains("**held** it is asked for every 5 seconds"), said.report());
    }

    @Test void a_person_comes_back_with_the_browser_or_pastes_an_address() throws Exception {
        int port = freePort();
        var said = new ByteArrayOutputStream();
        var typed = new PipedOutputStream();
        var terminal = new AtTheTerminal(new PipedInputStream(typed), new PrintStream(said, true, UTF_8));
        var redirect = URI.create("http://localhost:" + port);
        var browser = CompletableFuture.runAsync(() -> {
            for (boolean there = false; !there;) there = visited(port);
        });
        assertEquals(redirect + "?code=x&state=y", terminal.signIn(URI.create("https://login.example/"), redirect));
        browser.get();
        typed.write("https://localhost/?code=z\n".getBytes(UTF_8));
        assertEquals("https://localhost/?code=z",
                terminal.signIn(URI.create("https://login.example/"), URI.create("https://localhost:1/")));
        assertTrue(said.toString(UTF_8).contains("https://login.example/"), said::toString);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean visited(int port) {
        try (var page = URI.create("http://127.0.0.1:" + port + "/?code=x&state=y").toURL().openStream()) {
            return page.readAllBytes().length > 0;
        } catch (IOException e) {
            return false; // it is not listening yet
        }
    }
}
