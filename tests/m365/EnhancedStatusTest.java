//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an SMTP server's number says by itself (RFC 3463). */
class EnhancedStatusTest {

    private static String meaning(String text) { return EnhancedStatus.meaning(text).orElse(""); }

    @ParameterizedTest @CsvSource({"550 5.1.99 strange, 5.1.99, an address", "451 4.4.99 strange, 4.4.99, the way",
            "smtp; 550-5.7.999 strange, 5.7.999, a rule", "(554 #5.6.11), 5.6.11, the server cannot"})
    void names_its_subject(String text, String number, String subject) {
        assertTrue(meaning(text).startsWith("Its number " + number + " means that " + subject), meaning(text));
    }

    @Test void says_whether_it_passes() {
        assertTrue(meaning("451 4.7.99 x").contains("trying again later may help"));
        assertTrue(meaning("551 5.7.99 x").contains("trying again changes nothing"));
    }

    @Test void the_last_of_several_counts() {
        assertTrue(meaning("450 4.4.317 cannot connect; 550 5.2.99 x").startsWith("Its number 5.2.99"));
    }

    @ParameterizedTest @ValueSource(strings = {"Dovecot 5.2.3.1 ready", "from 10.5.1.1", "version 15.4.1", "5.9.1",
            "x"})
    void addresses_and_versions_are_no_such_number(String text) { assertEquals("", meaning(text)); }

    @Test void is_told_of_words_that_nobody_knows_and_of_those_alone() {
        var unknown = new Explanation("550 5.2.99 a strange mood [X.prod.outlook.com]", Map.of(), Map.of(), null);
        assertTrue(unknown.text(1_000).contains("Its number 5.2.99 means"));
        var known = new Explanation("535 5.7.3 Authentication unsuccessful", Map.of(), Map.of(), null);
        assertFalse(known.text(1_000).contains("Its number"));
    }
}
