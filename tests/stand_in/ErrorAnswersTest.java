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
import static stand_in.Answers.field;
import static stand_in.Answers.form;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How Entra says no. */
class ErrorAnswersTest extends AgainstFakeLogin {
    @Nested class A_refusal {
        @Test void has_all_the_fields_of_Entra() throws Exception {
            var body = send(posting("/common/oauth2/v2.0/token",
                form("client_id", FakeLogin.PUBLIC_APP, "grant_type", "password"))
                .header("client-request-id", "9a1b7c1e-0000-4000-8000-000000000001")).body();
            assertAll(
                () -> assertEquals("unsupported_grant_type", field(body, "error")),
                () -> assertTrue(field(body, "error_description").matches("AADSTS70003: .* Trace ID: [0-9a-f-]{36} "
                    + "Correlation ID: 9a1b7c1e-0000-4000-8000-000000000001 Timestamp: "
                    + "\\d{4}-\\d\\d-\\d\\d [\\d:]{8}Z"), body),
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
    }
}
