//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Redirect.java

package m365;

import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The address that the browser ends on, as a person pastes it. */
class PastedRedirectTest {
    static final String STATE = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg";
    static final String CODE = "1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA.AgABBAIAAAD";

    @Nested class What_a_person_pastes {

        @ParameterizedTest @ValueSource(strings = {
            "https://localhost:8745/?code=%CODE%&state=%STATE%",
            "https://localhost:8745/?code=%CODE%&state=%STATE%&session_state=f0e1#",
            "https://localhost:8745/?session_state=x&state=%STATE%&code=%CODE%#_=_",
            "  \"https://localhost:8745/?code=%CODE%&state=%STATE%\"  ",
            "'https://localhost:8745/?code=%CODE%&state=%STATE%'",
            "<https://localhost:8745/?code=%CODE%&state=%STATE%>",
            "https://localhost:8745/?code=1.AXYAka3GpsNkL0ua Ui9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA.AgABBAIAAAD"
                + "&state=%STATE%",
            "localhost:8745/?code=%CODE%&state=%STATE%",
            "?code=%CODE%&state=%STATE%",
            "code=%CODE%&state=%STATE%",
            "state=%STATE%&code=%CODE%",
            "%CODE%",
            " %CODE%\t"})
        void is_understood_as_address_query_or_code(String text) {
            var redirect = Redirect.pasted(text.replace("%CODE%", CODE).replace("%STATE%", STATE), STATE, Map.of());
            assertEquals(CODE, assertInstanceOf(Redirect.Code.class, redirect).code().reveal());
        }

        @ParameterizedTest @CsvSource(delimiter = '|', value = {
            "''                                                                 | Nothing was pasted",
            "'   '                                                              | Nothing was pasted",
            "https://localhost:8745/?code=%CODE%                                | incomplete: its state is missing",
            "https://localhost:8745/?code=%CODE%&state=%STATE%x                 | another attempt",
            "https://localhost:8745/?code=%CODE%&state=n4bQgYhM                 | another attempt",
            "https://localhost:8745/?code=%CODE%&state=                         | another attempt",
            "https://localhost:8745/?state=%STATE%                              | neither a code nor an error",
            "https://localhost:8745/?code=&state=%STATE%                        | code in that address is empty",
            "https://localhost:8745/?code=a&code=b&state=%STATE%                | malformed",
            "https://localhost:8745/?code=%ZZ&state=%STATE%                     | malformed",
            "https://localhost:8745/                                            | carries no code",
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x&state=%STATE% "
                + "                                                                     | That is the address to open",
            "hello                                                              | carries no code",
            "rm -rf ~                                                           | carries no code",
            "please open the browser for me                                     | carries no code",
            "Troubleshooting details: copy 12 lines                             | carries no code",
            "Donaudampfschifffahrtsgesellschaft                                 | carries no code",
            "AADSTS50011: The redirect URI does not match                       | redirect"})
        void is_told_what_is_wrong_with_it(String text, String reason) {
            var redirect = Redirect.pasted(text.replace("%CODE%", CODE).replace("%STATE%", STATE), STATE, Map.of());
            var why = assertInstanceOf(Redirect.Stray.class, redirect).why();
            assertTrue(why.contains(reason), why);
        }

        @Test void may_be_a_refusal() {
            var redirect = Redirect.pasted("http://localhost/?error=access_denied&error_description="
                + "AADSTS65004%3A+declined&state=" + STATE, STATE, Map.of());
            var declined = assertInstanceOf(Redirect.Declined.class, redirect);
            assertEquals("access_denied", declined.error());
            assertEquals("AADSTS65004: declined", declined.description());
        }

        @Test void may_be_as_long_as_codes_get() {
            var code = CODE + "x".repeat(60_000);
            var redirect = Redirect.pasted("http://localhost/?code=" + code + "&state=" + STATE, STATE, Map.of());
            assertEquals(code, assertInstanceOf(Redirect.Code.class, redirect).code().reveal());
        }

        @Test void a_refusal_with_a_foreign_state_is_a_stray() {
            assertInstanceOf(Redirect.Stray.class,
                Redirect.pasted("?error=access_denied&state=other", STATE, Map.of()));
        }
    }
}
