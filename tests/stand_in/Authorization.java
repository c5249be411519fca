//SOURCES AuthorizationCodes.java
//SOURCES AuthorizationRequest.java
//SOURCES ClientAuthentication.java
//SOURCES Encodings.java
//SOURCES ErrorAnswers.java
//SOURCES Faults.java
//SOURCES IdTokens.java
//SOURCES Platform.java
//SOURCES RedirectUris.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java
//SOURCES Scopes.java
//SOURCES SignInPages.java
//SOURCES Tenants.java
//SOURCES User.java

package stand_in;

import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Signing in with a browser ("OAuth 2.0 authorization code flow"): from the application's request over the pages for
 * password and consent back to the application, with a code or an error.
 */
final class Authorization {
    private record SignedIn(AuthorizationRequest request, User user) { }

    private final Platform platform;
    private final ClientAuthentication clients;
    private final AuthorizationCodes codes;
    private final ErrorAnswers errors;
    private final Faults faults;
    private final Map<String, AuthorizationRequest> signingIn = new HashMap<>();
    private final Map<String, SignedIn> signedIn = new HashMap<>();

    Authorization(Platform platform, ClientAuthentication clients, AuthorizationCodes codes, ErrorAnswers errors,
                  Faults faults) {
        this.platform = platform;
        this.clients = clients;
        this.codes = codes;
        this.errors = errors;
        this.faults = faults;
    }

    /** The endpoint {@code authorize}. */
    Reply authorize(Request request) throws Refusal {
        var app = clients.app(request);
        var sent = request.parameter("redirect_uri");
        if (app.redirectUris().isEmpty()) {
            throw new Refusal("invalid_request", 500113, "No reply address is registered for the application.");
        }
        var redirectUri = sent.isEmpty() ? app.redirectUris().iterator().next() : sent;
        if (!RedirectUris.isRegistered(app, redirectUri)) {
            throw new Refusal("invalid_request", 50011, "The redirect URI '" + redirectUri + "' specified in the "
                + "request does not match the redirect URIs configured for the application '" + app.clientId() + "'. "
                + "Make sure the redirect URI sent in the request matches one added to your application in the Azure "
                + "portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to fix this.");
        }
        Tenants.check(request.tenant());
        try {
            return signInPage(AuthorizationRequest.checked(request, app, redirectUri), "");
        } catch (Refusal refusal) {
            return comeBack(AuthorizationRequest.unchecked(request, app, redirectUri), errors.redirectFields(refusal));
        }
    }

    private Reply signInPage(AuthorizationRequest request, String complaint) {
        var flowToken = Encodings.opaque("AQABIQEAAA", 60);
        signingIn.put(flowToken, request);
        return SignInPages.signIn(request, flowToken, complaint);
    }

    /** Name and password arrive. */
    Reply login(Request typed) throws Refusal {
        var request = signingIn.get(typed.parameter("flowToken"));
        if (request == null) {
            throw Refusal.noFlowToken();
        }
        var user = platform.directory().user(typed.parameter("login")).orElse(null);
        if (user == null) {
            return signInPage(request, "This username may be incorrect. Make sure you typed it correctly (50034).");
        }
        if (!user.password().equals(typed.parameter("passwd"))) {
            return signInPage(request, "Your account or password is incorrect (50126).");
        }
        signingIn.remove(typed.parameter("flowToken"));
        Tenants.checkAccount(user, request.tenant());
        if (user.personal() && request.scopes().stream().anyMatch(s -> s.endsWith("/.default"))) {
            return comeBack(request, errors.redirectFields(new Refusal("invalid_scope", 70011, "The provided value for "
                + "the input parameter 'scope' is not valid. The scope " + request.parameter("scope")
                + " is not valid for a personal account.")));
        }
        var given = platform.consents().given(user, request.app());
        if (given.containsAll(Scopes.expand(request.scopes())) && !request.parameter("prompt").equals("consent")) {
            return succeed(request, user);
        }
        var flowToken = Encodings.opaque("AQABIQEAAA", 60);
        signedIn.put(flowToken, new SignedIn(request, user));
        return SignInPages.consent(request, user, flowToken);
    }

    /** "Accept" or "Cancel" was pressed. */
    Reply consent(Request pressed) throws Refusal {
        var signed = signedIn.remove(pressed.parameter("flowToken"));
        if (signed == null) {
            throw Refusal.noFlowToken();
        }
        var request = signed.request();
        if (!pressed.parameter("acceptConsent").equals("true")) {
            var fields = errors.redirectFields(Refusal.declined());
            fields.put("error_subcode", "cancel");
            return comeBack(request, fields);
        }
        platform.consents().give(signed.user(), request.app(), request.scopes());
        return succeed(request, signed.user());
    }

    private Reply succeed(AuthorizationRequest request, User user) {
        var ending = faults.nextEnding();
        if (ending.isPresent()) {
            return comeBack(request, errors.redirectFields(ending.get()));
        }
        var fields = new LinkedHashMap<String, String>();
        fields.put("code", codes.issue(request, user));
        if (request.has("client_info")) {
            fields.put("client_info", IdTokens.clientInfo(user));
        }
        fields.put("session_state", UUID.randomUUID().toString());
        return comeBack(request, fields);
    }

    private static Reply comeBack(AuthorizationRequest request, Map<String, String> fields) {
        if (request.has("state")) {
            fields.put("state", request.parameter("state"));
        }
        var mode = request.parameter("response_mode");
        if (mode.equals("form_post")) {
            return SignInPages.formPost(request.redirectUri(), fields);
        }
        // "Redirect URIs not configured with a path segment are returned with a trailing slash" (reply-url page).
        var uri = URI.create(request.redirectUri());
        var address = uri.getRawPath().isEmpty() ? request.redirectUri() + "/" : request.redirectUri();
        var joint = mode.equals("fragment") ? "#" : uri.getRawQuery() == null ? "?" : "&";
        // The final "#" is Microsoft's (MicrosoftDocs/azure-docs#114009); browsers keep it, so people paste it.
        return Reply.redirect(address + joint + Encodings.form(fields) + (mode.equals("fragment") ? "" : "#"));
    }
}
