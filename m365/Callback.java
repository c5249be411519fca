//SOURCES LoopbackCertificate.java
//SOURCES LoopbackSockets.java
//SOURCES Page.java
//SOURCES Redirect.java
//SOURCES SignInEvent.java

package m365;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Listens on loopback for the browser's return (RFC 8252 section 7.3), and puts the one answer to this sign-in into a
 * queue. Whoever takes it from there decides which page the browser gets.
 */
final class Callback implements AutoCloseable {
    private static final int LONGEST_BODY = 64 * 1024;

    private final URI redirect;
    private final Optional<String> fingerprint;
    private final List<HttpServer> servers;
    private final BlockingQueue<SignInEvent> events;
    private final ExecutorService threads = Executors.newCachedThreadPool(Callback::daemon);
    private final AtomicBoolean answered = new AtomicBoolean();
    private final CountDownLatch pageSent = new CountDownLatch(1);
    private String state;

    private Callback(URI redirect, Optional<String> fingerprint, List<HttpServer> servers,
            BlockingQueue<SignInEvent> events) {
        this.redirect = redirect;
        this.fingerprint = fingerprint;
        this.servers = servers;
        this.events = events;
    }

    /**
     * Takes the port of {@code wanted}, or any free one when it is taken: Microsoft ignores the port of a loopback
     * redirect.
     *
     * @param say told when it is another port
     */
    static Callback listen(URI wanted, BlockingQueue<SignInEvent> events, Consumer<String> say) {
        // Seconds. The server's own defaults let a client take forever over its request.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        boolean tls = wanted.getScheme().equals("https");
        var certificate = tls ? Optional.of(LoopbackCertificate.make()) : Optional.<LoopbackCertificate>empty();
        var servers = LoopbackSockets.bind(wanted, certificate.map(LoopbackCertificate::context));
        int port = servers.get(0).getAddress().getPort();
        if (wanted.getPort() > 0 && port != wanted.getPort())
            say.accept("Port " + wanted.getPort() + " is in use by another program, so port " + port
                    + " is used instead.");
        var redirect = URI.create(wanted.getScheme() + "://" + wanted.getHost() + ":" + port + wanted.getRawPath());
        return new Callback(redirect, certificate.map(LoopbackCertificate::fingerprint), servers, events);
    }

    /** Where the browser shall return to, with the port that was taken. */
    URI redirect() { return redirect; }

    /** Of the certificate that the browser will warn about; empty for http. */
    Optional<String> fingerprint() { return fingerprint; }

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
            if (answer instanceof Redirect.Stray stray)
                send(exchange, new Page(400, "Not the answer to this sign-in", stray.why()));
            else if (!answered.compareAndSet(false, true))
                send(exchange, new Page(409, "Already answered", "This sign-in has had its answer. See the terminal."));
            else {
                var page = new CompletableFuture<Page>();
                events.add(new SignInEvent.Arrived(answer, page));
                send(exchange, page.join());
                pageSent.countDown();
            }
        }
    }

    /** The parameters, from a GET or a form post to the redirect URI on its own host; else empty. */
    private Optional<String> query(HttpExchange exchange) throws IOException {
        var host = exchange.getRequestHeaders().getFirst("Host");
        // Another host's name may have been made to resolve to loopback (DNS rebinding).
        var ourNames = "(localhost|127\\.0\\.0\\.1|\\[::1])(:" + redirect.getPort() + ")?";
        if (host == null || !host.matches(ourNames)) return Optional.empty();
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
            if (answered.get()) pageSent.await(2, TimeUnit.SECONDS);
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
