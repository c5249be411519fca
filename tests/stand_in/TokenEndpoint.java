//SOURCES App.java
//SOURCES AuthorizationCodes.java
//SOURCES ClientAuthentication.java
//SOURCES DeviceFlow.java
//SOURCES RefreshTokens.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java
//SOURCES Scopes.java
//SOURCES Tenants.java
//SOURCES TokenIssuer.java

package stand_in;

import java.util.Set;
import java.util.stream.Collectors;

/** Where programs fetch tokens: for a code, a refresh token, an approved device, or for themselves. */
final class TokenEndpoint {
    private static final Set<String> GRANT_TYPES = Set.of("authorization_code", "refresh_token", "client_credentials",
        "device_code", "urn:ietf:params:oauth:grant-type:device_code");

    private final ClientAuthentication clients;
    private final AuthorizationCodes codes;
    private final RefreshTokens refreshTokens;
    private final DeviceFlow devices;
    private final TokenIssuer tokens;

    TokenEndpoint(ClientAuthentication clients, AuthorizationCodes codes, RefreshTokens refreshTokens,
                  DeviceFlow devices, TokenIssuer tokens) {
        this.clients = clients;
        this.codes = codes;
        this.refreshTokens = refreshTokens;
        this.devices = devices;
        this.tokens = tokens;
    }

    Reply answer(Request request) throws Refusal {
        if (!request.method().equals("POST")) {
            throw new Refusal("invalid_request", 900561,
                "The endpoint only accepts POST requests. Received a " + request.method() + " request.");
        }
        Tenants.check(request.tenant());
        var type = request.parameter("grant_type");
        if (type.isEmpty()) {
            throw Refusal.missing("grant_type");
        }
        if (!GRANT_TYPES.contains(type)) {
            throw new Refusal("unsupported_grant_type", 70003,
                "The app requested an unsupported grant type '" + type + "'.");
        }
        var app = clients.authenticated(request);
        return switch (type) {
            case "authorization_code" -> redeem(request, app);
            case "refresh_token" -> refresh(request, app);
            case "client_credentials" -> appOnly(request, app);
            default -> devices.poll(request, app);
        };
    }

    private Reply redeem(Request request, App app) throws Refusal {
        var code = codes.check(request, app);
        var reply = tokens.issue(request, code.grant(), code.nonce(), code.grant().has("offline_access"));
        codes.markRedeemed(request.parameter("code"));
        return reply;
    }

    private Reply refresh(Request request, App app) throws Refusal {
        var grant = refreshTokens.redeem(request.parameter("refresh_token"), app);
        Tenants.checkAccount(grant.user(), request.tenant());
        return tokens.issue(request, grant, "", true);
    }

    /** "OAuth 2.0 client credentials flow". */
    private Reply appOnly(Request request, App app) throws Refusal {
        if (Tenants.isShared(request.tenant())) {
            throw new Refusal("invalid_request", 50059, "No tenant-identifying information found in either the request "
                + "or implied by any provided credentials.");
        }
        if (request.parameter("scope").isBlank()) {
            throw Refusal.missing("scope");
        }
        // MSAL adds the OpenID scopes to every request; without a user they mean nothing.
        var scope = Scopes.split(request.parameter("scope")).stream().filter(s -> !Scopes.OPEN_ID.contains(s))
            .collect(Collectors.joining(" "));
        if (!scope.endsWith("/.default") || scope.contains(" ")) {
            throw new Refusal("invalid_scope", 1002012, "The provided value for scope " + scope + " is not valid. "
                + "Client credential flows must have a scope value with /.default suffixed to the resource identifier "
                + "(application ID URI).");
        }
        return tokens.issue(app, Scopes.resource(Scopes.parse(scope, app)));
    }
}
