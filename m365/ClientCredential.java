//DEPS com.microsoft.azure:msal4j:1.26.0
//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Settings.java

package m365;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.IClientCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

import static m365.ExitStatus.SETTINGS;

/** How a confidential client proves who it is, as MSAL wants it: the certificate if there is one, else the secret. */
final class ClientCredential {

    private ClientCredential() { }

    /** @param settings of a {@linkplain Settings#confidential confidential} client */
    static IClientCredential of(Settings settings) {
        return settings.clientCertificate().isPresent()
                ? certificate(settings.clientCertificate().get(), settings.certificatePassword())
                : ClientCredentialFactory.createFromSecret(settings.clientSecret().orElseThrow().reveal());
    }

    private static IClientCredential certificate(Path file, Secret password) {
        try (var pkcs12 = Files.newInputStream(file)) {
            var certificate = ClientCredentialFactory.createFromCertificate(pkcs12, password.reveal());
            // MSAL signs with RSA only (RS256, PS256), and would stumble over another key much later.
            if (!certificate.privateKey().getAlgorithm().equals("RSA"))
                throw new GeneralSecurityException("its key is not an RSA key");
            return certificate;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            boolean unreadable = e.getMessage() == null || e.getMessage().contains("Der");
            throw new Problem(SETTINGS, "M365_CLIENT_CERTIFICATE " + file + " cannot be used: "
                    + (unreadable ? "it is no PKCS#12 file" : e.getMessage()),
                    "it must be a PKCS#12 file (.p12, .pfx) with one RSA key and its certificate; "
                            + "its password goes into M365_CLIENT_CERTIFICATE_PASSWORD");
        }
    }
}
