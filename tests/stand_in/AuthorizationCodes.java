//SOURCES App.java
//SOURCES AuthorizationRequest.java
//SOURCES Encodings.java
//SOURCES Grant.java
//SOURCES Platform.java
//SOURCES RedirectUris.java
//SOURCES Refusal.java
//SOURCES Request.java
//SOURCES User.java

package stand_in;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The authorization codes handed out, each good for its client, tenant, redirect address and key, and only once. */
final class AuthorizationCodes {
    /** What a code stands for. */
    record Code(Grant grant, AuthorizationRequest request) {
        String nonce() {
            return request.parameter("nonce");
        }
    }

    private final Platform platform;
    private final Map<String, Code> issued = new HashMap<>();
    private final Set<String> redeemed = new LinkedHashSet<>();
    private volatile int seconds = 600;
    private volatile int length = 1300;

    AuthorizationCodes(Platform platform) {
        this.platform = platform;
    }

    /** Codes live so many seconds (Microsoft: about 600). */
    void seconds(int lifetime) {
        seconds = lifetime;
    }

    /** Codes issued from now on have so many characters; real ones have one to two thousand. */
    void length(int characters) {
        length = characters;
    }

    String issue(AuthorizationRequest request, User user) {
        var code = Encodings.opaque(user.personal() ? "M.C546_BAY.2.U."
            : "1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA.AgABBAIAAAD", length);
        var grant = new Grant(user, request.app(), request.scopes(), platform.clock().now());
        issued.put(code, new Code(grant, request));
        return platform.secrets().add(code);
    }

    /** What the code in a request to the token endpoint stands for; it stays unredeemed. */
    Code check(Request request, App app) throws Refusal {
        var text = request.parameter("code");
        if (text.isEmpty()) {
            throw Refusal.missing("code");
        }
        var code = issued.get(text);
        if (code == null) {
            throw Refusal.malformed("invalid_grant");
        }
        if (!code.grant().app().clientId().equals(app.clientId())) {
            throw Refusal.wrongGrant();
        }
        if (redeemed.contains(text)) {
            throw Refusal.alreadyRedeemed();
        }
        if (code.grant().issued().plusSeconds(seconds).isBefore(platform.clock().now())) {
            throw new Refusal("invalid_grant", 70008, "The provided authorization code or refresh token has expired "
                + "due to inactivity. Send a new interactive authorization request for this user and resource.");
        }
        if (!code.request().tenant().equals(request.tenant())) {
            throw new Refusal("invalid_grant", 700005, "The provided Authorization Code is intended to use against "
                + "other tenant, thus rejected.");
        }
        checkRedirect(code, app, request.parameter("redirect_uri"));
        checkKey(code, request.parameter("code_verifier"));
        return code;
    }

    void markRedeemed(String code) {
        redeemed.add(code);
    }

    private static void checkRedirect(Code code, App app, String redirectUri) throws Refusal {
        if (!RedirectUris.isRegistered(app, redirectUri)) {
            throw new Refusal("invalid_client", 50011, "The redirect URI '" + redirectUri + "' specified in the "
                + "request does not match the redirect URIs configured for the application '" + app.clientId() + "'.");
        }
        // Here even "" and "/" differ (PartnerCenterSamples/Reseller-Web-Application#73).
        var before = code.request().parameter("redirect_uri");
        if (!before.equals(redirectUri)) {
            throw new Refusal("invalid_client", 500112, "The reply address '" + redirectUri + "' does not match the "
                + "reply address '" + before + "' provided when requesting Authorization code.");
        }
    }

    /** RFC 7636 section 4.6; a verifier without a challenge is refused as RFC 9700 section 2.1.1 demands. */
    private static void checkKey(Code code, String verifier) throws Refusal {
        var challenge = code.request().parameter("code_challenge");
        var hashed = code.request().parameter("code_challenge_method").equals("S256");
        var proven = challenge.isEmpty() ? verifier.isEmpty() : verifier.matches("[A-Za-z0-9._~-]{43,128}")
            && challenge.equals(hashed ? Encodings.sha256(verifier) : verifier);
        if (!proven) {
            throw new Refusal("invalid_grant", 501481, "The Code_Verifier does not match the code_challenge supplied "
                + "in the authorization request.");
        }
    }
}
