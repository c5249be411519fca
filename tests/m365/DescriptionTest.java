//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Explanation.java

package m365;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Failures in people's own words. The groups of words and which of them speak for what stand in failures/. */
class DescriptionTest {

    private static String answer(String text) {
        return new Explanation(text, Map.of(), Map.of(), null).text(200).replaceAll("\\s+", " ");
    }

    @ParameterizedTest @CsvSource(delimiter = '|', value = {
        "secret-expired | The Azure app secret has expired, and Outlook mail is no longer sent.",
        "secret-expired | Seit gestern kommt keine Mail: das Clientgeheimnis in Azure ist abgelaufen.",
        "redirect-uri-mismatch | Microsoft says that what I gave as reply URL is wrong.",
        "redirect-uri-mismatch | there is some mismatch, says Microsoft, with the redirect URI",
        "mfa-needed | Since our university turned on MFA for Office 365, fetchmail says login failed",
        "mfa-needed | Depuis que l'authentification multifacteur est requise, Outlook refuse mon script.",
        "conditional-access-refused | our IT blocks this via conditional access policy",
        "smtp-auth-disabled-tenant | SMTP AUTH is not enabled in Office 365",
        "smtp-auth-disabled-mailbox | SMTP AUTH is not enabled on the mailbox",
        "password-login-refused | IMAP with a password stopped working for outlook.com in September",
        "password-login-refused | el servidor IMAP imap-mail.outlook.com no es compatible con la contraseña",
        "mail-protocol-switched-off | IMAP is disabled for my mailbox by the organization",
        "mail-port-timeout | connecting to smtp.office365.com port 587 hangs",
        "send-as-denied | Office 365: sending as the shared mailbox was denied",
        "consent-by-admin-needed | my admin has to approve Thunderbird first, it wants his consent (Microsoft)"})
    void are_recognised(String cause, String text) { assertEquals(cause, PastedError.explain(text).id()); }

    @Test void are_told_to_be_no_more_than_that() {
        var guess = "That is how the description reads";
        assertTrue(answer("The Azure app secret for our Outlook mail expired").contains(guess));
        assertFalse(answer("AADSTS7000222: The provided client secret keys are expired.").contains(guess));
    }

    @ParameterizedTest @ValueSource(strings = {
        "The client secret is in the vault.\nOur subscription has expired. Outlook is closed.",
        "our VPN wants a second factor now, and it fails to log in", "the certificate of the web shop is not trusted",
        "Office 365 works. My GMX account wants MFA now.",
        "Outlook is fine. The NAS asks for MFA since it was updated."})
    void say_nothing_if_they_are_of_different_things_or_not_about_mail(String text) {
        assertFalse(answer(text).contains("That is how the description reads"), answer(text));
    }

    @Test void say_nothing_if_they_are_far_apart() {
        var far = "my mail: the client secret " + "and so on ".repeat(14) + "has expired";
        assertEquals("unknown-text", PastedError.explain(far).id());
    }

    @ParameterizedTest @CsvSource(delimiter = '|', value = {
        "smtp-auth-disabled-tenant | our MFA is required, and: 535 5.7.139 Authentication unsuccessful, "
                + "SmtpClientAuthentication is disabled for the Tenant.",
        "secret-wrong | AADSTS7000215: Invalid client secret provided. (Outlook: admin consent is needed)"})
    void give_way_to_a_server_s_own_words(String cause, String text) {
        assertEquals(cause, PastedError.explain(text).id());
    }

    /** That AUTHENTICATE failed says nothing of why; of a long log, nobody has told that. */
    @Test void say_more_than_a_refusal_without_a_reason() {
        var refused = "A1 NO AUTHENTICATE failed.";
        assertEquals("mfa-needed", PastedError.explain("since MFA was turned on for Office 365: " + refused).id());
        var log = "2026-03-02 08:15:42 MFA is required, says Office 365\n" + "2026-03-02 08:15:43 *\n".repeat(50);
        assertEquals("imap-token-refused", PastedError.explain(log + refused).id());
    }

    /** Of those that no longer stand in words.md nothing would be recognised any more. */
    @Test void consist_of_groups_that_are_there_and_are_used() {
        var used = Failures.all().stream().flatMap(cause -> Condition.alternatives(cause).stream())
                .map(alternative -> alternative.get(0)).filter(condition -> condition.kind.equals("described"))
                .map(Condition::groups).flatMap(List::stream).distinct().sorted().toList();
        assertEquals(WordGroups.all().keySet().stream().sorted().toList(), used);
    }

    /** Each alternative's own words, so that none is there that nobody has seen. */
    @Test void have_an_example_each() {
        for (var cause : Failures.all())
            for (var alternative : Condition.alternatives(cause))
                if (alternative.get(0).kind.equals("described"))
                    assertTrue(cause.examples().stream().anyMatch(example -> Description.fits(alternative, example)),
                            cause.id() + " has no example for: " + alternative.get(0).value);
    }

    @ParameterizedTest @ValueSource(strings = {"## off\n\nno list\n", "## off\n\n- `a`\n\n## off\n\n- `b`\n"})
    void on_a_page_that_is_not_in_its_form_are_named_with_file_and_line(String page) {
        var message = assertThrows(IllegalArgumentException.class, () -> WordGroups.read(page)).getMessage();
        assertTrue(message.matches("failures/words\\.md:\\d+: .*"), message);
    }
}
