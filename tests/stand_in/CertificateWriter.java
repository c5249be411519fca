//SOURCES Der.java

package stand_in;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * Writes one X.509 certificate (RFC 5280), which the JDK can read but not write. Its keytool can, but each start of
 * that costs most of a second.
 */
final class CertificateWriter {
    private final X500Principal subject;
    private final PublicKey key;
    private final List<byte[]> extensions = new ArrayList<>();
    private Instant from = Instant.now().minusSeconds(3600);
    private Instant until = from.plusSeconds(7 * 86_400);

    /** @param subject a distinguished name, e.g. {@code CN=server} */
    CertificateWriter(String subject, PublicKey key) {
        this.subject = new X500Principal(subject);
        this.key = key;
        // Python and others refuse certificates without key identifiers (RFC 5280 section 4.2.1.1 and 4.2.1.2).
        extensions.add(extension("2.5.29.14", false, Der.octets(keyIdentifier(key))));
    }

    CertificateWriter valid(Instant first, Instant last) {
        from = first;
        until = last;
        return this;
    }

    /** A certificate that may sign others, and nothing else. */
    CertificateWriter authority() {
        extensions.add(extension("2.5.29.19", true, Der.sequence(Der.TRUE)));
        extensions.add(extension("2.5.29.15", true, Der.bits(1, (byte) 0b0000_0110))); // keyCertSign, cRLSign
        return this;
    }

    /** A certificate for a TLS server. @param names host names and addresses */
    CertificateWriter server(String... names) {
        extensions.add(extension("2.5.29.17", false, Der.sequence(Arrays.stream(names)
            .map(CertificateWriter::generalName).toArray(byte[][]::new))));
        extensions.add(extension("2.5.29.37", false, Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))));
        return this;
    }

    /** Signs it with its own key. */
    X509Certificate signedByItself(PrivateKey own) {
        return signed(subject, new KeyPair(key, own));
    }

    X509Certificate signedBy(X509Certificate issuer, PrivateKey issuerKey) {
        return signed(issuer.getSubjectX500Principal(), new KeyPair(issuer.getPublicKey(), issuerKey));
    }

    private X509Certificate signed(X500Principal issuer, KeyPair signer) {
        var isEc = signer.getPrivate().getAlgorithm().equals("EC");
        var algorithm = isEc ? Der.sequence(Der.oid("1.2.840.10045.4.3.2"))
            : Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.NULL);
        var all = new ArrayList<>(extensions);
        all.add(extension("2.5.29.35", false, Der.sequence(Der.implicit(0, keyIdentifier(signer.getPublic())))));
        var body = Der.sequence(Der.explicit(0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(64, new SecureRandom()).setBit(63)), algorithm, issuer.getEncoded(),
            Der.sequence(Der.time(from), Der.time(until)), subject.getEncoded(), key.getEncoded(),
            Der.explicit(3, Der.sequence(all.toArray(byte[][]::new))));
        try {
            var signature = Signature.getInstance(isEc ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(signer.getPrivate());
            signature.update(body);
            var written = Der.sequence(body, algorithm, Der.bits(0, signature.sign()));
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(written));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical ? Der.sequence(Der.oid(oid), Der.TRUE, Der.octets(value))
            : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static byte[] generalName(String name) {
        try {
            var isAddress = name.matches("[0-9.]+|[0-9a-f:]+:[0-9a-f:]*");
            return isAddress ? Der.implicit(7, InetAddress.getByName(name).getAddress())
                : Der.implicit(2, name.getBytes(US_ASCII));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Any bytes that tell one key from another will do. */
    private static byte[] keyIdentifier(PublicKey key) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(key.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
