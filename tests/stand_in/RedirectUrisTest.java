//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES RedirectUris.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where Entra sends a browser back to, and where not. */
@Timeout(60)
class RedirectUrisTest {
    @Test void a_redirect_address_may_differ_in_its_port_only() {
        assertAll(
            () -> assertTrue(RedirectUris.matches("https://localhost", "https://localhost:8745/")),
            () -> assertTrue(RedirectUris.matches("http://127.0.0.1", "http://127.0.0.1:1/")),
            () -> assertTrue(RedirectUris.matches("https://a.example:1/x", "https://a.example:1/x")),
            () -> assertFalse(RedirectUris.matches("https://a.example:1/x", "https://a.example:2/x")),
            () -> assertFalse(RedirectUris.matches("https://localhost", "http://localhost")),
            () -> assertFalse(RedirectUris.matches("http://localhost", "http://127.0.0.1")),
            () -> assertFalse(RedirectUris.matches("http://localhost/a", "http://localhost/A")),
            () -> assertFalse(RedirectUris.matches("http://localhost/a", "http://localhost/a/")),
            () -> assertFalse(RedirectUris.matches("http://localhost", "http://localhost@evil.example/")),
            () -> assertFalse(RedirectUris.matches("http://localhost", "no address")));
    }
}
