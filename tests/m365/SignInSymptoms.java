//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Symptom.java

package m365;

import java.util.ArrayList;
import java.util.List;

import static m365.Desk.JAN;
import static m365.Symptom.Kept.OLD;
import static m365.Symptom.refuse;
import static m365.Symptom.rows;

/** What goes wrong while signing in: the identity provider refuses the code, the person, or the app. */
final class SignInSymptoms {
    /** cause | exit status | error | AADSTS | description */
    private static final String REDEMPTIONS = """
        code-used-twice        | 77 | invalid_grant   | 54005   | OAuth2 Authorization code was already redeemed.
        code-of-older-attempt  | 77 | invalid_grant   | 501481  | The Code_Verifier does not match the code_challenge.
        code-from-other-tenant | 77 | invalid_grant   | 700005  | The code is intended to use against other tenant.
        spa-without-pkce       | 78 | invalid_request | 9002325 | Proof Key for Code Exchange is required for \
        cross-origin code redemption.
        spa-code-outside-browser | 78 | invalid_request | 9002327 | Tokens issued for the 'Single-Page Application' \
        client-type may only be redeemed via cross-origin requests.
        secret-wrong           | 78 | invalid_client  | 7000215 | Invalid client secret provided.
        one-resource-per-token | 78 | invalid_scope   | 28002   | Provided value for the input parameter scope is not \
        valid.
        """;

    static List<Symptom> redemptions() {
        var symptoms = new ArrayList<>(rows(REDEMPTIONS, cells -> desk -> {
            refuse(desk.login, "token", cells);
            return desk.signIn(JAN).printsNothing();
        }));
        // Another address could be pasted; when none is, the refusal counts and not that the time is up.
        symptoms.add(new Symptom("a pasted code is refused and the time is up", "conditional-access-refused", 77, OLD,
            desk -> {
                desk.login.failNext("token", 400, "invalid_grant", 53003,
                    "Access has been blocked by Conditional Access policies.");
                return desk.paste(JAN, 8).says("AADSTS53003").neverSays("nobody signed in");
            }));
        return symptoms;
    }

    /** cause | exit status | error | AADSTS | description */
    private static final String REDIRECTS = """
        access-denied          | 77 | access_denied           | 65009 | Access was denied.
        interaction-required   | 77 | consent_required        | 0     | Consent is needed.
        service-busy           | 75 | server_error            | 0     | The server encountered an unexpected error.
        not-enabled-for-consumers | 78 | unauthorized_client  | 0     | The client does not exist or is not enabled \
        for consumers.
        scope-not-valid        | 78 | invalid_scope           | 70011 | The provided value for the input parameter \
        'scope' is not valid.
        silent-sign-in-without-session | 77 | login_required  | 50058 | A silent sign-in request was sent but no user \
        is signed in.
        response-type-not-supported | 78 | unsupported_response_type | 70005 | The response type is not supported.
        """;

    static List<Symptom> redirects() {
        var symptoms = new ArrayList<>(rows(REDIRECTS, cells -> desk -> {
            refuse(desk.login, "redirect", cells);
            return desk.signIn(JAN).printsNothing();
        }));
        symptoms.add(new Symptom("somebody else signs in", "token-of-another-user", 77, OLD, desk ->
            desk.signIn("second@uva.example").printsNothing()));
        return symptoms;
    }

    /** cause | exit status | error | AADSTS | description */
    private static final String DEVICES = """
        device-code-expired        | 77 | expired_token          | 70020 | This device code has expired.
        bad-verification-code      | 77 | bad_verification_code  | 70018 | Bad verification code.
        conditional-access-refused | 77 | invalid_grant          | 53003 | Access has been blocked by Conditional \
        Access policies.
        must-be-marked-mobile      | 78 | invalid_client         | 70002 | The client application must be marked as \
        'mobile.'
        """;

    static List<Symptom> devices() {
        var symptoms = new ArrayList<>(rows(DEVICES, cells -> desk -> {
            desk.login.deviceInterval(1);
            refuse(desk.login, "token", cells);
            return desk.get_token("--device").runHere().printsNothing();
        }));
        symptoms.add(new Symptom("pending to the end", "device-code-flow-blocked", 77, OLD, desk -> {
            desk.login.deviceInterval(3); // so that MSAL, and not the provider, finds the code too old
            desk.login.deviceSeconds(2);
            return desk.get_token("--device").runHere().printsNothing();
        }));
        return symptoms;
    }

    private SignInSymptoms() { }
}
