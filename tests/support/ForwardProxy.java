//JAVA 17+

package support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * An HTTP proxy on loopback (RFC 9110 section 9.3.6): it lets through who shows the right login, or gives everybody the
 * same answer. Remembers what it was asked for.
 */
public final class ForwardProxy implements AutoCloseable {
    private static final int HTTPS = 443;

    private interface Work {
        void run() throws IOException;
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger logins = new AtomicInteger();
    /** The value of Proxy-Authorization, or empty. */
    private final String wanted;
    private final int behind443;
    /** What everybody gets in place of a connection, or empty. */
    private final String answer;

    private ForwardProxy(String wanted, int behind443, String answer) throws IOException {
        this.wanted = wanted;
        this.behind443 = behind443;
        this.answer = answer;
        daemon(() -> {
            while (true) {
                var client = server.accept();
                daemon(() -> serve(client));
            }
        });
    }

    /** One that lets everybody through to this machine. */
    public static ForwardProxy open() throws IOException { return new ForwardProxy("", HTTPS, ""); }

    /** @param login as in {@code Basic amFuOmh1c2g=} */
    public static ForwardProxy wanting(String login) throws IOException { return new ForwardProxy(login, HTTPS, ""); }

    /** @param port of the server on this machine that plays every host on the web */
    public static ForwardProxy leadingTo(int port) throws IOException { return new ForwardProxy("", port, ""); }

    /** One that answers every request with these lines and hangs up. */
    public static ForwardProxy answering(String... lines) throws IOException {
        return new ForwardProxy("", HTTPS, String.join("\r\n", lines));
    }

    public int port() { return server.getLocalPort(); }

    /** As in {@code CONNECT localhost:443}. */
    public List<String> asked() { return List.copyOf(asked); }

    /** How many requests came with a login, right or wrong. */
    public int loginsOffered() { return logins.get(); }

    private void serve(Socket client) throws IOException {
        try (client) {
            for (boolean letIn = false; !letIn;) {
                var head = head(client);
                if (head.isEmpty()) return;
                asked.add(head.replaceFirst("(?s) HTTP/.*", ""));
                if (head.toLowerCase(Locale.ROOT).contains("\r\nproxy-authorization: ")) logins.incrementAndGet();
                letIn = answer.isEmpty() && showsLogin(head);
                if (!letIn) say(client, answer.isEmpty() ? "HTTP/1.1 407 Proxy Authentication Required\r\n"
                    + "Proxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n" : answer);
                if (!answer.isEmpty()) return;
            }
            connect(client, asked.get(asked.size() - 1).split("[ :]")[2]);
        }
    }

    private boolean showsLogin(String head) {
        return wanted.isEmpty() || head.matches("(?is).*\r\nProxy-Authorization: \\Q" + wanted + "\\E\r\n.*");
    }

    /** A request without its body; empty if the client has hung up. */
    private static String head(Socket client) throws IOException {
        var head = new StringBuilder();
        for (int c; head.indexOf("\r\n\r\n") < 0; head.append((char) c))
            if ((c = client.getInputStream().read()) < 0) return "";
        return head.toString();
    }

    private void connect(Socket client, String port) throws IOException {
        int behind = Integer.parseInt(port) == HTTPS ? behind443 : Integer.parseInt(port);
        try (var provider = new Socket("127.0.0.1", behind)) {
            say(client, "HTTP/1.1 200 OK\r\n\r\n");
            daemon(() -> provider.getInputStream().transferTo(client.getOutputStream()));
            client.getInputStream().transferTo(provider.getOutputStream());
        }
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static void daemon(Work work) {
        var thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException over) { /* one side has had enough */ }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override public void close() throws IOException { server.close(); }
}
