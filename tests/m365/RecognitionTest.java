//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** How a failure finds its cause: by number, suberror, error, text and place. */
class RecognitionTest {
    static String explained(String pasted) { return PastedError.explain(pasted).id(); }

    static Signal refused(String error, String suberror, String... codes) {
        return new Signal("token", error, suberror, List.of(codes), "");
    }

    @Nested class A_number_of_Microsofts {

        @Test void leads_to_its_row_however_it_is_written() {
            for (var row : Failures.all()) for (var alternative : row.recognised().split(" \\|\\| ")) {
                if (!alternative.startsWith("AADSTS ") || alternative.contains(" && ")) continue;
                for (var number : alternative.substring(7).split(" "))
                    assertAll(number,
                            () -> assertEquals(row.id(), explained(number)),
                            () -> assertEquals(row.id(), explained("  AADSTS" + number + "\n")),
                            () -> assertEquals(row.id(), explained("aadsts" + number)),
                            () -> assertEquals(row.id(),
                                    explained("Sorry.\nError Code: " + number + "\nRequest Id: 1")),
                            () -> assertEquals(row.id(),
                                    Failures.of(refused("invalid_grant", "bad_token", number)).id()));
            }
        }

        @Test void that_is_not_listed_falls_back_to_the_suberror_then_to_the_error() {
            assertEquals("refresh-token-finished", Failures.of(refused("invalid_grant", "bad_token", "399999")).id());
            assertEquals("invalid-grant", Failures.of(refused("invalid_grant", "", "399999")).id());
            assertEquals("invalid-grant", Failures.of(refused("invalid_grant", "something_new", "399999")).id());
            assertEquals("invalid-grant",
                    explained("{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS399999: New.\","
                            + "\"error_codes\":[399999]}"));
        }

        @Test void that_is_not_listed_and_has_no_error_says_so() {
            assertEquals("aadsts-number-not-listed", explained("399999"));
            assertEquals("aadsts-number-not-listed", explained("AADSTS399999: New."));
            assertEquals("unknown-token", Failures.of(refused("brand_new", "", "399999")).id());
        }

        @Test void is_explained_more_exactly_when_the_text_helps() {
            assertEquals("grant-refused", explained("AADSTS70000"));
            assertEquals("scopes-not-granted", explained("AADSTS70000: The request was denied "
                    + "because one or more scopes requested are\r\nunauthorized or expired."));
            assertEquals("secret-mismatch", explained("70002"));
        }

        @Test void further_behind_helps_when_the_first_is_not_listed() {
            assertEquals("conditional-access-refused", explained("AADSTS399999: caused by AADSTS53003"));
        }

        @Test void is_found_in_the_text_when_the_library_gives_no_list() {
            var seen = new Signal("token", "invalid_grant", null, null, "AADSTS700082: The refresh token has expired");
            assertEquals("refresh-token-unused-90-days", Failures.of(seen).id());
        }
    }

    @Nested class A_place {

        @ParameterizedTest @ValueSource(strings = {"page", "redirect", "token", "device", "imap", "smtp", "pop",
            "network", "local", "client"})
        void always_has_a_last_resort(String place) {
            assertEquals("unknown-" + place, Failures.of(Signal.of(place, "a strange mood")).id());
        }

        @Test void helps_to_tell_one_timeout_from_another() {
            assertEquals("mail-port-timeout", Failures.of(Signal.of("imap", "Connect timed out")).id());
            assertEquals("sign-in-host-timeout", Failures.of(Signal.of("token", "Connect timed out")).id());
        }

        @Test void called_local_knows_its_conditions_by_name() {
            assertEquals("missing-mail-scope", Failures.of(Signal.local("missing-smtp-scope")).id());
            assertEquals("clock-wrong", Failures.of(Signal.local("clock-wrong")).id());
        }
    }
}
