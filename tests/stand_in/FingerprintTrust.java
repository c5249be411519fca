package stand_in;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts one certificate, like the person who compares its fingerprint with one that was told.
 *
 * @param fingerprint SHA-256, in capitals, with colons
 */
record FingerprintTrust(String fingerprint) implements X509TrustManager {
    @Override public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        try {
            var seen = HexFormat.ofDelimiter(":").withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded()));
            if (!seen.equals(fingerprint)) {
                throw new CertificateException("its fingerprint is " + seen);
            }
            chain[0].checkValidity();
        } catch (NoSuchAlgorithmException e) {
            throw new CertificateException(e);
        }
    }

    @Override public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("no client is expected");
    }

    @Override public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
