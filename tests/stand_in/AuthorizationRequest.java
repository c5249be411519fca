//SOURCES App.java
//SOURCES Refusal.java
//SOURCES Request.java
//SOURCES Scopes.java

package stand_in;

import java.util.Set;

/** A request to sign somebody in, from a known application and with an address to come back to. */
record AuthorizationRequest(Request request, App app, String redirectUri, Set<String> scopes) {
    /** The request as it came, to carry an error back. */
    static AuthorizationRequest unchecked(Request request, App app, String redirectUri) {
        return new AuthorizationRequest(request, app, redirectUri, Set.of());
    }

    /** Checks what Entra reports back to the application rather than to the person. */
    static AuthorizationRequest checked(Request request, App app, String redirectUri) throws Refusal {
        checkResponse(request);
        if (request.parameter("scope").isBlank()) {
            throw Refusal.missing("scope");
        }
        var challenge = request.parameter("code_challenge");
        if (!Set.of("", "plain", "S256").contains(request.parameter("code_challenge_method"))
            || !challenge.isEmpty() && !challenge.matches("[A-Za-z0-9._~-]{43,128}")) {
            throw new Refusal("invalid_request", 501491,
                "Invalid size or value of Code_Challenge parameter (RFC 7636 section 4.2).");
        }
        var prompt = request.parameter("prompt");
        if (prompt.equals("none")) {
            throw new Refusal("login_required", 50058, "A silent sign-in request was sent but no user is signed in.");
        }
        if (!Set.of("", "login", "select_account", "consent").contains(prompt)) {
            throw new Refusal("invalid_request", 90023, "Unsupported 'prompt' value.");
        }
        return new AuthorizationRequest(request, app, redirectUri, Scopes.parse(request.parameter("scope"), app));
    }

    private static void checkResponse(Request request) throws Refusal {
        var type = request.parameter("response_type");
        if (type.isEmpty()) {
            throw Refusal.missing("response_type");
        }
        if (!type.equals("code")) {
            throw new Refusal("unsupported_response_type", 700054, "response_type '" + type
                + "' is not enabled for the application.");
        }
        var mode = request.parameter("response_mode");
        if (!Set.of("", "query", "form_post", "fragment").contains(mode)) {
            throw new Refusal("invalid_request", 70007, "'" + mode
                + "' is not a supported value of 'response_mode' when requesting a token.");
        }
    }

    /** A parameter as the application sent it, or "". */
    String parameter(String name) {
        return request.parameter(name);
    }

    boolean has(String name) {
        return request.parameters().containsKey(name);
    }

    String tenant() {
        return request.tenant();
    }
}
