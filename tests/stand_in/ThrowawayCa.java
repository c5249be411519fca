//JAVA 17+

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * A certificate authority that lives as long as one test run, made by the JDK's own {@code keytool}.
 *
 * <p>It writes {@code ca.pem} for clients to trust and hands out server certificates, good ones and deliberately bad
 * ones. Private keys stay in a key store inside the given folder, which {@link #close} deletes. Every certificate costs
 * one start of keytool (about 0.4 s), so the bad ones are made when first asked for.
 */
public class throwaway_ca implements AutoCloseable {
    private static final String ROOT = "root";
    private static final String LOOPBACK = "dns:localhost,ip:127.0.0.1,ip:0:0:0:0:0:0:0:1";
    /** Names that MSAL treats unlike any other; a proxy of a test's leads them to loopback. */
    private static final String MICROSOFT = ",dns:login.microsoftonline.com,dns:login.microsoftonline.us,dns:login.partner.microsoftonline.cn";

    private final Path store;
    private final Path pem;
    private final char[] password = password();
    private final Map<String, SSLContext> contexts = new HashMap<>();

    private throwaway_ca(Path folder) {
        store = folder.resolve("ca-" + Long.toHexString(new SecureRandom().nextLong()) + ".p12");
        pem = folder.resolve("ca.pem");
    }

    /** Makes the authority and writes its certificate to {@code ca.pem} in {@code folder}, which must exist. */
    public static throwaway_ca in(Path folder) {
        var ca = new throwaway_ca(folder);
        ca.makeAuthority(ROOT, "CN=Throw-away test CA");
        try {
            Files.writeString(ca.pem, pem(ca.rootCertificate()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ca;
    }

    /** The certificate of this authority, PEM (RFC 7468). */
    public Path pemFile() {
        return pem;
    }

    /** Serves a valid certificate for {@code localhost}, {@code 127.0.0.1}, {@code ::1} and Microsoft's sign-in hosts. */
    public SSLContext server() {
        return serverFor("server", ROOT, LOOPBACK + MICROSOFT, "-1H", 7);
    }

    /** Serves a certificate of this authority that expired the day before yesterday. */
    public SSLContext expired() {
        return serverFor("expired", ROOT, LOOPBACK, "-9d", 7);
    }

    /** Serves a valid certificate of this authority, but for {@code host}, e.g. {@code other.example}. */
    public SSLContext wrongHost(String host) {
        return serverFor("host-" + host, ROOT, "dns:" + host, "-1H", 7);
    }

    /** Serves a certificate for {@code localhost} signed by another authority, which {@code ca.pem} does not hold. */
    public synchronized SSLContext unknownAuthority() {
        if (!contexts.containsKey("stranger")) {
            makeAuthority("otherroot", "CN=Some other test CA");
        }
        return serverFor("stranger", "otherroot", LOOPBACK, "-1H", 7);
    }

    /** A client's context that trusts this authority and no other. */
    public SSLContext trusting() {
        try {
            var trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(ROOT, rootCertificate());
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A client's context that trusts one certificate, like the person who compares its fingerprint with the one that
     * {@code get_token} printed.
     * @param fingerprint SHA-256, in capitals, with colons
     */
    public static SSLContext trustingOnly(String fingerprint) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new X509TrustManager() {
                @Override public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
                    try {
                        var seen = HexFormat.ofDelimiter(":").withUpperCase().formatHex(MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded()));
                        if (!seen.equals(fingerprint)) throw new CertificateException("its fingerprint is " + seen);
                        chain[0].checkValidity();
                    } catch (NoSuchAlgorithmException e) {
                        throw new CertificateException(e);
                    }
                }

                @Override public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
                    throw new CertificateException("no client is expected");
                }

                @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
            }}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deletes the key store; {@code ca.pem} stays, for it is no secret. */
    @Override public void close() {
        try {
            Files.deleteIfExists(store);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Arrays.fill(password, '\0');
    }

    private void makeAuthority(String alias, String name) {
        // Valid since before the expired certificate, so that only that one is at fault.
        genkeypair(alias, "-dname", name, "-ext", "bc:c", "-ext", "ku:c=keyCertSign,cRLSign",
            "-startdate", "-10d", "-validity", "40");
    }

    private synchronized SSLContext serverFor(String alias, String signer, String names, String start, int days) {
        return contexts.computeIfAbsent(alias, a -> {
            genkeypair(a, "-signer", signer, "-dname", "CN=" + a, "-ext", "san=" + names, "-ext", "eku=serverAuth",
                "-startdate", start, "-validity", String.valueOf(days));
            return serving(a);
        });
    }

    private SSLContext serving(String alias) {
        try {
            var keys = load();
            var chain = Stream.of(keys.getCertificateChain(alias)).map(X509Certificate.class::cast)
                .toArray(X509Certificate[]::new);
            var manager = new OneKey(alias, (PrivateKey) keys.getKey(alias, password), chain);
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {manager}, null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Certificate rootCertificate() {
        try {
            return load().getCertificate(ROOT);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore load() throws GeneralSecurityException, IOException {
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, password);
        }
        return keys;
    }

    private void genkeypair(String alias, String... more) {
        // The password travels in the environment: arguments can be read by every user of the machine.
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-genkeypair", "-alias", alias,
            "-keyalg", "EC", "-groupname", "secp256r1", "-keystore", store.toString(), "-storetype", "PKCS12",
            "-storepass:env", "STORE_PASSWORD"));
        command.addAll(List.of(more));
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("STORE_PASSWORD", new String(password));
            var keytool = builder.start();
            keytool.getOutputStream().close();
            var output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool could not make " + alias + ": " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keytool made " + alias, e);
        }
    }

    private static String pem(Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static char[] password() {
        var bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes).toCharArray();
    }

    /** Presents one certificate whatever its dates and names; the JDK's own key manager would rather pick a better one. */
    private static final class OneKey extends X509ExtendedKeyManager {
        private final String alias;
        private final PrivateKey key;
        private final X509Certificate[] chain;

        OneKey(String alias, PrivateKey key, X509Certificate[] chain) {
            this.alias = alias;
            this.key = key;
            this.chain = chain;
        }

        @Override public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return chooseServerAlias(keyType, issuers, null);
        }

        @Override public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keyType.equals(key.getAlgorithm()) ? alias : null;
        }

        @Override public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {alias};
        }

        @Override public X509Certificate[] getCertificateChain(String name) {
            return chain.clone();
        }

        @Override public PrivateKey getPrivateKey(String name) {
            return key;
        }

        @Override public String[] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
