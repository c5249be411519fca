//SOURCES CertificateWriter.java
//SOURCES FingerprintTrust.java
//SOURCES OneKey.java

package stand_in;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority that lives as long as one test run.
 *
 * <p>It writes {@code ca.pem} for clients to trust and hands out server certificates, good ones and deliberately bad
 * ones. Private keys stay in memory. The certificates are made when first asked for.
 */
public final class ThrowawayCa implements AutoCloseable {
    private static final String[] LOOPBACK = {"localhost", "127.0.0.1", "::1"};
    /** With names that MSAL treats unlike any other; a proxy of a test's leads them to loopback. */
    private static final String[] LOOPBACK_AND_MICROSOFT = {"localhost", "127.0.0.1", "::1",
        "login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"};

    private record Authority(KeyPair keys, X509Certificate certificate) {
        static Authority named(String name) {
            var keys = ecKeys();
            // Valid since before the expired certificate, so that only that one is at fault.
            var start = Instant.now().minus(Duration.ofDays(10));
            return new Authority(keys, new CertificateWriter(name, keys.getPublic()).authority()
                .valid(start, start.plus(Duration.ofDays(40))).signedByItself(keys.getPrivate()));
        }
    }

    private final Path pem;
    private final Authority root = Authority.named("CN=Throw-away test CA");
    private final Map<String, SSLContext> contexts = new HashMap<>();

    private ThrowawayCa(Path folder) {
        pem = folder.resolve("ca.pem");
    }

    /** Makes the authority and writes its certificate to {@code ca.pem} in {@code folder}, which must exist. */
    public static ThrowawayCa in(Path folder) {
        var ca = new ThrowawayCa(folder);
        try {
            Files.writeString(ca.pem, pem(ca.root.certificate()));
            return ca;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The certificate of this authority, PEM (RFC 7468). */
    public Path pemFile() {
        return pem;
    }

    /** Serves a valid certificate for {@code localhost}, its addresses, and Microsoft's sign-in hosts. */
    public SSLContext server() {
        return serverFor("server", root, Duration.ofHours(1), LOOPBACK_AND_MICROSOFT);
    }

    /** Serves a certificate of this authority that expired the day before yesterday. */
    public SSLContext expired() {
        return serverFor("expired", root, Duration.ofDays(9), LOOPBACK);
    }

    /** Serves a valid certificate of this authority, but for {@code host}, e.g. {@code other.example}. */
    public SSLContext wrongHost(String host) {
        return serverFor("host-" + host, root, Duration.ofHours(1), host);
    }

    /** Serves a certificate for {@code localhost} signed by another authority, which {@code ca.pem} does not hold. */
    public SSLContext unknownAuthority() {
        return serverFor("stranger", Authority.named("CN=Some other test CA"), Duration.ofHours(1), LOOPBACK);
    }

    /** @param age how long ago the certificate, good for a week, was made */
    private synchronized SSLContext serverFor(String name, Authority signer, Duration age, String... hosts) {
        return contexts.computeIfAbsent(name, n -> {
            var keys = ecKeys();
            var start = Instant.now().minus(age);
            var certificate = new CertificateWriter("CN=" + n, keys.getPublic()).server(hosts)
                .valid(start, start.plus(Duration.ofDays(7)))
                .signedBy(signer.certificate(), signer.keys().getPrivate());
            return context(new OneKey(keys.getPrivate(), certificate, signer.certificate()), null);
        });
    }

    /** A client's context that trusts this authority and no other. */
    public SSLContext trusting() {
        try {
            var trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("root", root.certificate());
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            return context(null, trust.getTrustManagers());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A client's context that trusts one certificate, like the person who compares its fingerprint with the one that
     * {@code get_token} printed.
     *
     * @param fingerprint SHA-256, in capitals, with colons
     */
    public static SSLContext trustingOnly(String fingerprint) {
        return context(null, new TrustManager[] {new FingerprintTrust(fingerprint)});
    }

    /** Forgets the keys; {@code ca.pem} stays, for it is no secret. */
    @Override public synchronized void close() {
        contexts.clear();
    }

    private static SSLContext context(KeyManager key, TrustManager[] trust) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(key == null ? null : new KeyManager[] {key}, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair ecKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
