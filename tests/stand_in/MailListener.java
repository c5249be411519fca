//SOURCES ClientConnection.java
//SOURCES Conversation.java
//SOURCES RoundTrips.java

package stand_in;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** Listens on a free port of 127.0.0.1 and holds a conversation with every client, each in a thread of its own. */
final class MailListener implements AutoCloseable {
    private interface Work {
        void run() throws IOException;
    }

    private final SSLContext context;
    private final boolean tlsAtOnce;
    private final Conversation conversation;
    private final ServerSocket server;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final RoundTrips roundTrips = new RoundTrips();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Begins to listen. */
    MailListener(SSLContext context, boolean tlsAtOnce, Conversation conversation) {
        this.context = context;
        this.tlsAtOnce = tlsAtOnce;
        this.conversation = conversation;
        try {
            server = new ServerSocket(0, 50, InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("accept", this::acceptClients);
    }

    private void acceptClients() throws IOException {
        while (true) {
            var socket = server.accept();
            sockets.add(socket);
            connections.incrementAndGet();
            daemon("client", () -> attend(socket));
        }
    }

    private void attend(Socket socket) throws IOException {
        try (socket; var client = new ClientConnection(socket, context, heard, closed, roundTrips)) {
            socket.setTcpNoDelay(true);
            if (tlsAtOnce) {
                client.startTls();
            }
            conversation.with(client);
        } finally {
            sockets.remove(socket);
        }
    }

    private static void daemon(String name, Work work) {
        var thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException over) {
                // The client or close() ended it; what was said is in heard().
            }
        }, "FakeMail " + name);
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Every line any client sent, without line end, in order; bytes beyond ASCII as ISO 8859-1. */
    List<String> heard() {
        return List.copyOf(heard);
    }

    /** How many connections were accepted. */
    int connections() {
        return connections.get();
    }

    RoundTrips roundTrips() {
        return roundTrips;
    }

    /** Ends every connection, whatever state it is in. */
    @Override public void close() {
        closed.countDown();
        quietly(server);
        sockets.forEach(MailListener::quietly);
    }

    private static void quietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // It was broken already.
        }
    }
}
