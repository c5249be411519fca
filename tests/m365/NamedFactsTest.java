//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    @ParameterizedTest @ValueSource(strings = {"", "?code=zebra77", "#id_token=zebra77"})
    void a_redirect_URI_is_what_is_registered_and_not_what_came_back_in_it(String rest) {
        assertEquals("http://localhost:8080/cb",
            NamedFacts.in("The redirect URI 'http://localhost:8080/cb" + rest + "' specified").get("redirect_uri"));
    }

    @ParameterizedTest @ValueSource(strings = {"/zebra77", "/zebra", "/zebra.pass", "/cb/zebra@contoso.com",
            "/token=zebra", "/password/zebra", ";jsessionid=zebra77"})
    void a_part_of_its_path_that_may_be_a_secret_is_not_shown(String rest) {
        var named = NamedFacts.in("The redirect URI 'https://app.example.com/cb" + rest + "' specified");
        assertFalse(named.get("redirect_uri").contains("zebra"), named.toString());
        assertTrue(named.get("redirect_uri").endsWith("…"), named.toString());
    }

    @ParameterizedTest @ValueSource(strings = {"/signin-oidc", "/login/oauth2/code/azure", "/api/v1/auth", "/",
            "/wp-admin/options.php", "/oauth2/nativeclient", ""})
    void the_usual_paths_are_shown(String path) {
        assertEquals("https://app.example.com" + path,
            NamedFacts.in("The redirect URI 'https://app.example.com" + path + "' specified").get("redirect_uri"));
    }

    @ParameterizedTest @ValueSource(strings = {"bob:zebra77", "bob:12345", "bob"})
    void a_user_before_the_host_is_no_part_of_it(String user) {
        assertNull(NamedFacts.in("The redirect URI 'http://" + user + "@localhost/cb' specified").get("redirect_uri"));
    }

    @ParameterizedTest @ValueSource(strings = {"application secret '%s'", "application password '%s'",
            "secret for app '%s'", "password of the application '%s'", "client key '%s'"})
    void a_secret_in_the_form_of_an_ID_is_no_app(String text) {
        var secret = "3f9a7c21-5b0e-4d68-9e1f-a7b2c3d4e5f6";
        assertNull(NamedFacts.in(text.replace("%s", secret)).get("client_id"));
        var told = ProblemReport.explain(
                "AADSTS7000215: Invalid client secret provided. " + text.replace("%s", secret), Map.of());
        assertFalse(told.contains(secret), told);
    }

    @Test void an_app_is_named_behind_the_secret_that_was_added_to_it() {
        var app = "3f9a7c21-5b0e-4d68-9e1f-a7b2c3d4e5f6";
        var text = "not the client secret ID, for a secret added to app '" + app + "'.";
        assertEquals(app, NamedFacts.in(text).get("client_id"));
    }

    @Test void a_parameter_is_one_of_OAuths() {
        assertEquals("scope", NamedFacts.in("must contain the following parameter: 'scope'.").get("parameter"));
        assertNull(NamedFacts.in("must contain the following parameter: 'zebra77'.").get("parameter"));
    }
}
