//JAVA 17+
//DEPS org.slf4j:slf4j-nop:1.7.36
//DEPS com.microsoft.azure:msal4j:1.26.0
//DEPS org.eclipse.angus:angus-mail:2.0.5
//DEPS com.icegreen:greenmail:2.1.13
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES stand_in.java

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.aad.msal4j.AuthorizationCodeParameters;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.DeviceCodeFlowParameters;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.MsalInteractionRequiredException;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import com.microsoft.aad.msal4j.SilentParameters;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the other tests lean on: does the stand-in behave as Microsoft's pages say Microsoft 365 does? */
@Timeout(60)
class stand_in_test {
    private static final String JAN = "jan@uva.example";
    private static final String IMAP = "https://outlook.office.com/IMAP.AccessAsUser.All";
    private static final String SMTP = "https://outlook.office.com/SMTP.Send";
    private static final String REDIRECT = "http://localhost:4711/";
    // RFC 7636 appendix B
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    @TempDir static Path folder;
    static stand_in cloud;
    static fake_login login;
    static HttpClient http;

    @BeforeAll static void start() {
        cloud = stand_in.start(folder);
        login = cloud.login();
        http = HttpClient.newBuilder().sslContext(cloud.ca().trusting()).build();
    }

    @AfterAll static void stop() {
        cloud.close();
    }

    @AfterEach void reset() {
        login.accessTokenSeconds(-1);
        login.codeSeconds(600);
        login.codeLength(1300);
        login.deviceSeconds(900);
        login.deviceInterval(5);
        login.slowDown(false);
        login.refreshTokenSeconds(90 * 24 * 3600);
        cloud.letsStrangersIn(false);
        login.forgetRequests();
    }

    @Nested class The_sign_in_page {
        @Test void is_a_form_that_knows_the_hinted_name() throws Exception {
            var page = get(authorizeUrl("login_hint", "a\"b@uva.example")).body();
            assertTrue(page.contains("name=\"login\"") && page.contains("name=\"passwd\""), page);
            assertTrue(page.contains("value=\"a&quot;b@uva.example\""), page);
        }

        @Test void leads_back_with_code_and_state() {
            var back = query(login.signIn(authorizeUrl("state", "a b&c=ü"), JAN));
            assertEquals("a b&c=ü", back.get("state"));
            assertEquals(1300, back.get("code").length());
            assertTrue(back.containsKey("session_state"));
            assertTrue(login.signIn(authorizeUrl(), JAN).endsWith("#"));
        }

        @Test void posts_the_answer_if_asked_to() {
            var form = login.signIn(authorizeUrl("response_mode", "form_post", "state", "<\"&>"), JAN);
            assertTrue(form.startsWith(REDIRECT + "?"), form);
            assertEquals("<\"&>", query(form).get("state"));
        }

        @Test void can_lead_back_with_an_address_of_more_than_six_thousand_characters() {
            login.codeLength(6100);
            assertTrue(login.signIn(authorizeUrl(), JAN).length() > 6000);
        }

        @Test void says_so_if_the_person_cancels() {
            var back = query(login.cancel(authorizeUrl("prompt", "consent", "state", "s"), JAN));
            assertEquals("access_denied", back.get("error"));
            assertEquals("cancel", back.get("error_subcode"));
            assertTrue(back.get("error_description").startsWith("AADSTS65004: "));
            assertEquals("s", back.get("state"));
        }

        @Test void asks_for_consent_only_once() {
            login.revokeConsent(JAN);
            login.signIn(authorizeUrl(), JAN);
            login.signIn(authorizeUrl(), JAN);
            assertEquals(1, login.requests("consent").size());
        }

        @Test void keeps_a_wrong_redirect_address_to_itself() throws Exception {
            var answer = get(authorizeUrl("redirect_uri", "http://localhost:4711/other"));
            assertTrue(answer.body().contains("AADSTS50011: "), answer.body());
            assertTrue(answer.headers().firstValue("Location").isEmpty());
        }

        @Test void keeps_an_unknown_client_to_itself() throws Exception {
            assertTrue(get(authorizeUrl("client_id", "00000000-0000-0000-0000-000000000000")).body()
                .contains("AADSTS700016: "));
        }

        @Test void keeps_an_unknown_tenant_to_itself() throws Exception {
            assertTrue(get(authorizeUrl().replace("/common/", "/nowhere.example/")).body().contains("AADSTS90002: "));
        }

        @Test void reports_a_bad_scope_to_the_program() throws Exception {
            var back = query(get(authorizeUrl("scope", "https://outlook.office.com/IMAP.Everything"))
                .headers().firstValue("Location").orElseThrow());
            assertTrue(back.get("error_description").startsWith("AADSTS650053: "));
        }

        @Test void reports_a_silent_attempt_to_the_program() throws Exception {
            assertEquals("login_required", query(get(authorizeUrl("prompt", "none"))
                .headers().firstValue("Location").orElseThrow()).get("error"));
        }

        @Test void refuses_a_personal_account_at_a_work_tenant() {
            var page = assertThrows(IllegalStateException.class, () ->
                login.signIn(authorizeUrl().replace("/common/", "/uva.example/"), "personal@outlook.example"));
            assertTrue(page.getMessage().contains("AADSTS50020: "), page.getMessage());
        }

        @Test void comes_back_with_any_error_a_test_asks_for() {
            login.failNext("redirect", 302, "access_denied", 53003, "Access has been blocked by policies.");
            assertEquals("access_denied", query(login.signIn(authorizeUrl(), JAN)).get("error"));
            assertTrue(query(login.signIn(authorizeUrl(), JAN)).containsKey("code"));
        }
    }

    @Test void a_redirect_address_may_differ_in_its_port_only() {
        assertAll(
            () -> assertTrue(fake_login.matches("https://localhost", "https://localhost:8745/")),
            () -> assertTrue(fake_login.matches("http://127.0.0.1", "http://127.0.0.1:1/")),
            () -> assertTrue(fake_login.matches("https://a.example:1/x", "https://a.example:1/x")),
            () -> assertFalse(fake_login.matches("https://a.example:1/x", "https://a.example:2/x")),
            () -> assertFalse(fake_login.matches("https://localhost", "http://localhost")),
            () -> assertFalse(fake_login.matches("http://localhost", "http://127.0.0.1")),
            () -> assertFalse(fake_login.matches("http://localhost/a", "http://localhost/A")),
            () -> assertFalse(fake_login.matches("http://localhost/a", "http://localhost/a/")),
            () -> assertFalse(fake_login.matches("http://localhost", "http://localhost@evil.example/")),
            () -> assertFalse(fake_login.matches("http://localhost", "no address")));
    }

    @Nested class An_authorization_code {
        @Test void can_be_redeemed_only_once() throws Exception {
            var code = code();
            assertEquals(200, redeem(code).statusCode());
            assertRefused(400, "invalid_grant", 54005, redeem(code));
        }

        @Test void expires() throws Exception {
            var code = code();
            login.codeSeconds(-1);
            assertRefused(400, "invalid_grant", 70008, redeem(code));
        }

        @Test void must_be_whole() throws Exception {
            var code = code();
            assertRefused(400, "invalid_grant", 9002313, redeem(code.substring(0, 1000)));
        }

        @Test void is_bound_to_the_redirect_address() throws Exception {
            assertRefused(401, "invalid_client", 500112, redeem(code(), "redirect_uri", "http://localhost:4711"));
            assertRefused(401, "invalid_client", 50011, redeem(code(), "redirect_uri", REDIRECT + "?code=x"));
        }

        @Test void is_bound_to_the_key_of_its_request() throws Exception {
            var code = query(login.signIn(authorizeUrl("code_challenge", CHALLENGE, "code_challenge_method", "S256"), JAN))
                .get("code");
            assertRefused(400, "invalid_grant", 501481, redeem(code));
            assertRefused(400, "invalid_grant", 501481, redeem(code, "code_verifier", VERIFIER.replace('d', 'e')));
            assertEquals(200, redeem(code, "code_verifier", VERIFIER).statusCode());
        }

        @Test void may_use_a_plain_key() throws Exception {
            var code = query(login.signIn(authorizeUrl("code_challenge", VERIFIER), JAN)).get("code");
            assertEquals(200, redeem(code, "code_verifier", VERIFIER).statusCode());
        }

        @Test void is_bound_to_its_client() throws Exception {
            assertRefused(400, "invalid_grant", 70000, redeem(code(), "client_id", fake_login.CONFIDENTIAL_APP,
                "client_secret", fake_login.CONFIDENTIAL_SECRET));
        }

        @Test void is_bound_to_the_tenant_of_its_request() throws Exception {
            var form = form("client_id", fake_login.PUBLIC_APP, "grant_type", "authorization_code", "code", code(),
                "redirect_uri", REDIRECT);
            assertRefused(400, "invalid_grant", 700005, post("/organizations/oauth2/v2.0/token", form));
        }

        @Test void yields_what_Microsoft_yields() throws Exception {
            var answer = redeem(code(), "client_info", "1").body();
            assertAll(
                () -> assertEquals("Bearer", field(answer, "token_type")),
                () -> assertEquals(IMAP + " " + SMTP, field(answer, "scope")),
                () -> assertEquals(field(answer, "expires_in"), field(answer, "ext_expires_in")),
                () -> assertBetween(3600, 5399, Integer.parseInt(field(answer, "expires_in"))),
                () -> assertBetween(1600, 2500, field(answer, "access_token").length()),
                () -> assertBetween(1200, 1800, field(answer, "refresh_token").length()),
                () -> assertTrue(field(answer, "refresh_token").startsWith("1.AX")),
                () -> assertEquals(JAN, field(claims(field(answer, "id_token")), "preferred_username")),
                () -> assertEquals(JAN, field(claims(field(answer, "access_token")), "upn")),
                () -> assertEquals("https://outlook.office.com", field(claims(field(answer, "access_token")), "aud")),
                () -> assertEquals("IMAP.AccessAsUser.All SMTP.Send", field(claims(field(answer, "access_token")), "scp")),
                () -> assertTrue(decode(field(answer, "client_info")).contains("\"utid\"")));
        }

        @Test void yields_no_refresh_token_without_offline_access() throws Exception {
            var code = query(login.signIn(authorizeUrl("scope", IMAP), JAN)).get("code");
            var answer = redeem(code).body();
            assertFalse(answer.contains("refresh_token") || answer.contains("id_token"), answer);
        }

        @Test void yields_opaque_tokens_for_a_personal_account() throws Exception {
            var code = query(login.signIn(authorizeUrl(), "personal@outlook.example")).get("code");
            var answer = redeem(code).body();
            assertTrue(field(answer, "access_token").matches("EwB[^.]+"));
            assertTrue(field(answer, "refresh_token").startsWith("M.C"));
        }
    }

    @Nested class A_refresh_token {
        @Test void is_replaced_at_every_use_and_stays_good() throws Exception {
            var first = refreshToken();
            var second = field(refresh(first).body(), "refresh_token");
            assertNotEquals(first, second);
            assertEquals(200, refresh(first).statusCode());
            assertEquals(200, refresh(second).statusCode());
        }

        @Test void needs_no_scope_and_takes_a_subset() throws Exception {
            assertEquals(IMAP + " " + SMTP, field(refresh(refreshToken()).body(), "scope"));
            assertEquals(SMTP, field(refresh(refreshToken(), "scope", SMTP + " offline_access").body(), "scope"));
        }

        @Test void does_not_cover_the_same_scope_at_another_host() throws Exception {
            var answer = refresh(refreshToken(), "scope", "https://outlook.office365.com/IMAP.AccessAsUser.All");
            assertRefused(400, "invalid_grant", 65001, answer);
            assertEquals("consent_required", field(answer.body(), "suberror"));
        }

        @Test void must_be_known_and_whole() throws Exception {
            assertRefused(400, "invalid_grant", 9002313, refresh("None"));
            assertRefused(400, "invalid_grant", 70000, refresh(refreshToken().substring(0, 900)));
        }

        @Test void dies_after_ninety_days_without_being_replaced() throws Exception {
            var token = refreshToken();
            login.refreshTokenSeconds(-1);
            assertRefused(400, "invalid_grant", 700082, refresh(token));
        }

        @Test void dies_with_the_password() throws Exception {
            var old = refreshToken();
            login.revokeSessions(JAN);
            assertRefused(400, "invalid_grant", 50173, refresh(old));
            assertEquals(200, refresh(refreshToken()).statusCode());
        }

        @Test void of_a_personal_account_is_tied_to_the_scopes_granted() throws Exception {
            var token = login.issueRefreshToken("personal@outlook.example", fake_login.PUBLIC_APP,
                "offline_access IMAP.AccessAsUser.All");
            assertEquals(200, refresh(token).statusCode());
            assertRefused(400, "invalid_grant", 70000, refresh(token, "scope", SMTP));
        }
    }

    @Nested class A_client {
        @Test void that_is_public_must_not_send_a_secret() throws Exception {
            assertRefused(401, "invalid_client", 700025, refresh(refreshToken(), "client_secret", "None"));
            assertEquals(200, refresh(refreshToken(), "client_secret", "").statusCode());
        }

        @Test void that_is_confidential_must_send_the_right_secret() throws Exception {
            var token = login.issueRefreshToken(JAN, fake_login.CONFIDENTIAL_APP, "offline_access IMAP.AccessAsUser.All");
            var id = fake_login.CONFIDENTIAL_APP;
            assertRefused(401, "invalid_client", 7000218, refresh(token, "client_id", id));
            assertRefused(401, "invalid_client", 7000215, refresh(token, "client_id", id, "client_secret", "wrong"));
            assertEquals(200, refresh(token, "client_id", id, "client_secret", fake_login.CONFIDENTIAL_SECRET).statusCode());
            var header = Base64.getEncoder().encodeToString((id + ":"
                + URLEncoder.encode(fake_login.CONFIDENTIAL_SECRET, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
            assertEquals(200, http.send(HttpRequest.newBuilder(URI.create(login.authority() + "/oauth2/v2.0/token"))
                .header("Authorization", "Basic " + header).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form("grant_type", "refresh_token", "refresh_token", token)))
                .build(), HttpResponse.BodyHandlers.ofString()).statusCode());
        }

        @Test void that_is_unknown_is_refused() throws Exception {
            assertRefused(400, "unauthorized_client", 700016, refresh("x", "client_id", "nobody"));
        }

        @Test void acting_for_itself_gets_roles_and_must_name_tenant_and_default_scope() throws Exception {
            var form = form("client_id", fake_login.CONFIDENTIAL_APP, "client_secret", fake_login.CONFIDENTIAL_SECRET,
                "grant_type", "client_credentials", "scope", "https://outlook.office365.com/.default");
            var answer = post("/uva.example/oauth2/v2.0/token", form);
            assertEquals(200, answer.statusCode(), answer.body());
            assertFalse(answer.body().contains("refresh_token"));
            assertTrue(claims(field(answer.body(), "access_token")).contains("\"IMAP.AccessAsApp\""));
            assertRefused(400, "invalid_request", 50059, post("/common/oauth2/v2.0/token", form));
            assertRefused(400, "invalid_scope", 1002012, post("/uva.example/oauth2/v2.0/token",
                form.replace(".default", "IMAP.AccessAsApp")));
        }
    }

    @Nested class A_refusal {
        @Test void has_all_the_fields_of_Entra() throws Exception {
            var request = HttpRequest.newBuilder(URI.create(login.authority() + "/oauth2/v2.0/token"))
                .header("client-request-id", "9a1b7c1e-0000-4000-8000-000000000001")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form("client_id", fake_login.PUBLIC_APP, "grant_type", "password")))
                .build();
            var body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            assertAll(
                () -> assertEquals("unsupported_grant_type", field(body, "error")),
                () -> assertTrue(field(body, "error_description").matches("AADSTS70003: .* Trace ID: [0-9a-f-]{36} "
                    + "Correlation ID: 9a1b7c1e-0000-4000-8000-000000000001 Timestamp: \\d{4}-\\d\\d-\\d\\d [\\d:]{8}Z"), body),
                () -> assertTrue(body.contains("\"error_codes\":[70003]")),
                () -> assertEquals("9a1b7c1e-0000-4000-8000-000000000001", field(body, "correlation_id")),
                () -> assertTrue(body.contains("\"timestamp\":\"") && body.contains("\"trace_id\":\"")),
                () -> assertTrue(field(body, "error_uri").endsWith("/error?code=70003")));
        }

        @Test void meets_unreadable_requests() throws Exception {
            assertRefused(400, "invalid_request", 900144, post("/common/oauth2/v2.0/token", ""));
            assertRefused(400, "invalid_request", 9000411, post("/common/oauth2/v2.0/token", "scope=a&scope=b"));
            assertRefused(400, "invalid_request", 9002313, post("/common/oauth2/v2.0/token", "scope=%zz"));
            assertRefused(400, "invalid_request", 900561, get(login.authority() + "/oauth2/v2.0/token"));
            assertRefused(400, "invalid_tenant", 90002, post("/nowhere.example/oauth2/v2.0/token", "grant_type=x"));
        }

        @Test void is_injected_once() throws Exception {
            login.failNext("token", 400, "invalid_grant", 50076, "You must use multi-factor authentication.", "basic_action");
            var token = refreshToken();
            var refused = refresh(token);
            assertRefused(400, "invalid_grant", 50076, refused);
            assertEquals("basic_action", field(refused.body(), "suberror"));
            assertEquals(200, refresh(token).statusCode());
            assertEquals(2, login.requests("token").size());
        }

        @Test void can_be_anything_a_proxy_might_say() throws Exception {
            login.answerNext("token", 429, Map.of("Retry-After", "17"), "");
            login.answerNext("token", 200, Map.of("Content-Type", "text/html"), "<html>Log in to the Wi-Fi</html>");
            login.redirectNext("token", "https://portal.example/");
            var token = refreshToken();
            assertEquals("17", refresh(token).headers().firstValue("Retry-After").orElseThrow());
            assertTrue(refresh(token).body().startsWith("<html>"));
            assertEquals(302, refresh(token).statusCode());
        }

        @Test void can_be_silence() {
            login.hangNext("token", Duration.ofMillis(200));
            login.hangMidAnswerNext("token", Duration.ofMillis(200));
            assertThrows(IOException.class, () -> refresh("x"));
            assertThrows(IOException.class, () -> refresh("x"));
        }
    }

    @Nested class A_device_code {
        @Test void waits_until_somebody_approves() throws Exception {
            var answer = deviceCode();
            var code = field(answer, "device_code");
            assertAll(
                () -> assertTrue(field(answer, "user_code").matches("[A-Z0-9]{9}")),
                () -> assertEquals("900", field(answer, "expires_in")),
                () -> assertEquals("5", field(answer, "interval")),
                () -> assertTrue(field(answer, "message").contains(field(answer, "user_code"))),
                () -> assertTrue(get(field(answer, "verification_uri")).body().contains("name=\"otc\"")),
                () -> assertRefused(400, "authorization_pending", 70016, poll("device_code", "device_code", code)));
            login.approve(field(answer, "user_code"), JAN);
            var tokens = poll("urn:ietf:params:oauth:grant-type:device_code", "code", code);
            assertEquals(JAN, field(claims(field(tokens.body(), "access_token")), "upn"));
            assertRefused(400, "invalid_grant", 54005, poll("device_code", "device_code", code));
        }

        @Test void can_be_approved_on_the_page() throws Exception {
            var answer = deviceCode();
            var page = post("/common/oauth2/deviceauth", form("otc", field(answer, "user_code").toLowerCase())).body();
            assertTrue(page.contains("Mozilla Thunderbird"), page);
            post("/common/oauth2/deviceauth/confirm", form("otc", field(answer, "user_code"), "login", JAN, "passwd",
                "jan's password", "acceptConsent", "true"));
            assertEquals(200, poll("device_code", "device_code", field(answer, "device_code")).statusCode());
        }

        @Test void can_be_declined() throws Exception {
            var answer = deviceCode();
            login.decline(field(answer, "user_code"));
            assertEquals("authorization_declined",
                field(poll("device_code", "device_code", field(answer, "device_code")).body(), "error"));
        }

        @Test void expires() throws Exception {
            login.deviceSeconds(-1);
            assertRefused(400, "expired_token", 70020,
                poll("device_code", "device_code", field(deviceCode(), "device_code")));
        }

        @Test void must_be_known() throws Exception {
            assertRefused(400, "bad_verification_code", 70018, poll("device_code", "device_code", "x"));
        }

        @Test void must_not_be_polled_too_fast_if_a_test_says_so() throws Exception {
            login.slowDown(true);
            var code = field(deviceCode(), "device_code");
            poll("device_code", "device_code", code);
            assertEquals("slow_down", field(poll("device_code", "device_code", code).body(), "error"));
        }
    }

    @Nested class MSAL {
        @Test void redeems_a_code_renews_it_and_remembers_the_account() throws Exception {
            var app = publicClient();
            var code = query(login.signIn(authorizeUrl("code_challenge", CHALLENGE, "code_challenge_method", "S256"), JAN))
                .get("code");
            var first = app.acquireToken(AuthorizationCodeParameters.builder(code, URI.create(REDIRECT))
                .scopes(Set.of(IMAP, SMTP)).codeVerifier(VERIFIER).build()).get();
            assertEquals(JAN, first.account().username());
            // MSAL remembers "localhost" without the port and would renew at port 443, were the authority not repeated.
            var silent = SilentParameters.builder(Set.of(IMAP, SMTP), first.account()).authorityUrl(login.authority());
            assertEquals(first.accessToken(), app.acquireTokenSilently(silent.build()).get().accessToken());
            var renewed = app.acquireTokenSilently(silent.forceRefresh(true).build()).get();
            assertNotEquals(first.accessToken(), renewed.accessToken());
            assertEquals(2, login.requests("token").size());
            assertTrue(login.secrets().contains(VERIFIER));
        }

        @Test void redeems_a_bare_refresh_token() throws Exception {
            var result = publicClient().acquireToken(RefreshTokenParameters.builder(Set.of(IMAP), refreshToken()).build()).get();
            assertTrue(login.access(result.accessToken()).isPresent());
        }

        @Test void reports_a_dead_refresh_token_as_a_need_to_sign_in() {
            var thrown = assertThrows(ExecutionException.class, () ->
                publicClient().acquireToken(RefreshTokenParameters.builder(Set.of(IMAP), "None").build()).get());
            assertEquals(MsalInteractionRequiredException.class, thrown.getCause().getClass());
        }

        @Test void signs_in_with_a_device_code() throws Exception {
            login.deviceInterval(1);
            var result = publicClient().acquireToken(DeviceCodeFlowParameters.builder(Set.of(IMAP), code ->
                CompletableFuture.runAsync(() -> login.approve(code.userCode(), JAN))).build()).get();
            assertEquals(JAN, result.account().username());
        }

        @Test void acts_for_itself_with_a_secret() throws Exception {
            assertAppOnly(ClientCredentialFactory.createFromSecret(fake_login.CONFIDENTIAL_SECRET), fake_login.CONFIDENTIAL_APP);
        }

        @Test void acts_for_itself_with_a_certificate(@TempDir Path keys) throws Exception {
            var store = rsaKey(keys.resolve("app.p12"));
            var certificate = (X509Certificate) store.getCertificate("app");
            var key = (PrivateKey) store.getKey("app", "only for this test".toCharArray());
            var id = "5c1f6f4e-90f1-4f0e-8d39-0a4d1c0c9a11";
            login.add(new fake_login.App(id, "With a certificate", Set.of(), null, certificate, Set.of("IMAP.AccessAsApp"),
                Set.of(JAN)));
            assertAppOnly(ClientCredentialFactory.createFromCertificate(key, certificate), id);
        }

        private void assertAppOnly(IClientCredential credential, String id) throws Exception {
            var app = ConfidentialClientApplication.builder(id, credential).authority(login.base() + "/uva.example")
                .instanceDiscovery(false).sslSocketFactory(tls()).build();
            var token = app.acquireToken(ClientCredentialParameters.builder(
                Set.of("https://outlook.office365.com/.default")).build()).get().accessToken();
            assertEquals("OK", imapLogin(JAN, token));
            assertEquals("NO", imapLogin("second@uva.example", token));
        }

        private PublicClientApplication publicClient() throws Exception {
            return PublicClientApplication.builder(fake_login.PUBLIC_APP).authority(login.authority())
                .instanceDiscovery(false).sslSocketFactory(tls()).build();
        }
    }

    @Nested class A_mailbox {
        @Test void opens_for_its_owner() throws Exception {
            assertEquals("OK", imapLogin(JAN, accessToken(JAN, "IMAP.AccessAsUser.All")));
        }

        @Test void opens_for_a_delegate() throws Exception {
            assertEquals("OK", imapLogin("shared@uva.example", accessToken("delegate@uva.example", "IMAP.AccessAsUser.All")));
        }

        @Test void opens_for_a_personal_account() throws Exception {
            assertEquals("OK", imapLogin("personal@outlook.example",
                accessToken("personal@outlook.example", "IMAP.AccessAsUser.All")));
        }

        @Test void stays_shut_for_every_other_token() throws Exception {
            var expired = accessToken(JAN, "IMAP.AccessAsUser.All");
            login.expireAccessTokens();
            assertAll(
                () -> assertEquals("NO", imapLogin(JAN, expired)),
                () -> assertEquals("NO", imapLogin(JAN, "none")),
                () -> assertEquals("NO", imapLogin(JAN, accessToken("second@uva.example", "IMAP.AccessAsUser.All"))),
                () -> assertEquals("NO", imapLogin(JAN, accessToken(JAN, "SMTP.Send"))),
                () -> assertEquals("NO", imapLogin(JAN,
                    accessToken(JAN, "https://graph.microsoft.com/IMAP.AccessAsUser.All"))));
        }

        @Test void stays_shut_for_passwords_and_notes_who_tried() throws Exception {
            try (var imap = imap()) {
                assertEquals("a NO LOGIN failed.", imap.ask("a LOGIN " + JAN + " \"jan's password\""));
                assertEquals("+ ", imap.ask("b AUTHENTICATE PLAIN"));
                assertEquals("b NO AUTHENTICATE failed.", imap.ask("AGphbgBzZWNyZXQ="));
            }
            var last = cloud.logins().get(cloud.logins().size() - 1);
            assertEquals(new stand_in.Login("IMAP", "PLAIN", "", false), last);
        }

        @Test void holds_mail_in_folders() throws Exception {
            cloud.deliver(JAN, "Fresh");
            try (var imap = imap()) {
                imap.ask("a AUTHENTICATE XOAUTH2 " + xoauth2(JAN, accessToken(JAN, "IMAP.AccessAsUser.All")));
                assertTrue(imap.until("b ", "b LIST \"\" *").contains("\"Sent Items\""));
                assertTrue(imap.until("c ", "c SELECT INBOX").contains(cloud.count(JAN, "INBOX") + " EXISTS"));
                assertTrue(imap.until("d ", "d SEARCH SUBJECT Fresh").contains("* SEARCH "));
            }
        }

        @Test void tells_an_idle_client_of_new_mail() throws Exception {
            try (var imap = imap()) {
                imap.ask("a AUTHENTICATE XOAUTH2 " + xoauth2(JAN, accessToken(JAN, "IMAP.AccessAsUser.All")));
                imap.until("b ", "b SELECT INBOX");
                assertTrue(imap.ask("c IDLE").startsWith("+ "));
                Thread.sleep(300); // GreenMail begins to watch only after its "+".
                cloud.deliver(JAN, "Fresh");
                assertEquals("* " + cloud.count(JAN, "INBOX") + " EXISTS", imap.read());
            }
        }

        @Test void ends_a_session_that_outlives_its_token() throws Exception {
            try (var imap = imap()) {
                imap.ask("a AUTHENTICATE XOAUTH2 " + xoauth2(JAN, accessToken(JAN, "IMAP.AccessAsUser.All")));
                login.expireAccessTokens();
                assertEquals("* BYE Session invalidated - AccessTokenExpired", imap.ask("b NOOP"));
            }
        }

        @Test void may_say_OK_and_mean_no() throws Exception {
            cloud.letsStrangersIn(true);
            try (var imap = imap()) {
                assertEquals("a OK AUTHENTICATE completed.", imap.ask("a AUTHENTICATE XOAUTH2 "
                    + xoauth2(JAN, accessToken("second@uva.example", "IMAP.AccessAsUser.All"))));
                assertEquals("b BAD User is authenticated but not connected.", imap.ask("b SELECT INBOX"));
            }
        }

        @Test void takes_POP_logins_in_two_lines_only() throws Exception {
            var response = xoauth2(JAN, accessToken(JAN, "POP.AccessAsUser.All"));
            try (var pop = new Line(cloud.popPort(), true)) {
                assertEquals("-ERR Protocol error. Connection is closed. 10", pop.ask("AUTH XOAUTH2 " + response));
            }
            try (var pop = new Line(cloud.popPort(), true)) {
                assertEquals("+ ", pop.ask("AUTH XOAUTH2"));
                assertEquals("+OK User successfully authenticated.", pop.ask(response));
                assertTrue(pop.ask("STAT").startsWith("+OK " + cloud.count(JAN, "INBOX") + " "));
            }
            try (var pop = new Line(cloud.popPort(), true)) {
                pop.ask("AUTH XOAUTH2");
                assertEquals("-ERR Authentication failure: unknown user name or bad password.",
                    pop.ask(xoauth2(JAN, accessToken(JAN, "IMAP.AccessAsUser.All"))));
            }
        }

        @Test void sends_through_SMTP_after_STARTTLS_only() throws Exception {
            var response = xoauth2(JAN, accessToken(JAN, "SMTP.Send"));
            try (var smtp = new Line(cloud.smtpPort(), false)) {
                assertTrue(smtp.until("250 ", "EHLO test").contains("250-STARTTLS"));
                assertEquals("504 5.7.4 Unrecognized authentication type", smtp.ask("AUTH XOAUTH2 " + response));
                smtp.ask("STARTTLS");
                smtp.secure();
                assertEquals("503 5.5.2 Send hello first", smtp.ask("AUTH XOAUTH2 " + response));
                assertTrue(smtp.until("250 ", "EHLO test").contains("250-AUTH LOGIN XOAUTH2"));
                assertEquals("535 5.7.3 Authentication unsuccessful",
                    smtp.ask("AUTH XOAUTH2 " + xoauth2(JAN, accessToken(JAN, "IMAP.AccessAsUser.All"))));
                assertTrue(smtp.ask("MAIL FROM:<" + JAN + ">").startsWith("530 5.7.57 "));
                assertEquals("334 ", smtp.ask("AUTH XOAUTH2"));
                assertEquals("235 2.7.0 Authentication successful", smtp.ask(response));
                assertTrue(submit(smtp, JAN).startsWith("250 "));
                assertTrue(submit(smtp, "second@uva.example").startsWith("554 5.2.252 SendAsDenied"));
            }
            var sent = cloud.sent().get(cloud.sent().size() - 1);
            assertEquals("Subject: dots\r\n\r\n.\r\n", sent.text());
        }

        private String submit(Line smtp, String from) throws IOException {
            var before = cloud.count("second@uva.example", "INBOX");
            smtp.ask("MAIL FROM:<" + from + "> SIZE=20");
            smtp.ask("RCPT TO:<second@uva.example>");
            smtp.ask("DATA");
            var answer = smtp.ask("Subject: dots\r\n\r\n..\r\n.");
            assertEquals(before + (answer.startsWith("250") ? 1 : 0), cloud.count("second@uva.example", "INBOX"));
            return answer;
        }
    }

    @Nested class A_scripted_server {
        @Test void records_what_a_client_says_byte_by_byte() throws Exception {
            // The sample of Microsoft's page "Authenticate an IMAP, POP or SMTP connection using OAuth", built anew.
            var response = xoauth2("test@contoso.onmicrosoft.com", "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA");
            try (var server = fake_mail.authenticateFailed(cloud.ca()).start(); var imap = new Line(server.port(), true)) {
                assertEquals("1 NO AUTHENTICATE failed.", imap.ask("1 AUTHENTICATE XOAUTH2 " + response));
                assertEquals("2 BAD Command Error. 10", imap.ask("2 XYZZY"));
                assertEquals(java.util.List.of("1 AUTHENTICATE XOAUTH2 " + response, "2 XYZZY"), server.heard());
                assertFalse(server.heard("LOGIN"));
            }
        }

        @Test void waits_for_the_answer_to_a_challenge() throws Exception {
            try (var server = fake_mail.jsonChallenge(cloud.ca()).start(); var imap = new Line(server.port(), true)) {
                assertTrue(imap.ask("1 AUTHENTICATE XOAUTH2 x").startsWith("+ eyJ"));
                assertEquals("1 NO AUTHENTICATE failed.", imap.ask(""));
            }
        }

        @Test void misbehaves_as_told() throws Exception {
            var ca = cloud.ca();
            assertEquals("2 BAD User is authenticated but not connected.",
                second(fake_mail.authenticatedButNotConnected(ca), "1 AUTHENTICATE XOAUTH2 x", "2 SELECT INBOX"));
            assertEquals("2 NO Request is throttled. Suggested Backoff Time: 50 milliseconds",
                second(fake_mail.throttled(ca, 50), "1 AUTHENTICATE XOAUTH2 x", "2 SELECT INBOX"));
            assertEquals("2 OK LOGIN completed.", second(fake_mail.asksForLogin(ca), "1 NOOP", "2 LOGIN a b"));
            assertEquals("-ERR Authentication failure: unknown user name or bad password.",
                second(fake_mail.popRefused(ca), "AUTH XOAUTH2", "x"));
            assertEquals("-ERR Protocol error. Connection is closed. 10",
                second(fake_mail.popOneLineRefused(ca), "NOOP", "AUTH XOAUTH2 x"));
        }

        @Test void cuts_the_line_after_a_BYE() throws Exception {
            try (var server = fake_mail.byeAfterGreeting(cloud.ca()).start(); var imap = new Line(server.port(), true)) {
                assertEquals("* BYE Connection closed. 14", imap.read());
                assertEquals(null, imap.read());
            }
        }

        @Test void can_be_exhausting() throws Exception {
            try (var server = fake_mail.hugeLine(cloud.ca(), 1_000_000).start(); var imap = new Line(server.port(), true)) {
                assertTrue(imap.ask("1 CAPABILITY").length() > 1_000_000);
                assertEquals("1 OK CAPABILITY completed.", imap.read());
            }
            try (var server = fake_mail.literalBomb(cloud.ca(), "LIST *").start(); var imap = new Line(server.port(), true)) {
                assertEquals("* LIST () \"/\" {2147483639}", imap.ask("1 LIST \"\" *"));
            }
        }

        @Test void slips_answers_in_before_TLS() throws Exception {
            try (var server = fake_mail.starttlsResponseInjection(cloud.ca()).start();
                 var smtp = new Line(server.port(), false)) {
                smtp.until("250 ", "EHLO test");
                smtp.ask("STARTTLS");
                assertEquals("250-injected.example Hello", smtp.read());
            }
        }

        @Test void refuses_AUTH_where_the_organisation_switched_it_off() throws Exception {
            try (var server = fake_mail.smtpAuthDisabled(cloud.ca()).start(); var smtp = new Line(server.port(), false)) {
                smtp.until("250 ", "EHLO test");
                smtp.ask("STARTTLS");
                smtp.secure();
                smtp.until("250 ", "EHLO test");
                assertTrue(smtp.ask("AUTH XOAUTH2 x").startsWith("535 5.7.139 "));
            }
        }

        @Test void frees_silent_connections_when_closed() throws Exception {
            var server = fake_mail.greetingNeverEnds(cloud.ca()).start();
            try (var socket = (SSLSocket) tls().createSocket("localhost", server.port())) {
                socket.getInputStream().readNBytes(7);
                server.close();
                assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
                    try {
                        socket.getInputStream().readAllBytes();
                    } catch (IOException reset) {
                        // As good an end as any.
                    }
                });
            }
        }

        private String second(fake_mail server, String first, String second) throws Exception {
            try (var running = server.start(); var line = new Line(running.port(), true)) {
                line.ask(first);
                return line.ask(second);
            }
        }
    }

    @Nested class A_certificate {
        @Test void is_accepted_for_localhost_and_the_loopback_address() throws Exception {
            for (var host : Set.of("localhost", "127.0.0.1")) {
                try (var socket = (SSLSocket) tls().createSocket(host, cloud.imapPort())) {
                    checkName(socket);
                    socket.startHandshake();
                }
            }
        }

        @Test void that_is_bad_is_refused() throws Exception {
            var ca = cloud.ca();
            for (var bad : Map.of("expired", ca.expired(), "name", ca.wrongHost("other.example"), "authority",
                ca.unknownAuthority()).entrySet()) {
                try (var server = fake_mail.imap(ca).certificate(bad.getValue()).start();
                     var socket = (SSLSocket) tls().createSocket("localhost", server.port())) {
                    checkName(socket);
                    assertThrows(SSLException.class, socket::startHandshake, bad.getKey());
                }
            }
        }

        @Test void leaves_no_private_key_behind(@TempDir Path elsewhere) throws Exception {
            var ca = throwaway_ca.in(elsewhere);
            assertEquals(2, files(elsewhere));
            ca.close();
            assertEquals(1, files(elsewhere));
        }

        private long files(Path where) throws IOException {
            try (var files = Files.list(where)) {
                return files.count();
            }
        }
    }

    @Nested class The_control_line {
        @Test void drives_a_sign_in_from_a_shell() {
            assertTrue(obey("signin " + authorizeUrl() + " " + JAN).startsWith(REDIRECT + "?code="));
            assertEquals("0", obey("requests"));
            assertEquals("ok", obey("fail token 400 invalid_grant 50076"));
            assertEquals("ok", obey("deliver " + JAN + " Two words"));
            assertTrue(obey("deliver nobody x").startsWith("error: no such mailbox"));
            assertTrue(obey("signin").startsWith("error: "));
        }

        private String obey(String line) {
            var out = new ByteArrayOutputStream();
            cloud.obey(line, new PrintStream(out, true, StandardCharsets.UTF_8));
            return out.toString(StandardCharsets.UTF_8).strip();
        }
    }

    @Test void a_mail_server_can_ask_what_a_token_is_worth() throws Exception {
        var token = accessToken(JAN, "IMAP.AccessAsUser.All");
        var answer = post("/introspect", form("token", token)).body();
        assertTrue(answer.startsWith("{\"active\":true,\"username\":\"jan@uva.example\",\"scope\":\"" + IMAP + "\""), answer);
        login.expireAccessTokens();
        assertEquals("{\"active\":false}", post("/introspect", form("token", token)).body());
    }

    @Test void requests_and_connections_are_counted() throws Exception {
        refresh("x", "scope", "y");
        var before = login.connections();
        try (var socket = (SSLSocket) tls().createSocket("localhost", login.port())) {
            socket.startHandshake();
        }
        assertEquals(before + 1, login.connections());
        assertEquals("y", login.requests("token").get(0).parameter("scope"));
        assertEquals("POST", login.requests().get(0).method());
    }

    @Test void the_metadata_name_the_endpoints() throws Exception {
        var metadata = get(login.authority() + "/v2.0/.well-known/openid-configuration").body();
        assertEquals(login.authority() + "/oauth2/v2.0/token", field(metadata, "token_endpoint"));
        assertTrue(get(login.base() + "/common/discovery/instance?api-version=1.1&authorization_endpoint=x").body()
            .contains("\"tenant_discovery_endpoint\""));
    }

    @Test void the_environment_points_everything_at_loopback() {
        assertEquals(Set.of("M365_AUTHORITY", "M365_CA_FILE", "M365_IMAP_HOST", "M365_IMAP_PORT", "M365_SMTP_HOST",
            "M365_SMTP_PORT", "M365_POP_HOST", "M365_POP_PORT"), cloud.environment().keySet());
        assertTrue(Files.exists(Path.of(cloud.environment().get("M365_CA_FILE"))));
    }

    // -------------------------------------------------------------------------------------------------- a client

    private static String authorizeUrl(String... changes) {
        var parameters = parameters("client_id", fake_login.PUBLIC_APP, "response_type", "code", "redirect_uri", REDIRECT,
            "response_mode", "query", "scope", "openid profile offline_access " + IMAP + " " + SMTP);
        parameters.putAll(parameters(changes));
        return login.authority() + "/oauth2/v2.0/authorize?" + form(parameters);
    }

    private static String code() {
        return query(login.signIn(authorizeUrl(), JAN)).get("code");
    }

    private static HttpResponse<String> redeem(String code, String... changes) throws Exception {
        var parameters = parameters("client_id", fake_login.PUBLIC_APP, "grant_type", "authorization_code", "code", code,
            "redirect_uri", REDIRECT);
        parameters.putAll(parameters(changes));
        return post("/common/oauth2/v2.0/token", form(parameters));
    }

    private static String refreshToken() {
        return login.issueRefreshToken(JAN, fake_login.PUBLIC_APP, "openid offline_access IMAP.AccessAsUser.All SMTP.Send");
    }

    private static HttpResponse<String> refresh(String token, String... changes) throws Exception {
        var parameters = parameters("client_id", fake_login.PUBLIC_APP, "grant_type", "refresh_token", "refresh_token", token);
        parameters.putAll(parameters(changes));
        return post("/common/oauth2/v2.0/token", form(parameters));
    }

    private static String deviceCode() throws Exception {
        return post("/common/oauth2/v2.0/devicecode", form("client_id", fake_login.PUBLIC_APP, "scope",
            "offline_access " + IMAP)).body();
    }

    private static HttpResponse<String> poll(String grantType, String field, String code) throws Exception {
        return post("/common/oauth2/v2.0/token", form("client_id", fake_login.PUBLIC_APP, "grant_type", grantType, field, code));
    }

    private static String accessToken(String user, String scopes) {
        return login.issueAccessToken(user, fake_login.PUBLIC_APP, scopes);
    }

    private static HttpResponse<String> get(String address) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String form) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(login.base() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Map<String, String> parameters(String... namesAndValues) {
        var map = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    private static String form(String... namesAndValues) {
        return form(parameters(namesAndValues));
    }

    private static String form(Map<String, String> parameters) {
        return String.join("&", parameters.entrySet().stream().map(p -> p.getKey() + "="
            + URLEncoder.encode(p.getValue(), StandardCharsets.UTF_8)).toList());
    }

    private static Map<String, String> query(String address) {
        var map = new LinkedHashMap<String, String>();
        for (var pair : URI.create(address).getRawQuery().split("&")) {
            map.put(pair.split("=", 2)[0], URLDecoder.decode(pair.split("=", 2)[1], StandardCharsets.UTF_8));
        }
        return map;
    }

    private static String field(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":(?:\"([^\"]*)\"|(\\d+))").matcher(json);
        assertTrue(found.find(), () -> "no " + name + " in " + json);
        return found.group(1) != null ? found.group(1) : found.group(2);
    }

    private static String claims(String jwt) {
        return decode(jwt.split("\\.")[1]);
    }

    private static String decode(String base64url) {
        return new String(Base64.getUrlDecoder().decode(base64url), StandardCharsets.UTF_8);
    }

    private static void assertRefused(int status, String error, int aadsts, HttpResponse<String> answer) {
        assertEquals(error, field(answer.body(), "error"), answer.body());
        assertTrue(field(answer.body(), "error_description").startsWith("AADSTS" + aadsts + ": "), answer.body());
        assertEquals(status, answer.statusCode());
    }

    private static void assertBetween(int least, int most, int actual) {
        assertTrue(least <= actual && actual <= most, () -> actual + " is not within " + least + "–" + most);
    }

    private static SSLSocketFactory tls() {
        return cloud.ca().trusting().getSocketFactory();
    }

    private static void checkName(SSLSocket socket) {
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
    }

    private static KeyStore rsaKey(Path file) throws Exception {
        var keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
            "-alias", "app", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=app", "-keystore", file.toString(),
            "-storepass", "only for this test").redirectErrorStream(true).start();
        keytool.getInputStream().readAllBytes();
        keytool.waitFor();
        return KeyStore.getInstance(file.toFile(), "only for this test".toCharArray());
    }

    private static String xoauth2(String user, String token) {
        return Base64.getEncoder().encodeToString(("user=" + user + "\1auth=Bearer " + token + "\1\1")
            .getBytes(StandardCharsets.UTF_8));
    }

    private static Line imap() throws IOException {
        return new Line(cloud.imapPort(), true);
    }

    private static String imapLogin(String user, String token) throws IOException {
        try (var imap = imap()) {
            return imap.ask("a AUTHENTICATE XOAUTH2 " + xoauth2(user, token)).split(" ")[1];
        }
    }

    /** A connection one can talk over line by line; it has read the greeting. */
    private static final class Line implements AutoCloseable {
        private Socket socket;
        private BufferedReader in;

        Line(int port, boolean secure) throws IOException {
            socket = new Socket("localhost", port);
            socket.setSoTimeout(20_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            if (secure) {
                secure();
            }
            read();
        }

        void secure() throws IOException {
            var wrapped = (SSLSocket) tls().createSocket(socket, "localhost", socket.getPort(), true);
            checkName(wrapped);
            wrapped.startHandshake();
            socket = wrapped;
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        }

        String read() throws IOException {
            return in.readLine();
        }

        String ask(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return read();
        }

        String until(String beginning, String line) throws IOException {
            var all = new StringBuilder(ask(line)).append('\n');
            for (var last = all.toString(); !last.startsWith(beginning);) {
                last = read();
                all.append(last).append('\n');
            }
            return all.toString();
        }

        @Override public void close() throws IOException {
            socket.setSoTimeout(100); // Closing TLS waits so long for a server that says nothing.
            socket.close();
        }
    }
}
