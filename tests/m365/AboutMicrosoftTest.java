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

    @ParameterizedTest @ValueSource(strings = {"Azure Blob Storage: 403 AuthenticationFailed: Server failed to "
            + "authenticate the request", "Azure SQL: wrong user name or password"})
    void words_in_another_products_log_that_do_not_tell_the_cause_are_about_that_product(String text) {
        assertTrue(explain(text).matches("(?s)Nothing in this text.*about (?:Blob Storage|SQL), not about.*"), text);
    }

    @ParameterizedTest @ValueSource(strings = {"Microsoft Visual C++: login failed with invalid credentials",
            "Microsoft OLE DB Provider: Authentication failed", "Microsoft.Data.SqlClient: Authentication failed"})
    void the_makers_name_alone_makes_no_mailbox(String text) {
        var told = explain(text);
        assertTrue(told.contains("nothing of Microsoft 365") || told.contains("not about Microsoft 365 mail"), told);
    }

    @ParameterizedTest @ValueSource(strings = {"SQL Server: Login failed for user 'sa'. ¦ Microsoft SQL Server",
            "ORA-01017: invalid username/password; logon denied ¦ Oracle's database",
            "su: Authentication failure ¦ sudo or PAM", "{\"message\":\"Bad credentials\"} ¦ GitHub",
            "535 Incorrect authentication data (set_id=jan) ¦ Exim",
            "imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs) ¦ Dovecot",
            "{\"error\":\"invalid_grant\",\"error_description\":\"Bad Request\"} ¦ Gmail (Google)",
            "Yahoo: 535 5.7.0 Too many bad auth attempts ¦ Yahoo", "discord: Too many login attempts ¦ Discord"})
    void whose_words_they_are_is_told(String textAndService) {
        var told = explain(textAndService.replaceFirst(" ¦ .*", ""));
        assertTrue(told.matches("(?s).*about (?:a mail server of your own .)?\\Q"
                + textAndService.replaceFirst(".* ¦ ", "") + "\\E.*not about Microsoft 365 mail.*"), told);
    }

    @Test void what_works_there_is_not_what_fails() {
        assertFalse(explain("smtp.office365.com: Connection timed out; with gmail it works well").contains("Gmail"));
        assertFalse(explain("AUTHENTICATE failed, password from gmail.tokens").contains("Gmail"));
        assertTrue(explain("smtp.gmail.com: Connection timed out").contains("Gmail"));
    }

    @Test void what_is_known_of_another_providers_words_is_told_as_such() {
        var told = explain("smtp.exmail.qq.com: 550 5.7.1 Client does not have permissions to send as this sender");
        assertTrue(told.contains("At Microsoft 365 the same words would mean: The From address is not"), told);
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
