//SOURCES Encodings.java
//SOURCES Grant.java
//SOURCES Json.java
//SOURCES Jwt.java
//SOURCES Platform.java
//SOURCES Tenants.java
//SOURCES User.java

package stand_in;

import java.util.LinkedHashMap;

/** Who has signed in, as the client is told: id tokens ("ID token claims reference") and {@code client_info}. */
final class IdTokens {
    private final Platform platform;

    IdTokens(Platform platform) {
        this.platform = platform;
    }

    String issue(Grant grant, String nonce) {
        var user = grant.user();
        var issued = platform.clock().now();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("aud", grant.app().clientId());
        claims.put("iss", platform.base() + "/" + Tenants.of(user) + "/v2.0");
        claims.put("iat", issued.getEpochSecond());
        claims.put("nbf", issued.getEpochSecond());
        claims.put("exp", issued.plusSeconds(3600).getEpochSecond());
        claims.put("name", user.displayName());
        if (!nonce.isEmpty()) {
            claims.put("nonce", nonce);
        }
        claims.put("oid", user.objectId());
        claims.put("preferred_username", user.name());
        claims.put("sub", Encodings.sha256(user.name() + grant.app().clientId()));
        claims.put("tid", Tenants.of(user));
        claims.put("uti", Encodings.opaque("", 22));
        claims.put("ver", "2.0");
        return platform.secrets().add(Jwt.of(claims));
    }

    static String clientInfo(User user) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("uid", user.objectId());
        fields.put("utid", Tenants.of(user));
        return Encodings.base64url(Json.write(fields));
    }
}
