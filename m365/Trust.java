//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Settings.java
//SOURCES Text.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import static m365.ExitStatus.SETTINGS;

/** Whom to trust: the JDK's certificate authorities and those of M365_CA_FILE, for companies that re-sign TLS. */
public final class Trust {

    /** @throws Problem if M365_CA_FILE holds no certificates */
    public static SSLContext context(Settings settings) {
        try {
            if (settings.caFile().isEmpty()) return SSLContext.getDefault();
            var anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            var authorities = new ArrayList<Certificate>();
            for (var manager : trustManagers(null))
                if (manager instanceof X509TrustManager x509) authorities.addAll(List.of(x509.getAcceptedIssuers()));
            try (var pem = Files.newInputStream(settings.caFile().get())) {
                authorities.addAll(CertificateFactory.getInstance("X.509").generateCertificates(pem));
            }
            for (var authority : authorities) anchors.setCertificateEntry("ca" + anchors.size(), authority);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(anchors), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            var file = settings.caFile().map(Path::toString).orElse("");
            throw new Problem(SETTINGS, "M365_CA_FILE is " + Text.quote(file)
                    + ", which does not hold certificates in PEM form",
                    "export the CA as \"Base-64 encoded X.509\"");
        }
    }

    private static TrustManager[] trustManagers(KeyStore anchors) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors);
        return factory.getTrustManagers();
    }

    private Trust() { }
}
