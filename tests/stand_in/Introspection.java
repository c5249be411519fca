//SOURCES Access.java
//SOURCES AccessTokens.java
//SOURCES Reply.java
//SOURCES Request.java

package stand_in;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * RFC 7662, as Dovecot's oauth2 passdb asks: {@code introspection_mode} post (token in a form), auth (Bearer header)
 * or get (token at the end of the address). An active token is unexpired, meant for Outlook and a user's. The real
 * provider has no such thing.
 */
final class Introspection {
    private final AccessTokens accessTokens;

    Introspection(AccessTokens accessTokens) {
        this.accessTokens = accessTokens;
    }

    Reply answer(Request request) {
        var header = request.header("authorization");
        var token = header.startsWith("Bearer ") ? header.substring(7) : request.parameter("token");
        var access = accessTokens.find(token).filter(Access::isForOutlook).filter(a -> a.user() != null).orElse(null);
        if (access == null) {
            return Reply.json(200, Map.of("active", false));
        }
        var fields = new LinkedHashMap<String, Object>();
        fields.put("active", true);
        fields.put("username", access.user().name());
        fields.put("scope", access.permissions().stream().map(p -> access.audience() + "/" + p)
            .collect(Collectors.joining(" ")));
        fields.put("client_id", access.app().clientId());
        fields.put("token_type", "Bearer");
        fields.put("exp", access.expires().getEpochSecond());
        fields.put("aud", access.audience());
        return Reply.json(200, fields);
    }
}
