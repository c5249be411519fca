//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Redirect.java
//SOURCES ../../m365/Secret.java
//SOURCES ../../m365/TokenCache.java
//SOURCES ../support/TestSettings.java
//SOURCES AuthorizationRequestTest.java

package m365;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static m365.AuthorizationRequestTest.attempt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static support.TestSettings.settings;

/** Secrets are dots wherever they are put. */
class SecretTest {

    @Nested class A_secret {

        @Test void prints_as_dots_wherever_it_is_put() {
            var settings = settings("M365_CLIENT_SECRET", "hush");
            assertEquals("••••", settings.clientSecret().orElseThrow().toString());
            assertFalse(settings.toString().contains("hush"), settings.toString());
            assertFalse(String.valueOf(Map.of("k", new Secret("hush"))).contains("hush"));
        }
    }

    @Nested class Records_with_secrets_in_them {

        @Test void print_dots() {
            var cached = TokenCache.read("""
                {"AccessToken":{"k":{"secret":"hush","client_id":"id","environment":"host","realm":"common",
                "target":"IMAP","expires_on":"1","cached_at":"1"}},"RefreshToken":{"k":{"secret":"hush"}},
                "Account":{"k":{"username":"jan","home_account_id":"u.t"}}}""".replace("hush", "hush".repeat(6)));
            for (var record : List.of(attempt(), new Redirect.Code(new Secret("hush")), cached.orElseThrow()))
                assertFalse(record.toString().matches(".*(hush|dBjftJeZ4CVP).*"), record.toString());
        }
    }
}
