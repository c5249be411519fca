package stand_in;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** HTTPS on a free port of 127.0.0.1, and of ::1 if the machine has it. */
final class LoginListener implements AutoCloseable {
    static {
        // Without it every answer on a kept-alive connection waits 40 ms for a delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final SSLContext context;
    private final List<HttpsServer> servers = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "FakeLogin");
        thread.setDaemon(true);
        return thread;
    });

    /** Takes the port; requests wait until {@link #start}. */
    LoginListener(SSLContext context) {
        this.context = context;
        try {
            bind(new InetSocketAddress(InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}), 0));
            try {
                bind(new InetSocketAddress(InetAddress.getByName("::1"), port()));
            } catch (IOException noIpv6) {
                // Nothing to do: localhost then resolves to 127.0.0.1 as well.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void bind(InetSocketAddress address) throws IOException {
        var server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override public void configure(HttpsParameters parameters) {
                connections.incrementAndGet();
                parameters.setSSLParameters(getSSLContext().getDefaultSSLParameters());
            }
        });
        server.setExecutor(workers);
        servers.add(server);
    }

    void start(HttpHandler handler) {
        servers.forEach(server -> server.createContext("/", handler));
        servers.forEach(HttpsServer::start);
    }

    /** The port, the same on 127.0.0.1 and ::1. */
    int port() {
        return servers.get(0).getAddress().getPort();
    }

    /** How many TLS connections were accepted. */
    int connections() {
        return connections.get();
    }

    /** Stops serving; hanging answers are cut off. */
    @Override public void close() {
        servers.forEach(server -> server.stop(0));
        workers.shutdownNow();
    }
}
