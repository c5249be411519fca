//SOURCES LoopbackRequest.java
//SOURCES Page.java

package m365;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A web server for one browser, in a few megabytes however many others come: a request a connection, a thread for each,
 * and the connection that has said nothing useful for longest gives way to the next. What is answered is up to the
 * caller. (The JDK's own server has no bound to its connections before version 21, and a thread for each half request.)
 */
final class LoopbackServer implements AutoCloseable {
    /** A browser opens six at most; each holds 64 kB of a head, and the buffers of TLS. */
    private static final int MOST_CONNECTIONS = 64;
    private static final int PATIENCE_MILLIS = 10_000;

    private final List<ServerSocket> listeners;
    private final Optional<SSLContext> tls;
    private final Function<LoopbackRequest, Page> pages;
    /** Connections whose request has not come yet, the oldest first. */
    private final Set<Socket> waiting = new LinkedHashSet<>();
    private final List<Thread> acceptors = new ArrayList<>();
    /** How many requests are being answered. */
    private int answering;

    /** @param pages what to answer; may take its time */
    LoopbackServer(List<ServerSocket> listeners, Optional<SSLContext> tls, Function<LoopbackRequest, Page> pages) {
        this.listeners = listeners;
        this.tls = tls;
        this.pages = pages;
    }

    void start() { for (var listener : listeners) acceptors.add(inBackground(() -> acceptFrom(listener))); }

    private void acceptFrom(ServerSocket listener) {
        while (!listener.isClosed())
            try {
                var connection = listener.accept();
                admit(connection);
                inBackground(() -> serve(connection));
            } catch (IOException | OutOfMemoryError e) { // no descriptor, or no thread, is left
                hangUp(1);
                pause();
            }
    }

    private synchronized void admit(Socket connection) {
        if (waiting.size() == MOST_CONNECTIONS) hangUp(1);
        waiting.add(connection);
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout(PATIENCE_MILLIS);
            // Over a plain socket that can be closed at any time, which one of TLS in a handshake cannot.
            var socket = tls.isEmpty() ? connection
                    : tls.get().getSocketFactory().createSocket(connection, null, true);
            var request = LoopbackRequest.read(socket.getInputStream(), connection);
            if (!begin(connection)) return;
            try {
                send(socket, pages.apply(request));
            } finally {
                end();
            }
        } catch (IOException e) { // it was malformed, has hung up, or was hung up on
            begin(connection);
        }
    }

    /** From now on it does not give way to others. @return whether it has not done so already */
    private synchronized boolean begin(Socket connection) {
        boolean there = waiting.remove(connection);
        if (there) answering++;
        return there;
    }

    private synchronized void end() {
        answering--;
        notifyAll();
    }

    private static void send(Socket socket, Page page) throws IOException {
        var html = page.html().getBytes(UTF_8);
        var head = "HTTP/1.1 " + page.status() + " " + (page.status() == 200 ? "OK" : "See the page") + "\r\n"
                + page.next().map(address -> "Location: " + address + "\r\n").orElse("")
                + "Content-Type: text/html; charset=utf-8\r\nContent-Length: " + html.length + "\r\n"
                + "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n"
                + "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n";
        var out = socket.getOutputStream();
        out.write(head.getBytes(UTF_8));
        out.write(html);
        out.flush();
        socket.close();
    }

    /** Leaves memory and descriptors to what comes next. Requests that are being answered stay. */
    void hangUpOnOthers() { hangUp(MOST_CONNECTIONS); }

    /** On so many, the oldest first. */
    private synchronized void hangUp(int most) {
        var all = waiting.iterator();
        for (int i = 0; i < most && all.hasNext(); i++) {
            close(all.next());
            all.remove();
        }
    }

    /** Stops listening, once whoever is being answered has had a page. */
    @Override public void close() {
        for (var listener : listeners) close(listener);
        hangUpOnOthers();
        try {
            for (var acceptor : acceptors) acceptor.join(1000); // which gives the port back
            awaitAnswers();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitAnswers() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (answering > 0 && System.nanoTime() < deadline) wait(50);
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) { /* as good as closed */ }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread inBackground(Runnable work) {
        var thread = new Thread(work);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((itself, e) -> { }); // it takes its connection with it
        thread.start();
        return thread;
    }
}
