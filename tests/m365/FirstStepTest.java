//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES NetworkSymptoms.java RenewalSymptoms.java SignInSymptoms.java MailServerSymptoms.java PastedSymptoms.java
//SOURCES Symptom.java
//SOURCES ../support/Documents.java
//SOURCES ../../m365/Failures.java

package m365;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import support.Documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The step that is told first of whatever fails in {@link DiagnosisTest}, for each cause that comes out there: none is
 * left out, and nobody moves another step in front without seeing it here.
 */
class FirstStepTest {

    /** cause | how its first step begins */
    private static final String FIRST_STEPS = """
        aadsts-number-not-listed | Read Microsoft's own text beside the number;
        access-denied | Sign in again and accept: `{sign_in}`.
        access-token-ran-out-in-session | Let the mail program connect again; it
        account-blocked | Sign in at https://outlook.com in a browser
        account-disabled | Ask your administrator to enable {user} again.
        app-not-found | Compare M365_CLIENT_ID with the Application (client) ID
        app-switched-off | Use another client ID: Thunderbird's present one,
        asked-too-often | Wait some minutes.
        authenticated-but-not-connected | Another account: sign in as {user} in
        bad-verification-code | Compare the code letter by letter, or
        certificate-expired | Compare the clock: `date -u`.
        certificate-issuer-unknown | See the issuer: `{certificate_command}`.
        certificate-wrong-host | Use the real host name: outlook.office365.com, smtp.office365.com.
        code-from-other-tenant | Keep one M365_AUTHORITY for both and sign
        code-of-older-attempt | Start anew and paste the address that
        code-or-token-expired | Sign in again and paste the address
        code-used-twice | A code works once. Start anew: `{sign_in}`.
        conditional-access-refused | If you used `--device`, sign in through
        connection-cut | Try again.
        connection-refused | Check the host and port: IMAP outlook.office365.com
        consent-by-admin-needed | Send your administrator this link, which approves
        consent-missing | Keep one spelling in M365_SCOPES and in
        device-code-expired | Did the page show `AADSTS…` or an
        device-code-flow-blocked | Sign in through the browser: `jbang get_token.java
        device-removed | Sign in again: `{sign_in}`.
        dropped-after-login | Use the mailbox of an account without
        graph-token | `M365_SCOPES="https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/S
        html-instead-of-json | Open any page in the browser and
        imap-command-error-10 | Synchronise fewer messages at a time, or
        imap-command-error-11 | Switch off options made for other providers.
        imap-command-error-12 | Report the command and this line to
        imap-connection-closed-13 | Look at the message of the first
        imap-connection-closed-14 | Look up the line before this one:
        imap-invalid-state | Look up the first error line of
        imap-server-unavailable | Try again in some minutes, with fewer
        imap-temporarily-unavailable | Try again later. Keep your tokens.
        imap-throttled | Wait as long as the line says
        imap-token-refused | The token: `jbang check_imap.java {user}` says which
        interaction-required | Sign in again: `{sign_in}`. Keep the same
        invalid-grant | Sign in again: `{sign_in}`.
        mail-port-timeout | Try another network, for instance a telephone's.
        managed-device-required | Open the address in a browser on
        mfa-needed | Sign in again: `{sign_in}`. Keep the same
        mfa-not-set-up | Sign in in a browser, press Next on the page and do
        microsoft-hiccup | Wait a minute and repeat.
        missing-mail-scope | Add it to M365_SCOPES: `https://{scope_host}/IMAP.AccessAsUser.All`, `https://{scope
        must-be-marked-mobile | App registration › Authentication › Allow public
        name-does-not-resolve | Check the network and the spelling of
        not-enabled-for-consumers | Copy the Application (client) ID from the
        nothing-came-back | Did the page show `AADSTS…` or an
        offlineimap-hides-the-reason | Sign in again: `{sign_in}`; then `jbang get_token.java
        one-resource-per-token | Name one service only in M365_SCOPES: `https://outlook.office.com/IMAP.AccessAsU
        only-an-explanation | Do not repeat it.
        parameter-missing | Let this program renew, it always sends
        password-expired | Change the password where your organisation lets you,
        password-login-refused | OfflineIMAP: `auth_mechanisms = XOAUTH2`; mbsync: `AuthMechs XOAUTH2`;
        password-login-switched-off | OfflineIMAP: `auth_mechanisms = XOAUTH2`; mbsync: `AuthMechs XOAUTH2`;
        personal-account-not-allowed | For a personal mailbox use a client
        plain-server-spoken-to-in-tls | Use 993 (IMAP) or 995 (POP) with
        pop-needs-two-lines | Send `AUTH XOAUTH2`, wait for `+`, then
        pop-password-refused | Set the mail program to XOAUTH2 (getmail:
        pop-server-unavailable | Wait some minutes and fetch fewer messages
        pop-token-refused | The token: add `https://{scope_host}/POP.AccessAsUser.All` to M365_SCOPES and
        proxy-login-needed | Put them into the setting: `HTTPS_PROXY=http://user:password@proxy.example:3128`.
        proxy-refused | Check HTTPS_PROXY; NO_PROXY lists the exceptions.
        redirect-uri-mismatch | While get_token waits: type `AADSTS50011` there, and
        refresh-token-finished | Sign in again; the old token is replaced:
        refresh-token-unused-90-days | Sign in again: `{sign_in}`.
        request-unreadable | Signing in: start anew and paste the
        resource-not-found | Scope host by cloud: worldwide outlook.office.com, US
        response-type-not-supported | Ask for `response_type=code` and `response_mode=query`; `jbang get_token.ja
        sasl-plugin-missing | Install cyrus-sasl-xoauth2 for the libsasl that the
        scope-not-valid | Name one service only, in full, in
        scopes-not-granted | Take M365_SCOPES as they were at sign-in
        secret-demanded | App registration › Authentication: put the address
        secret-expired | App registration › Certificates & secrets: create
        secret-not-expected | Leave M365_CLIENT_SECRET empty.
        secret-wrong | App registration › Certificates & secrets: create
        send-as-denied | Make From the address of {user}.
        service-busy | Wait a minute and repeat. Your refresh
        sign-in-frequency | Sign in again: `{sign_in}`.
        sign-in-host-refused | Look from the same computer: `curl -sI
        sign-in-host-timeout | If the browser works: find its proxy
        sign-in-revoked | Sign in again: `{sign_in}`.
        signing-in-does-not-help | If you copied the token from another
        silent-sign-in-without-session | Sign in with the page visible: `{sign_in}`.
        smtp-auth-disabled-mailbox | Ask your administrator for `Set-CASMailbox -Identity {mailbox}
        smtp-auth-disabled-tenant | Ask your administrator to allow it for
        smtp-daily-limit | Go on tomorrow.
        smtp-not-authenticated | Switch it on (msmtp: `auth xoauth2`).
        smtp-password-refused | msmtp: `auth xoauth2`; mutt: `set smtp_authenticators="xoauth2"`.
        smtp-security-defaults | Make sure the mail program uses XOAUTH2:
        smtp-service-not-active | Connect again.
        smtp-temporary-error | Repeat once after a minute.
        smtp-token-refused | The token: `jbang check_imap.java {user} --smtp` looks
        smtp-too-many-connections | Send one message after the other.
        smtp-unrecognised-auth | Use port 587 with STARTTLS and XOAUTH2
        smtp-user-not-valid | Use an address that may send there,
        spa-code-outside-browser | App registration › Authentication: remove it there
        spa-token-24-hours | App registration › Authentication: remove the address
        spa-without-pkce | App registration › Authentication: remove it there
        step-outside-sign-in | Sign in once to read that page:
        tenant-does-not-exist | Check M365_AUTHORITY ({authority}) letter by letter.
        tenant-in-national-cloud | Use that cloud's authority: `https://login.microsoftonline.us/…` or `https:/
        token-file-loose | Make it private: `chmod 600 {token_file}`.
        token-file-malformed | It must hold the bare token on
        token-file-missing | Sign in: `{sign_in}`.
        token-malformed | Check that the token file holds one
        token-of-another-user | Sign in as {user} in a private
        unauthorized-client | Compare M365_CLIENT_ID with the Application (client) ID
        unknown-imap | Check the login step by step: `jbang
        unknown-pop | Check the login step by step: `jbang
        unknown-smtp | Check the login step by step: `jbang
        unknown-text | Give the line with the error, a
        user-not-assigned | Ask your administrator: Enterprise applications › the
        xoauth2-json-refusal | Check M365_IMAP_HOST ({host}); usually outlook.office365.com.
        xoauth2-not-offered | Use outlook.office365.com (IMAP 993, POP 995) and
        """;

    /** What the programs find by themselves and the symptoms do not play; other tests do. */
    private static final Set<String> PLAYED_ELSEWHERE =
            Set.of("about-something-else", "no-refresh-token", "personal-token-from-common");

    private static Map<String, String> table() {
        return FIRST_STEPS.lines().map(row -> row.split(" \\| ", 2))
                .collect(Collectors.toMap(row -> row[0], row -> row[1].strip(), (a, b) -> a, TreeMap::new));
    }

    private static Cause cause(String id) {
        return Failures.all().stream().filter(cause -> cause.id().equals(id)).findFirst().orElseThrow();
    }

    private static Set<String> played() {
        return Stream.of(NetworkSymptoms.networks(), RenewalSymptoms.renewals(), RenewalSymptoms.tokens(),
                SignInSymptoms.redemptions(), SignInSymptoms.redirects(), SignInSymptoms.devices(),
                MailServerSymptoms.imaps(), MailServerSymptoms.smtps(), MailServerSymptoms.pops(),
                PastedSymptoms.pages(), PastedSymptoms.lookUps()).flatMap(List::stream).map(Symptom::cause)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test void is_listed_for_every_cause_that_is_played() { assertEquals(played(), table().keySet()); }

    @Test void is_the_one_that_is_listed() {
        table().forEach((id, step) -> {
            var first = cause(id).steps().stream().filter(any -> !any.startsWith("Another program: ")).findFirst();
            assertTrue(first.orElseThrow().startsWith(step), id + ": " + first);
        });
    }

    /** Each condition that the programs find by themselves. */
    @Test void is_known_for_whatever_the_programs_find_by_themselves() {
        var local = Pattern.compile("Signal\\.local\\(\"([a-z0-9-]+)\"\\)");
        var found = new TreeSet<String>();
        for (var file : Documents.root().resolve("m365").toFile().listFiles())
            local.matcher(Documents.text(file.toPath())).results().forEach(match -> found.add(match.group(1)));
        assertFalse(found.isEmpty());
        found.removeAll(played());
        found.removeAll(PLAYED_ELSEWHERE);
        assertEquals(Set.of(), found);
    }

    /** Mail goes past proxies, and the sign-in is at no port for mail. */
    @Test void does_not_mix_up_the_way_to_the_sign_in_with_the_way_to_the_mail() {
        var signIn = Failures.of(Signal.of("network", "sign-in java.net.ConnectException: Connection refused (h:443)"));
        var mail = Failures.of(Signal.of("network", "imap java.net.ConnectException: Connection refused (h:993)"));
        assertEquals("sign-in-host-refused", signIn.id());
        assertFalse((signIn.why() + " " + signIn.steps()).contains("993"), signIn.steps().toString());
        assertEquals("connection-refused", mail.id());
        assertFalse((mail.why() + " " + mail.steps()).contains("PROXY"), mail.steps().toString());
    }

    @Test void blames_the_scope_and_no_secret_when_a_scope_does_not_exist() {
        var refused = new Signal("token", "invalid_client", "", List.of("650053"), "The app asked for a scope.");
        assertEquals("scope-not-valid", Failures.of(refused).id());
    }
}
