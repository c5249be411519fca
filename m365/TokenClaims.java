//SOURCES Json.java

package m365;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What a JWT says of itself (RFC 7519). It is only read: its signature is for those whom it is meant for. */
final class TokenClaims {

    private TokenClaims() { }

    /** The claims by name; empty if {@code jwt} is none. */
    static Map<String, Object> of(String jwt) {
        try {
            var parts = jwt.split("\\.");
            if (parts.length < 2) return Map.of();
            return Json.read(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8)).orElse(Map.of());
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }

    /** Every name by which an ID token calls its account. */
    static Set<String> names(String idToken) {
        var claims = of(idToken);
        // Not "email": in another tenant its administrator may put there what he likes (Microsoft: "ID token claims
        // reference").
        return List.of("preferred_username", "upn", "unique_name").stream().map(claims::get)
                .filter(String.class::isInstance).map(String.class::cast).collect(Collectors.toSet());
    }
}
