//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstFakeLogin.java
//SOURCES Answers.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stand_in.Answers.query;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Signing in on the pages, and what comes back to the program. */
class AuthorizationTest extends AgainstFakeLogin {
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
}
