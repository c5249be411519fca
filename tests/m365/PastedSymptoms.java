//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Symptom.java

package m365;

import java.util.List;

import static m365.Desk.JAN;
import static m365.Symptom.Kept.OLD;

/** What a person has seen elsewhere, and types in or looks up. */
final class PastedSymptoms {
    /** Pages stay in the browser: when the time is up the person at the terminal is asked for what stands there. */
    static List<Symptom> pages() {
        return List.of(
            new Symptom("page: nobody came", "nothing-came-back", 77, OLD, desk ->
                desk.get_token("--no-browser", "--timeout", "1").runHere()),
            page("AADSTS50011", "redirect-uri-mismatch"),
            page("Need admin approval", "consent-by-admin-needed"),
            page("Error Code: 53003", "conditional-access-refused"));
    }

    private static Symptom page(String typed, String cause) {
        return new Symptom("page: " + typed, cause, 77, OLD, desk -> {
            try (var program = desk.get_token("--no-browser", "--timeout", "1", JAN).onTerminal().start()) {
                program.says("Did the page show an error");
                return program.types(typed + "\r").ends();
            }
        });
    }

    private static Symptom lookUp(String text, String cause) {
        return new Symptom("--explain " + text, cause, cause.equals("unknown-text") ? 1 : 0, OLD, desk ->
            desk.check_imap("--explain", text).runHere());
    }

    static List<Symptom> lookUps() {
        return List.of(
            lookUp("50011", "redirect-uri-mismatch"),
            lookUp("AADSTS90094", "consent-by-admin-needed"),
            lookUp("AADSTS50105: Your administrator has configured the application to block users unless they are "
                + "assigned.", "user-not-assigned"),
            lookUp("You can't sign in here with a personal account. Use your work or school account instead.",
                "personal-account-not-allowed"),
            lookUp("IMAP command 'AUTHENTICATE XOAUTH2 <authdata>' returned an error: NO AUTHENTICATE failed.",
                "imap-token-refused"),
            lookUp("Error: selected SASL mechanism(s) not available", "sasl-plugin-missing"),
            lookUp("msmtp: server message: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is "
                + "disabled for the Tenant.", "smtp-auth-disabled-tenant"),
            lookUp("HTTP Error 400: Bad Request (configuration is: {'client_id': "
                + "'9e5f94bc-e8a4-4e73-b8be-63364c29d753'})", "offlineimap-hides-the-reason"),
            lookUp("AADSTS123456789", "aadsts-number-not-listed"),
            lookUp("what on earth is this", "unknown-text"));
    }

    private PastedSymptoms() { }
}
