//SOURCES Server.java
//SOURCES Text.java

package m365;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Looks at the certificate that a server shows, for a message about TLS that failed. It is looked at only: the
 * handshake always fails, and nothing is sent.
 */
final class ShownCertificate {
    private static final int PATIENCE_MILLIS = 3000;

    private ShownCertificate() { }

    /** Who signed what {@code server} shows, in quotation marks; empty if it shows nothing within five seconds. */
    static Optional<String> issuer(Server server) {
        var looker = new Looker();
        try (var socket = new Socket()) {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {looker}, null);
            socket.connect(new InetSocketAddress(server.host(), server.port()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            closeAfter(5, socket); // a byte every two seconds would never time out
            ((SSLSocket) context.getSocketFactory().createSocket(socket, server.host(), server.port(), true))
                    .startHandshake();
        } catch (IOException | GeneralSecurityException e) { /* as it must */ }
        return Optional.ofNullable(looker.issuer).map(Text::quote);
    }

    /** Ends whatever a connection is used for, from another thread. */
    private static void closeAfter(int seconds, Socket socket) {
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(() -> {
            try {
                socket.close();
            } catch (IOException e) { /* it was broken already */ }
        });
    }

    /** Trusts nobody, and remembers whom it saw. */
    private static final class Looker implements X509TrustManager {
        private volatile String issuer;

        @Override public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            issuer = chain[chain.length - 1].getIssuerX500Principal().getName();
            throw new CertificateException("looked at, not trusted");
        }

        @Override public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            throw new CertificateException("not asked for");
        }

        @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
    }
}
