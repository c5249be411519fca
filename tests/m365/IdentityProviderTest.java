//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/IdentityProvider.java
//SOURCES ../support/TestSettings.java
//SOURCES AuthorizationRequestTest.java

package m365;

import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static m365.AuthorizationRequestTest.attempt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static support.TestSettings.settings;

/** What the browser is sent to the identity provider with. */
class IdentityProviderTest {
    @Nested class The_address_to_sign_in_at {

        static Map<String, String> parameters(String user) {
            var found = new HashMap<String, String>();
            var address = new IdentityProvider(settings(), line -> { }, 0).authorizeUrl(attempt(), user);
            for (var pair : address.getRawQuery().split("&"))
                found.put(pair.split("=", 2)[0], URLDecoder.decode(pair.split("=", 2)[1], UTF_8));
            return found;
        }

        @Test void carries_state_and_challenge_but_not_the_verifier() {
            var sent = parameters(null);
            assertEquals(AuthorizationRequestTest.STATE, sent.get("state"));
            assertEquals("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", sent.get("code_challenge"));
            assertEquals("S256", sent.get("code_challenge_method"));
            assertFalse(sent.toString().contains("dBjftJeZ4CVP"), sent.toString());
        }

        @Test void asks_for_a_code_in_an_address_that_can_be_pasted() {
            assertEquals("code", parameters(null).get("response_type"));
            assertEquals("query", parameters(null).get("response_mode"));
            assertEquals("http://localhost:8745", parameters(null).get("redirect_uri"));
        }

        @Test void asks_for_the_mail_scopes_and_a_refresh_token() {
            var scopes = Set.of(parameters(null).get("scope").split(" "));
            assertTrue(scopes.containsAll(Set.of("https://outlook.office.com/IMAP.AccessAsUser.All",
                "https://outlook.office.com/SMTP.Send", "offline_access")), scopes.toString());
        }

        @Test void lets_a_person_choose_the_account_or_names_the_one_that_was_given() {
            assertEquals("select_account", parameters(null).get("prompt"));
            assertFalse(parameters(null).containsKey("login_hint"));
            assertEquals("jan@uva.nl", parameters("jan@uva.nl").get("login_hint"));
        }
    }
}
