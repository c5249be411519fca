//JAVA 17+
//SOURCES tool.java stand_in.java ../check_imap.java

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code check_imap} as a process of its own, against the stand-in for Microsoft 365 and against servers that follow a script. */
@Order(3)
class check_imap_test {
    static final String JAN = "jan@uva.example", DELEGATE = "delegate@uva.example", SHARED = "shared@uva.example";
    static final String OUTLOOK = "https://outlook.office.com/";
    static final String ALL_SCOPES = OUTLOOK + "IMAP.AccessAsUser.All " + OUTLOOK + "SMTP.Send " + OUTLOOK + "POP.AccessAsUser.All";
    private static final Pattern STEP = Pattern.compile("(OK|NOTE|FAILED) +((?:IMAP|SMTP|POP) \\w+|settings|token file|renewal|access token|app token) +(.+) \\((\\d+) ms\\)");

    static stand_in cloud;
    @TempDir Path home;

    @BeforeAll static void start() { cloud = stand_in.start(tool.ca()); }

    @AfterAll static void stop() { cloud.close(); }

    @AfterEach void back_to_normal() { cloud.letsStrangersIn(false); }

    tool check_imap(String... arguments) {
        return tool.check_imap(arguments).in(home).with(cloud.environment()).with("M365_SCOPES", ALL_SCOPES);
    }

    /** Puts a refresh token where the program looks for it. */
    String hold(String user, String scopes) throws IOException { return hold(home.resolve("refresh_token"), user, scopes); }

    static String hold(Path file, String user, String scopes) throws IOException {
        var token = cloud.login().issueRefreshToken(user, fake_login.PUBLIC_APP, "offline_access openid profile " + scopes);
        Files.writeString(file, token);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return token;
    }

    static tool toward(fake_mail imap, tool program) { return program.with("M365_IMAP_PORT", imap.port()); }

    /** An IMAP server that follows a script. */
    static fake_mail inbox(fake_mail server) { return server.start(); }

    static List<String> names(tool.Result result) {
        return result.out().lines().map(STEP::matcher).filter(java.util.regex.Matcher::matches).map(step -> step.group(2)).toList();
    }

    static Map<?, ?> json(tool.Result result) { return get_token.fromJson(result.out()).orElseThrow(() -> new AssertionError(result.out())); }

    static List<Map<?, ?>> checks(tool.Result result) {
        var checks = new ArrayList<Map<?, ?>>();
        for (var check : (List<?>) json(result).get("checks")) checks.add((Map<?, ?>) check);
        return checks;
    }

    /** On stdout or stderr, wherever the lines break. */
    static tool.Result tells(tool.Result result, String... fragments) {
        var told = (result.out() + result.err()).replaceAll("\\s+", " ");
        for (var fragment : fragments) assertTrue(told.contains(fragment), () -> "no \"" + fragment + "\" in what was said:\n" + result.out() + result.err());
        return result;
    }

    // ------------------------------------------------------------------------------------------------ all is well

    @Nested class A_login_that_works {

        @Test void is_told_step_by_step_with_mark_words_and_milliseconds_and_ends_in_a_verdict() throws IOException {
            hold(JAN, ALL_SCOPES);
            var result = check_imap(JAN).run().exits(0);
            assertEquals("", result.err());
            var lines = result.out().lines().toList();
            assertEquals(JAN + " has 7 folders; INBOX has 3 messages, 2 unread", lines.get(lines.size() - 1));
            for (var line : lines.subList(0, lines.size() - 1)) assertTrue(line.startsWith("OK ") && STEP.matcher(line).matches(), line);
            assertEquals(List.of("settings", "token file", "renewal", "access token", "IMAP name", "IMAP connection", "IMAP TLS", "IMAP greeting",
                "IMAP login", "IMAP mailbox"), names(result));
            tells(result, "public client " + fake_login.PUBLIC_APP + " at localhost/common", "in " + home.resolve("refresh_token"),
                "signed in as " + JAN, "of " + JAN + " for IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send, valid for", "localhost is 127.0.0.1",
                "over IPv4", "TLSv1.3, certificate from Throw-away test CA", "The Microsoft Exchange IMAP4 service is ready", "XOAUTH2 as " + JAN,
                "7 folders; INBOX: 3 messages, 2 unread");
        }

        @Test void stores_the_renewed_token_for_its_owner_alone_and_changes_no_mail() throws IOException {
            var before = hold(JAN, ALL_SCOPES);
            check_imap(JAN).run().exits(0);
            var first = Files.readString(home.resolve("refresh_token"));
            assertTrue(first.equals(cloud.login().refreshToken(JAN)) && !first.equals(before), "the file does not hold the newest token");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("refresh_token"))));
            tells(check_imap(JAN).run().exits(0), "3 messages, 2 unread");
        }

        @Test void opens_a_shared_mailbox_with_the_delegates_token() throws IOException {
            hold(DELEGATE, ALL_SCOPES);
            tells(check_imap(DELEGATE, "--mailbox", SHARED).run().exits(0), "of " + DELEGATE, "XOAUTH2 as " + SHARED, SHARED + " has 7 folders");
        }

        @Test void covers_SMTP_and_POP_on_demand_and_sends_nothing() throws IOException {
            hold(JAN, ALL_SCOPES);
            var sent = cloud.sent().size();
            var result = check_imap(JAN, "--all").run().exits(0);
            assertEquals(List.of("SMTP name", "SMTP connection", "SMTP login", "SMTP sender", "POP name", "POP connection", "POP TLS", "POP login", "POP mailbox"),
                names(result).subList(10, names(result).size()));
            tells(result, "XOAUTH2 as " + JAN + ", after STARTTLS", JAN + " is accepted as sender; nothing was sent", "3 messages");
            assertEquals(sent, cloud.sent().size());
            assertTrue(names(check_imap(JAN, "--smtp").run().exits(0)).stream().noneMatch(name -> name.startsWith("POP")));
            assertTrue(names(check_imap(JAN, "--pop").run().exits(0)).stream().noneMatch(name -> name.startsWith("SMTP")));
        }

        /** Exchange names every unread message, all in one line, when it is asked for them by SEARCH. */
        @Test void may_have_any_number_of_unread_messages() throws IOException {
            hold(JAN, ALL_SCOPES);
            var everyMessage = IntStream.rangeClosed(1, 60_000).mapToObj(Integer::toString).collect(java.util.stream.Collectors.joining(" "));
            try (var imap = fake_mail.imap(tool.ca()).on("STATUS *", "* STATUS INBOX (MESSAGES 60000 UNSEEN 60000)", "OK STATUS completed.")
                    .on("EXAMINE *", "* 60000 EXISTS", "* OK [UIDVALIDITY 14] x", "OK [READ-ONLY] EXAMINE completed.")
                    .on("SEARCH *", "* SEARCH " + everyMessage, "OK SEARCH completed.").start()) {
                tells(toward(imap, check_imap(JAN)).run().exits(0), "INBOX: 60000 messages, 60000 unread");
            }
        }

        @Test void does_not_hang_on_the_number_of_unread_messages() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = fake_mail.imap(tool.ca()).on("STATUS *", "BAD Command Error. 12").start()) {
                tells(toward(imap, check_imap(JAN)).run().exits(0), "INBOX has 0 messages").neverSays("unread");
                assertEquals(null, checks(toward(imap, check_imap("--json", JAN)).run().exits(0)).get(0).get("unread"));
            }
        }

        @Test void is_told_with_all_although_POP_was_never_asked_for() throws IOException {
            hold(JAN, "IMAP.AccessAsUser.All SMTP.Send");
            var result = check_imap("--all", JAN).with("M365_SCOPES", OUTLOOK + "IMAP.AccessAsUser.All " + OUTLOOK + "SMTP.Send").run().exits(0);
            assertEquals("", result.err());
            assertTrue(result.out().lines().anyMatch(line -> line.startsWith("NOTE    POP scope       not checked: M365_SCOPES does not ask for POP.AccessAsUser.All")), result.out());
            assertTrue(names(result).contains("SMTP sender") && !names(result).contains("POP name"), result.out());
        }

        @Test void is_told_with_all_although_SMTP_was_never_asked_for() throws IOException {
            hold(JAN, "IMAP.AccessAsUser.All POP.AccessAsUser.All");
            var result = check_imap("--all", "--json", JAN).with("M365_SCOPES", OUTLOOK + "IMAP.AccessAsUser.All " + OUTLOOK + "POP.AccessAsUser.All").run().exits(0);
            assertEquals(List.of("SMTP scope note missing-mail-scope"), ((List<?>) checks(result).get(0).get("steps")).stream().map(step -> (Map<?, ?>) step)
                .filter(step -> !"ok".equals(step.get("mark"))).map(step -> step.get("name") + " " + step.get("mark") + " " + step.get("cause")).toList());
            assertTrue(result.out().contains("POP mailbox"), result.out());
        }

        @Test void shows_the_protocols_when_asked_and_dots_for_the_secrets() throws IOException {
            hold(JAN, ALL_SCOPES);
            // tool searches all that is said for every token that was handed out.
            check_imap("--verbose", "--all", JAN).run().exits(0).says("> POST https://localhost", "refresh_token=••••", "< HTTP 200", "AUTHENTICATE XOAUTH2",
                "A3 LIST", "EHLO localhost", "STARTTLS", "MAIL FROM:<" + JAN + ">", "RSET", "STAT");
        }

        @Test void of_a_personal_account_says_that_its_token_is_opaque() throws IOException {
            hold("personal@outlook.example", ALL_SCOPES);
            tells(check_imap("personal@outlook.example").run().exits(0), "opaque, as those of personal accounts are; valid for", "7 folders");
        }
    }

    // ------------------------------------------------------------------------------------------------ --json

    @Nested class The_report_for_programs {

        @Test void has_the_fields_that_README_documents() throws IOException {
            hold(JAN, ALL_SCOPES);
            var result = check_imap("--json", JAN).run().exits(0);
            assertEquals("", result.err());
            assertEquals(1, json(result).get("schema_version"));
            assertEquals(true, json(result).get("ok"));
            assertEquals(0, json(result).get("exit_status"));
            assertEquals(Set.of("schema_version", "ok", "exit_status", "checks"), json(result).keySet());
            var check = checks(result).get(0);
            assertEquals(Set.of("user", "mailbox", "ok", "exit_status", "cause", "message", "folders", "messages", "unread", "steps"), check.keySet());
            assertEquals(java.util.Arrays.asList(JAN, JAN, true, 0, null, null, 7, 3, 2), Stream.of("user", "mailbox", "ok", "exit_status", "cause", "message", "folders",
                "messages", "unread").map(check::get).toList());
            for (var step : (List<?>) check.get("steps")) {
                assertEquals(Set.of("name", "mark", "words", "millis", "cause"), ((Map<?, ?>) step).keySet());
                assertEquals("ok", ((Map<?, ?>) step).get("mark"));
                assertTrue(((Map<?, ?>) step).get("millis") instanceof Number, step.toString());
            }
        }

        @Test void names_the_cause_and_the_step_that_failed() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = inbox(fake_mail.throttled(tool.ca(), 50))) {
                var result = toward(imap, check_imap("--json", JAN)).run().exits(75);
                assertEquals(false, json(result).get("ok"));
                assertEquals(75, json(result).get("exit_status"));
                var check = checks(result).get(0);
                assertEquals("imap-throttled", check.get("cause"));
                assertEquals(null, check.get("folders"));
                var steps = (List<?>) check.get("steps");
                var last = (Map<?, ?>) steps.get(steps.size() - 1);
                assertEquals(List.of("IMAP mailbox", "failed", "imap-throttled"), List.of(last.get("name"), last.get("mark"), last.get("cause")));
                assertEquals(check.get("message"), last.get("words"));
            }
        }

        @Test void has_the_fields_in_README_itself() throws IOException {
            var readme = Stream.of("README.md", "../README.md").map(Path::of).filter(Files::exists).findFirst();
            org.junit.jupiter.api.Assumptions.assumeTrue(readme.isPresent(), "README.md is not beside the tests");
            var text = Files.readString(readme.get());
            for (var field : List.of("schema_version", "ok", "exit_status", "checks[]", "user", "mailbox", "cause", "message", "folders", "messages", "unread", "steps[]",
                "name", "mark", "words", "millis")) assertTrue(text.contains("`" + field + "`"), field);
        }
    }

    // ------------------------------------------------------------------------------------------------ on the wire

    @Nested class On_the_wire {
        /** https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth */
        static final String USER = "test@contoso.onmicrosoft.com", TOKEN = "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA",
            XOAUTH2 = "dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNCQUFVRkZwVUFvN0ozVmUwYmpMQldaV0NjbFJDM0VvQUEBAQ==";

        /** The next token is the one of Microsoft's example. */
        void grant() throws IOException {
            hold(JAN, ALL_SCOPES);
            grantNext(TOKEN, ALL_SCOPES);
        }

        @Test void XOAUTH2_is_Microsofts_example_byte_for_byte_in_one_line() throws IOException {
            grant();
            try (var imap = inbox(fake_mail.imap(tool.ca()))) {
                toward(imap, check_imap(USER)).run().exits(0);
                assertEquals(List.of("CAPABILITY", "AUTHENTICATE XOAUTH2 " + XOAUTH2), commands(imap).subList(0, 2));
                assertEquals(Set.of("CAPABILITY", "AUTHENTICATE", "LIST", "EXAMINE", "CLOSE", "STATUS", "LOGOUT"), verbs(imap), "nothing that changes a mailbox");
            }
        }

        /** The conversation of https://github.com/curl/curl/blob/master/tests/data/test824. */
        @Test void a_server_without_SASL_IR_gets_it_in_the_next_line() throws IOException {
            grant();
            try (var imap = inbox(fake_mail.imap(tool.ca()).on("CAPABILITY", "* CAPABILITY IMAP4 AUTH=XOAUTH2", "OK CAPABILITY completed."))) {
                toward(imap, check_imap(USER)).run().exits(0);
                assertEquals(List.of("CAPABILITY", "AUTHENTICATE XOAUTH2"), commands(imap).subList(0, 2));
                assertEquals(XOAUTH2, imap.heard().get(2));
            }
        }

        @Test void SMTP_authenticates_inside_TLS_names_a_sender_and_takes_it_back() throws IOException {
            grant();
            try (var imap = inbox(fake_mail.imap(tool.ca())); var smtp = fake_mail.smtp(tool.ca()).start()) {
                toward(imap, check_imap("--smtp", USER)).with("M365_SMTP_PORT", smtp.port()).run().exits(0);
                assertEquals(List.of("EHLO localhost", "STARTTLS", "EHLO localhost", "AUTH XOAUTH2 " + XOAUTH2, "MAIL FROM:<" + USER + ">", "RSET", "QUIT"), smtp.heard());
            }
        }

        @Test void POP_takes_two_lines() throws IOException {
            grant();
            try (var imap = inbox(fake_mail.imap(tool.ca())); var pop = fake_mail.popOneLineRefused(tool.ca()).start()) {
                toward(imap, check_imap("--pop", USER)).with("M365_POP_PORT", pop.port()).run().exits(0);
                int auth = pop.heard().indexOf("AUTH XOAUTH2");
                assertEquals(XOAUTH2, pop.heard().get(auth + 1), pop.heard().toString());
                assertTrue(pop.heard().contains("STAT"), pop.heard().toString());
            }
        }

        /** Angus Mail takes a challenge for success, and the next command goes to the server as the answer to it. */
        @Test void POP_has_let_nobody_in_before_it_says_OK() throws IOException {
            grant();
            var challenge = "+ " + Base64.getEncoder().encodeToString("{\"status\":\"400\"}".getBytes(UTF_8));
            try (var imap = inbox(fake_mail.imap(tool.ca())); var pop = fake_mail.pop(tool.ca()).onXoauth2(challenge, "-ERR no").start()) {
                var result = tells(toward(imap, check_imap("--pop", USER)).with("M365_POP_PORT", pop.port()).run().exits(69), "{\"status\":\"400\"}");
                assertTrue(result.out().lines().reduce((a, b) -> b).orElseThrow().startsWith("FAILED  POP login"), result.out());
                assertFalse(pop.heard("STAT"), pop.heard().toString());
            }
        }

        @Test void a_server_that_would_take_the_token_for_a_password_does_not_get_it() throws IOException {
            hold(JAN, ALL_SCOPES);
            for (var trap : List.of(fake_mail.asksForLogin(tool.ca()), fake_mail.withoutXoauth2(tool.ca()), fake_mail.imap(tool.ca())
                .on("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN", "OK CAPABILITY completed.").on("LOGIN *", "OK LOGIN completed.")))
                try (var imap = inbox(trap)) {
                    toward(imap, check_imap(JAN)).run().exits(69);
                    assertTrue(Set.of("CAPABILITY", "AUTHENTICATE", "LOGOUT").containsAll(verbs(imap)), verbs(imap).toString());
                    assertFalse(imap.heard("AUTHENTICATE PLAIN") || imap.heard("AUTHENTICATE LOGIN") || imap.heard("LOGIN "), "it fell back to a password login");
                }
        }

        @Test void a_server_without_XOAUTH2_does_not_see_the_token_at_all() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = inbox(fake_mail.withoutXoauth2(tool.ca()))) {
                tells(toward(imap, check_imap(JAN)).run().exits(69), "does not offer XOAUTH2, but:", "NTLM", "an Exchange server in the organisation's own rooms");
                assertEquals(List.of(), tool.leaks(String.join("\n", imap.heard())));
            }
        }

        @Test void SMTP_without_STARTTLS_does_not_see_the_token() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = inbox(fake_mail.imap(tool.ca())); var smtp = fake_mail.starttlsStripped(tool.ca()).start()) {
                tells(toward(imap, check_imap("--smtp", JAN)).with("M365_SMTP_PORT", smtp.port()).run().exits(69), "STARTTLS");
                assertFalse(smtp.heard("AUTH"), smtp.heard().toString());
            }
        }

        /** https://nostarttls.secvuln.info */
        @Test void what_was_slipped_in_before_TLS_is_forgotten() throws IOException {
            grant();
            try (var imap = inbox(fake_mail.imap(tool.ca())); var smtp = fake_mail.starttlsResponseInjection(tool.ca()).start()) {
                toward(imap, check_imap("--smtp", USER)).with("M365_SMTP_PORT", smtp.port()).run().exits(0);
                assertEquals(List.of("EHLO localhost", "STARTTLS", "EHLO localhost", "AUTH XOAUTH2 " + XOAUTH2), smtp.heard().subList(0, 4));
            }
        }

        private static List<String> commands(fake_mail imap) { return imap.heard().stream().map(line -> line.replaceFirst("^A\\d+ ", "")).toList(); }

        private static Set<String> verbs(fake_mail imap) {
            return imap.heard().stream().filter(line -> line.matches("A\\d+ .*")).map(line -> line.split(" ")[1])
                .collect(java.util.stream.Collectors.toCollection(LinkedHashSet::new));
        }
    }

    /** Answers the next renewal with this access token. */
    static void grantNext(String accessToken, String scopes) {
        cloud.login().answerNext("token", 200, Map.of("Content-Type", "application/json"), get_token.toJson(answer(accessToken, scopes)));
    }

    static Map<String, Object> answer(String accessToken, String scopes) {
        var claims = "{\"oid\":\"1\",\"tid\":\"2\",\"sub\":\"3\",\"preferred_username\":\"test@contoso.onmicrosoft.com\",\"ver\":\"2.0\"}";
        return Map.of("token_type", "Bearer", "scope", scopes, "expires_in", 3600, "access_token", accessToken, "refresh_token", "1.AXYA-a-new-refresh-token",
            "id_token", base64("{\"alg\":\"none\"}") + "." + base64(claims) + ".x", "client_info", base64("{\"uid\":\"1\",\"utid\":\"2\"}"));
    }

    static String base64(String text) { return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8)); }

    /** What a work account's access token says. */
    static String jwt(String audience, String scopes, String user) {
        return base64("{\"typ\":\"JWT\"}") + "." + base64("{\"aud\":\"" + audience + "\",\"scp\":\"" + scopes + "\",\"upn\":\"" + user + "\",\"tid\":\"2\"}") + ".c2lnbmF0dXJl";
    }

    // ------------------------------------------------------------------------------------------------ found before the server does

    @Nested class Before_the_server_refuses {

        @Test void a_failing_step_ends_it() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = fake_mail.authenticateFailed(tool.ca()).start(); var other = fake_mail.smtp(tool.ca()).start()) {
                var result = toward(imap, check_imap("--all", JAN)).with("M365_SMTP_PORT", other.port()).with("M365_POP_PORT", other.port()).run().exits(69);
                assertEquals("IMAP login", names(result).get(names(result).size() - 1));
                assertTrue(result.out().lines().reduce((a, b) -> b).orElseThrow().startsWith("FAILED  IMAP login"), result.out());
                assertEquals(0, other.connections());
            }
        }

        @ParameterizedTest @CsvSource({
            "--smtp, IMAP.AccessAsUser.All, SMTP.Send",
            "--pop,  IMAP.AccessAsUser.All, POP.AccessAsUser.All",
            "--all,  SMTP.Send,             IMAP.AccessAsUser.All"})
        void a_missing_scope_is_told_with_how_to_ask_for_it(String option, String granted, String missing) throws IOException {
            hold(JAN, granted);
            var logins = cloud.logins().size();
            tells(check_imap(option, JAN).with("M365_SCOPES", OUTLOOK + granted).run().exits(78), "the access token lacks " + missing,
                "add " + OUTLOOK + missing + " to M365_SCOPES, then sign in again: jbang get_token.java " + JAN);
            assertTrue(cloud.logins().size() <= logins + 1, "it was tried all the same");
        }

        /** Microsoft gives a token for one host at a time, and it is not the same in every cloud. */
        @Test void a_missing_scope_is_one_of_the_host_that_the_others_are_of() throws IOException {
            var host = "https://outlook.office365.com/";
            hold(JAN, host + "SMTP.Send");
            tells(check_imap(JAN).with("M365_SCOPES", host + "SMTP.Send").run().exits(78), "hint: add " + host + "IMAP.AccessAsUser.All to M365_SCOPES");
        }

        @Test void a_token_for_Microsoft_Graph_is_recognised() throws IOException {
            hold(JAN, ALL_SCOPES);
            var logins = cloud.logins().size();
            for (var audience : List.of("https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000")) {
                grantNext(jwt(audience, "IMAP.AccessAsUser.All", JAN), ALL_SCOPES);
                tells(check_imap(JAN).run().exits(78), "the access token is for Microsoft Graph, and mail servers refuse it", OUTLOOK + "IMAP.AccessAsUser.All");
                hold(JAN, ALL_SCOPES);
            }
            assertEquals(logins, cloud.logins().size());
        }

        @Test void a_token_of_somebody_else_is_noted_and_explained() throws IOException {
            hold("second@uva.example", ALL_SCOPES);
            var result = check_imap(JAN).run().exits(69);
            assertTrue(result.out().lines().anyMatch(line -> line.startsWith("NOTE    access token    the token belongs to second@uva.example, not to " + JAN)), result.out());
            tells(result, "The token belongs to somebody else than " + JAN, "jbang get_token.java " + JAN + " --no-browser`");
            var report = check_imap("--json", JAN).run().exits(69);
            assertEquals("token-of-another-user", checks(report).get(0).get("cause"));
        }

        @Test void an_app_of_the_administrators_is_no_advice_for_a_user() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = fake_mail.authenticateFailed(tool.ca()).start()) {
                tells(toward(imap, check_imap(JAN)).run().exits(69), "1. IMAP is switched off for the mailbox.", "ImapEnabled")
                    .neverSays("ServicePrincipal").neverSays("Shared mailbox").neverSays("Another account");
            }
        }

        @ParameterizedTest @CsvSource({"-30, ahead", "30, behind"})
        void a_clock_that_is_wrong_by_minutes_is_noted(int serverMinutes, String word) throws IOException {
            hold(JAN, ALL_SCOPES);
            var body = get_token.toJson(answer(jwt("https://outlook.office.com", "IMAP.AccessAsUser.All", JAN), ALL_SCOPES));
            var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(serverMinutes));
            try (var imap = inbox(fake_mail.imap(tool.ca())); var provider = fake_mail.serving(tool.ca().server(), true, client -> {
                int length = 0;
                for (var line = client.readLine(); line != null && !line.isEmpty(); line = client.readLine())
                    if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) length = Integer.parseInt(line.substring(15).strip());
                client.in().readNBytes(length);
                client.say("HTTP/1.1 200 OK", "Date: " + date, "Content-Type: application/json", "Content-Length: " + body.length(), "Connection: close", "", body);
            }).start()) {
                var result = toward(imap, check_imap("--json", JAN)).with("M365_AUTHORITY", "https://localhost:" + provider.port() + "/common").run().exits(0);
                var note = ((List<?>) checks(result).get(0).get("steps")).stream().map(step -> (Map<?, ?>) step).filter(step -> "note".equals(step.get("mark"))).findFirst().orElseThrow();
                assertEquals("clock-wrong", note.get("cause"));
                assertTrue(String.valueOf(note.get("words")).matches("this computer's clock is (29|30) minutes " + word), note.toString());
            }
        }

        @Test void a_cloud_that_does_not_fit_is_found_before_anything_is_sent() throws IOException {
            hold(JAN, ALL_SCOPES);
            tells(check_imap(JAN).with("M365_AUTHORITY", "https://login.partner.microsoftonline.cn/common").with("M365_IMAP_HOST", "outlook.office365.com").run().exits(78),
                "login.partner.microsoftonline.cn belongs to another cloud than outlook.office.com, outlook.office365.com");
        }

        /** GCC High, with POP and SMTP as they come: they are in another cloud, but nobody goes there. */
        @Test void a_host_that_is_not_asked_may_be_in_any_cloud() {
            var scopes = "https://outlook.office365.us/IMAP.AccessAsUser.All https://outlook.office365.us/SMTP.Send";
            for (var option : List.of("--json", "--smtp", "--pop", "--all")) {
                var abroad = tool.check_imap(option, JAN).in(home).with("M365_AUTHORITY", "https://login.microsoftonline.us/" + fake_login.TENANT)
                    .with("M365_IMAP_HOST", "outlook.office365.us").with("M365_SCOPES", scopes);
                if (option.equals("--json")) tells(abroad.run().exits(77), "token-file-missing"); // past the settings
                else tells(abroad.run().exits(78), "belongs to another cloud than " + (option.equals("--pop") ? "outlook.office365.com" : "smtp.office365.com") + " ");
            }
        }

        @ParameterizedTest @CsvSource(nullValues = "-", value = {
            "-,                   whose login is to be checked?",
            "jan,                 is not a mail address",
            "../jan@uva.example,  is not a mail address",
            "--users=nowhere.txt, cannot be read",
            "--smpt,              Unknown option"})
        void a_wrong_command_line_says_what_is_wrong(String argument, String reason) {
            tells(check_imap(argument == null ? new String[0] : new String[] {argument}).run().exits(64).printsNothing(), reason);
        }

        @Test void every_wrong_setting_is_named_at_once() {
            tells(check_imap(JAN).with("M365_CLIENT_ID", "thunderbird").with("M365_IMAP_PORT", "imaps").run().exits(78), "M365_CLIENT_ID is \"thunderbird\"", "M365_IMAP_PORT is \"imaps\"");
        }
    }

    // ------------------------------------------------------------------------------------------------ several users

    @Nested class Several_users {

        tool check_all(String... arguments) { return check_imap(arguments).with("M365_TOKEN_FILE", home.resolve("{user}")); }

        @Test void are_checked_with_a_token_each_and_told_in_a_table() throws IOException {
            for (var user : List.of(JAN, "second@uva.example")) hold(home.resolve(user), user, ALL_SCOPES);
            hold(home.resolve(DELEGATE), "personal@outlook.example", ALL_SCOPES); // which will be refused
            Files.writeString(home.resolve("users.txt"), "# the team\n" + DELEGATE + "\n\n  " + JAN + "  \n");
            var result = check_all("second@uva.example", JAN, "--users", "users.txt").run().exits(69);
            var lines = result.out().lines().toList();
            assertEquals(List.of("second@uva.example", JAN, DELEGATE), lines.subList(0, 3).stream().map(line -> line.split(" ")[0]).toList());
            assertTrue(lines.get(0).contains("OK") && lines.get(1).contains("OK") && lines.get(2).contains("FAILED  IMAP login: "), result.out());
            assertEquals(List.of("2 of 3 fine"), lines.subList(3, lines.size()));
            for (var user : List.of(JAN, "second@uva.example"))
                assertTrue(Files.readString(home.resolve(user)).equals(cloud.login().refreshToken(user)), "the new token of " + user + " is not in its file");
        }

        @Test void give_one_document_and_the_highest_exit_status() throws IOException {
            hold(home.resolve(JAN), JAN, ALL_SCOPES);
            var result = check_all("--json", JAN, "second@uva.example").run().exits(77);
            assertEquals(List.of(0, 77), checks(result).stream().map(check -> check.get("exit_status")).toList());
            assertEquals(java.util.Arrays.asList(null, "token-file-missing"), checks(result).stream().map(check -> check.get("cause")).toList());
        }

        @Test void are_checked_at_most_eight_side_by_side() throws IOException {
            var users = IntStream.range(0, 12).mapToObj(i -> "user" + i + "@uva.example").toList();
            for (var user : users) {
                cloud.login().add(new fake_login.User(user, "password of " + user, false, Set.of()));
                hold(home.resolve(user), user, ALL_SCOPES);
            }
            var now = new AtomicInteger();
            var most = new AtomicInteger();
            try (var imap = inbox(fake_mail.imap(tool.ca()).on("LIST *", client -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                client.pause(1500);
                now.decrementAndGet();
                client.say("* LIST () \"/\" INBOX", client.tagged("OK LIST completed."));
            }))) {
                tells(toward(imap, check_all(users.toArray(String[]::new))).run().exits(0), "12 of 12 fine");
                assertTrue(most.get() > 1 && most.get() <= 8, most + " side by side");
                assertEquals(12, imap.connections());
            }
        }

        @Test void need_a_token_file_each() throws IOException {
            hold(JAN, ALL_SCOPES);
            Files.writeString(home.resolve("users.txt"), JAN + "\nsecond@uva.example\n");
            for (var users : List.of(List.of(JAN, "second@uva.example"), List.of("--json", "--users", "users.txt")))
                assertEquals("check_imap: error: several users need a token file each\nhint: set M365_TOKEN_FILE=/path/{user}\n",
                    check_imap(users.toArray(String[]::new)).run().exits(64).printsNothing().err());
            check_imap(JAN, "second@uva.example").with("M365_TOKEN_READ_COMMAND", "cat token").with("M365_TOKEN_WRITE_COMMAND", "tee token").run().exits(64)
                .says("hint: put {user} into M365_TOKEN_READ_COMMAND and M365_TOKEN_WRITE_COMMAND");
        }
    }

    // ------------------------------------------------------------------------------------------------ --app-only

    @Nested class As_the_app_itself {
        static final String TENANT = fake_login.TENANT;

        tool check_app(String... arguments) {
            return check_imap(Stream.concat(Stream.of("--app-only"), Stream.of(arguments)).toArray(String[]::new))
                .with("M365_CLIENT_ID", fake_login.CONFIDENTIAL_APP).with("M365_AUTHORITY", cloud.login().base() + "/" + TENANT);
        }

        tool with_secret(String... arguments) { return check_app(arguments).with("M365_CLIENT_SECRET", fake_login.CONFIDENTIAL_SECRET); }

        @Test void a_secret_opens_the_mailboxes_without_anybodys_token() throws IOException {
            var result = with_secret(JAN).run().exits(0);
            assertEquals(List.of("settings", "app token", "access token", "IMAP name", "IMAP connection", "IMAP TLS", "IMAP greeting", "IMAP login", "IMAP mailbox"), names(result));
            tells(result, "confidential client", "the app itself is signed in to " + TENANT, "of the app for IMAP.AccessAsApp POP.AccessAsApp SMTP.SendAsApp", "3 messages, 2 unread");
            try (var files = Files.list(home)) {
                assertEquals(List.of(), files.toList(), "nothing is stored");
            }
            tells(with_secret(JAN, SHARED).run().exits(0), "2 of 2 fine");
        }

        @Test void a_certificate_does_as_well() throws IOException, GeneralSecurityException {
            var certificate = keytool(home.resolve("app.p12"), "RSA");
            var app = "2b8d6a44-35a4-4b7c-93a1-0f2f1c1d9e77";
            cloud.login().add(new fake_login.App(app, "App with a certificate", Set.of("http://localhost"), null, certificate, Set.of("IMAP.AccessAsApp"), Set.of(JAN)));
            var program = check_app(JAN).with("M365_CLIENT_ID", app).with("M365_CLIENT_CERTIFICATE", home.resolve("app.p12"));
            program.with("M365_CLIENT_CERTIFICATE_PASSWORD", "changeit-please").run().exits(0);
            tells(check_app(JAN).with("M365_CLIENT_ID", app).with("M365_CLIENT_CERTIFICATE", home.resolve("app.p12")).with("M365_CLIENT_CERTIFICATE_PASSWORD", "wrong-password")
                .run().exits(78), "M365_CLIENT_CERTIFICATE " + home.resolve("app.p12") + " cannot be used", "M365_CLIENT_CERTIFICATE_PASSWORD").neverSays("wrong-password");
        }

        @Test void a_certificate_that_MSAL_cannot_sign_with_is_told() throws IOException, GeneralSecurityException {
            keytool(home.resolve("ec.p12"), "EC");
            Files.writeString(home.resolve("text.p12"), "no certificate");
            for (var wrong : List.of("ec.p12", "text.p12"))
                tells(check_app(JAN).with("M365_CLIENT_CERTIFICATE", home.resolve(wrong)).with("M365_CLIENT_CERTIFICATE_PASSWORD", "changeit-please").run().exits(78),
                    wrong + " cannot be used: ", wrong.equals("ec.p12") ? "not an RSA key" : "it is no PKCS#12 file");
        }

        private static X509Certificate keytool(Path pkcs12, String algorithm) throws IOException, GeneralSecurityException {
            var keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "app", "-keyalg", algorithm,
                "-dname", "CN=app", "-keystore", pkcs12.toString(), "-storetype", "PKCS12", "-storepass", "changeit-please").redirectErrorStream(true).start();
            keytool.getInputStream().readAllBytes();
            var store = KeyStore.getInstance("PKCS12");
            try (var in = Files.newInputStream(pkcs12)) {
                store.load(in, "changeit-please".toCharArray());
            }
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(store.getCertificate("app").getEncoded()));
        }

        @Test void it_takes_a_tenant_and_a_credential() {
            tells(with_secret(JAN).with("M365_AUTHORITY", cloud.login().authority()).run().exits(78), "only to one tenant, not to common", "set M365_AUTHORITY=https://localhost");
            tells(check_app(JAN).run().exits(78), "only with a credential", "M365_CLIENT_SECRET or M365_CLIENT_CERTIFICATE");
            tells(check_app(JAN).with("M365_CLIENT_SECRET", "the-wrong-secret").run().exits(78), "AADSTS7000215", "The Secret ID was copied instead of its Value").neverSays("the-wrong-secret");
        }

        @Test void a_missing_application_permission_is_named() {
            var app = "5d0f4c6e-3f0b-4f0c-8d25-6f0f7f6a1c02";
            cloud.login().add(new fake_login.App(app, "App without roles", Set.of("http://localhost"), "a-secret-of-its-own", null, Set.of(), Set.of(JAN)));
            tells(check_app("--json", JAN).with("M365_CLIENT_ID", app).with("M365_CLIENT_SECRET", "a-secret-of-its-own").run().exits(78), "the access token lacks IMAP.AccessAsApp", "app-only-role-missing");
        }

        @Test void a_missing_service_principal_is_named() {
            tells(with_secret("second@uva.example").run().exits(69), "the server does not know the app " + fake_login.CONFIDENTIAL_APP,
                "`New-ServicePrincipal -AppId " + fake_login.CONFIDENTIAL_APP + " -ObjectId OBJECT-ID-OF-THE-ENTERPRISE-APP`",
                "`Add-MailboxPermission -Identity second@uva.example -User OBJECT-ID-OF-THE-ENTERPRISE-APP -AccessRights FullAccess`", "Send this to your administrator:");
        }

        @Test void a_missing_mailbox_permission_is_named() {
            cloud.letsStrangersIn(true);
            tells(with_secret("second@uva.example").run().exits(69), "the app may log in, but not open the mailbox second@uva.example",
                "`Add-MailboxPermission -Identity second@uva.example -User OBJECT-ID-OF-THE-ENTERPRISE-APP -AccessRights FullAccess`").neverSays("New-ServicePrincipal");
        }

        @Test void a_missing_right_to_send_is_named() throws IOException {
            try (var smtp = fake_mail.smtpRefused(tool.ca()).start()) {
                tells(with_secret("--smtp", JAN).with("M365_SMTP_PORT", smtp.port()).run().exits(69),
                    "`Add-RecipientPermission -Identity " + JAN + " -Trustee OBJECT-ID-OF-THE-ENTERPRISE-APP -AccessRights SendAs`");
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ --explain

    @Nested class A_looked_up_error {

        @ParameterizedTest @CsvSource(delimiter = '|', value = {
            "50011             | The sign-in page refused the address to return to",
            "AADSTS700016      | is not known in this tenant",
            "invalid_grant     | invalid_grant",
            "Error: selected SASL mechanism(s) not available | SASL",
            "IMAP error: NO AUTHENTICATE failed. | does not accept the token",
            "AADSTS99999999    | AADSTS"})
        void is_a_number_a_code_or_a_pasted_text(String text, String told) {
            var result = check_imap("--explain", text).run().exits(0);
            assertEquals("", result.err());
            tells(result, told, "Why", "What to do:");
        }

        /** OfflineIMAP prints its whole configuration: https://github.com/OfflineIMAP/offlineimap3/issues/76 */
        @Test void may_carry_OfflineIMAPs_refresh_token_which_is_not_echoed() throws IOException {
            var token = hold(JAN, ALL_SCOPES);
            var line = "ERROR: While attempting to sync account 'uva'\n  HTTP Error 400: Bad Request (configuration is: {'client_id': '" + fake_login.PUBLIC_APP
                + "', 'client_secret': 'hunter2-hunter2', 'refresh_token': '" + token + "', 'grant_type': 'refresh_token'})\n";
            Files.delete(home.resolve("refresh_token"));
            var result = tells(check_imap("--explain", "-").typing(line).run().exits(0), "OfflineIMAP");
            result.neverSays(token.substring(60, 100)).neverSays("hunter2");
        }

        @Test void needs_neither_network_nor_token_nor_good_settings() throws IOException {
            int connections = cloud.login().connections();
            check_imap("--explain", "AADSTS50011").run().exits(0);
            assertEquals(connections, cloud.login().connections());
            tells(check_imap("--explain", "AADSTS50011").with("M365_CLIENT_ID", "nonsense").with("M365_IMAP_PORT", "x").run().exits(0), "Why");
            try (var files = Files.list(home)) {
                assertEquals(List.of(), files.toList());
            }
        }

        @Test void is_explained_for_the_app_that_the_text_names() {
            var other = "1f9b6a1d-3c55-4c0e-9c3b-7a4a5f0a6d11";
            tells(check_imap("--explain", "AADSTS90094: Consent is needed for the application '" + other + "'.").run().exits(0), "adminconsent?client_id=" + other).neverSays(fake_login.PUBLIC_APP);
        }

        /** Words that are no addresses can only be part of it; an address is whose error it is. */
        @Test void needs_no_quotation_marks() {
            var quoted = check_imap("--explain", "NO AUTHENTICATE failed.").run().exits(0).out();
            assertEquals(quoted, check_imap("--explain", "NO", "AUTHENTICATE", "failed.").run().exits(0).out());
            tells(check_imap("--explain", "NO AUTHENTICATE failed.", JAN).run().exits(0), "does not accept the token for " + JAN);
            tells(check_imap("--explain", "-", "jan").typing("NO AUTHENTICATE failed.").run().exits(64).printsNothing(), "\"jan\" is not a mail address");
        }

        @Test void has_no_form_for_programs() {
            tells(check_imap("--explain", "AADSTS50011", "--json").run().exits(64).printsNothing(), "--json does not go with --explain");
        }

        @Test void is_answered_at_once() {
            var took = check_imap("--explain", "AADSTS50011").run().exits(0).took();
            assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, took.toString());
        }
    }
}
