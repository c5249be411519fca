//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstFakeLogin.java
//SOURCES Answers.java
//SOURCES FakeLogin.java

package stand_in;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stand_in.Answers.assertRefused;
import static stand_in.Answers.claims;
import static stand_in.Answers.field;
import static stand_in.Answers.form;

import java.net.URLEncoder;
import java.util.Base64;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How programs prove who they are. */
class ClientAuthenticationTest extends AgainstFakeLogin {
    @Nested class A_client {
        @Test void that_is_public_must_not_send_a_secret() throws Exception {
            assertRefused(401, "invalid_client", 700025, refresh(refreshToken(), "client_secret", "None"));
            assertEquals(200, refresh(refreshToken(), "client_secret", "").statusCode());
        }

        @Test void that_is_confidential_must_send_the_right_secret() throws Exception {
            var token = login.issueRefreshToken(JAN, FakeLogin.CONFIDENTIAL_APP,
                "offline_access IMAP.AccessAsUser.All");
            var id = FakeLogin.CONFIDENTIAL_APP;
            assertRefused(401, "invalid_client", 7000218, refresh(token, "client_id", id));
            assertRefused(401, "invalid_client", 7000215, refresh(token, "client_id", id, "client_secret", "wrong"));
            assertEquals(200, refresh(token, "client_id", id, "client_secret", FakeLogin.CONFIDENTIAL_SECRET)
                .statusCode());
            var header = Base64.getEncoder().encodeToString((id + ":"
                + URLEncoder.encode(FakeLogin.CONFIDENTIAL_SECRET, UTF_8)).getBytes(UTF_8));
            assertEquals(200, send(posting("/common/oauth2/v2.0/token",
                form("grant_type", "refresh_token", "refresh_token", token)).header("Authorization", "Basic " + header))
                .statusCode());
        }

        @Test void that_is_unknown_is_refused() throws Exception {
            assertRefused(400, "unauthorized_client", 700016, refresh("x", "client_id", "nobody"));
        }

        @Test void acting_for_itself_gets_roles_and_must_name_tenant_and_default_scope() throws Exception {
            var form = form("client_id", FakeLogin.CONFIDENTIAL_APP, "client_secret", FakeLogin.CONFIDENTIAL_SECRET,
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
}
