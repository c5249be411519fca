//SOURCES Encodings.java
//SOURCES Json.java

package stand_in;

import java.util.LinkedHashMap;
import java.util.Map;

/** Tokens that look like JSON Web Tokens (RFC 7519). The signature is random: the issuer knows its tokens by heart. */
final class Jwt {
    private Jwt() { }

    static String of(Map<String, Object> claims) {
        var key = Encodings.opaque("", 27);
        var header = new LinkedHashMap<String, Object>();
        header.put("typ", "JWT");
        header.put("nonce", Encodings.opaque("", 43));
        header.put("alg", "RS256");
        header.put("x5t", key);
        header.put("kid", key);
        return Encodings.base64url(Json.write(header)) + "." + Encodings.base64url(Json.write(claims)) + "."
            + Encodings.opaque("", 342);
    }
}
