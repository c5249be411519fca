//SOURCES App.java
//SOURCES Json.java
//SOURCES Platform.java
//SOURCES Refusal.java
//SOURCES Request.java

package stand_in;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;

/**
 * What a confidential client signs with its certificate: "Microsoft identity platform application authentication
 * certificate credentials" and RFC 7523 section 3.
 */
final class ClientAssertion {
    private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private ClientAssertion() { }

    static void check(Request request, App app, Platform platform) throws Refusal {
        if (!request.parameter("client_assertion_type").equals(TYPE)) {
            throw Refusal.missing("client_assertion_type");
        }
        var parts = request.parameter("client_assertion").split("\\.", -1);
        var header = decoded(parts, 0);
        var claims = decoded(parts, 1);
        if (parts.length != 3 || Json.field(header, "alg").equals("none") || !header.contains("\"x5t")) {
            throw malformed();
        }
        checkClaims(claims, app, platform.base() + "/" + request.tenant(), platform.clock().now());
        if (app.certificate() == null || !isSignedBy(app.certificate(), Json.field(header, "alg"), parts)) {
            throw new Refusal("invalid_client", 700027, "The certificate with identifier used to sign the client "
                + "assertion is not registered on application, or the signature is invalid.");
        }
    }

    private static void checkClaims(String claims, App app, String tenant, Instant now) throws Refusal {
        if (!Json.field(claims, "iss").equals(app.clientId()) || !Json.field(claims, "sub").equals(app.clientId())) {
            throw new Refusal("invalid_client", 700021,
                "Client assertion application identifier doesn't match 'client_id' parameter.");
        }
        if (!Set.of(tenant + "/oauth2/v2.0/token", tenant + "/v2.0").contains(Json.field(claims, "aud"))) {
            throw new Refusal("invalid_client", 700023,
                "Client assertion audience claim does not match Realm issuer.");
        }
        var expires = Json.field(claims, "exp");
        if (!expires.matches("\\d+") || Instant.ofEpochSecond(Long.parseLong(expires)).isBefore(now)) {
            throw new Refusal("invalid_client", 700024, "Client assertion is not within its valid time range.");
        }
    }

    private static String decoded(String[] parts, int i) throws Refusal {
        try {
            return new String(Base64.getUrlDecoder().decode(parts[i]), UTF_8);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw malformed();
        }
    }

    private static Refusal malformed() {
        return new Refusal("invalid_client", 50027, "JWT token is invalid or malformed.");
    }

    private static boolean isSignedBy(X509Certificate certificate, String algorithm, String[] parts) {
        try {
            var signature = Signature.getInstance(algorithm.equals("PS256") ? "RSASSA-PSS" : "SHA256withRSA");
            if (algorithm.equals("PS256")) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initVerify(certificate.getPublicKey());
            signature.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
