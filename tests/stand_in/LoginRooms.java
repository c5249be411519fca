//SOURCES AccessTokens.java
//SOURCES Authorization.java
//SOURCES AuthorizationCodes.java
//SOURCES ClientAuthentication.java
//SOURCES DeviceFlow.java
//SOURCES DevicePages.java
//SOURCES Endpoints.java
//SOURCES ErrorAnswers.java
//SOURCES Faults.java
//SOURCES Grant.java
//SOURCES Introspection.java
//SOURCES Metadata.java
//SOURCES Platform.java
//SOURCES RefreshTokens.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java
//SOURCES Scopes.java
//SOURCES TokenEndpoint.java
//SOURCES TokenIssuer.java

package stand_in;

/** The rooms of the identity provider, put together. Their user sees to it that only one thread is in at a time. */
final class LoginRooms {
    final Platform platform;
    final ErrorAnswers errors;
    final Faults faults;
    final AuthorizationCodes codes;
    final AccessTokens accessTokens;
    final RefreshTokens refreshTokens;
    final DeviceFlow devices;
    private final Endpoints endpoints;

    /** @param base {@code https://localhost:PORT} */
    LoginRooms(String base) {
        platform = Platform.at(base);
        errors = new ErrorAnswers(platform);
        faults = new Faults(errors);
        codes = new AuthorizationCodes(platform);
        accessTokens = new AccessTokens(platform);
        refreshTokens = new RefreshTokens(platform);
        var clients = new ClientAuthentication(platform);
        var tokens = new TokenIssuer(platform, accessTokens, refreshTokens);
        devices = new DeviceFlow(platform, clients, tokens);
        endpoints = new Endpoints(new Authorization(platform, clients, codes, errors, faults),
            new TokenEndpoint(clients, codes, refreshTokens, devices, tokens), devices,
            new DevicePages(platform, devices), new Metadata(platform), new Introspection(accessTokens));
    }

    Reply answer(Request request) {
        try {
            return endpoints.answer(request);
        } catch (Refusal refusal) {
            return errors.answer(request, refusal);
        }
    }

    /** A refresh token as if {@code user} had signed in with these scopes, given with or without resource. */
    String issueRefreshToken(String user, String clientId, String scopes, String tenant) {
        var grant = new Grant(platform.directory().knownUser(user), platform.directory().knownApp(clientId),
            Scopes.ofOutlook(scopes), platform.clock().now());
        platform.consents().give(grant.user(), grant.app(), grant.scopes());
        return refreshTokens.issue(grant, tenant);
    }

    /** An access token for {@code user} with these scopes, given with or without resource. */
    String issueAccessToken(String user, String clientId, String scopes) {
        var wanted = Scopes.ofOutlook(scopes);
        return accessTokens.issue(platform.directory().knownUser(user), platform.directory().knownApp(clientId),
            Scopes.resource(wanted), Scopes.permissions(wanted)).token();
    }
}
