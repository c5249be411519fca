//SOURCES Answer.java Clean.java Findings.java Provider.java

package live;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import m365.Json;
import m365.Scrub;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The assumptions about what a sign-in brings: spelling, lifetimes, names, and the shape of tokens. */
public final class Tokens {
    private static final String PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad";

    private final Provider provider;
    private final Findings findings;
    private final Clean clean;

    public Tokens(Provider provider, Findings findings, Clean clean) {
        this.provider = provider;
        this.findings = findings;
        this.clean = clean;
    }

    public void examine(Answer tokens, String user) {
        for (var name : List.of("access_token", "refresh_token", "id_token")) clean.never(tokens.text(name));
        var claims = claims(tokens.text("id_token"));
        for (var name : List.of("name", "oid", "sub", "tid", "preferred_username", "email"))
            clean.never(String.valueOf(claims.getOrDefault(name, "")));
        var type = tokens.text("token_type");
        findings.that("the token's type is Bearer", type.equals("Bearer"), type);
        lifetime(tokens);
        scopes(tokens.text("scope"));
        findings.that("offline_access brings a refresh token", !tokens.text("refresh_token").isEmpty(), "none");
        names(claims, user);
        shapes(tokens, isPersonal(tokens));
    }

    /** Whether the account is a personal one, by its tenant. */
    static boolean isPersonal(Answer tokens) { return PERSONAL.equals(claims(tokens.text("id_token")).get("tid")); }

    private void lifetime(Answer tokens) {
        var seconds = tokens.text("expires_in");
        findings.that("an access token lives 60 to 90 minutes",
                seconds.matches("\\d{1,9}") && Math.abs(Integer.parseInt(seconds) - 4500) <= 900, seconds + " seconds");
    }

    private void scopes(String granted) {
        for (var scope : provider.mailScopes().split(" "))
            if (!scope.endsWith("/.default"))
                findings.that("the scope is spelled as asked for: " + scope.substring(scope.lastIndexOf('/') + 1),
                        List.of(granted.split(" ")).contains(scope), "granted otherwise");
    }

    private void names(Map<String, Object> claims, String user) {
        for (var name : List.of("name", "oid", "tid", "preferred_username"))
            findings.that("the ID token has " + name, claims.containsKey(name), "it is not there");
        var named = String.valueOf(claims.get("preferred_username"));
        findings.that("preferred_username is the address that signed in", named.equalsIgnoreCase(user), "another one");
    }

    private void shapes(Answer tokens, boolean personal) {
        var access = tokens.text("access_token");
        boolean readable = !claims(access).isEmpty();
        findings.that("an access token of a work account is a JWT, of a personal one not", readable != personal,
                access.length() + " characters, " + (personal ? "personal" : "work"));
        for (var name : List.of("access_token", "refresh_token"))
            findings.that("the " + name + " is recognised by its shape in logs",
                    !Scrub.secrets("x " + tokens.text(name)).contains(tokens.text(name)),
                    tokens.text(name).length() + " characters that begin otherwise");
    }

    private static Map<String, Object> claims(String token) {
        var parts = token.split("\\.");
        if (parts.length < 2) return Map.of();
        try {
            return Json.read(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8)).orElse(Map.of());
        } catch (IllegalArgumentException e) {
            return Map.of(); // no base64
        }
    }
}
