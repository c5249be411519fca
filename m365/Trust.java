//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Settings.java
//SOURCES Text.java

package m365;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import static m365.ExitStatus.SETTINGS;

/** Whom to trust: the JDK's certificate authorities and those of M365_CA_FILE, for companies that re-sign TLS. */
public final class Trust {

    /** To read a hundred certificates takes a cold JVM its time, and a checkup meets several servers. */
    private static byte[] known = {};
    private static SSLContext trusting;

    /** @throws Problem if M365_CA_FILE holds no certificates */
    public static synchronized SSLContext context(Settings settings) {
        try {
            if (settings.caFile().isEmpty()) return SSLContext.getDefault();
            var pem = Files.readAllBytes(settings.caFile().get());
            if (trusting == null || !Arrays.equals(pem, known)) {
                trusting = trusting(pem);
                known = pem;
            }
            return trusting;
        } catch (GeneralSecurityException | IOException e) {
            var file = settings.caFile().map(Path::toString).orElse("");
            throw new Problem(SETTINGS, "M365_CA_FILE is " + Text.quote(file)
                    + ", which does not hold certificates in PEM form",
                    "export the CA as \"Base-64 encoded X.509\"");
        }
    }

    private static SSLContext trusting(byte[] pem) throws GeneralSecurityException, IOException {
        var anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        var authorities = new ArrayList<Certificate>();
        for (var manager : trustManagers(null))
            if (manager instanceof X509TrustManager x509) authorities.addAll(List.of(x509.getAcceptedIssuers()));
        authorities.addAll(CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem)));
        for (var authority : authorities) anchors.setCertificateEntry("ca" + anchors.size(), authority);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trustManagers(anchors), null);
        return context;
    }

    private static TrustManager[] trustManagers(KeyStore anchors) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors);
        return factory.getTrustManagers();
    }

    private Trust() { }
}
