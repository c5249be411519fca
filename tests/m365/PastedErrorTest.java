//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/** What people paste, and what nobody would. */
@Order(2)
class PastedErrorTest {
    static String explained(String pasted) { return PastedError.explain(pasted).id(); }

    @Nested class What_people_paste {

        @ParameterizedTest @CsvSource(delimiter = '\u00a6', value = {
            "invalid_grant ¦ invalid-grant",
            "client_mismatch ¦ signing-in-does-not-help",
            "redirect-uri-mismatch ¦ redirect-uri-mismatch",
            "http://localhost/?error=access_denied&error_description=AADSTS65004%3a+User+declined+to+consent&state=x "
                + "¦ consent-declined",
            "http://localhost/?error=server_error&error_description=Something+new ¦ service-busy",
            "xoauth2handler got: {'error': 'invalid_client', 'error_description': \"AADSTS7000215: "
                + "Invalid.\"} ¦ secret-wrong",
            "WARNING:OfflineImap:XOAUTH2 authentication failed: AUTHENTICATE command error: BAD "
                + "[b'User is authenticated but not connected.'] ¦ authenticated-but-not-connected",
            "IMAP command 'LOGIN <user> <pass>' returned an error: NO LOGIN failed. ¦ password-login-refused",
            "msmtp: server message: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication "
                + "is disabled for the Tenant. ¦ smtp-auth-disabled-tenant",
            "msmtp: authentication failed (method XOAUTH2) ¦ mail-program-hides-the-reason",
            "msmtp: cannot connect to smtp.office365.com, port 587: Connection timed out ¦ mail-port-timeout",
            "Socket error on outlook.office365.com (192.0.2.3:993): timeout. ¦ mail-port-timeout",
            "curl: (6) Could not resolve host: login.microsoftonline.com ¦ name-does-not-resolve",
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired "
                + "¦ certificate-expired",
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in "
                + "certificate chain ¦ certificate-issuer-unknown",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound ¦ recipient-refused",
            "is not configured as a multi-tenant application. Usage of the /common endpoint is not ¦ single-tenant-app",
            "is not configured as a multi-tenant ¦ unknown-text",
            "Invoice tool 5.7.26, parser 5.2.2 and 5.1.1, built with 5.3.4 ¦ unknown-text",
            "smtplib.SMTPRecipientsRefused: (550, b'5.1.1 User unknown') ¦ recipient-refused",
            "The server response was: 5.7.64 TenantAttribution ¦ relay-refused",
            "smtp.hoster.example: 550 The server is in a strange mood ¦ about-something-else",
            "MailKit.Net.Smtp.SmtpClient: 550 The server is in a strange mood ¦ unknown-text",
            "mail.smtp.auth=true: 550 The server is in a strange mood ¦ unknown-text",
            "NOQUEUE: reject: RCPT from x.outlook.com[192.0.2.1]: Relay access denied ¦ about-something-else",
            "A01 NO [ALREADYEXISTS] Mailbox exists ¦ unknown-imap",
            "there is no news today ¦ unknown-text",
            "error MSB3027: Could not copy obj\\Debug\\app.exe to bin\\Debug\\app.exe. Failed. ¦ unknown-text",
            "Outlook: The name cannot be resolved. The name cannot be matched to a name in the list ¦ unknown-client",
            "550 5.4.316 Message expired, connection refused(Socket error code 10061) ¦ connection-refused",
            "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient ¦ message-too-large",
            "550 5.7.23 The message was rejected because of SPF ¦ sender-not-authenticated",
            "501 5.1.7 Invalid address ¦ sender-address-incomplete",
            "554 5.6.0 Corrupt message content ¦ unknown-smtp",
            "A7 NO [CANNOT] Operation not permitted ¦ unknown-imap",
            "Apple says that the account is locked; it is an Outlook.com address ¦ about-something-else",
            "mosquitto: Connection Refused: not authorised. ¦ about-something-else",
            "kex_exchange_identification: Connection closed by remote host ¦ about-something-else",
            "AADSTS50053: the account is locked. I do not get AADSTS50126 any more. ¦ account-locked",

            // sign-in pages that show no number
            "You cannot access this right now ¦ conditional-access-refused",
            "Your sign-in was successful but does not meet the criteria to access this resource. "
                + "¦ conditional-access-refused",
            "You can't get there from here ¦ managed-device-required",
            "Set up your device to get access ¦ managed-device-required",
            "Help us keep your device secure. Your admin requires the device requesting access to be "
                + "managed by UvA. ¦ managed-device-required",
            "You can't get there from here. You're trying to open this resource with an app that "
                + "hasn't been approved by your IT department. ¦ blocked-by-security-policy",
            "mail-sync needs permission to access resources in your organization that only an admin "
                + "can grant. ¦ consent-by-admin-needed",
            "Approval required ¦ consent-request-form",
            "This app requires your admin's approval to: ¦ consent-request-form",
            "More information required ¦ mfa-not-set-up",
            "Your organization needs more information to keep your account secure ¦ mfa-not-set-up",
            "Let's keep your account secure ¦ mfa-not-set-up",
            "You cannot access this right now. Error Code: 53011 ¦ blocked-by-security-policy",

            // the status of the command for the token is all that is left of its words
            "getmailrc: operation error (External program error (env exited with 77)) ¦ token-command-wants-sign-in",
            "getmailrc: operation error (External program error (env exited with 75)) ¦ token-command-says-later",
            "getmailrc: operation error (External program error (env exited with 78)) ¦ token-command-says-settings",
            "getmailrc: operation error (External program error (env exited with 1)) ¦ password-command-failed",
            "Skipping account uva, PassCmd exited with status 77 ¦ token-command-wants-sign-in",
            "Skipping account uva, PassCmd exited with status 177 ¦ password-command-failed",
            "subprocess.CalledProcessError: Command '['jbang']' returned non-zero exit status 75. "
                + "¦ token-command-says-later",
            "get_token.service: Main process exited, code=exited, status=77/NOPERM ¦ token-command-wants-sign-in",
            "Invalid source credentials for uva: exit status 78 ¦ token-command-says-settings",

            // mail programs
            "Could not find the host \"outlook.office365.com\" ¦ name-does-not-resolve",
            "No authenticators available ¦ mutt-finds-no-way-to-log-in",
            "No authenticators available or wrong credentials ¦ mutt-finds-no-way-to-log-in",
            "fetchmail: unrecognized option '--passwordfd' ¦ fetchmail-without-oauth",
            "fetchmail:/home/jan/.fetchmailrc:2: syntax error at oauthbearer ¦ fetchmail-without-oauth",
            "Invalid authentication `oauthbearer' specified. ¦ fetchmail-without-oauth",
            "command LIST illegal in state NONAUTH ¦ offlineimap-never-logged-in",
            "command: LIST => socket error: <class 'OSError'> - Too many read 0 ¦ dropped-after-login",
            "IMAP error: server supports no acceptable authentication mechanism ¦ xoauth2-not-offered",
            "msmtp: the server does not support authentication ¦ xoauth2-not-offered",
            "msmtp: /home/jan/.msmtprc: line longer than 500 characters ¦ msmtp-line-too-long",
            "msmtp: Cannot send command because it is longer than 4094 characters. Increase "
                + "SMTP_MAXCMDLEN. ¦ msmtp-token-too-long",
            "msmtp: the server sent an invalid reply ¦ not-an-smtp-server",
            "msmtp: cannot read output of 'token' ¦ password-command-failed",
            "msmtp: TLS certificate verification failed: The certificate is NOT trusted. The "
                + "certificate issuer is unknown. ¦ certificate-issuer-unknown",
            "msmtp: TLS certificate verification failed: The certificate is NOT trusted. The name in "
                + "the certificate does not match the expected. ¦ certificate-wrong-host",
            "msmtp: TLS certificate verification failed: The certificate is NOT trusted. The "
                + "certificate chain uses expired certificate. ¦ certificate-expired",
            "WARNING: Server hostname does not match certificate ¦ certificate-wrong-host",
            "Error, certificate owner does not match hostname localhost ¦ certificate-wrong-host",

            // SMTP replies
            "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. "
                + "[PH0PR07CA0004.namprd07.prod.outlook.com] ¦ smtp-credentials-incorrect",
            "454 4.7.0 Temporary authentication failure ¦ smtp-temporary-error",
        })
        void is_understood(String pasted, String id) { assertEquals(id, explained(pasted)); }

        @Test void may_be_a_log_in_which_the_reason_stands_before_the_consequence() {
            assertEquals("authenticated-but-not-connected",
                    explained("A3 BAD User is authenticated but not connected.\r\n* BYE Connection closed. 14\r\n"));
            assertEquals("imap-throttled", explained("A3 NO Request is throttled. "
                    + "Suggested Backoff Time: 5000 milliseconds\n* BYE Connection closed. 14"));
        }

        @ParameterizedTest @ValueSource(strings = {"550 Requested action not taken",
            "sent\n550 Requested action not taken\nquit", "msmtp: server message: 550 Requested action not taken",
            "said: 550 Requested action not taken (in reply to RCPT)", "Invalid login: 550 Requested action not taken",
            "(550, b'Requested action not taken')", "S: 550 Requested action not taken",
            "<-- 550 Requested action not taken", "host refused with 550 5.1.99 mood"})
        void is_an_SMTP_reply_where_one_begins(String pasted) { assertEquals("unknown-smtp", explained(pasted)); }

        @ParameterizedTest @ValueSource(strings = {"it took 500 characters", "rc: the limit is 500 characters",
            "waited 450 seconds\nthen 500 more", "the limit (500 characters)", "- 500 characters"})
        void is_no_SMTP_reply_because_of_a_number(String pasted) { assertEquals("unknown-text", explained(pasted)); }

        /** What mbsync -Dn shows when the server hangs up on LIST. */
        @Test void may_be_a_log_in_which_the_server_hangs_up_on_the_list_of_folders() {
            var login = "* OK The Microsoft Exchange IMAP4 service is ready.\n"
                    + ">>> 2 AUTHENTICATE XOAUTH2 dXNlcj1qYW4=\n2 OK AUTHENTICATE completed.\n"
                    + ">>> 3 NAMESPACE\n* NAMESPACE ((\"\" \"/\")) NIL NIL\n3 OK NAMESPACE completed.\n"
                    + ">>> 4 LIST \"\" \"*\"\n";
            var cut = "IMAP error: unexpected EOF from outlook.office365.com (192.0.2.3:993)\n";
            assertEquals("dropped-after-login", explained(login + cut));
            assertEquals("connection-cut",
                    explained(login + "* LIST (\\Marked) \"/\" INBOX\n4 OK LIST completed.\n" + cut));
            assertEquals("connection-cut", explained(cut));
        }

        @Test void may_use_the_typographers_apostrophe() {
            assertEquals("personal-account-not-allowed",
                explained("You can\u2019t sign in here with a personal account."));
            assertEquals("managed-device-required", explained("You can\u2019t get there from here"));
        }
    }

    @Nested class Odd_input {

        @Test void of_any_kind_gets_an_answer() {
            var odd = new ArrayList<String>(List.of("", " ", "\0", "\n\n\n", "%", "%zz?error=%", "a?error=%e0%a4&x",
                    "{", "\"error\":", "\t|\t", "\u001b[2J\u001b]0;x\u0007", "\ud800", "\u202e\u2028", "(((((", "\\",
                    "$1 ${x} {user}", "-1", "0", "99999999999999999999"));
            odd.add(null);
            for (var text : odd) {
                var cause = PastedError.explain(text);
                assertNotNull(cause);
                assertNotNull(Scrub.secrets(text));
                assertFalse(Advice.tell(PastedError.find(text), Map.of()).isBlank());
            }
        }

        @Test void may_have_nothing_but_nulls() {
            assertNotNull(Failures.of(new Signal(null, null, null, null, null)));
        }

        /** Each of these makes a careless expression slow: long runs, many beginnings, no end. */
        static Stream<String> megabytes() {
            int size = 100_000;
            var noise = new Random(1);
            var garbage = new StringBuilder(size);
            while (garbage.length() < size) garbage.append((char) (noise.nextInt(0x250)));
            return Stream.concat(Stream.of(garbage.toString()), Stream.of(
                    "a", "a_", "aB3", "eyJ", "eyJa.", "code=", "error: ", "imap ", "\"user_code\":\"abcdef\"",
                    "CAPABILITY ", "AADSTS5001", "password='", "password=\"'", "command ", " \n", "M.C5", "Ew",
                    "A LOGIN \"", "dXNlcj0", "Bearer ", "1.A", "Q~3", "user=a@b.", "certificate ", "-ERR", "[",
                    "proxy ", "Correlation Id: ", "AUTHENTICATE completed. LIST ", "command exit status ",
                    "can't get there from here ", "fetchmail ", "smtp said: 500 ", "imap smtp\n")
                    .map(piece -> piece.repeat(size / piece.length())));
        }

        @ParameterizedTest(name = "no. {index}") @MethodSource("megabytes")
        void of_megabytes_is_dealt_with_in_seconds(String huge) {
            // A pattern that runs wild would take hours.
            assertTimeout(Duration.ofSeconds(30), () -> PastedError.explain(huge.repeat(2)));
            assertTimeout(Duration.ofSeconds(30), () -> Scrub.secrets(huge));
        }

        @Test void that_is_long_is_searched_at_both_ends() {
            var padding = "nothing to see here\n".repeat(100_000);
            assertEquals("conditional-access-refused", explained("AADSTS53003\n" + padding));
            assertEquals("conditional-access-refused", explained(padding + "AADSTS53003"));
        }
    }
}
