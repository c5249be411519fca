//JAVA 17+
//SOURCES config.java

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What comes back from the browser, and from a person who pastes it: the listener on loopback, its page and certificate,
 * the terminal. Believes only what carries this sign-in's state; leaves the identity provider to {@code get_token}.
 */
public final class browser {

    private browser() { }

    /** What an address says that the browser was sent to at the end (RFC 6749 section 4.1.2). */
    sealed interface Redirect {
        record Code(config.Secret code) implements Redirect { }
        record Declined(String error, String description) implements Redirect { }
        /** Not an answer to this attempt; {@code why} is for the person who sent it. */
        record Stray(String why) implements Redirect { }

        /** @param state the one that belongs to this attempt; an answer with another is not ours, or forged */
        static Redirect read(String query, String state) {
            var parameters = parameters(query);
            if (parameters.isEmpty()) return new Stray("That address is malformed.");
            var found = parameters.get();
            if (!found.containsKey("code") && !found.containsKey("error"))
                return new Stray("That address carries neither a code nor an error. Copy it whole, from the address bar, after signing in.");
            if (!found.containsKey("state")) return new Stray("That address is incomplete: its state is missing. Copy it to the end.");
            if (!MessageDigest.isEqual(found.get("state").getBytes(UTF_8), state.getBytes(UTF_8)))
                return new Stray("That address belongs to another attempt to sign in. Use the newest one.");
            if (found.containsKey("error"))
                return new Declined(found.get("error"), found.getOrDefault("error_description", ""));
            return found.get("code").isBlank() ? new Stray("The code in that address is empty.") : new Code(new config.Secret(found.get("code")));
        }

        /**
         * A person may paste the whole address or its query, quoted, wrapped, with spaces around; or the code.
         * @param facts for the explanation of an error text, which people paste as well
         */
        static Redirect pasted(String line, String state, Map<String, String> facts) {
            var text = line.replaceAll("\\s+", "").replaceAll("^[\"'<`]++|(?<![\"'>`])[\"'>`]++$", "");
            if (text.isEmpty()) return new Stray("Nothing was pasted.");
            if (text.contains("/authorize?")) return new Stray("That is the address to open. Paste the one that the browser ends on, after signing in.");
            if (text.contains("code=") || text.contains("error=") || text.contains("state=")) {
                var query = text.substring(text.indexOf('?') + 1);
                return read(query.indexOf('#') < 0 ? query : query.substring(0, query.indexOf('#')), state);
            }
            if (line.contains("AADSTS")) return new Stray(config.explain(line, facts));
            // The code alone carries no state; PKCE still ties it to this attempt (RFC 7636 section 1). Several words are a remark.
            boolean oneWord = line.strip().chars().noneMatch(Character::isWhitespace);
            if (oneWord && text.matches("[A-Za-z0-9._~!*$-]{20,}") && text.matches(".*[0-9].*")) return new Code(new config.Secret(text));
            return new Stray("That is not the address that the browser ends on after signing in: it carries no code.");
        }

        /** Empty if malformed: a broken escape, or a parameter given twice (RFC 6749 section 3.1). */
        private static Optional<Map<String, String>> parameters(String query) {
            var found = new LinkedHashMap<String, String>();
            try {
                for (var pair : query.split("&")) {
                    var parts = pair.split("=", 2);
                    var value = parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8);
                    if (found.put(URLDecoder.decode(parts[0], UTF_8), value) != null) return Optional.empty();
                }
                return Optional.of(found);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    /** What ends or disturbs the wait for the sign-in. */
    sealed interface Event {
        /** The browser's answer. It gets its page when the code has been redeemed, so that the page can tell the truth. */
        record Arrived(Redirect redirect, CompletableFuture<Page> page) implements Event { }
        record Pasted(String line) implements Event { }

        default void answer(Page page) { if (this instanceof Arrived arrived) arrived.page.complete(page); }
    }

    /** The page that the browser ends on. Nothing on it comes from elsewhere. */
    record Page(int status, String title, String text) {

        static Page signedIn(String account, config.TokenStore store) {
            return new Page(200, "Signed in", "You are signed in as " + account + ". The refresh token is in " + store
                    + ". You can close this page.");
        }

        static Page refused(config.Problem problem) {
            return new Page(200, "Not signed in", problem.getMessage() + " What to do next stands in the terminal.");
        }

        String html() {
            return """
                    <!DOCTYPE html>
                    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                    <title>%s</title>
                    <style>
                    body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; color: #222; background: #fff }
                    p { overflow-wrap: anywhere }
                    @media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b } }
                    </style></head>
                    <body><h1>%s</h1><p>%s</p></body></html>
                    """.formatted(escape(title), escape(title), escape(text));
        }

        private static String escape(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
        }
    }

    /**
     * Listens on loopback for the browser's return (RFC 8252 section 7.3), on 127.0.0.1 and ::1, since a browser may take
     * "localhost" for either.
     */
    static final class Callback implements AutoCloseable {
        private static final int LONGEST_BODY = 64 * 1024;

        final URI redirect;
        final Optional<String> fingerprint;
        private final List<HttpServer> servers = new ArrayList<>();
        private final ExecutorService threads = Executors.newCachedThreadPool(Callback::daemon);
        private final BlockingQueue<Event> events;
        private final AtomicBoolean answered = new AtomicBoolean();
        private final CountDownLatch told = new CountDownLatch(1);
        private String state;

        private Callback(URI redirect, Optional<String> fingerprint, BlockingQueue<Event> events) {
            this.redirect = redirect;
            this.fingerprint = fingerprint;
            this.events = events;
        }

        /** Takes the port of {@code wanted}, or any free one when it is taken: Microsoft ignores the port of a loopback redirect. */
        static Callback listen(URI wanted, BlockingQueue<Event> events, Consumer<String> say) {
            // Seconds. The server's own defaults let a client take forever over its request.
            System.setProperty("sun.net.httpserver.maxReqTime", "10");
            boolean tls = wanted.getScheme().equals("https");
            var certificate = tls ? Optional.of(LoopbackCertificate.make()) : Optional.<LoopbackCertificate>empty();
            var addresses = loopback(wanted.getHost());
            int port = Math.max(0, wanted.getPort());
            for (int attempt = 0;; attempt++) {
                try {
                    var servers = bind(addresses, port, certificate);
                    int taken = servers.get(0).getAddress().getPort();
                    if (port == 0 && wanted.getPort() > 0)
                        say.accept("Port " + wanted.getPort() + " is in use by another program, so port " + taken + " is used instead.");
                    var redirect = URI.create(wanted.getScheme() + "://" + wanted.getHost() + ":" + taken + wanted.getRawPath());
                    var callback = new Callback(redirect, certificate.map(LoopbackCertificate::fingerprint), events);
                    callback.servers.addAll(servers);
                    return callback;
                } catch (IOException e) {
                    port = 0;
                    if (attempt == 10) throw new config.Problem(config.Status.SETTINGS, "no port can be had on " + wanted.getHost()
                            + ": " + e.getMessage(), "check the loopback interface, or sign in with --device");
                }
            }
        }

        private static List<InetAddress> loopback(String host) {
            try {
                var four = InetAddress.getByName("127.0.0.1");
                var six = InetAddress.getByName("::1");
                return host.equals("localhost") && NetworkInterface.getByInetAddress(six) != null ? List.of(four, six) : List.of(four);
            } catch (IOException e) {
                throw new AssertionError(e); // numbers need no resolving
            }
        }

        /** One port on all {@code addresses}, or none: half a port would leave "localhost" to somebody else's server. */
        private static List<HttpServer> bind(List<InetAddress> addresses, int port, Optional<LoopbackCertificate> certificate)
                throws IOException {
            var servers = new ArrayList<HttpServer>();
            try {
                for (var address : addresses) {
                    var socket = new InetSocketAddress(address, servers.isEmpty() ? port : servers.get(0).getAddress().getPort());
                    var server = certificate.isPresent() ? HttpsServer.create(socket, 0) : HttpServer.create(socket, 0);
                    if (server instanceof HttpsServer https) https.setHttpsConfigurator(new HttpsConfigurator(certificate.get().context()));
                    servers.add(server);
                }
                return servers;
            } catch (IOException e) {
                servers.forEach(server -> server.stop(0));
                throw e;
            }
        }

        /** Starts to answer. Requests without {@code state} are strays, and change nothing. */
        void serve(String state) {
            this.state = state;
            for (var server : servers) {
                server.setExecutor(threads);
                server.createContext("/", this::handle);
                server.start();
            }
        }

        private void handle(HttpExchange exchange) throws IOException {
            try (exchange) {
                var query = query(exchange);
                if (query.isEmpty()) {
                    send(exchange, new Page(404, "Nothing here", "This is not the address of the sign-in."));
                    return;
                }
                var answer = Redirect.read(query.get(), state);
                if (answer instanceof Redirect.Stray stray) send(exchange, new Page(400, "Not the answer to this sign-in", stray.why()));
                else if (!answered.compareAndSet(false, true))
                    send(exchange, new Page(409, "Already answered", "This sign-in has had its answer. See the terminal."));
                else {
                    var page = new CompletableFuture<Page>();
                    events.add(new Event.Arrived(answer, page));
                    send(exchange, page.join());
                    told.countDown();
                }
            }
        }

        /** The parameters, from a GET or a form post to the redirect URI on its own host; else empty. */
        private Optional<String> query(HttpExchange exchange) throws IOException {
            var host = exchange.getRequestHeaders().getFirst("Host");
            // Another host's name may have been made to resolve to loopback (DNS rebinding).
            if (host == null || !host.matches("(localhost|127\\.0\\.0\\.1|\\[::1])(:" + redirect.getPort() + ")?")) return Optional.empty();
            var path = redirect.getPath().isEmpty() ? "/" : redirect.getPath();
            if (!exchange.getRequestURI().getPath().equals(path)) return Optional.empty();
            switch (exchange.getRequestMethod()) {
                case "GET":
                    return Optional.of(String.valueOf(exchange.getRequestURI().getRawQuery()));
                case "POST":
                    var body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
                    return body.length > LONGEST_BODY ? Optional.empty() : Optional.of(new String(body, UTF_8));
                default:
                    return Optional.empty();
            }
        }

        private static void send(HttpExchange exchange, Page page) throws IOException {
            var html = page.html().getBytes(UTF_8);
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Type", "text/html; charset=utf-8");
            headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
            headers.set("Cache-Control", "no-store");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("Connection", "close");
            exchange.sendResponseHeaders(page.status(), html.length);
            exchange.getResponseBody().write(html);
        }

        /** Stops listening, once the browser that answered has had its page. */
        @Override public void close() {
            try {
                if (answered.get()) told.await(2, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            servers.forEach(server -> server.stop(0));
            threads.shutdownNow();
        }

        private static Thread daemon(Runnable work) {
            var thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }
    }

    /** A certificate for one sign-in, made by the JDK's keytool. Its key never outlives the process. */
    record LoopbackCertificate(SSLContext context, String fingerprint) {

        static LoopbackCertificate make() {
            Path folder = null;
            try {
                sweep();
                folder = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
                var file = folder.resolve("loopback.p12");
                var password = config.random(16);
                var keytool = config.child(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                        "-alias", "loopback", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "1", "-dname", "CN=localhost",
                        "-ext", "SAN=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", file.toString(),
                        "-storepass:env", "STOREPASS", "-J-XX:TieredStopAtLevel=1", "-J-Xshare:auto"));
                keytool.environment().put("STOREPASS", password); // an argument would be seen by ps
                var process = keytool.redirectErrorStream(true).start();
                var said = new String(process.getInputStream().readAllBytes(), UTF_8);
                if (process.waitFor() != 0) throw new IOException(said.strip());
                var keys = KeyStore.getInstance(file.toFile(), password.toCharArray());
                var manager = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                manager.init(keys, password.toCharArray());
                var context = SSLContext.getInstance("TLS");
                context.init(manager.getKeyManagers(), null, null);
                return new LoopbackCertificate(context, fingerprint(keys.getCertificate("loopback")));
            } catch (IOException | GeneralSecurityException e) {
                throw new config.Problem(config.Status.SETTINGS, "the JDK's keytool made no certificate for https://localhost: " + e.getMessage(),
                        "use an http redirect URI if your app has one (M365_REDIRECT_URI=http://localhost:8745/), or sign in with --device");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new config.Problem(config.Status.LATER, "interrupted", "try again");
            } finally {
                if (folder != null) delete(folder.toFile());
            }
        }

        private static final String PREFIX = "get_token-";

        /** Deletes what a process left that was killed while keytool was at work. */
        private static void sweep() {
            var left = new File(System.getProperty("java.io.tmpdir")).listFiles(file -> file.getName().matches(PREFIX + "[0-9]{1,18}-[0-9]+"));
            for (var folder : left == null ? new File[0] : left)
                if (ProcessHandle.of(Long.parseLong(folder.getName().split("-")[1])).isEmpty()) delete(folder);
        }

        private static void delete(File folder) {
            new File(folder, "loopback.p12").delete();
            folder.delete();
        }

        private static String fingerprint(Certificate certificate) throws GeneralSecurityException {
            var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        }
    }

    /** Opens the person's own browser, if there is one here to see. */
    static final class Browser {
        private Browser() { }

        /** $BROWSER is honoured first, as xdg-open does: commands between colons, {@code %s} for the address. */
        static boolean open(URI address, Map<String, String> env) {
            for (var command : env.getOrDefault("BROWSER", "").split(File.pathSeparator))
                if (!command.isBlank() && start(words(command, address.toString()))) return true;
            if (env.containsKey("SSH_CONNECTION") || env.containsKey("SSH_TTY")) return false;
            var system = System.getProperty("os.name");
            if (system.startsWith("Windows")) return start(List.of("rundll32", "url.dll,FileProtocolHandler", address.toString()));
            if (system.startsWith("Mac")) return start(List.of("open", address.toString()));
            return (env.containsKey("DISPLAY") || env.containsKey("WAYLAND_DISPLAY")) && start(List.of("xdg-open", address.toString()));
        }

        private static List<String> words(String command, String address) {
            var words = new ArrayList<>(List.of(command.strip().split("\\s+")));
            if (!command.contains("%s")) words.add("%s");
            words.replaceAll(word -> word.replace("%s", address));
            return words;
        }

        private static boolean start(List<String> command) {
            try {
                // Its chatter would hide the address that we print.
                config.child(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /**
     * Reads what a person pastes. A terminal in its usual mode cuts a line at 1024 (macOS) or 4095 (Linux) characters, and
     * codes can be longer; so it is switched to hand over each character, and restored whatever happens.
     */
    static final class Terminal implements AutoCloseable {
        private static final int LONGEST_LINE = 64 * 1024;
        /** Who has more to say than that is no person, and would drown the browser's answer. */
        private static final int MOST_LINES = 200;
        /** So much of a line is echoed that one sees it arrive; what follows holds the code, and screens get logged. */
        private static final int SHOWN = 32;

        private final Optional<String> saved;
        private final Thread restore = new Thread(this::restore);
        private final PrintStream echo;

        private Terminal(Optional<String> saved, PrintStream echo) {
            this.saved = saved;
            this.echo = echo;
        }

        static Terminal open(BlockingQueue<Event> events, PrintStream echo) {
            var terminal = new Terminal(stty("-g"), echo);
            if (terminal.interactive()) {
                Runtime.getRuntime().addShutdownHook(terminal.restore);
                stty("-icanon", "-echo", "min", "1", "time", "0");
            }
            Callback.daemon(() -> terminal.read(System.in, events)).start();
            return terminal;
        }

        boolean interactive() { return saved.isPresent(); }

        private void read(InputStream in, BlockingQueue<Event> events) {
            var line = new StringBuilder();
            try {
                for (int c, lines = 0; lines < MOST_LINES && (c = in.read()) >= 0;) {
                    if (c == '\n' || c == '\r') {
                        lines++;
                        if (interactive()) echo.println();
                        events.add(new Event.Pasted(line.toString()));
                        line.setLength(0);
                    } else if (interactive() && (c == 0x7f || c == '\b')) {
                        if (line.isEmpty()) continue;
                        line.setLength(line.length() - 1);
                        if (line.length() <= SHOWN) echo.print("\b \b");
                    } else if (c >= ' ' && c < 0x7f && line.length() < LONGEST_LINE) {
                        line.append((char) c);
                        if (interactive() && line.length() <= SHOWN + 1) echo.print(line.length() <= SHOWN ? (char) c : '…');
                    }
                }
                if (!line.isEmpty()) events.add(new Event.Pasted(line.toString())); // piped in, without a line break
            } catch (IOException e) { /* no more to come; the browser may still answer */ }
        }

        @Override public void close() {
            if (interactive() && Runtime.getRuntime().removeShutdownHook(restore)) restore();
        }

        private void restore() { saved.ifPresent(settings -> stty(settings)); }

        /** What stty says; empty where standard input is no terminal, or a terminal without stty (Windows). */
        private static Optional<String> stty(String... words) {
            try {
                var command = new ArrayList<>(List.of("stty"));
                command.addAll(List.of(words));
                var process = config.child(command).redirectInput(ProcessBuilder.Redirect.INHERIT)
                        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
                if (!process.waitFor(2, TimeUnit.SECONDS)) { // in the background it would stop for good
                    process.destroyForcibly();
                    return Optional.empty();
                }
                return process.exitValue() == 0 ? Optional.of(new String(process.getInputStream().readAllBytes(), UTF_8).strip())
                        : Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }
}
