//SOURCES Access.java
//SOURCES AccessTokens.java
//SOURCES App.java
//SOURCES Grant.java
//SOURCES IdTokens.java
//SOURCES Platform.java
//SOURCES RefreshTokens.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java
//SOURCES Scopes.java

package stand_in;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Answers a request that has proven itself with tokens, as far as the user has consented. */
final class TokenIssuer {
    private final Platform platform;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final IdTokens idTokens;

    TokenIssuer(Platform platform, AccessTokens accessTokens, RefreshTokens refreshTokens) {
        this.platform = platform;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        idTokens = new IdTokens(platform);
    }

    /** Tokens for a user. @param offline whether a refresh token is among them */
    Reply issue(Request request, Grant grant, String nonce, boolean offline) throws Refusal {
        var asked = request.parameter("scope").isBlank() ? grant.scopes()
            : Scopes.parse(request.parameter("scope"), grant.app());
        var wanted = wanted(asked, grant);
        checkConsent(wanted, grant);
        var access = accessTokens.issue(grant.user(), grant.app(), Scopes.resource(wanted), Scopes.permissions(wanted));
        var fields = fields(access, String.join(" ", wanted));
        if (offline) {
            fields.put("refresh_token", refreshTokens.issue(grant.renewed(platform.clock().now()), request.tenant()));
        }
        if (grant.has("openid") || asked.contains("openid")) {
            fields.put("id_token", idTokens.issue(grant, nonce));
        }
        if (request.parameter("client_info").equals("1")) {
            fields.put("client_info", IdTokens.clientInfo(grant.user()));
        }
        return Reply.json(200, fields);
    }

    /** A token for the application itself. */
    Reply issue(App app, String resource) {
        return Reply.json(200, fields(accessTokens.issue(null, app, resource, app.roles()), ""));
    }

    private static Set<String> wanted(Set<String> asked, Grant grant) {
        var wanted = Scopes.withoutOpenId(Scopes.expand(asked));
        if (wanted.isEmpty()) {
            wanted = Scopes.withoutOpenId(Scopes.expand(grant.scopes()));
        }
        if (wanted.isEmpty()) {
            wanted = new LinkedHashSet<>(Set.of(Scopes.LEAST));
        }
        // Several resources in one request: the token is for the first ("OAuth 2.0 authorization code flow", scope).
        var resource = Scopes.resource(wanted);
        wanted.removeIf(scope -> !scope.startsWith(resource + "/"));
        return wanted;
    }

    private void checkConsent(Set<String> wanted, Grant grant) throws Refusal {
        var app = grant.app();
        if (platform.consents().given(grant.user(), app).containsAll(wanted) || wanted.equals(Set.of(Scopes.LEAST))) {
            return;
        }
        throw grant.user().personal()
            ? new Refusal("invalid_grant", 70000, "The request was denied because one or more scopes requested are "
                + "unauthorized or expired. The user must first sign in and grant the client application access to "
                + "the requested scope.")
            : new Refusal("invalid_grant", 65001, "The user or administrator has not consented to use the application "
                + "with ID '" + app.clientId() + "' named '" + app.name() + "'. Send an interactive authorization "
                + "request for this user and resource.", "consent_required");
    }

    private static Map<String, Object> fields(Access access, String scope) {
        var seconds = Duration.between(access.issued(), access.expires()).toSeconds();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("token_type", "Bearer");
        if (!scope.isEmpty()) {
            fields.put("scope", scope);
        }
        fields.put("expires_in", seconds);
        fields.put("ext_expires_in", seconds);
        fields.put("access_token", access.token());
        return fields;
    }
}
