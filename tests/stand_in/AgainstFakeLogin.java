//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Answers.java
//SOURCES FakeLogin.java
//SOURCES SharedAuthority.java

package stand_in;

import static stand_in.Answers.form;
import static stand_in.Answers.parameters;
import static stand_in.Answers.query;
import static stand_in.SharedAuthority.CA;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Tests that play the client of an identity provider, which each class starts once. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AgainstFakeLogin {
    static final String JAN = "jan@uva.example";
    static final String IMAP = "https://outlook.office.com/IMAP.AccessAsUser.All";
    static final String SMTP = "https://outlook.office.com/SMTP.Send";
    static final String REDIRECT = "http://localhost:4711/";
    // RFC 7636 appendix B
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private static final HttpClient HTTP = HttpClient.newBuilder().sslContext(CA.trusting()).build();

    FakeLogin login;

    @BeforeAll void start() {
        login = FakeLogin.start(CA);
    }

    @AfterAll void stop() {
        login.close();
    }

    @AfterEach void reset() {
        login.accessTokenSeconds(-1);
        login.codeSeconds(600);
        login.codeLength(1300);
        login.deviceSeconds(900);
        login.deviceInterval(5);
        login.slowDown(false);
        login.refreshTokenSeconds(90 * 24 * 3600);
        login.forgetRequests();
    }

    // ---------------------------------------------------------------------------------------------- a client

    String authorizeUrl(String... changes) {
        var parameters = parameters("client_id", FakeLogin.PUBLIC_APP, "response_type", "code",
            "redirect_uri", REDIRECT, "response_mode", "query",
            "scope", "openid profile offline_access " + IMAP + " " + SMTP);
        parameters.putAll(parameters(changes));
        return login.authority() + "/oauth2/v2.0/authorize?" + form(parameters);
    }

    /** Jan signs in. @return the code */
    String code(String... changes) {
        return query(login.signIn(authorizeUrl(changes), JAN)).get("code");
    }

    HttpResponse<String> redeem(String code, String... changes) throws Exception {
        var parameters = parameters("client_id", FakeLogin.PUBLIC_APP, "grant_type", "authorization_code",
            "code", code, "redirect_uri", REDIRECT);
        parameters.putAll(parameters(changes));
        return post("/common/oauth2/v2.0/token", form(parameters));
    }

    String refreshToken() {
        return login.issueRefreshToken(JAN, FakeLogin.PUBLIC_APP,
            "openid offline_access IMAP.AccessAsUser.All SMTP.Send");
    }

    HttpResponse<String> refresh(String token, String... changes) throws Exception {
        var parameters = parameters("client_id", FakeLogin.PUBLIC_APP, "grant_type", "refresh_token",
            "refresh_token", token);
        parameters.putAll(parameters(changes));
        return post("/common/oauth2/v2.0/token", form(parameters));
    }

    String accessToken(String user, String scopes) {
        return login.issueAccessToken(user, FakeLogin.PUBLIC_APP, scopes);
    }

    HttpResponse<String> get(String address) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(address)));
    }

    HttpResponse<String> post(String path, String form) throws Exception {
        return send(posting(path, form));
    }

    /** @param path below the address of the identity provider */
    HttpRequest.Builder posting(String path, String form) {
        return HttpRequest.newBuilder(URI.create(login.base() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
