//JAVA 17+
//SOURCES ../failures.java

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The knowledge in failures.tsv, and how a failure finds its row. No network. */
class failures_test {
    static final Set<String> PLACES =
            Set.of("page", "redirect", "token", "device", "imap", "smtp", "pop", "network", "local", "client");
    static final Set<String> ACTS = Set.of("wait", "sign-in", "configuration", "admin", "none");
    static final Set<String> FACTS = Set.of("user", "sign_in", "client_id", "tenant", "authority", "redirect_uri", "host", "scopes",
            "mailbox", "consent_url", "scope_host", "certificate_command", "connect_command");

    static List<failures.Cause> rows() { return failures.Cause.all(); }

    static List<String> alternatives(failures.Cause row) { return List.of(row.signal().split(" \\|\\| ")); }

    static List<String> conditions(failures.Cause row) { return List.of(row.signal().split(" (?:\\|\\||&&) ")); }

    static String explained(String pasted) { return failures.Cause.explain(pasted).id(); }

    static failures.Cause.Signal refused(String error, String suberror, String... codes) {
        return new failures.Cause.Signal("token", error, suberror, List.of(codes), "");
    }

    static final String WORK_REFRESH_TOKEN = "1.AXkAqKp3bG9yZW0taXBzdW0tZG9sb3Itc2l0LWFtZXQ.AgABBAIAAAADAOz_BQD0_9x2aK";
    static final String PERSONAL_REFRESH_TOKEN = "M.C552_BAY.0.U.-CiL3vXu!7Tq*WmZ0aQ9sPdFgHjKlZxCvBnM$$";
    static final String PERSONAL_ACCESS_TOKEN = "EwBwA8l6BAAUO9chh8cJscQLmU+LSWpbnr0vmwwAAQ==";
    static final String JWT = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL291dGxvb2sifQ.c2lnbmF0dXJl-_x";
    static final String CLIENT_SECRET = "ApZ8Q~2mlBG7xyzXYZ012345abcdefABCDEF.-_q";
    /** The value that Microsoft's own documentation shows for XOAUTH2. */
    static final String XOAUTH2 = "dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNCQUFVRkZwVUFvN0ozVmUwYmpMQldaV0NjbFJDM0VvQUEBAQ==";

    @Nested class Every_row_of_the_file {

        @Test void has_eight_cells_none_of_them_empty() throws IOException {
            try (var file = failures.class.getResourceAsStream("/failures.tsv")) {
                assertNotNull(file, "failures.tsv is not on the class path");
                var lines = new String(file.readAllBytes(), UTF_8).lines().toList();
                assertEquals("id\twhere\tsignal\tact\twhat\twhy\tdo\texample", lines.get(0));
                assertEquals(rows().size(), lines.size() - 1, "rows that were read");
                for (var line : lines) {
                    var cells = line.split("\t", -1);
                    assertEquals(8, cells.length, line);
                    for (var cell : cells) assertTrue(!cell.isBlank() && cell.equals(cell.strip()), line);
                }
            }
        }

        @Test void has_an_id_of_its_own() {
            var seen = new HashSet<String>();
            for (var row : rows()) {
                assertTrue(row.id().matches("[a-z][a-z0-9]*(-[a-z0-9]+)*"), row.id());
                assertTrue(seen.add(row.id()), row.id() + " twice");
            }
        }

        @Test void says_where_it_shows_up_and_what_programs_should_do() {
            for (var row : rows()) {
                assertTrue(PLACES.containsAll(row.where()), row.id());
                assertTrue(ACTS.contains(row.act()), row.id());
            }
        }

        @Test void is_recognised_in_one_of_the_known_ways() {
            for (var row : rows()) for (var condition : conditions(row))
                assertTrue(condition.matches("AADSTS \\d{4,8}( \\d{4,8})*|(error|suberror) [a-z_]+( [a-z_]+)*"
                        + "|local [a-z0-9-]+( [a-z0-9-]+)*|(text|line) \\S.*"), row.id() + ": " + condition);
        }

        @Test void has_expressions_that_compile_and_repeat_nothing_inside_a_repetition() {
            for (var row : rows()) for (var condition : conditions(row)) if (condition.matches("(text|line) .*")) {
                Pattern.compile(condition.substring(5));
                var bare = condition.replaceAll("\\\\.", "x").replaceAll("\\[[^\\]]*]", "x");
                assertFalse(bare.matches(".*[+*}]\\)[+*{].*|.*[.x)][+*].*"), row.id() + " may run wild: " + condition);
            }
        }

        @Test void asks_for_facts_that_the_program_knows() {
            for (var row : rows()) for (var cell : List.of(row.what(), row.why().toString(), row.steps().toString())) {
                Pattern.compile("\\{([^}]*)}").matcher(cell).results()
                        .forEach(braces -> assertTrue(FACTS.contains(braces.group(1)), row.id() + ": " + braces.group()));
                assertEquals(0, cell.chars().filter(c -> c == '`').count() % 2, row.id() + ": a backtick without its twin");
            }
        }

        @Test void reads_as_sentences() {
            for (var row : rows()) for (var sentence : Stream.of(List.of(row.what()), row.why()).flatMap(List::stream).toList())
                assertTrue(sentence.matches("(?s)[\\p{Lu}{`/\\d].*[.)?]"), row.id() + ": " + sentence);
        }

        @Test void shares_no_number_error_or_name_with_another_row() {
            var owners = new java.util.HashMap<String, String>();
            for (var row : rows()) for (var alternative : alternatives(row)) {
                if (alternative.matches("(text|line) .*") || alternative.contains(" && ")) continue;
                var words = alternative.split(" ");
                for (int i = 1; i < words.length; i++) {
                    var other = owners.put(words[0] + " " + words[i], row.id());
                    assertEquals(null, other, words[i] + " is claimed by " + row.id() + " too");
                }
            }
        }
    }

    @Nested class An_example {

        static Stream<Arguments> examples() {
            return rows().stream().flatMap(row -> row.examples().stream().map(example -> Arguments.of(row.id(), example)));
        }

        @ParameterizedTest @MethodSource("examples")
        void is_claimed_by_its_own_row(String id, String example) { assertEquals(id, explained(example)); }

        @ParameterizedTest @MethodSource("examples")
        void is_claimed_in_the_middle_of_a_log_too(String id, String example) {
            if (example.startsWith("local ") || id.equals("unknown-text")) return;
            assertEquals(id, explained("2026-03-02 08:15:42 start\n" + example + "\n2026-03-02 08:15:43 end\n"));
        }

        @ParameterizedTest @MethodSource("examples")
        void shows_no_secret_once_it_is_scrubbed(String id, String example) {
            var clean = failures.Cause.scrub(example);
            for (var secret : List.of("AXkAqKp3", "EwBwA8l6", "FAQABAAEAAAA")) assertFalse(clean.contains(secret), clean);
        }

        @Test void exists_for_every_alternative_of_a_row() {
            for (var row : rows()) for (var alternative : alternatives(row)) {
                var condition = alternative.substring(alternative.lastIndexOf(" && ") < 0 ? 0 : alternative.lastIndexOf(" && ") + 4);
                var words = List.of(condition.split(" "));
                assertTrue(row.examples().stream().anyMatch(example -> condition.matches("(text|line) .*")
                        ? Pattern.compile(condition.substring(5), Pattern.CASE_INSENSITIVE).matcher(example).find()
                        : words.stream().skip(1).anyMatch(example::contains)), row.id() + " has no example for: " + alternative);
            }
        }
    }

    @Nested class A_number_of_Microsofts {

        @Test void leads_to_its_row_however_it_is_written() {
            for (var row : rows()) for (var alternative : alternatives(row)) {
                if (!alternative.startsWith("AADSTS ") || alternative.contains(" && ")) continue;
                for (var number : alternative.substring(7).split(" "))
                    assertAll(number,
                            () -> assertEquals(row.id(), explained(number)),
                            () -> assertEquals(row.id(), explained("  AADSTS" + number + "\n")),
                            () -> assertEquals(row.id(), explained("aadsts" + number)),
                            () -> assertEquals(row.id(), explained("Sorry.\nError Code: " + number + "\nRequest Id: 1")),
                            () -> assertEquals(row.id(), failures.Cause.of(refused("invalid_grant", "bad_token", number)).id()));
            }
        }

        @Test void that_is_not_listed_falls_back_to_the_suberror_then_to_the_error() {
            assertEquals("refresh-token-finished", failures.Cause.of(refused("invalid_grant", "bad_token", "399999")).id());
            assertEquals("invalid-grant", failures.Cause.of(refused("invalid_grant", "", "399999")).id());
            assertEquals("invalid-grant", failures.Cause.of(refused("invalid_grant", "something_new", "399999")).id());
            assertEquals("invalid-grant",
                    explained("{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS399999: New.\",\"error_codes\":[399999]}"));
        }

        @Test void that_is_not_listed_and_has_no_error_says_so() {
            assertEquals("aadsts-number-not-listed", explained("399999"));
            assertEquals("aadsts-number-not-listed", explained("AADSTS399999: New."));
            assertEquals("unknown-token", failures.Cause.of(refused("brand_new", "", "399999")).id());
        }

        @Test void is_explained_more_exactly_when_the_text_helps() {
            assertEquals("grant-refused", explained("AADSTS70000"));
            assertEquals("scopes-not-granted",
                    explained("AADSTS70000: The request was denied because one or more scopes requested are\r\nunauthorized or expired."));
            assertEquals("secret-mismatch", explained("70002"));
        }

        @Test void further_behind_helps_when_the_first_is_not_listed() {
            assertEquals("conditional-access-refused", explained("AADSTS399999: caused by AADSTS53003"));
        }

        @Test void is_found_in_the_text_when_the_library_gives_no_list() {
            var seen = new failures.Cause.Signal("token", "invalid_grant", null, null, "AADSTS700082: The refresh token has expired");
            assertEquals("refresh-token-unused-90-days", failures.Cause.of(seen).id());
        }
    }

    @Nested class What_people_paste {

        @ParameterizedTest @CsvSource(delimiter = '\u00a6', value = {
            "invalid_grant ¦ invalid-grant",
            "client_mismatch ¦ signing-in-does-not-help",
            "redirect-uri-mismatch ¦ redirect-uri-mismatch",
            "http://localhost/?error=access_denied&error_description=AADSTS65004%3a+User+declined+to+consent&state=x ¦ consent-declined",
            "http://localhost/?error=server_error&error_description=Something+new ¦ service-busy",
            "xoauth2handler got: {'error': 'invalid_client', 'error_description': \"AADSTS7000215: Invalid.\"} ¦ secret-wrong",
            "WARNING:OfflineImap:XOAUTH2 authentication failed: AUTHENTICATE command error: BAD [b'User is authenticated but not connected.'] ¦ authenticated-but-not-connected",
            "IMAP command 'LOGIN <user> <pass>' returned an error: NO LOGIN failed. ¦ password-login-refused",
            "msmtp: server message: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. ¦ smtp-auth-disabled-tenant",
            "msmtp: authentication failed (method XOAUTH2) ¦ mail-program-hides-the-reason",
            "msmtp: cannot connect to smtp.office365.com, port 587: Connection timed out ¦ mail-port-timeout",
            "Socket error on outlook.office365.com (192.0.2.3:993): timeout. ¦ mail-port-timeout",
            "curl: (6) Could not resolve host: login.microsoftonline.com ¦ name-does-not-resolve",
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired ¦ certificate-expired",
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain ¦ certificate-issuer-unknown",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound ¦ unknown-smtp",
            "A01 NO [ALREADYEXISTS] Mailbox exists ¦ unknown-imap",
            "there is no news today ¦ unknown-text",

            // sign-in pages that show no number
            "You cannot access this right now ¦ conditional-access-refused",
            "Your sign-in was successful but does not meet the criteria to access this resource. ¦ conditional-access-refused",
            "You can't get there from here ¦ managed-device-required",
            "Set up your device to get access ¦ managed-device-required",
            "Help us keep your device secure. Your admin requires the device requesting access to be managed by UvA. ¦ managed-device-required",
            "You can't get there from here. You're trying to open this resource with an app that hasn't been approved by your IT department. ¦ blocked-by-security-policy",
            "mail-sync needs permission to access resources in your organization that only an admin can grant. ¦ consent-by-admin-needed",
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
            "subprocess.CalledProcessError: Command '['jbang']' returned non-zero exit status 75. ¦ token-command-says-later",
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
            "msmtp: Cannot send command because it is longer than 4094 characters. Increase SMTP_MAXCMDLEN. ¦ msmtp-token-too-long",
            "msmtp: the server sent an invalid reply ¦ not-an-smtp-server",
            "msmtp: cannot read output of 'token' ¦ password-command-failed",
            "msmtp: TLS certificate verification failed: The certificate is NOT trusted. The certificate issuer is unknown. ¦ certificate-issuer-unknown",
            "msmtp: TLS certificate verification failed: The certificate is NOT trusted. The name in the certificate does not match the expected. ¦ certificate-wrong-host",
            "msmtp: TLS certificate verification failed: The certificate is NOT trusted. The certificate chain uses expired certificate. ¦ certificate-expired",
            "WARNING: Server hostname does not match certificate ¦ certificate-wrong-host",
            "Error, certificate owner does not match hostname localhost ¦ certificate-wrong-host",

            // SMTP replies
            "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. [PH0PR07CA0004.namprd07.prod.outlook.com] ¦ smtp-credentials-incorrect",
            "454 4.7.0 Temporary authentication failure ¦ smtp-temporary-error",
        })
        void is_understood(String pasted, String id) { assertEquals(id, explained(pasted)); }

        @Test void may_be_a_log_in_which_the_reason_stands_before_the_consequence() {
            assertEquals("authenticated-but-not-connected",
                    explained("A3 BAD User is authenticated but not connected.\r\n* BYE Connection closed. 14\r\n"));
            assertEquals("imap-throttled",
                    explained("A3 NO Request is throttled. Suggested Backoff Time: 5000 milliseconds\n* BYE Connection closed. 14"));
        }

        @ParameterizedTest @ValueSource(strings = {"550 Requested action not taken", "sent\n550 Requested action not taken\nquit",
            "msmtp: server message: 550 Requested action not taken", "said: 550 Requested action not taken (in reply to RCPT)",
            "Invalid login: 550 Requested action not taken", "(550, b'Requested action not taken')", "S: 550 Requested action not taken",
            "<-- 550 Requested action not taken", "host refused with 550 5.1.99 mood"})
        void is_an_SMTP_reply_where_one_begins(String pasted) { assertEquals("unknown-smtp", explained(pasted)); }

        @ParameterizedTest @ValueSource(strings = {"it took 500 characters", "rc: the limit is 500 characters", "waited 450 seconds\nthen 500 more",
            "the limit (500 characters)", "- 500 characters"})
        void is_no_SMTP_reply_because_of_a_number(String pasted) { assertEquals("unknown-text", explained(pasted)); }

        /** What mbsync -Dn shows when the server hangs up on LIST. */
        @Test void may_be_a_log_in_which_the_server_hangs_up_on_the_list_of_folders() {
            var login = "* OK The Microsoft Exchange IMAP4 service is ready.\n>>> 2 AUTHENTICATE XOAUTH2 dXNlcj1qYW4=\n2 OK AUTHENTICATE completed.\n"
                    + ">>> 3 NAMESPACE\n* NAMESPACE ((\"\" \"/\")) NIL NIL\n3 OK NAMESPACE completed.\n>>> 4 LIST \"\" \"*\"\n";
            var cut = "IMAP error: unexpected EOF from outlook.office365.com (192.0.2.3:993)\n";
            assertEquals("dropped-after-login", explained(login + cut));
            assertEquals("connection-cut", explained(login + "* LIST (\\Marked) \"/\" INBOX\n4 OK LIST completed.\n" + cut));
            assertEquals("connection-cut", explained(cut));
        }

        @Test void may_use_the_typographers_apostrophe() {
            assertEquals("personal-account-not-allowed", explained("You can\u2019t sign in here with a personal account."));
            assertEquals("managed-device-required", explained("You can\u2019t get there from here"));
        }
    }

    @Nested class A_place {

        @ParameterizedTest @ValueSource(strings = {"page", "redirect", "token", "device", "imap", "smtp", "pop", "network", "local", "client"})
        void always_has_a_last_resort(String place) {
            assertEquals("unknown-" + place, failures.Cause.of(failures.Cause.Signal.of(place, "a strange mood")).id());
        }

        @Test void helps_to_tell_one_timeout_from_another() {
            assertEquals("mail-port-timeout", failures.Cause.of(failures.Cause.Signal.of("imap", "Connect timed out")).id());
            assertEquals("sign-in-host-timeout", failures.Cause.of(failures.Cause.Signal.of("token", "Connect timed out")).id());
        }

        @Test void called_local_knows_its_conditions_by_name() {
            assertEquals("missing-mail-scope", failures.Cause.of(failures.Cause.Signal.local("missing-smtp-scope")).id());
            assertEquals("clock-wrong", failures.Cause.of(failures.Cause.Signal.local("clock-wrong")).id());
        }
    }

    @Nested class Odd_input {

        @Test void of_any_kind_gets_an_answer() {
            var odd = new ArrayList<String>(List.of("", " ", "\0", "\n\n\n", "%", "%zz?error=%", "a?error=%e0%a4&x", "{", "\"error\":", "\t|\t",
                    "\u001b[2J\u001b]0;x\u0007", "\ud800", "\u202e\u2028", "(((((", "\\", "$1 ${x} {user}", "-1", "0", "99999999999999999999"));
            odd.add(null);
            for (var text : odd) {
                var cause = failures.Cause.explain(text);
                assertNotNull(cause);
                assertNotNull(failures.Cause.scrub(text));
                assertFalse(cause.tell(failures.Cause.Signal.read(text), Map.of()).isBlank());
            }
        }

        @Test void may_have_nothing_but_nulls() {
            assertNotNull(failures.Cause.of(new failures.Cause.Signal(null, null, null, null, null)));
        }

        /** Each of these makes a careless expression slow: long runs, many beginnings, no end. */
        static Stream<String> megabytes() {
            int size = 200_000;
            var noise = new Random(1);
            var garbage = new StringBuilder(size);
            while (garbage.length() < size) garbage.append((char) (noise.nextInt(0x250)));
            return Stream.concat(Stream.of(garbage.toString()), Stream.of("a", "a_", "aB3", "eyJ", "eyJa.", "code=", "error: ", "imap ",
                    "\"user_code\":\"abcdef\"", "CAPABILITY ", "AADSTS5001", "password='", "password=\"'", "command ", " \n", "M.C5", "Ew",
                    "A LOGIN \"", "dXNlcj0", "Bearer ", "1.A", "Q~3", "user=a@b.", "certificate ", "-ERR", "[", "proxy ", "Correlation Id: ",
                    "AUTHENTICATE completed. LIST ", "command exit status ", "can't get there from here ", "fetchmail ", "smtp said: 500 ", "imap smtp\n")
                    .map(piece -> piece.repeat(size / piece.length())));
        }

        @ParameterizedTest(name = "no. {index}") @MethodSource("megabytes")
        void of_megabytes_is_dealt_with_in_seconds(String huge) {
            assertTimeout(Duration.ofSeconds(10), () -> failures.Cause.explain(huge.repeat(50)));
            assertTimeout(Duration.ofSeconds(10), () -> failures.Cause.scrub(huge));
        }

        @Test void that_is_long_is_searched_at_both_ends() {
            var padding = "nothing to see here\n".repeat(100_000);
            assertEquals("conditional-access-refused", explained("AADSTS53003\n" + padding));
            assertEquals("conditional-access-refused", explained(padding + "AADSTS53003"));
        }
    }

    @Nested class Scrubbing {

        static Stream<Arguments> secrets() {
            return Stream.of(
                    Arguments.of("a JWT", JWT, "token " + JWT + " was refused"),
                    Arguments.of("a cut JWT", JWT.substring(0, 36), "token " + JWT.substring(0, 36)),
                    Arguments.of("a personal access token", PERSONAL_ACCESS_TOKEN, "got " + PERSONAL_ACCESS_TOKEN),
                    Arguments.of("a refresh token", WORK_REFRESH_TOKEN, WORK_REFRESH_TOKEN),
                    Arguments.of("an older refresh token", WORK_REFRESH_TOKEN.replaceFirst("1", "0"), "<" + WORK_REFRESH_TOKEN.replaceFirst("1", "0") + ">"),
                    Arguments.of("a personal refresh token", PERSONAL_REFRESH_TOKEN, "is " + PERSONAL_REFRESH_TOKEN + "\n"),
                    Arguments.of("a client secret", CLIENT_SECRET, "I used " + CLIENT_SECRET + " here"),
                    Arguments.of("a code in an address", "OAQABshort0code", "http://localhost/?code=OAQABshort0code&state=x"),
                    Arguments.of("a code in an address in an address", "OAQABshort0code", "?continue=http%3A%2F%2Flocalhost%2F%3Fcode%3DOAQABshort0code"),
                    Arguments.of("a form", "verySecret1", "client_id=x&client_secret=verySecret1&grant_type=refresh_token"),
                    Arguments.of("a refresh token in a form", "opaque", "refresh_token=opaque&scope=x"),
                    Arguments.of("a setting of OfflineIMAP", "opaque", "oauth2_refresh_token = opaque\n"),
                    Arguments.of("a secret of OfflineIMAP", "hush", "oauth2_client_secret=hush\n"),
                    Arguments.of("JSON", "opaque value", "{\"access_token\" : \"opaque value\",\"expires_in\":3599}"),
                    Arguments.of("the secret in OfflineIMAP's error", "my' secret", "HTTP Error 400: Bad Request (configuration is: {'client_id': 'x', "
                            + "'client_secret': \"my' secret\", 'refresh_token': 'opaque', 'grant_type': 'refresh_token'})"),
                    Arguments.of("the token in OfflineIMAP's error", "opaque", "(configuration is: {'client_secret': None, 'refresh_token': 'opaque'})"),
                    Arguments.of("a login in base64", XOAUTH2, "A1 AUTHENTICATE XOAUTH2 " + XOAUTH2),
                    Arguments.of("a login on a line of its own", XOAUTH2, "+\n" + XOAUTH2 + "\n"),
                    Arguments.of("an OAUTHBEARER login", "bixhPWphbkB1dmEubmwsAWF1dGg9QmVhcmVyIHg", "S: bixhPWphbkB1dmEubmwsAWF1dGg9QmVhcmVyIHg="),
                    Arguments.of("a plain login", "AGphbgBnZWhlaW0=", "AUTH PLAIN AGphbgBnZWhlaW0="),
                    Arguments.of("a header", "abc.def-123", "Authorization: Bearer abc.def-123"),
                    Arguments.of("an unpacked login", "abc.def-123", "user=jan@uva.nl\u0001auth=Bearer abc.def-123\u0001\u0001"),
                    Arguments.of("an IMAP password", "geheim", "A1 LOGIN jan@uva.nl \"geheim\""),
                    Arguments.of("a POP password", "geheim", "C: PASS geheim\r\n"),
                    Arguments.of("a device code", "FAQABopaque", "\"device_code\":\"FAQABopaque\""),
                    Arguments.of("any long blob", "Zm9vYmFy".repeat(12) + "9", "blob " + "Zm9vYmFy".repeat(12) + "9"));
        }

        @ParameterizedTest(name = "{0}") @MethodSource("secrets")
        void hides(String kind, String secret, String text) {
            var clean = failures.Cause.scrub(text);
            assertFalse(clean.contains(secret), clean);
            assertTrue(clean.contains("••••"), clean);
        }

        @ParameterizedTest @ValueSource(strings = {
            "AADSTS50011: The redirect URI 'https://localhost/' specified in the request does not match.",
            "Error Code: 53003 Request Id: 5b7c7a54-2b0f-4c55-9d0c-0e6a3b1c2d00 Correlation Id: 7c0a5e0e-0d6f-49e1-8b0b-52c40f9a1b11",
            "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value.",
            "-ERR Logon failure: unknown user name or bad password.",
            "IMAP command 'AUTHENTICATE XOAUTH2' returned an error: NO AUTHENTICATE failed.",
            "3 NO LOGIN failed. Account is blocked.",
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=9e5f94bc-e8a4-4e73-b8be-63364c29d753&response_type=code&scope=x",
            "https://login.microsoftonline.com/error?code=700082",
            "grant_type=refresh_token",
            "+ eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIn0=",
            "Skipping account uva, password command exited with status 77",
        })
        void leaves_what_helps(String text) { assertEquals(text, failures.Cause.scrub(text)); }

        @Test void keeps_the_rest_of_OfflineIMAPs_error() {
            assertEquals("(configuration is: {'client_id': 'x', 'client_secret': ••••, 'refresh_token': ••••, 'grant_type': 'refresh_token'})",
                    failures.Cause.scrub("(configuration is: {'client_id': 'x', 'client_secret': 's', 'refresh_token': 't', 'grant_type': 'refresh_token'})"));
        }
    }

    @Nested class The_answer_on_the_terminal {
        final String refusal = "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS53003: Access has been blocked by Conditional Access"
                + " policies.\\r\\nTrace ID: 11111111-2222-3333-4444-555555555555\\r\\nCorrelation ID: 66666666-7777-8888-9999-000000000000\\r\\n"
                + "Timestamp: 2026-03-02 08:15:42Z\",\"error_codes\":[53003],\"refresh_token\":\"" + WORK_REFRESH_TOKEN + "\"}";
        final Map<String, String> facts = Map.of("user", "jan@uva.nl", "client_id", "9e5f94bc-e8a4-4e73-b8be-63364c29d753", "tenant", "common",
                "authority", "https://login.microsoftonline.com/common");

        String told(String pasted) { return explain(pasted, facts); }

        String explain(String pasted, Map<String, String> facts) {
            return failures.Cause.explain(pasted).tell(failures.Cause.Signal.read(pasted), facts);
        }

        @Test void says_what_why_what_to_do_and_what_to_send() {
            var told = told(refusal);
            var parts = List.of("refused the sign-in.\n", "\nWhy, most likely first:\n  1. ", "\n  2. ", "\nWhat to do:\n  - ",
                    "`jbang get_token.java jan@uva.nl`", "\nSend this to your administrator:\n", "code            AADSTS53003 (conditional-access-refused)\n",
                    "correlation id  66666666-7777-8888-9999-000000000000\n", "trace id        11111111-2222-3333-4444-555555555555\n",
                    "timestamp       2026-03-02 08:15:42Z\n", "user            jan@uva.nl\n", "app             9e5f94bc");
            int from = 0;
            for (var part : parts) {
                int at = told.indexOf(part, from);
                assertTrue(at >= 0, part + " is missing, or at the wrong place, in\n" + told);
                from = at + part.length() - 1;
            }
        }

        @Test void shows_no_secret_that_was_pasted() { assertFalse(told(refusal).contains("AXkAqKp3"), told(refusal)); }

        @Test void lets_no_control_character_through() {
            var told = failures.Cause.explain(refusal).tell(failures.Cause.Signal.read(refusal + "\u001b]0;gotcha\u0007\u202e"),
                    Map.of("user", "jan\u001b[31m@uva.nl"));
            assertTrue(told.chars().allMatch(c -> c == '\n' || !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT), told);
        }

        @Test void breaks_lines_but_no_command() {
            for (var row : rows()) {
                var told = row.tell(failures.Cause.Signal.local(""), facts);
                for (var line : told.split("\n")) {
                    assertTrue(line.length() <= 80 || line.contains("`") || line.contains("http"), line);
                    assertEquals(0, line.chars().filter(c -> c == '`').count() % 2, "a broken command: " + line);
                }
            }
        }

        @Test void leaves_no_braces() {
            for (var row : rows()) for (var known : List.of(facts, Map.<String, String>of()))
                assertFalse(row.tell(failures.Cause.Signal.local(""), known).contains("{"), row.id());
        }

        @Test void shows_the_form_of_the_consent_link_when_no_setting_is_known() {
            var told = config.explain("AADSTS90094", Map.of());
            assertTrue(told.contains("https://login.microsoftonline.com/TENANT/v2.0/adminconsent?client_id=CLIENT-ID&scope="), told);
        }

        @Test void takes_a_fact_literally() {
            assertEquals("is $1 \\x", failures.Cause.fill("is {user}", Map.of("user", "$1 \\x")));
        }

        @Test void names_the_scopes_of_the_own_cloud() {
            assertTrue(told("local missing-smtp-scope").contains("`https://outlook.office.com/SMTP.Send`"), told("local missing-smtp-scope"));
            var china = Map.of("scope_host", "partner.outlook.cn");
            for (var text : List.of("local missing-smtp-scope", "535 5.7.3 Authentication unsuccessful"))
                assertTrue(explain(text, china).contains("`https://partner.outlook.cn/SMTP.Send`"), explain(text, china));
            assertTrue(explain("-ERR Authentication failure", china).contains("`https://partner.outlook.cn/POP.AccessAsUser.All`"));
            assertTrue(explain("AADSTS90094", china).contains("&scope=https://partner.outlook.cn/.default"), explain("AADSTS90094", china));
        }

        @Test void does_not_repeat_the_host_of_scopes_that_are_themselves_in_doubt() {
            for (var text : List.of("local graph-token", "70011", "28003", "invalid_scope"))
                assertFalse(explain(text, Map.of("scope_host", "graph.microsoft.com")).contains("https://graph.microsoft.com/IMAP"), text);
        }

        @Test void shows_a_certificate_behind_STARTTLS_with_a_command_that_can() {
            var sending = "`openssl s_client -connect smtp.office365.com:587 -starttls smtp`";
            for (var reason : List.of("certificate verify failed", "certificate has expired", "hostname mismatch")) {
                var smtp = new failures.Cause.Signal("network", "", "", List.of(), "smtp javax.net.ssl.SSLHandshakeException: " + reason);
                var told = failures.Cause.of(smtp).tell(smtp, Map.of("host", "smtp.uva.nl", "port", "2587"));
                assertTrue(told.contains("`openssl s_client -connect smtp.uva.nl:2587 -starttls smtp`") && !told.contains("keytool"), told);
                var pasted = explain("msmtp: TLS " + reason, Map.of("host", "outlook.office365.com"));
                assertTrue(pasted.contains(sending) && !pasted.contains("keytool"), pasted);
                var china = explain("msmtp: TLS " + reason, Map.of("host", "partner.outlook.cn", "smtp_host", "smtp.partner.outlook.cn"));
                assertTrue(china.contains("`openssl s_client -connect smtp.partner.outlook.cn:587 -starttls smtp`"), china);
                var imap = explain("[SSL] " + reason, Map.of("host", "imap.uva.nl", "port", "1993"));
                assertTrue(imap.contains("`keytool -printcert -sslserver imap.uva.nl:1993`") && !imap.contains("starttls"), imap);
                assertTrue(explain("[SSL] " + reason, Map.of("host", "imap.uva.nl")).contains("`keytool -printcert -sslserver imap.uva.nl:993`"));
            }
            assertTrue(explain("msmtp: cannot connect to smtp.office365.com, port 587: Connection timed out", Map.of()).contains(sending));
            assertTrue(explain("msmtp: the server does not support authentication", Map.of()).contains(sending));
            assertTrue(explain("Socket error on outlook.office365.com (192.0.2.3:993): timeout.", Map.of("host", "h")).contains("`openssl s_client -connect h:993`"));
        }

        @Test void blames_Java_for_no_certificate_that_another_program_refused() {
            var told = told("ERROR: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:992)");
            assertFalse(told.contains("Java does not"), told);
            assertTrue(told.startsWith("The program does not know who issued"), told);
        }

        @Test void blames_the_refresh_token_for_no_malformed_request_of_a_sign_in() {
            var told = told("AADSTS9002313");
            assertTrue(told.startsWith("Microsoft could not read the request.\n") && told.contains("sign-in code") && told.contains("refresh token"), told);
            assertFalse(explain("AADSTS9002313", Map.of("not", "Renewing")).contains("refresh token"));
            assertFalse(explain("AADSTS9002313", Map.of("not", "Signing in")).contains("sign-in code"));
        }

        @Test void asks_to_paste_into_no_program_that_has_ended() {
            var told = told("local nothing-came-back");
            assertFalse(told.contains("paste it here"), told);
            assertFalse(told.contains("50011"), told);
            assertTrue(told.replaceAll("\\s+", " ").contains("paste it when it is asked for"), told);
        }

        @Test void has_nothing_to_send_for_a_cause_on_this_computer() {
            assertFalse(told("local token-file-loose").contains("administrator"), told("local token-file-loose"));
        }
    }
}
