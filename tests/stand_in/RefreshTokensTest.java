//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstFakeLogin.java
//SOURCES Answers.java
//SOURCES FakeLogin.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static stand_in.Answers.assertRefused;
import static stand_in.Answers.field;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How long a refresh token lives, and what for. */
class RefreshTokensTest extends AgainstFakeLogin {
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
            var token = login.issueRefreshToken("personal@outlook.example", FakeLogin.PUBLIC_APP,
                "offline_access IMAP.AccessAsUser.All");
            assertEquals(200, refresh(token).statusCode());
            assertRefused(400, "invalid_grant", 70000, refresh(token, "scope", SMTP));
        }
    }
}
