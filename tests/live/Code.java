package live;

import java.util.LinkedHashMap;
import java.util.Map;

/** An authorization code and what it takes to redeem it. */
public record Code(String code, String verifier, String redirect) {

    /** The request to redeem it. */
    Map<String, String> fields() {
        return Map.of("grant_type", "authorization_code", "code", code, "code_verifier", verifier,
                "redirect_uri", redirect);
    }

    /** The same with one thing wrong. */
    Map<String, String> but(String field, String value) {
        var fields = new LinkedHashMap<>(fields());
        fields.put(field, value);
        return fields;
    }
}
