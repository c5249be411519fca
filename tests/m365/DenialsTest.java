//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Explanation.java

package m365;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** What a text says not to be the case is no failure. */
class DenialsTest {

    @ParameterizedTest @ValueSource(strings = {
        "SMTP AUTH isn't switched off.", "Nobody switched off SMTP AUTH here, they say in the mail.",
        "Our IT says they never switched off SMTP AUTH.", "Unsere IT hat SMTP AUTH nicht abgeschaltet.",
        "L'informatique n'a pas désactivé SMTP AUTH.", "Informática no ha desactivado SMTP AUTH.",
        "Onze IT heeft SMTP AUTH niet uitgeschakeld.", "SmtpClientAuthenticationDisabled : False",
        "smtp_auth_disabled=0", "the client secret has not expired, we checked", "Mon mot de passe n'a pas expiré.",
        "Mijn wachtwoord is niet verlopen.", "El token de actualización no ha caducado.",
        "Das Aktualisierungstoken ist nicht abgelaufen.", "IMAP is not disabled for the mailbox.",
        "Admin consent is not needed for our mail app.", "Microsoft hat noch nie MFA verlangt.",
        "Conditional Access report: 120 sign-ins successful, 0 blocked.", "The IMAP login did not fail.",
        "We never saw AADSTS50053.", "AADSTS50011 does not occur any more", "accounts: 120, account locked: 0",
        "Microsoft announces: Basic authentication will be switched off for SMTP AUTH in March.",
        "Does my app need admin consent for Outlook?", "How do I find out whether SMTP AUTH is disabled?",
        "Shared mailbox of Office 365 is slow. No MFA prompt, no password prompt.",
        "The token for Outlook is new, MFA passed, and the admin has consented to the app's permissions.",
        "Admin consent was given for our Outlook add-in.", "We are never asked for MFA by Office 365.",
        "AADSTS65001 was fixed by our admin.", "I read about AADSTS50126, it is a nice list.",
        "Ich bekam eine Mail \"Ihr Postfach ist voll, melden Sie sich bei Office 365 an\". Ist das echt?",
        "¿Está desactivado SMTP AUTH?", "Braucht meine App die Zustimmung des Administrators?"})
    void are_no_failures(String text) {
        assertFalse(new Explanation(text, Map.of(), Map.of(), null).known(), PastedError.explain(text).id());
    }

    @ParameterizedTest @CsvSource(delimiter = '|', value = {
        "password-login-refused | imap: NO LOGIN failed",
        "smtp-auth-disabled-tenant | SMTP AUTH is not enabled, says Outlook",
        "secret-expired | We did not change anything. AADSTS7000222: The provided client secret keys are expired.",
        "consent-by-admin-needed | Why does Outlook say that it needs admin approval?",
        "are-you-trying-to-sign-in | Are you trying to sign in to Mozilla Thunderbird?",
        "imap-token-refused | A1 NO AUTHENTICATE failed. Is the password wrong?",
        "recipient-refused | Last week AADSTS7000222, I renewed the secret. Today: 550 5.1.10 RecipientNotFound",
        "send-as-denied | AADSTS65001 was fixed by the admin. Since then SendAsDenied when I write from info@"})
    void leave_what_is_said_beside_them(String cause, String text) {
        assertEquals(cause, PastedError.explain(text).id());
    }

    /** What it is most alike is just what it denies. */
    @Test void are_like_nothing() {
        var answer = new Explanation("SMTP AUTH isn't switched off.", Map.of(), Map.of(), null).text(80);
        assertFalse(answer.contains("Worded like it"), answer);
    }
}
