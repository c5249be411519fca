//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstFakeLogin.java
//SOURCES Answers.java
//SOURCES FakeLogin.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stand_in.Answers.assertBetween;
import static stand_in.Answers.assertRefused;
import static stand_in.Answers.claims;
import static stand_in.Answers.decode;
import static stand_in.Answers.field;
import static stand_in.Answers.form;
import static stand_in.Answers.query;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a code is worth, and to whom. */
class AuthorizationCodesTest extends AgainstFakeLogin {
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
            var code = code("code_challenge", CHALLENGE, "code_challenge_method", "S256");
            assertRefused(400, "invalid_grant", 501481, redeem(code));
            assertRefused(400, "invalid_grant", 501481, redeem(code, "code_verifier", VERIFIER.replace('d', 'e')));
            assertEquals(200, redeem(code, "code_verifier", VERIFIER).statusCode());
        }

        @Test void may_use_a_plain_key() throws Exception {
            var code = code("code_challenge", VERIFIER);
            assertEquals(200, redeem(code, "code_verifier", VERIFIER).statusCode());
        }

        @Test void is_bound_to_its_client() throws Exception {
            assertRefused(400, "invalid_grant", 70000, redeem(code(), "client_id", FakeLogin.CONFIDENTIAL_APP,
                "client_secret", FakeLogin.CONFIDENTIAL_SECRET));
        }

        @Test void is_bound_to_the_tenant_of_its_request() throws Exception {
            var form = form("client_id", FakeLogin.PUBLIC_APP, "grant_type", "authorization_code", "code", code(),
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
                () -> assertEquals("IMAP.AccessAsUser.All SMTP.Send",
                    field(claims(field(answer, "access_token")), "scp")),
                () -> assertTrue(decode(field(answer, "client_info")).contains("\"utid\"")));
        }

        @Test void yields_no_refresh_token_without_offline_access() throws Exception {
            var code = code("scope", IMAP);
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
}
