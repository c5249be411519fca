//SOURCES Answer.java Clean.java Findings.java Provider.java Tokens.java

package live;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The assumptions about renewals: rotation, scopes, tenants, and what is refused how. */
public final class Renewals {
    private final Provider provider;
    private final Findings findings;
    private final Clean clean;

    public Renewals(Provider provider, Findings findings, Clean clean) {
        this.provider = provider;
        this.findings = findings;
        this.clean = clean;
    }

    /** @return the newest tokens */
    public Answer examine(Answer tokens) throws IOException {
        var refreshToken = tokens.text("refresh_token");
        var renewed = provider.token(asking(refreshToken, provider.scopes()));
        clean.never(renewed.text("refresh_token"));
        clean.never(renewed.text("access_token"));
        findings.that("a renewal succeeds at the tenant of the sign-in", renewed.ok(), renewed.inShort());
        var newer = renewed.text("refresh_token");
        findings.that("each renewal brings a new refresh token", !newer.isEmpty() && !newer.equals(refreshToken),
                newer.isEmpty() ? "none" : "the old one");
        var again = provider.token(asking(refreshToken, provider.scopes()));
        findings.that("the old refresh token stays good", again.ok(), again.inShort());
        var scopeless = provider.token(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
        findings.that("the scope may be left out", scopeless.ok(), scopeless.inShort());
        refusals(refreshToken);
        tenants(refreshToken, Tokens.isPersonal(tokens));
        return renewed.ok() ? renewed : tokens;
    }

    private void refusals(String refreshToken) throws IOException {
        var scope = provider.mailScopes().split(" ")[0];
        var nonsense = scope.substring(0, scope.lastIndexOf('/')) + "/Nonsense.All";
        var unknown = provider.token(asking(refreshToken, nonsense));
        findings.that("a scope that does not exist is AADSTS650053 or AADSTS70011",
                unknown.code() == 650053 || unknown.code() == 70011, unknown.inShort());
        var broken = provider.token(asking("broken", provider.scopes()));
        findings.that("a malformed refresh token is invalid_grant, AADSTS9002313",
                broken.refuses("invalid_grant", 9002313), broken.inShort());
        var missing = provider.token(Map.of("grant_type", "refresh_token"));
        findings.that("a missing one is AADSTS900144", missing.code() == 900144, missing.inShort());
    }

    private void tenants(String refreshToken, boolean personal) throws IOException {
        var consumers = provider.token("consumers", asking(refreshToken, provider.scopes()));
        findings.that("/consumers renews for personal accounts and for nobody else", consumers.ok() == personal,
                (personal ? "personal: " : "work: ") + consumers.inShort());
        var organizations = provider.token("organizations", asking(refreshToken, provider.scopes()));
        findings.that("/organizations renews for work accounts and for nobody else", organizations.ok() != personal,
                (personal ? "personal: " : "work: ") + organizations.inShort());
    }

    private static Map<String, String> asking(String refreshToken, String scopes) {
        return new LinkedHashMap<>(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken,
                "scope", scopes));
    }
}
