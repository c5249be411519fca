//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an answer says about a text that need not be about a mailbox of Microsoft 365. */
class AboutMicrosoftTest {
    private static final String NOTHING = "There is nothing of Microsoft 365 in the text";
    private static final String ELSEWHERE = "not about a Microsoft 365 mailbox; the cause is the same";

    private static String explain(String text) {
        return new Explanation(text, Map.of(), Map.of(), null).text(1_000);
    }

    @ParameterizedTest @ValueSource(strings = {"535 5.7.0 Invalid login or password",
            "body: '{\"error\":\"invalid_grant\"}', status: 400", "connect to mx.uva.example:25: Connection timed out"})
    void the_words_of_any_server_may_be_another_ones(String text) { assertTrue(explain(text).contains(NOTHING)); }

    @ParameterizedTest @ValueSource(strings = {"535 5.7.3 Authentication unsuccessful [X.prod.outlook.com]",
            "AADSTS50076: you must use multi-factor authentication", "invalid_grant", "50011",
            "get_token: error: the provider does not answer"})
    void Microsofts_words_and_our_own_are_not_doubted(String text) { assertFalse(explain(text).contains(NOTHING)); }

    @Test void a_number_in_another_products_log_means_the_same_there() {
        var text = "Error retrieving keys for Storage Account \"state\": AADSTS7000215: Invalid client secret provided";
        assertTrue(explain(text).contains("secret is wrong. The text is about Storage Account, " + ELSEWHERE));
        assertFalse(explain("OfflineIMAP: " + text).contains(ELSEWHERE));
    }

    @Test void mail_in_a_container_is_mail() {
        assertFalse(explain("docker-compose: imap login error: a weird thing happened").contains("about Docker"));
        assertTrue(explain("docker: Error response from daemon: pull access denied").contains("about Docker"));
    }

    @Test void programs_are_told_as_well() {
        var json = new Explanation("535 5.7.0 Invalid login or password", Map.of(), Map.of(), null).json();
        assertTrue(json.contains(NOTHING));
    }
}
