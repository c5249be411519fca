//SOURCES App.java
//SOURCES ClientAssertion.java
//SOURCES Platform.java
//SOURCES Refusal.java
//SOURCES Request.java
//SOURCES RequestReader.java
//SOURCES Tenants.java

package stand_in;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;

/** Which application a request comes from, and whether it proves that as its registration demands. */
final class ClientAuthentication {
    private final Platform platform;

    ClientAuthentication(Platform platform) {
        this.platform = platform;
    }

    /** The application that the request names. */
    App app(Request request) throws Refusal {
        var basic = basic(request);
        var id = basic == null ? request.parameter("client_id") : basic.get(0);
        if (id.isEmpty()) {
            throw Refusal.missing("client_id");
        }
        return platform.directory().app(id).orElseThrow(() -> new Refusal("unauthorized_client", 700016,
            "Application with identifier '" + id + "' was not found in the directory '" + Tenants.DOMAIN + "'. This "
                + "can happen if the application has not been installed by the administrator of the tenant or "
                + "consented to by any user in the tenant. You may have sent your authentication request to "
                + "the wrong tenant."));
    }

    /** The application that the request names, once it has shown its secret or certificate; a public one shows none. */
    App authenticated(Request request) throws Refusal {
        var app = app(request);
        // OfflineIMAP sends an empty client_secret for public clients, which Entra takes for none.
        var basic = basic(request);
        var secret = basic == null ? request.parameter("client_secret") : basic.get(1);
        var assertion = request.parameter("client_assertion");
        if (app.isPublic() && !(secret.isEmpty() && assertion.isEmpty())) {
            throw new Refusal("invalid_client", 700025,
                "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.");
        }
        if (app.isPublic() && !request.parameter("grant_type").equals("client_credentials")) {
            return app;
        }
        if (secret.isEmpty() && assertion.isEmpty()) {
            throw new Refusal("invalid_client", 7000218,
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
        }
        if (!assertion.isEmpty()) {
            ClientAssertion.check(request, app, platform);
        } else if (!secret.equals(app.secret())) {
            throw new Refusal("invalid_client", 7000215, "Invalid client secret provided. Ensure the secret being sent "
                + "in the request is the client secret value, not the client secret ID, for a secret added to app '"
                + app.clientId() + "'.");
        }
        return app;
    }

    /** Client id and secret in the header (RFC 6749 section 2.3.1), or null. */
    private static List<String> basic(Request request) throws Refusal {
        var header = request.header("authorization");
        if (!header.startsWith("Basic ")) {
            return null;
        }
        try {
            var pair = new String(Base64.getDecoder().decode(header.substring(6)), UTF_8).split(":", 2);
            return List.of(RequestReader.decode(pair[0]), RequestReader.decode(pair[1]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw Refusal.malformed("invalid_request");
        }
    }
}
