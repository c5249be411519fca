//JAVA 17+

package support;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port whose queue is full, so that the system drops whatever comes: as behind a firewall, without a network. */
public final class BlackHole implements AutoCloseable {
    private final ServerSocket server = new ServerSocket();
    private final List<Socket> queue = new ArrayList<>();

    public BlackHole() throws IOException {
        server.bind(new InetSocketAddress("127.0.0.1", 0), 1);
        while (queue.size() < 100) {
            var socket = new Socket();
            try {
                socket.connect(server.getLocalSocketAddress(), 300);
                queue.add(socket);
            } catch (SocketTimeoutException full) {
                socket.close();
                return;
            }
        }
        close();
        throw new AssertionError("the queue does not fill up");
    }

    public int port() { return server.getLocalPort(); }

    @Override public void close() throws IOException {
        for (var socket : queue) socket.close();
        server.close();
    }
}
