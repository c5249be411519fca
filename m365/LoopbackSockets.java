//SOURCES ExitStatus.java
//SOURCES Problem.java

package m365;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import static m365.ExitStatus.SETTINGS;

/**
 * Binds the listener of a sign-in to loopback: on 127.0.0.1 and ::1, since a browser may take "localhost" for either.
 * What is answered there is up to the caller.
 */
final class LoopbackSockets {
    private static final int ATTEMPTS = 11;
    /** Who floods the listener fills this queue, and what does not fit into it must knock again a second later. */
    private static final int BACKLOG = 1024;

    private LoopbackSockets() { }

    /**
     * Takes the port of {@code wanted}, or any free one when it is taken or none is named.
     *
     * @return a socket for each address, all on one port
     */
    static List<ServerSocket> bind(URI wanted) {
        var addresses = addresses(wanted.getHost());
        int port = Math.max(0, wanted.getPort());
        for (int attempt = 1;; attempt++) {
            try {
                return bind(addresses, port);
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
    private static List<ServerSocket> bind(List<InetAddress> addresses, int port) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        try {
            for (var address : addresses) {
                int common = sockets.isEmpty() ? port : sockets.get(0).getLocalPort();
                sockets.add(new ServerSocket(common, BACKLOG, address));
            }
            return sockets;
        } catch (IOException e) {
            for (var socket : sockets) socket.close();
            throw e;
        }
    }
}
