//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstFakeLogin.java
//SOURCES Answers.java
//SOURCES FakeLogin.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stand_in.Answers.assertRefused;
import static stand_in.Answers.claims;
import static stand_in.Answers.field;
import static stand_in.Answers.form;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Signing in with a code on another device. */
class DeviceFlowTest extends AgainstFakeLogin {
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

    private String deviceCode() throws Exception {
        return post("/common/oauth2/v2.0/devicecode", form("client_id", FakeLogin.PUBLIC_APP, "scope",
            "offline_access " + IMAP)).body();
    }

    private HttpResponse<String> poll(String grantType, String field, String code) throws Exception {
        return post("/common/oauth2/v2.0/token", form("client_id", FakeLogin.PUBLIC_APP,
            "grant_type", grantType, field, code));
    }
}
