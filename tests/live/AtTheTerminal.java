//SOURCES Person.java

package live;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A person with a browser of their own: shows the address, and takes what the browser brings back over http, or what
 * is pasted. Opens nothing by itself.
 */
public final class AtTheTerminal implements Person {
    private final PrintStream out;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    public AtTheTerminal(InputStream in, PrintStream out) {
        this.out = out;
        var reader = new Thread(() -> read(in));
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream in) {
        var lines = new BufferedReader(new InputStreamReader(in, UTF_8));
        try {
            for (String line; (line = lines.readLine()) != null;) answers.add(line);
        } catch (IOException e) { /* then nobody types any more */ }
        answers.add(""); // nor will anybody
    }

    @Override public String signIn(URI address, URI redirect) throws IOException {
        out.println("\nSign in here:\n\n" + address + "\n");
        var listener = redirect.getScheme().equals("http") && redirect.getPort() > 0 ? listener(redirect) : null;
        out.println((listener == null ? "The browser will not find the page in the end: paste its address."
                : "Come back when the browser says so.")
                + " If it shows an error, paste its words in one line. Return alone goes on without.");
        try {
            return answers.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            if (listener != null) listener.stop(0);
        }
    }

    private HttpServer listener(URI redirect) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), redirect.getPort()), 0);
        server.createContext("/", exchange -> {
            var query = exchange.getRequestURI().getRawQuery();
            var page = "Go back to the terminal.".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
            if (query != null) answers.add(redirect + "?" + query);
        });
        server.start();
        return server;
    }
}
