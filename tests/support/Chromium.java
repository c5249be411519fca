//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Json.java

package support;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import m365.Json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * Chromium, headless, through its WebDriver (https://www.w3.org/TR/webdriver2/), of which these few commands are
 * enough. Closing ends the browser and its driver.
 */
public final class Chromium implements AutoCloseable {
    /** Pictures for people to look at; not part of the repository. */
    private static final Path PICTURES = Path.of("build", "screenshots");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process driver;
    private final String sessions;
    private String session = "";

    /** Where a program is that a shell would find. */
    public static Optional<Path> onPath(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(folder -> Path.of(folder, command))
            .filter(Files::isExecutable).findFirst();
    }

    /** The SHA-256 of the public key of a server on this machine, as Chromium wants it. */
    public static String key(SSLContext trust, int port) throws Exception {
        try (var socket = (SSLSocket) trust.getSocketFactory().createSocket("localhost", port)) {
            var key = socket.getSession().getPeerCertificates()[0].getPublicKey().getEncoded();
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        }
    }

    /**
     * @param folder      for its profile
     * @param trustedKeys the only ones whose certificates it lets pass
     */
    public Chromium(Path folder, String... trustedKeys) throws Exception {
        var builder = new ProcessBuilder("chromedriver", "--port=0").redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString());
        builder.environment().keySet().removeIf(name -> name.matches("(?i)(https?_proxy|all_proxy|no_proxy)"));
        driver = builder.start();
        sessions = "http://localhost:" + port() + "/session";
        var arguments = List.of("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-extensions", "--no-proxy-server",
            "--window-size=900,760", "--user-data-dir=" + folder.resolve("profile"),
            "--ignore-certificate-errors-spki-list=" + String.join(",", trustedKeys));
        var options = Map.of("args", arguments, "binary", onPath("chromium").orElseThrow().toString());
        var started = post("", Map.of("capabilities",
            Map.of("alwaysMatch", Map.of("browserName", "chrome", "goog:chromeOptions", options))));
        session = "/" + ((Map<?, ?>) started).get("sessionId");
    }

    /** The port that the driver took, from what it says at its start. */
    private String port() throws IOException {
        var said = new ByteArrayOutputStream();
        for (int c; (c = driver.getInputStream().read()) >= 0; said.write(c)) {
            var found = Pattern.compile("on port (\\d+)\\.").matcher(said.toString(UTF_8));
            if (found.find()) {
                var rest = new Thread(this::passOverOutput);
                rest.setDaemon(true);
                rest.start();
                return found.group(1);
            }
        }
        return fail("chromedriver says " + said.toString(UTF_8));
    }

    /** Whatever else the driver says must not block it. */
    private void passOverOutput() {
        try {
            driver.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException over) { /* it was closed */ }
    }

    public void opens(String address) throws Exception { post("/url", Map.of("url", address)); }

    public String address() throws Exception { return (String) command("GET", "/url", ""); }

    /** What can be read on the page. */
    public String text() throws Exception { return (String) script("return document.body.innerText"); }

    /** Waits for the page with this heading. */
    public void shows(String heading) throws Exception {
        Object seen = "";
        for (int i = 0; i < 300; i++, Thread.sleep(100)) {
            seen = script("return document.readyState == 'complete' && document.querySelector('h1') "
                + "? document.querySelector('h1').innerText : ''");
            if (heading.equals(seen)) return;
        }
        fail("no page with the heading " + heading + ", but " + seen + ": " + text());
    }

    /** @param selector of CSS, for the field */
    public void types(String selector, String text) throws Exception {
        post(element(selector) + "/value", Map.of("text", text));
    }

    public void clicks(String selector) throws Exception { post(element(selector) + "/click", Map.of()); }

    /** Keeps a picture of what can be seen. */
    public void pictures(String name) throws Exception {
        Files.createDirectories(PICTURES);
        var png = Base64.getDecoder().decode((String) command("GET", "/screenshot", ""));
        Files.write(PICTURES.resolve(name + ".png"), png);
    }

    private String element(String selector) throws Exception {
        var found = (Map<?, ?>) post("/element", Map.of("using", "css selector", "value", selector));
        return "/element/" + found.values().iterator().next();
    }

    private Object script(String script) throws Exception {
        return post("/execute/sync", Map.of("script", script, "args", List.of()));
    }

    private Object post(String path, Map<String, ?> body) throws Exception {
        return command("POST", path, Json.write(body));
    }

    private Object command(String method, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(sessions + session + path)).timeout(Duration.ofSeconds(90))
            .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body));
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
        var value = Json.read(answer).orElseThrow(() -> new AssertionError(answer)).get("value");
        if (value instanceof Map<?, ?> map && map.containsKey("error"))
            throw new IllegalStateException(map.get("error") + ": " + map.get("message"));
        return value;
    }

    @Override public void close() throws IOException {
        try {
            if (!session.isEmpty()) command("DELETE", "", "");
            driver.descendants().forEach(ProcessHandle::destroyForcibly);
            driver.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroyForcibly();
        }
    }
}
