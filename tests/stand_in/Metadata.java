//SOURCES Platform.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java
//SOURCES Tenants.java

package stand_in;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client can learn about the identity provider before it asks for anything. */
final class Metadata {
    private final Platform platform;

    Metadata(Platform platform) {
        this.platform = platform;
    }

    /** Which host names belong together. */
    Reply discovery(Request request) throws Refusal {
        if (request.parameter("authorization_endpoint").isEmpty()) {
            throw Refusal.missing("authorization_endpoint");
        }
        var host = platform.hostAndPort();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("tenant_discovery_endpoint", platform.base() + "/common/v2.0/.well-known/openid-configuration");
        fields.put("api-version", "1.1");
        fields.put("metadata", List.of(
            Map.of("preferred_network", host, "preferred_cache", host, "aliases", List.of(host))));
        return Reply.json(200, fields);
    }

    /** OpenID Connect Discovery 1.0. */
    Reply openIdConfiguration(Request request) throws Refusal {
        Tenants.check(request.tenant());
        var tenant = platform.base() + "/" + request.tenant();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("token_endpoint", tenant + "/oauth2/v2.0/token");
        fields.put("token_endpoint_auth_methods_supported",
            List.of("client_secret_post", "private_key_jwt", "client_secret_basic"));
        fields.put("response_modes_supported", List.of("query", "fragment", "form_post"));
        fields.put("subject_types_supported", List.of("pairwise"));
        fields.put("response_types_supported", List.of("code"));
        fields.put("scopes_supported", List.of("openid", "profile", "email", "offline_access"));
        fields.put("issuer", platform.base() + "/" + Tenants.issuer(request.tenant()) + "/v2.0");
        fields.put("authorization_endpoint", tenant + "/oauth2/v2.0/authorize");
        fields.put("device_authorization_endpoint", tenant + "/oauth2/v2.0/devicecode");
        fields.put("tenant_region_scope", null);
        fields.put("cloud_instance_name", platform.hostAndPort());
        return Reply.json(200, fields);
    }
}
