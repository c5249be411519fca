//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES SigningIn.java

package m365;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import support.Running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** The certificate that the browser is shown. */
class LoopbackCertificateTest extends SigningIn {

    @Nested class The_certificate_for_https {

        Running overHttps() {
            return get_token("--no-browser").with("M365_REDIRECT_URI", "https://localhost:0/").startHere();
        }

        @Test void is_another_one_each_time_and_anybody_else_s_is_not_trusted() throws Exception {
            String first;
            try (var running = overHttps()) {
                ready(running);
                first = fingerprint(running);
            }
            try (var running = overHttps()) {
                var end = login.signIn(ready(running), JAN);
                assertNotEquals(first, fingerprint(running));
                assertThrows(UncheckedIOException.class, () -> visit(end, first));
                assertEquals(200, visit(end, fingerprint(running)).statusCode());
                signedInAs(JAN, running.ends());
            }
        }
    }
}
