//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/AuthorizationRequest.java
//SOURCES ../../m365/Secret.java

package m365;

import java.net.URI;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What ties the answer of a sign-in to the question. */
class AuthorizationRequestTest {
    static final String STATE = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg";

    static AuthorizationRequest attempt() {
        return new AuthorizationRequest(URI.create("http://localhost:8745"), STATE,
            new Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    }

    @Nested class The_proof_key {

        /** https://www.rfc-editor.org/rfc/rfc7636#appendix-B */
        @Test void gives_the_challenge_of_RFC_7636_appendix_B() {
            assertEquals("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", attempt().challenge());
        }

        @Test void and_the_state_are_new_for_each_attempt_and_long_enough() {
            var one = AuthorizationRequest.fresh(URI.create("http://localhost/"));
            var two = AuthorizationRequest.fresh(URI.create("http://localhost/"));
            assertNotEquals(one.state(), two.state());
            assertNotEquals(one.verifier().reveal(), two.verifier().reveal());
            assertTrue(one.verifier().reveal().matches("[A-Za-z0-9_-]{43,128}"), "RFC 7636 section 4.1");
            assertTrue(one.state().length() >= 22, "RFC 6749 section 10.10: at least 128 bits");
        }
    }
}
