//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Server.java
//SOURCES Settings.java
//SOURCES Unreachable.java

package m365;

import java.io.IOException;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicBoolean;

import static m365.ExitStatus.LATER;

/**
 * The HTTP proxy of HTTPS_PROXY: its address, our login there, and what to say when it cannot be reached. Mail servers
 * are never asked through it.
 */
final class HttpProxy {
    private static final int USUAL_PORT = 3128;

    private HttpProxy() { }

    static Proxy of(Settings settings) {
        if (settings.proxy().isEmpty()) return Proxy.NO_PROXY;
        var server = server(settings.proxy().get());
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(server.host(), server.port()));
    }

    private static Server server(URI proxy) {
        return new Server(proxy.getHost(), proxy.getPort() < 0 ? USUAL_PORT : proxy.getPort());
    }

    /** Hands user and password to {@code connection}, if the proxy's address carries them. */
    static void authenticate(HttpURLConnection connection, Settings settings) {
        var userInfo = settings.proxy().map(URI::getUserInfo).orElse(null);
        if (userInfo == null) return;
        var parts = userInfo.split(":", 2);
        var once = new AtomicBoolean(); // Java would repeat a wrong password twenty times, and lock the account
        connection.setAuthenticator(new Authenticator() {
            @Override protected PasswordAuthentication getPasswordAuthentication() {
                return getRequestorType() != RequestorType.PROXY || once.getAndSet(true) ? null
                        : new PasswordAuthentication(parts[0], parts.length < 2 ? new char[0] : parts[1].toCharArray());
            }
        });
    }

    /** Whether not even a connection was made: behind a proxy, to the proxy. */
    static boolean neverCame(IOException e) {
        return e instanceof UnknownHostException || e instanceof ConnectException
                || e instanceof SocketTimeoutException && e.getMessage().startsWith("Connect");
    }

    static Problem unreachable(URI proxy, IOException e) {
        return new Problem(LATER, "the proxy " + server(proxy) + " cannot be reached: "
                + (e instanceof UnknownHostException ? "its name cannot be resolved" : Unreachable.words(e)),
                "correct HTTPS_PROXY, or unset it where there is a direct way");
    }
}
