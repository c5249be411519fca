//SOURCES Authorization.java
//SOURCES DeviceFlow.java
//SOURCES DevicePages.java
//SOURCES Html.java
//SOURCES Introspection.java
//SOURCES Metadata.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java
//SOURCES TokenEndpoint.java

package stand_in;

import java.util.Map;

/** The addresses of the identity provider, and who answers at each. */
final class Endpoints {
    /** Names by the part of the path behind the tenant. */
    private static final Map<String, String> NAMES = Map.of(
        "/oauth2/v2.0/authorize", "authorize",
        "/oauth2/v2.0/token", "token",
        "/oauth2/v2.0/devicecode", "devicecode",
        "/oauth2/deviceauth", "deviceauth",
        "/oauth2/deviceauth/confirm", "deviceconfirm",
        "/login", "login",
        "/Consent/Set", "consent",
        "/discovery/instance", "discovery",
        "/v2.0/.well-known/openid-configuration", "openid-configuration");

    private final Authorization authorization;
    private final TokenEndpoint token;
    private final DeviceFlow devices;
    private final DevicePages devicePages;
    private final Metadata metadata;
    private final Introspection introspection;

    Endpoints(Authorization authorization, TokenEndpoint token, DeviceFlow devices, DevicePages devicePages,
              Metadata metadata, Introspection introspection) {
        this.authorization = authorization;
        this.token = token;
        this.devices = devices;
        this.devicePages = devicePages;
        this.metadata = metadata;
        this.introspection = introspection;
    }

    /** The name of the endpoint at this path, "other" if there is none. */
    static String name(String path) {
        var slash = path.indexOf('/', 1);
        return path.equals("/introspect") ? "introspect"
            : NAMES.getOrDefault(slash < 0 ? "" : path.substring(slash), "other");
    }

    Reply answer(Request request) throws Refusal {
        return switch (request.endpoint()) {
            case "authorize" -> authorization.authorize(request);
            case "login" -> authorization.login(request);
            case "consent" -> authorization.consent(request);
            case "token" -> token.answer(request);
            case "devicecode" -> devices.start(request);
            case "deviceauth" -> devicePages.enterCode(request);
            case "deviceconfirm" -> devicePages.confirm(request);
            case "discovery" -> metadata.discovery(request);
            case "openid-configuration" -> metadata.openIdConfiguration(request);
            case "introspect" -> introspection.answer(request);
            default -> Reply.page(404, Html.page("Not found", "<p>There is nothing at this address.</p>"));
        };
    }
}
