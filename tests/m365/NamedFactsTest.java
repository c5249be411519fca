//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/** What an answer takes from a pasted text by name. */
class NamedFactsTest {

    @ParameterizedTest @ValueSource(strings = {"common", "contoso.onmicrosoft.com",
            "9e5f94bc-e8a4-4e73-b8be-63364c29d753"})
    void a_tenant_is_a_domain_a_GUID_or_one_of_Microsofts_words(String tenant) {
        assertEquals(tenant,
            NamedFacts.in("POST https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0/token").get("tenant"));
        assertEquals(tenant, NamedFacts.in("AADSTS90002: Tenant '" + tenant + "' not found.").get("tenant"));
    }

    @Test void a_password_where_a_tenant_is_expected_is_none() {
        assertNull(NamedFacts.in("a1 LOGIN bob login.microsoftonline.com/zebra77tiger").get("tenant"));
        assertNull(NamedFacts.in("https://login.microsoftonline.com/Zebra77@contoso.com/ AADSTS50126").get("tenant"));
        assertNull(NamedFacts.in("Tenant 'Zebra77Tiger' is my password").get("tenant"));
    }
}
