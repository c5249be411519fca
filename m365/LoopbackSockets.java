//SOURCES ExitStatus.java
//SOURCES Problem.java

package m365;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

import static m365.ExitStatus.SETTINGS;

/**
 * Binds the listener of a sign-in to loopback: on 127.0.0.1 and ::1, since a browser may take "localhost" for either.
 * What is answered there is up to the caller.
 */
final class LoopbackSockets {
    private static final int ATTEMPTS = 11;

    private LoopbackSockets() { }

    /**
     * Takes the port of {@code wanted}, or any free one when it is taken or none is named.
     *
     * @param tls for https, empty for http
     * @return a server for each address, all on one port and not yet started
     */
    static List<HttpServer> bind(URI wanted, Optional<SSLContext> tls) {
        var addresses = addresses(wanted.getHost());
        int port = Math.max(0, wanted.getPort());
        for (int attempt = 1;; attempt++) {
            try {
                return bind(addresses, port, tls);
            } catch (IOException e) {
                port = 0;
                if (attempt == ATTEMPTS)
                    throw new Problem(SETTINGS, "no port can be had on " + wanted.getHost() + ": " + e.getMessage(),
                            "check the loopback interface, or sign in with --device");
            }
        }
    }

    private static List<InetAddress> addresses(String host) {
        try {
            var four = InetAddress.getByName("127.0.0.1");
            var six = InetAddress.getByName("::1");
            boolean both = host.equals("localhost") && NetworkInterface.getByInetAddress(six) != null;
            return both ? List.of(four, six) : List.of(four);
        } catch (IOException e) {
            throw new AssertionError(e); // numbers need no resolving
        }
    }

    /** One port on all {@code addresses}, or none: half a port would leave "localhost" to somebody else's server. */
    private static List<HttpServer> bind(List<InetAddress> addresses, int port, Optional<SSLContext> tls)
            throws IOException {
        var servers = new ArrayList<HttpServer>();
        try {
            for (var address : addresses) {
                int common = servers.isEmpty() ? port : servers.get(0).getAddress().getPort();
                servers.add(server(new InetSocketAddress(address, common), tls));
            }
            return servers;
        } catch (IOException e) {
            servers.forEach(server -> server.stop(0));
            throw e;
        }
    }

    private static HttpServer server(InetSocketAddress socket, Optional<SSLContext> tls) throws IOException {
        if (tls.isEmpty()) return HttpServer.create(socket, 0);
        var server = HttpsServer.create(socket, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
        return server;
    }
}
