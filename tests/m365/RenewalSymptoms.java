//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Symptom.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import stand_in.FakeLogin;
import support.Result;

import static m365.Desk.JAN;
import static m365.Desk.OUTLOOK;
import static m365.Desk.inbox;
import static m365.Symptom.Kept.OLD;
import static m365.Symptom.refuse;
import static m365.Symptom.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What goes wrong while renewing, and with the tokens that come of it. */
final class RenewalSymptoms {
    /** cause | exit status | error | AADSTS | description | suberror */
    private static final String RENEWALS = """
        refresh-token-unused-90-days | 77 | invalid_grant        | 700082   | The refresh token has expired due to \
        inactivity. | bad_token
        sign-in-revoked              | 77 | invalid_grant        | 50173    | The provided grant has expired due to \
        it being revoked.
        sign-in-frequency            | 77 | invalid_grant        | 70043    | The refresh token has expired or is \
        invalid due to sign-in frequency checks. | token_expired
        code-or-token-expired        | 77 | invalid_grant        | 70008    | The provided authorization code or \
        refresh token has expired.
        consent-missing              | 77 | invalid_grant        | 65001    | The user or administrator has not \
        consented to use the application. | consent_required
        mfa-needed                   | 77 | invalid_grant        | 50076    | Due to a configuration change you must \
        use multi-factor authentication. | basic_action
        mfa-not-set-up               | 77 | interaction_required | 50079    | The user is required to use \
        multi-factor authentication.
        conditional-access-refused   | 77 | invalid_grant        | 53003    | Access has been blocked by Conditional \
        Access policies. | message_only
        managed-device-required      | 77 | interaction_required | 53000    | Device is not in required device state.
        account-disabled             | 77 | invalid_grant        | 50057    | The user account is disabled.
        password-expired             | 77 | invalid_grant        | 50055    | The password is expired. | \
        user_password_expired
        device-removed               | 77 | invalid_grant        | 700003   | Device object was not found in the \
        tenant directory.
        spa-token-24-hours           | 77 | invalid_grant        | 700084   | The refresh token was issued to a \
        single page app.
        scopes-not-granted           | 77 | invalid_grant        | 70000    | One or more scopes requested are \
        unauthorized or expired.
        token-malformed              | 77 | invalid_grant        | 70000    | Provided grant is invalid or malformed.
        request-unreadable           | 77 | invalid_grant        | 9002313  | Invalid request. Request is malformed \
        or invalid.
        asked-too-often              | 75 | invalid_grant        | 50196    | The server terminated an operation \
        because it encountered a client request loop.
        secret-demanded              | 78 | invalid_client       | 7000218  | The request body must contain: \
        'client_assertion' or 'client_secret'.
        secret-not-expected          | 78 | invalid_client       | 700025   | Client is public so neither should be \
        presented.
        secret-expired               | 78 | invalid_client       | 7000222  | The provided client secret keys are \
        expired.
        app-not-found                | 78 | unauthorized_client  | 700016   | Application was not found in the \
        directory.
        app-switched-off             | 78 | unauthorized_client  | 7000112  | Application is disabled.
        tenant-does-not-exist        | 78 | invalid_request      | 90002    | Tenant not found.
        parameter-missing            | 78 | invalid_request      | 900144   | The request body must contain the \
        following parameter: 'grant_type'.
        scope-not-valid              | 78 | invalid_scope        | 70011    | The provided value for the input \
        parameter 'scope' is not valid.
        resource-not-found           | 78 | invalid_resource     | 500011   | The resource principal was not found in \
        the tenant.
        microsoft-hiccup             | 75 | temporarily_unavailable | 90033 | A transient error has occurred. Please \
        try again.
        invalid-grant                | 77 | invalid_grant        | 0        | The provided grant is not good.
        invalid-grant                | 77 | invalid_grant        | 99999999 | A number of next year.
        step-outside-sign-in         | 77 | invalid_grant        | 99999998 | A number of next year. | additional_action
        only-an-explanation          | 77 | invalid_grant        | 99999997 | A number of next year. | message_only
        refresh-token-finished       | 77 | invalid_grant        | 99999996 | A number of next year. | bad_token
        signing-in-does-not-help     | 77 | invalid_grant        | 99999995 | A number of next year. | client_mismatch
        unauthorized-client          | 78 | unauthorized_client  | 99999994 | A number of next year.
        """;

    static List<Symptom> renewals() {
        var symptoms = new ArrayList<>(rows(RENEWALS, cells -> desk -> {
            refuse(desk.login, "token", cells);
            return desk.check();
        }));
        symptoms.add(new Symptom("HTTP 503 three times", "service-busy", 75, OLD, desk -> {
            for (int i = 0; i < 3; i++) desk.login.answerNext("token", 503, Map.of(), "");
            return desk.check();
        }));
        symptoms.add(new Symptom("HTTP 429 with an hour to wait", "service-busy", 75, OLD, desk -> {
            desk.login.answerNext("token", 429, Map.of("Retry-After", "3600"), "");
            return desk.check();
        }));
        symptoms.add(new Symptom("HTML instead of JSON", "html-instead-of-json", 75, OLD, desk -> {
            desk.login.answerNext("token", 200, Map.of("Content-Type", "text/html"),
                "<html><head><title>Welcome to HotelNet</title></head></html>");
            return desk.check();
        }));
        symptoms.add(new Symptom("a redirection to a login page", "html-instead-of-json", 75, OLD, desk -> {
            desk.login.redirectNext("token", "https://portal.example/login");
            return desk.check();
        }));
        symptoms.add(new Symptom("no token at all", "token-file-missing", 77, OLD, desk -> {
            Files.move(desk.file(), desk.home.resolve("away"));
            var result = desk.check();
            assertFalse(Files.exists(desk.file()), "a token came from nowhere");
            Files.move(desk.home.resolve("away"), desk.file());
            return result;
        }));
        symptoms.add(new Symptom("a token that others can read", "token-file-loose", 78, OLD, desk -> {
            Files.setPosixFilePermissions(desk.file(), PosixFilePermissions.fromString("rw-r--r--"));
            var result = desk.check();
            Files.setPosixFilePermissions(desk.file(), PosixFilePermissions.fromString("rw-------"));
            return result;
        }));
        symptoms.add(new Symptom("something else in the token file", "token-file-malformed", 78, OLD, desk -> {
            desk.hold("refresh_token = \"abc\"\nand a second line\n");
            var result = desk.check();
            assertEquals("refresh_token = \"abc\"\nand a second line\n", Files.readString(desk.file()));
            desk.hold(desk.before);
            return result;
        }));
        return symptoms;
    }

    /** A refresh token for fewer scopes than are asked for is refused, so the settings ask for those only. */
    private static Desk granted(Desk desk, String user, String... permissions) throws IOException {
        var scopes = String.join(" ", Stream.of(permissions).map(p -> OUTLOOK + p).toList());
        return desk.with("M365_SCOPES", scopes).hold(desk.login.issueRefreshToken(user, FakeLogin.PUBLIC_APP,
            "offline_access openid profile " + scopes));
    }

    /** For a desk whose token is not the usual one: afterwards the newest of {@code user} must be there. */
    private static Result renewed(Desk desk, String user, Result result) throws IOException {
        assertTrue(Files.readString(desk.file()).equals(desk.login.refreshToken(user)),
            "the renewed token is not in the file");
        desk.hold(desk.before);
        return result;
    }

    static List<Symptom> tokens() {
        return List.of(
            new Symptom("a token without the IMAP scope", "missing-mail-scope", 78, OLD, desk ->
                renewed(desk, JAN, granted(desk, JAN, "SMTP.Send").check())),
            new Symptom("a token without the SMTP scope", "missing-mail-scope", 78, OLD, desk ->
                renewed(desk, JAN, granted(desk, JAN, "IMAP.AccessAsUser.All").imap(inbox()).check("--smtp"))),
            new Symptom("a token without the POP scope", "missing-mail-scope", 78, OLD, desk ->
                renewed(desk, JAN, granted(desk, JAN, "IMAP.AccessAsUser.All").imap(inbox()).check("--pop"))),
            new Symptom("a token for Microsoft Graph", "graph-token", 78, OLD, desk ->
                desk.with("M365_SCOPES", "https://graph.microsoft.com/IMAP.AccessAsUser.All").check()),
            new Symptom("authority and mail host of two clouds", "tenant-in-national-cloud", 78, OLD, desk ->
                desk.with("M365_AUTHORITY", "https://login.microsoftonline.us/common")
                    .with("M365_IMAP_HOST", "outlook.office365.com").check()));
    }

    private RenewalSymptoms() { }
}
