//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES SigningIn.java

package m365;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import support.Said;
import support.Tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** The tests' own guard: that it would notice. */
class LeakGuardTest extends SigningIn {

    @Nested class The_guard_against_telling_secrets {

        @Test void notices_a_token_a_code_or_a_part_of_one() throws Exception {
            try (var running = get_token("--no-browser").startHere()) {
                running.types(login.signIn(ready(running), JAN) + "\n").ends().exits(0);
            }
            var token = login.refreshToken(JAN);
            assertFalse(Tool.leaks("x" + token + "x").isEmpty());
            assertFalse(Tool.leaks("… " + token.substring(token.length() - 30)).isEmpty());
            assertFalse(Tool.leaks(Base64.getEncoder().encodeToString(cachedAccessToken().getBytes(UTF_8))).isEmpty());
            assertFalse(Tool.leaks("passwd=jan%27s+password").isEmpty());
            assertEquals(List.of(), Tool.leaks("Signed in as jan@uva.example."));
            assertEquals(List.of(), Tool.everythingSaid().stream()
                .filter(said -> !said.program().contains("--access-token"))
                .filter(said -> !said.program().contains("--refresh-token"))
                .filter(said -> !Tool.leaks(said.out()).isEmpty()).map(Said::program).toList());
        }
    }
}
