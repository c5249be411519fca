//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FamiliarWordsTest {

    @Test void show_what_a_server_says() {
        var line = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
                + " [AM0PR01CA0123.eurprd01.prod.exchangelabs.com 2026-11-26T10:00:00.123Z 08DC1234ABCD5678]";
        assertEquals(line.replace("08DC1234ABCD5678", "••••"), FamiliarWords.in(line));
    }

    @Test void show_the_ids_of_Microsofts_sentences() {
        var line = "AADSTS65001: The user or administrator has not consented to use the application with ID"
                + " '9e5f94bc-e8a4-4e73-b8be-63364c29d753' named 'x'. Trace ID: bf61e720-a0fc-55a2-9395-006120154b6c";
        assertEquals(line, FamiliarWords.in(line));
    }

    @Test void hide_a_code_that_happens_to_be_a_number_of_Microsofts() {
        assertFalse(FamiliarWords.in("Use verification code 500011 for Microsoft authentication").contains("500011"));
    }

    @Test void hide_ordinary_words_beside_a_password() {
        var refused = "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.";
        for (var form : new String[] {"(password welcome)", "My password? welcome!", "PIN welcome", "I typed welcome",
            "anna@contoso.com, welcome", "The client secret is welcome", "welcome was the password"}) {
            var told = FamiliarWords.in(refused + " " + form);
            assertFalse(told.contains("welcome"), told);
            assertTrue(told.startsWith(refused.substring(0, 60)), told);
        }
    }

    /** Forms of writing a password down that no list of labels has. */
    @ParameterizedTest @ValueSource(strings = {
        "-ujan:%s", "sshpass -p %s ssh", "<<< %s", "{b'password': b'%s'}", "define('DB_PASSWORD','%s')",
        "$cfg{password} = '%s'", "jan@uva.nl:%s", "jan:%s@host", "send: '%s'", "the password %s and",
        "password for jan: %s", "Passwort „%s“", "Kode: %s", "пароль: %s", "密码：%s", "lösenord=%s", "adgangskode %s",
        "PIN:%s", "OTP %s", "%s (typed twice)", "my code %s, and then", "(%s)", "%s", "pw/%s", "?key=%s&x"})
    void hide_a_password_however_it_is_written(String form) {
        for (var secret : new String[] {"hunter2horse", "qwzxhorse", "Tr0ub4dor&3", "483920", "483 920",
            "7d1f0c3e-58a6-4b92-9e07-2c4fd16b83a5"})
            for (var log : new String[] {form + " 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is"
                    + " disabled for the Tenant.", form + " AADSTS65001: The user has not consented",
                    "AADSTS50105: not assigned to a role; " + form}) {
                var told = ProblemReport.explain(log.replace("%s", secret), Map.of());
                assertFalse(told.contains(secret), told);
                assertTrue(told.contains("administrator"), told);
            }
    }

    @ParameterizedTest @ValueSource(strings = {"password = [h, u, n, t, e, r]", "['h', 'u', 'n', 't', 'e', 'r']",
        "spelled h u n t e r", "0000000 h   u   n   t   e   r"})
    void hide_letters_one_by_one(String form) {
        var told = FamiliarWords.in("A1 NO AUTHENTICATE failed. " + form);
        assertFalse(told.matches(".*\\b[hunter]\\b.*"), told);
    }

    @Test void hide_memory_in_hexadecimal_numbers_and_show_a_code_of_Windows() {
        assertEquals("5.7.3 •••• •••• 0x800ccc0e", FamiliarWords.in("5.7.3 0x68756e74 0x65723273 0x800ccc0e"));
    }
}
