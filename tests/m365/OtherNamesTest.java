//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/PastedError.java

package m365;

import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The page of other services, and what a name on it counts for. */
class OtherNamesTest {

    private static String service(String text) {
        return PastedError.find(text).facts().getOrDefault("service", "");
    }

    @ParameterizedTest @CsvSource(delimiter = '|', value = {
        "Gmail (Google) | 535-5.7.8 Username and Password not accepted. - gsmtp",
        "Gmail (Google) | IMAP login failed for account someone@gmail.com",
        "a mail server of your own (Postfix) | outlook users: 535 5.7.8 Error: authentication failed: no mechanism",
        "Azure Communication Services | smtp.azurecomm.net: 535 authentication failed",
        "PostgreSQL | FATAL: password authentication failed for user",
        "Yahoo | Yahoo Mail wants an app password, login failed"})
    void a_name_of_another_service_is_told(String service, String text) { assertEquals(service, service(text)); }

    @ParameterizedTest @ValueSource(strings = {
        "outlook.office365.com: login failed; the same works with Gmail",
        "smtp.office365.com in a docker container: login failed",
        "Delivery to someone@gmail.com by smtp.office365.com: 535 5.7.139 Authentication unsuccessful"})
    void a_name_beside_a_failure_at_microsoft_365_is_not(String text) { assertEquals("", service(text)); }

    @Test void the_first_service_of_the_page_is_told() {
        assertEquals(Optional.of("Gmail (Google)"), OtherNames.find(OtherNames.Kind.PROVIDER, "yahoo and gmail"));
    }

    @Test void every_kind_of_name_is_on_the_page() throws Exception {
        try (var page = OtherNames.class.getResourceAsStream("/failures/others.md")) {
            var names = OtherNames.read(new String(page.readAllBytes(), UTF_8));
            assertEquals(EnumSet.allOf(OtherNames.Kind.class), names.keySet());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"## Elsewhere\n\nno list\n", "## Elsewhere\n\n- `no kind`\n",
        "## Elsewhere\n\n- colour: `blue`\n", "## Elsewhere\n\n- program: `a`\n- program: `b`\n",
        "## Elsewhere\n\n- program: `(`\n"})
    void a_page_that_is_not_in_its_form_is_named_with_file_and_line(String page) {
        var message = assertThrows(IllegalArgumentException.class, () -> OtherNames.read(page)).getMessage();
        assertTrue(message.matches("(?s)failures/others\\.md:\\d+: .*"), message);
    }
}
