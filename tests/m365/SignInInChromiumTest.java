//JAVA 17+
//SOURCES tool.java

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A real browser, headless, signs in through the stand-in's pages and comes back to get_token's https address. */
@Order(3)
class browser_test {
    static final String JAN = "jan@uva.example";
    /** Pictures for people to look at; not part of the repository. */
    static final Path PICTURES = Path.of("build", "screenshots");

    @TempDir Path folder;
    fake_login login;

    @BeforeEach void theProvider() {
        for (var command : Map.of("chromium", "chromium", "chromedriver", "chromium-driver").entrySet())
            assumeTrue(onPath(command.getKey()), "needs " + command.getKey() + "; on Debian: apt install " + command.getValue());
        login = tool.login();
    }

    @AfterEach void closes() { if (login != null) login.close(); }

    static boolean onPath(String command) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    tool.Running signingIn(String... arguments) {
        return tool.get_token(arguments).in(folder).with(tool.settings(login)).with("M365_REDIRECT_URI", "https://localhost:0/").start();
    }

    /** A browser that trusts exactly two keys: the stand-in's, and the one whose fingerprint get_token printed. */
    Chromium chromium(tool.Running program) throws Exception {
        var redirect = URI.create(java.net.URLDecoder.decode(program.address().replaceFirst(".*[?&]redirect_uri=([^&]*).*", "$1"), UTF_8));
        return new Chromium(folder, key(tool.ca().trusting(), login.port()),
            key(throwaway_ca.trustingOnly(sign_in_test.fingerprint(program)), redirect.getPort()));
    }

    /** The SHA-256 of a server's public key, as Chromium wants it. */
    static String key(SSLContext trust, int port) throws Exception {
        try (var socket = (SSLSocket) trust.getSocketFactory().createSocket("localhost", port)) {
            var key = socket.getSession().getPeerCertificates()[0].getPublicKey().getEncoded();
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        }
    }

    @Test void signs_in_and_sees_who_it_is() throws Exception {
        try (var program = signingIn("--no-browser"); var browser = chromium(program)) {
            browser.opens(program.address());
            browser.shows("Sign in");
            browser.pictures("1-sign-in");
            browser.types("#login", JAN);
            browser.types("#passwd", "jan's password");
            browser.clicks("button.yes");
            browser.shows("Permissions requested");
            browser.pictures("2-consent");
            browser.clicks("button.yes");
            browser.shows("Signed in");
            browser.pictures("3-signed-in");
            assertTrue(browser.text().contains("You are signed in as " + JAN), browser.text());
            assertTrue(browser.address().startsWith("https://localhost:"), browser.address());
            program.ends().exits(0).says("Signed in as " + JAN);
        }
        assertEquals(login.refreshToken(JAN), Files.readString(folder.resolve("refresh_token")));
    }

    @Test void whose_person_declines_is_told_so_on_the_last_page() throws Exception {
        try (var program = signingIn("--no-browser", JAN); var browser = chromium(program)) {
            browser.opens(program.address());
            browser.shows("Sign in");
            browser.types("#passwd", "jan's password");
            browser.clicks("button.yes");
            browser.shows("Permissions requested");
            browser.clicks("button[value=false]");
            browser.shows("Not signed in");
            browser.pictures("4-declined");
            assertTrue(browser.text().contains("AADSTS65004"), browser.text());
            program.ends().exits(77).says("access_denied");
        }
        assertFalse(Files.exists(folder.resolve("refresh_token")));
    }

    /** Chromium through its WebDriver (https://www.w3.org/TR/webdriver2/), of which these few commands are enough. */
    static final class Chromium implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final Process driver;
        private final String session;

        Chromium(Path folder, String... trustedKeys) throws Exception {
            var builder = new ProcessBuilder("chromedriver", "--port=0").redirectErrorStream(true).redirectInput(ProcessBuilder.Redirect.PIPE);
            builder.environment().put("HOME", folder.toString());
            builder.environment().keySet().removeIf(name -> name.matches("(?i)(https?_proxy|all_proxy|no_proxy)"));
            driver = builder.start();
            var base = "http://localhost:" + port() + "/session";
            var arguments = List.of("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--no-proxy-server",
                "--window-size=900,760", "--user-data-dir=" + folder.resolve("profile"),
                "--ignore-certificate-errors-spki-list=" + String.join(",", trustedKeys));
            session = base;
            var started = command("POST", "", get_token.toJson(Map.of("capabilities", Map.of("alwaysMatch",
                Map.of("browserName", "chrome", "goog:chromeOptions", Map.of("args", arguments, "binary", binary()))))));
            id = "/" + ((Map<?, ?>) started).get("sessionId");
        }

        private String id = "";

        private static String binary() {
            return Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "chromium")).filter(Files::isExecutable)
                .findFirst().orElseThrow().toString();
        }

        /** The port that the driver took, from what it says at its start. */
        private String port() throws IOException {
            var said = new ByteArrayOutputStream();
            for (int c; (c = driver.getInputStream().read()) >= 0; said.write(c)) {
                var found = java.util.regex.Pattern.compile("on port (\\d+)\\.").matcher(said.toString(UTF_8));
                if (found.find()) {
                    // Whatever else it says must not block it.
                    var rest = new Thread(() -> {
                        try {
                            driver.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                        } catch (IOException over) { /* it was closed */ }
                    });
                    rest.setDaemon(true);
                    rest.start();
                    return found.group(1);
                }
            }
            return fail("chromedriver says " + said.toString(UTF_8));
        }

        private Object command(String method, String path, String body) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(URI.create(session + id + path)).timeout(Duration.ofSeconds(90))
                .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
            var value = get_token.fromJson(answer).orElseThrow(() -> new AssertionError(answer)).get("value");
            if (value instanceof Map<?, ?> map && map.containsKey("error")) throw new IllegalStateException(map.get("error") + ": " + map.get("message"));
            return value;
        }

        void opens(String address) throws Exception { command("POST", "/url", get_token.toJson(Map.of("url", address))); }

        String address() throws Exception { return (String) command("GET", "/url", ""); }

        String text() throws Exception {
            return (String) command("POST", "/execute/sync", get_token.toJson(Map.of("script", "return document.body.innerText", "args", List.of())));
        }

        /** Waits for the page with this heading. */
        void shows(String heading) throws Exception {
            Object seen = "";
            for (int i = 0; i < 300; i++, Thread.sleep(100)) {
                seen = command("POST", "/execute/sync", get_token.toJson(Map.of("args", List.of(),
                    "script", "return document.readyState == 'complete' && document.querySelector('h1') ? document.querySelector('h1').innerText : ''")));
                if (heading.equals(seen)) return;
            }
            fail("no page with the heading " + heading + ", but " + seen + ": " + text());
        }

        private String element(String selector) throws Exception {
            var found = (Map<?, ?>) command("POST", "/element", get_token.toJson(Map.of("using", "css selector", "value", selector)));
            return "/element/" + found.values().iterator().next();
        }

        void types(String selector, String text) throws Exception {
            command("POST", element(selector) + "/value", get_token.toJson(Map.of("text", text)));
        }

        void clicks(String selector) throws Exception { command("POST", element(selector) + "/click", "{}"); }

        void pictures(String name) throws Exception {
            Files.createDirectories(PICTURES);
            Files.write(PICTURES.resolve(name + ".png"), Base64.getDecoder().decode((String) command("GET", "/screenshot", "")));
        }

        @Override public void close() throws IOException {
            try {
                if (!id.isEmpty()) command("DELETE", "", "");
                driver.descendants().forEach(ProcessHandle::destroyForcibly);
                driver.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                driver.destroyForcibly();
            }
        }
    }
}
