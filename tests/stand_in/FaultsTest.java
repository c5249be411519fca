//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstFakeLogin.java
//SOURCES Answers.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stand_in.Answers.assertRefused;
import static stand_in.Answers.field;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What goes wrong because a test asked for it. */
class FaultsTest extends AgainstFakeLogin {
    @Nested class A_refusal {
        @Test void is_injected_once() throws Exception {
            login.failNext("token", 400, "invalid_grant", 50076, "You must use multi-factor authentication.",
                "basic_action");
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
            login.hangNext("token", Duration.ofMillis(20));
            login.hangMidAnswerNext("token", Duration.ofMillis(20));
            assertThrows(IOException.class, () -> refresh("x"));
            assertThrows(IOException.class, () -> refresh("x"));
        }
    }
}
