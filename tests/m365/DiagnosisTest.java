//JAVA 17+
//SOURCES tool.java stand_in.java ../check_imap.java

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/**
 * Whatever fails, the true cause is told: every signal of the table is produced by a server on this machine, goes through
 * the real programs, and must come out with its cause, its exit status and the refresh token unharmed.
 */
@Order(2)
class diagnosis_test {
    static final String JAN = "jan@uva.example";
    static final String SCOPES = "offline_access openid profile IMAP.AccessAsUser.All SMTP.Send POP.AccessAsUser.All";
    static final String OUTLOOK = "https://outlook.office.com/";
    /** Programs at a time: most of them wait for somebody, so a few more than there are processors. */
    private static final int AT_A_TIME = 4;

    @TempDir static Path folder;
    private static final ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME);

    @AfterAll static void stop() { pool.shutdownNow(); }

    // ---------------------------------------------------------------------------------------- what is tried, and how

    /** What must be in the token file afterwards. */
    enum Kept { OLD, RENEWED }

    interface Scene {
        tool.Result play(Desk desk) throws Exception;
    }

    /** @param cause the id of a row in failures.tsv */
    record Signal(String name, String cause, int status, Kept kept, Scene scene) { }

    /** Everything for one signal: a folder of its own with a good token in it, and an identity provider of its own. */
    static final class Desk implements AutoCloseable {
        final Path home;
        final fake_login login = tool.login();
        final String before;
        private final List<AutoCloseable> servers = new ArrayList<>(List.of(login));
        private final Map<String, String> settings = new LinkedHashMap<>(tool.settings(login));

        Desk() throws IOException {
            home = Files.createTempDirectory(folder, "desk");
            before = login.issueRefreshToken(JAN, fake_login.PUBLIC_APP, SCOPES);
            hold(before);
            with("M365_SCOPES", OUTLOOK + "IMAP.AccessAsUser.All " + OUTLOOK + "SMTP.Send " + OUTLOOK + "POP.AccessAsUser.All");
        }

        Path file() { return home.resolve("refresh_token"); }

        /** Puts a text where the refresh token belongs. */
        Desk hold(String token) throws IOException {
            Files.writeString(file(), token);
            Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
            return this;
        }

        Desk with(String variable, Object value) {
            settings.put(variable, value.toString());
            return this;
        }

        /** To be closed at the end. */
        <T extends AutoCloseable> T keep(T server) {
            servers.add(server);
            return server;
        }

        Desk imap(fake_mail server) { return mail("IMAP", keep(server.start()).port()); }

        Desk smtp(fake_mail server) { return imap(inbox()).mail("SMTP", keep(server.start()).port()); }

        Desk pop(fake_mail server) { return imap(inbox()).mail("POP", keep(server.start()).port()); }

        Desk mail(String protocol, int port) {
            return with("M365_" + protocol + "_HOST", "localhost").with("M365_" + protocol + "_PORT", port);
        }

        tool get_token(String... arguments) { return tool.get_token(arguments).in(home).with(settings); }

        tool check_imap(String... arguments) { return tool.check_imap(arguments).in(home).with(settings); }

        /** check_imap's whole report. */
        tool.Result check(String... options) {
            return check_imap(Stream.concat(Stream.of("--json", JAN), Stream.of(options)).toArray(String[]::new)).run();
        }

        /** Signs in with a browser, which comes back. */
        tool.Result signIn(String user) throws IOException {
            try (var program = get_token("--no-browser", "--timeout", "60", JAN).start()) {
                var browser = URI.create(login.signIn(program.address(), user)).toURL().openConnection();
                browser.getContentLength(); // the page is there when the decision is
                return program.ends();
            }
        }

        /** Signs in; the browser ends on an address that does not load, and it is pasted. */
        tool.Result paste(String user, int seconds) {
            try (var program = get_token("--no-browser", "--timeout", String.valueOf(seconds), JAN).start()) {
                return program.types(login.signIn(program.address(), user) + "\n").ends();
            }
        }

        @Override public void close() {
            for (var server : servers) {
                try {
                    server.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** An IMAP server at which nothing is wrong. */
    static fake_mail inbox() { return fake_mail.imap(tool.ca()); }

    /** The cause that the program told: a field of the report, or a row's own words on the terminal. */
    static void assertCause(String expected, tool.Result result) {
        if (result.out().startsWith("{")) {
            assertEquals(expected, cause(result), () -> "the cause in " + result.out());
            return;
        }
        var row = failures.Cause.all().stream().filter(r -> r.id().equals(expected)).findFirst().orElseThrow();
        var words = Stream.of(row.what().split("\\{[a-z_]+\\}")).map(text -> Pattern.quote(flat(text))).reduce((a, b) -> a + ".*?" + b).orElseThrow();
        assertTrue(Pattern.compile(words).matcher(flat(result.err() + result.out())).find(), () -> "not explained as " + expected + ":\n" + result.err() + result.out());
    }

    static String cause(tool.Result result) {
        var checks = (List<?>) get_token.fromJson(result.out()).orElseThrow().get("checks");
        return String.valueOf(((Map<?, ?>) checks.get(0)).get("cause"));
    }

    /** On stdout or stderr, wherever the lines break. */
    static tool.Result tells(tool.Result result, String... fragments) {
        var told = flat(result.out() + result.err());
        for (var fragment : fragments) assertTrue(told.contains(fragment), () -> "no \"" + fragment + "\" in what was said:\n" + result.out() + result.err());
        return result;
    }

    static String flat(String text) { return text.replaceAll("\\s+", " "); }

    private static void play(Signal signal) throws Exception {
        try (var desk = new Desk()) {
            var result = signal.scene.play(desk);
            assertCause(signal.cause, result);
            result.exits(signal.status);
            var now = Files.readString(desk.file());
            assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(desk.file()));
            if (signal.kept == Kept.OLD) assertTrue(now.equals(desk.before), "the token file was changed");
            else {
                assertTrue(now.equals(desk.login.refreshToken(JAN)), "the token file does not hold the newest token");
                assertFalse(now.equals(desk.before), "the renewed token was not stored");
            }
        }
    }

    /** A few at a time, each a test of its own. */
    static DynamicContainer group(String name, List<Signal> signals) {
        return dynamicContainer(name, signals.stream().map(signal -> {
            Future<?> playing = pool.submit(() -> { play(signal); return null; });
            return dynamicTest(signal.name, () -> {
                try {
                    playing.get();
                } catch (ExecutionException e) {
                    throw e.getCause();
                }
            });
        }).toList());
    }

    @TestFactory Stream<DynamicContainer> Each_signal_comes_out_with_its_cause() {
        var all = new LinkedHashMap<String, List<Signal>>();
        all.put("on the way to a server", networks()); // those wait longest
        all.put("while renewing", renewals());
        all.put("while redeeming a code", redemptions());
        all.put("in the browser's answer", redirects());
        all.put("with a code on another device", devices());
        all.put("found before the mail server does", tokens());
        all.put("said by IMAP", imaps());
        all.put("said by SMTP", smtps());
        all.put("said by POP", pops());
        all.put("typed in after the time is up", pages());
        all.put("looked up", lookUps());
        var names = new HashSet<String>();
        all.forEach((place, group) -> group.forEach(signal -> assertTrue(names.add(place + " " + signal.name), () -> "twice: " + signal.name)));
        assertTrue(names.size() >= 60, names.size() + " signals");
        return all.entrySet().stream().map(group -> group(group.getKey(), group.getValue()));
    }

    // --------------------------------------------------------------------------------------------- the identity provider

    private static List<Signal> rows(String table, java.util.function.Function<String[], Scene> scene) {
        return table.lines().filter(line -> !line.isBlank()).map(line -> {
            var cells = Stream.of(line.split("\\|")).map(String::strip).toArray(String[]::new);
            var name = cells[2] + (cells[3].equals("0") ? "" : " AADSTS" + cells[3]) + (cells.length > 5 ? " " + cells[5] : "") + ": " + cells[4];
            return new Signal(name, cells[0], Integer.parseInt(cells[1]), Kept.OLD, scene.apply(cells));
        }).toList();
    }

    private static void fail(fake_login login, String endpoint, String[] cells) {
        login.failNext(endpoint, cells[2].equals("invalid_client") ? 401 : 400, cells[2], Integer.parseInt(cells[3]), cells[4],
            cells.length > 5 ? cells[5] : "");
    }

    /** cause | exit status | error | AADSTS | description | suberror */
    private static final String RENEWALS = """
        refresh-token-unused-90-days | 77 | invalid_grant        | 700082   | The refresh token has expired due to inactivity. | bad_token
        sign-in-revoked              | 77 | invalid_grant        | 50173    | The provided grant has expired due to it being revoked.
        sign-in-frequency            | 77 | invalid_grant        | 70043    | The refresh token has expired or is invalid due to sign-in frequency checks. | token_expired
        code-or-token-expired        | 77 | invalid_grant        | 70008    | The provided authorization code or refresh token has expired.
        consent-missing              | 77 | invalid_grant        | 65001    | The user or administrator has not consented to use the application. | consent_required
        mfa-needed                   | 77 | invalid_grant        | 50076    | Due to a configuration change you must use multi-factor authentication. | basic_action
        mfa-not-set-up               | 77 | interaction_required | 50079    | The user is required to use multi-factor authentication.
        conditional-access-refused   | 77 | invalid_grant        | 53003    | Access has been blocked by Conditional Access policies. | message_only
        managed-device-required      | 77 | interaction_required | 53000    | Device is not in required device state.
        account-disabled             | 77 | invalid_grant        | 50057    | The user account is disabled.
        password-expired             | 77 | invalid_grant        | 50055    | The password is expired. | user_password_expired
        device-removed               | 77 | invalid_grant        | 700003   | Device object was not found in the tenant directory.
        spa-token-24-hours           | 77 | invalid_grant        | 700084   | The refresh token was issued to a single page app.
        scopes-not-granted           | 77 | invalid_grant        | 70000    | One or more scopes requested are unauthorized or expired.
        token-malformed              | 77 | invalid_grant        | 70000    | Provided grant is invalid or malformed.
        request-unreadable           | 77 | invalid_grant        | 9002313  | Invalid request. Request is malformed or invalid.
        asked-too-often              | 75 | invalid_grant        | 50196    | The server terminated an operation because it encountered a client request loop.
        secret-demanded              | 78 | invalid_client       | 7000218  | The request body must contain: 'client_assertion' or 'client_secret'.
        secret-not-expected          | 78 | invalid_client       | 700025   | Client is public so neither should be presented.
        secret-expired               | 78 | invalid_client       | 7000222  | The provided client secret keys are expired.
        app-not-found                | 78 | unauthorized_client  | 700016   | Application was not found in the directory.
        app-switched-off             | 78 | unauthorized_client  | 7000112  | Application is disabled.
        tenant-does-not-exist        | 78 | invalid_request      | 90002    | Tenant not found.
        parameter-missing            | 78 | invalid_request      | 900144   | The request body must contain the following parameter: 'scope'.
        scope-not-valid              | 78 | invalid_scope        | 70011    | The provided value for the input parameter 'scope' is not valid.
        resource-not-found           | 78 | invalid_resource     | 500011   | The resource principal was not found in the tenant.
        microsoft-hiccup             | 75 | temporarily_unavailable | 90033 | A transient error has occurred. Please try again.
        invalid-grant                | 77 | invalid_grant        | 0        | The provided grant is not good.
        invalid-grant                | 77 | invalid_grant        | 99999999 | A number of next year.
        step-outside-sign-in         | 77 | invalid_grant        | 99999998 | A number of next year. | additional_action
        only-an-explanation          | 77 | invalid_grant        | 99999997 | A number of next year. | message_only
        refresh-token-finished       | 77 | invalid_grant        | 99999996 | A number of next year. | bad_token
        signing-in-does-not-help     | 77 | invalid_grant        | 99999995 | A number of next year. | client_mismatch
        unauthorized-client          | 78 | unauthorized_client  | 99999994 | A number of next year.
        """;

    static List<Signal> renewals() {
        var signals = new ArrayList<>(rows(RENEWALS, cells -> desk -> {
            fail(desk.login, "token", cells);
            return desk.check();
        }));
        signals.add(new Signal("HTTP 503 three times", "service-busy", 75, Kept.OLD, desk -> {
            for (int i = 0; i < 3; i++) desk.login.answerNext("token", 503, Map.of(), "");
            return desk.check();
        }));
        signals.add(new Signal("HTTP 429 with an hour to wait", "service-busy", 75, Kept.OLD, desk -> {
            desk.login.answerNext("token", 429, Map.of("Retry-After", "3600"), "");
            return desk.check();
        }));
        signals.add(new Signal("HTML instead of JSON", "html-instead-of-json", 75, Kept.OLD, desk -> {
            desk.login.answerNext("token", 200, Map.of("Content-Type", "text/html"), "<html><head><title>Welcome to HotelNet</title></head></html>");
            return desk.check();
        }));
        signals.add(new Signal("a redirection to a login page", "html-instead-of-json", 75, Kept.OLD, desk -> {
            desk.login.redirectNext("token", "https://portal.example/login");
            return desk.check();
        }));
        signals.add(new Signal("no token at all", "token-file-missing", 77, Kept.OLD, desk -> {
            Files.move(desk.file(), desk.home.resolve("away"));
            var result = desk.check();
            assertFalse(Files.exists(desk.file()), "a token came from nowhere");
            Files.move(desk.home.resolve("away"), desk.file());
            return result;
        }));
        signals.add(new Signal("a token that others can read", "token-file-loose", 78, Kept.OLD, desk -> {
            Files.setPosixFilePermissions(desk.file(), PosixFilePermissions.fromString("rw-r--r--"));
            var result = desk.check();
            Files.setPosixFilePermissions(desk.file(), PosixFilePermissions.fromString("rw-------"));
            return result;
        }));
        signals.add(new Signal("something else in the token file", "token-file-malformed", 78, Kept.OLD, desk -> {
            desk.hold("refresh_token = \"abc\"\nand a second line\n");
            var result = desk.check();
            assertEquals("refresh_token = \"abc\"\nand a second line\n", Files.readString(desk.file()));
            desk.hold(desk.before);
            return result;
        }));
        return signals;
    }

    /** cause | exit status | error | AADSTS | description */
    private static final String REDEMPTIONS = """
        code-used-twice        | 77 | invalid_grant   | 54005   | OAuth2 Authorization code was already redeemed.
        code-of-older-attempt  | 77 | invalid_grant   | 501481  | The Code_Verifier does not match the code_challenge.
        code-from-other-tenant | 77 | invalid_grant   | 700005  | The code is intended to use against other tenant.
        spa-without-pkce       | 78 | invalid_request | 9002325 | Proof Key for Code Exchange is required for cross-origin code redemption.
        spa-code-outside-browser | 78 | invalid_request | 9002327 | Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.
        secret-wrong           | 78 | invalid_client  | 7000215 | Invalid client secret provided.
        one-resource-per-token | 78 | invalid_scope   | 28002   | Provided value for the input parameter scope is not valid.
        """;

    static List<Signal> redemptions() {
        var signals = new ArrayList<>(rows(REDEMPTIONS, cells -> desk -> {
            fail(desk.login, "token", cells);
            return desk.signIn(JAN).printsNothing();
        }));
        // Another address could be pasted; when none is, the refusal counts and not that the time is up.
        signals.add(new Signal("a pasted code is refused and the time is up", "conditional-access-refused", 77, Kept.OLD, desk -> {
            desk.login.failNext("token", 400, "invalid_grant", 53003, "Access has been blocked by Conditional Access policies.");
            return desk.paste(JAN, 8).says("AADSTS53003").neverSays("nobody signed in");
        }));
        return signals;
    }

    /** cause | exit status | error | AADSTS | description */
    private static final String REDIRECTS = """
        consent-declined       | 77 | access_denied           | 65004 | User declined to consent to access the app.
        access-denied          | 77 | access_denied           | 0     | The user has denied access to the scope requested by the client application.
        interaction-required   | 77 | consent_required        | 0     | Consent is needed.
        service-busy           | 75 | server_error            | 0     | The server encountered an unexpected error.
        not-enabled-for-consumers | 78 | unauthorized_client  | 0     | The client does not exist or is not enabled for consumers.
        scope-not-valid        | 78 | invalid_scope           | 70011 | The provided value for the input parameter 'scope' is not valid.
        silent-sign-in-without-session | 77 | login_required  | 50058 | A silent sign-in request was sent but no user is signed in.
        response-type-not-supported | 78 | unsupported_response_type | 70005 | The response type is not supported.
        """;

    static List<Signal> redirects() {
        var signals = new ArrayList<>(rows(REDIRECTS, cells -> desk -> {
            fail(desk.login, "redirect", cells);
            return desk.signIn(JAN).printsNothing();
        }));
        signals.add(new Signal("a pasted No", "consent-declined", 77, Kept.OLD, desk -> {
            desk.login.failNext("redirect", 400, "access_denied", 65004, "User declined to consent to access the app.");
            return desk.paste(JAN, 60).printsNothing();
        }));
        signals.add(new Signal("somebody else signs in", "token-of-another-user", 77, Kept.OLD, desk -> desk.signIn("second@uva.example").printsNothing()));
        return signals;
    }

    /** cause | exit status | error | AADSTS | description */
    private static final String DEVICES = """
        device-sign-in-declined    | 77 | authorization_declined | 0     | The user declined.
        device-code-expired        | 77 | expired_token          | 70020 | This device code has expired.
        bad-verification-code      | 77 | bad_verification_code  | 70018 | Bad verification code.
        conditional-access-refused | 77 | invalid_grant          | 53003 | Access has been blocked by Conditional Access policies.
        must-be-marked-mobile      | 78 | invalid_client         | 70002 | The client application must be marked as 'mobile.'
        """;

    static List<Signal> devices() {
        var signals = new ArrayList<>(rows(DEVICES, cells -> desk -> {
            desk.login.deviceInterval(1);
            fail(desk.login, "token", cells);
            return desk.get_token("--device").run().printsNothing();
        }));
        signals.add(new Signal("pending to the end", "device-code-flow-blocked", 77, Kept.OLD, desk -> {
            desk.login.deviceInterval(1);
            desk.login.deviceSeconds(2);
            return desk.get_token("--device").run().printsNothing();
        }));
        return signals;
    }

    // --------------------------------------------------------------------------------------------- the token itself

    /** A refresh token for fewer scopes than are asked for is refused, so the settings ask for those only. */
    private static Desk granted(Desk desk, String user, String... permissions) throws IOException {
        var scopes = String.join(" ", Stream.of(permissions).map(p -> OUTLOOK + p).toList());
        return desk.with("M365_SCOPES", scopes).hold(desk.login.issueRefreshToken(user, fake_login.PUBLIC_APP, "offline_access openid profile " + scopes));
    }

    /** For a desk whose token is not the usual one: afterwards the newest of {@code user} must be there. */
    private static tool.Result renewed(Desk desk, String user, tool.Result result) throws IOException {
        assertTrue(Files.readString(desk.file()).equals(desk.login.refreshToken(user)), "the renewed token is not in the file");
        desk.hold(desk.before);
        return result;
    }

    static List<Signal> tokens() {
        return List.of(
            new Signal("a token without the IMAP scope", "missing-mail-scope", 78, Kept.OLD, desk ->
                renewed(desk, JAN, granted(desk, JAN, "SMTP.Send").check())),
            new Signal("a token without the SMTP scope", "missing-mail-scope", 78, Kept.OLD, desk ->
                renewed(desk, JAN, granted(desk, JAN, "IMAP.AccessAsUser.All").imap(inbox()).check("--smtp"))),
            new Signal("a token without the POP scope", "missing-mail-scope", 78, Kept.OLD, desk ->
                renewed(desk, JAN, granted(desk, JAN, "IMAP.AccessAsUser.All").imap(inbox()).check("--pop"))),
            new Signal("a token for Microsoft Graph", "graph-token", 78, Kept.OLD, desk ->
                desk.with("M365_SCOPES", "https://graph.microsoft.com/IMAP.AccessAsUser.All").check()),
            new Signal("authority and mail host of two clouds", "tenant-in-national-cloud", 78, Kept.OLD, desk ->
                desk.with("M365_AUTHORITY", "https://login.microsoftonline.us/common").with("M365_IMAP_HOST", "outlook.office365.com").check()));
    }

    // --------------------------------------------------------------------------------------------- the mail servers

    private static Signal imap(String name, String cause, int status, fake_mail server) {
        return new Signal("IMAP: " + name, cause, status, Kept.RENEWED, desk -> desk.imap(server).check());
    }

    private static Signal login(String cause, int status, String... replies) {
        return imap(String.join(", ", replies), cause, status, fake_mail.imap(tool.ca()).onXoauth2(replies));
    }

    static List<Signal> imaps() {
        var ca = tool.ca();
        return List.of(
            login("imap-token-refused", 69, "NO AUTHENTICATE failed."),
            login("password-login-refused", 69, "NO LOGIN failed."),
            login("password-login-switched-off", 69, "NO Basic authentication is disabled."),
            login("account-blocked", 69, "NO LOGIN failed. Account is blocked. Login to your account via a web browser to verify your identity."),
            login("imap-throttled", 75, "NO Request is throttled. Suggested Backoff Time: 299961 milliseconds"),
            login("imap-server-unavailable", 75, "NO Server Unavailable. 15"),
            login("imap-temporarily-unavailable", 75, "NO [UNAVAILABLE] Temporary problem, please try again later"),
            login("imap-command-error-10", 69, "BAD Command Error. 10"),
            login("imap-command-error-11", 69, "BAD Command Argument Error. 11"),
            login("imap-command-error-12", 69, "BAD Command Error. 12"),
            login("imap-invalid-state", 69, "BAD Command received in Invalid state."),
            login("unknown-imap", 69, "NO Words that nobody has seen before."),
            imap("authenticated but not connected", "authenticated-but-not-connected", 69, fake_mail.authenticatedButNotConnected(ca)),
            imap("the first command fails, then BYE", "authenticated-but-not-connected", 69, fake_mail.imap(ca)
                .on("LIST *", "BAD User is authenticated but not connected.", "* BYE Connection closed. 14", fake_mail.HANG_UP)),
            imap("throttled in the mailbox", "imap-throttled", 75, fake_mail.throttled(ca, 50)),
            imap("AccessTokenExpired in the mailbox", "access-token-ran-out-in-session", 75, fake_mail.imap(ca)
                .on("LIST *", "* BYE Session invalidated - AccessTokenExpired", fake_mail.HANG_UP)),
            imap("hangs up at LIST", "dropped-after-login", 69, fake_mail.imap(ca).on("LIST *", fake_mail.HANG_UP)),
            imap("hangs up at EXAMINE", "dropped-after-login", 69, fake_mail.imap(ca).on("EXAMINE *", fake_mail.HANG_UP)),
            imap("hangs up at the login", "connection-cut", 75, fake_mail.imap(ca).onXoauth2(fake_mail.HANG_UP)),
            imap("refuses in the mailbox, then resets", "authenticated-but-not-connected", 69, fake_mail.imap(ca)
                .on("LIST *", thenResets("BAD User is authenticated but not connected.", "* BYE"))),
            imap("BYE after the greeting", "imap-connection-closed-14", 69, fake_mail.byeAfterGreeting(ca)),
            imap("Connection is closed. 13", "imap-connection-closed-13", 75, fake_mail.imap(ca)
                .onXoauth2("* BYE Connection is closed. 13", fake_mail.HANG_UP)),
            imap("no XOAUTH2", "xoauth2-not-offered", 69, fake_mail.withoutXoauth2(ca)),
            imap("PREAUTH", "xoauth2-not-offered", 69, fake_mail.imap(ca).greeting("* PREAUTH you are in already")),
            imap("a challenge in JSON", "xoauth2-json-refusal", 69, fake_mail.jsonChallenge(ca)));
    }

    /** Says its refusal and is gone with what came after it unread, so that the system resets the connection. */
    private static fake_mail.Conversation thenResets(String... replies) {
        return client -> {
            for (var reply : replies) client.say(reply.startsWith("BAD") ? client.tagged(reply) : reply);
            client.pause(300);
            throw new IOException("gone");
        };
    }

    private static Signal smtp(String name, String cause, int status, fake_mail server) {
        return new Signal("SMTP: " + name, cause, status, Kept.RENEWED, desk -> desk.smtp(server).check("--smtp"));
    }

    private static Signal smtpLogin(String cause, int status, String reply) {
        return smtp(reply, cause, status, fake_mail.smtp(tool.ca()).onXoauth2(reply));
    }

    static List<Signal> smtps() {
        var ca = tool.ca();
        return List.of(
            smtpLogin("smtp-token-refused", 69, "535 5.7.3 Authentication unsuccessful [AM0PR01CA0123.eurprd01.prod.exchangelabs.com]"),
            smtpLogin("smtp-auth-disabled-mailbox", 69, "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully."),
            smtpLogin("smtp-password-refused", 69, "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."),
            smtpLogin("smtp-security-defaults", 69, "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy."),
            smtpLogin("smtp-temporary-error", 75, "451 4.7.0 Temporary server error. Please try again later. PRX4"),
            smtpLogin("smtp-unrecognised-auth", 69, "504 5.7.4 Unrecognized authentication type"),
            smtpLogin("smtp-user-not-valid", 69, "501 5.5.124 Invalid XOAUTH2 auth data - User address provided is not valid"),
            smtpLogin("unknown-smtp", 69, "599 5.9.9 Words that nobody has seen before"),
            smtp("disabled for the tenant", "smtp-auth-disabled-tenant", 69, fake_mail.smtpAuthDisabled(ca)),
            smtp("not allowed to send as", "send-as-denied", 69, fake_mail.smtp(ca)
                .on("MAIL FROM:*", "554 5.2.252 SendAsDenied; jan@uva.example not allowed to send as library@uva.example")),
            smtp("not authenticated", "smtp-not-authenticated", 69, fake_mail.smtp(ca)
                .on("MAIL FROM:*", "530 5.7.57 Client not authenticated to send mail.")),
            smtp("not allowed to send as, then resets", "send-as-denied", 69, fake_mail.smtp(ca)
                .on("MAIL FROM:*", thenResets("550 5.7.60 SMTP; Client does not have permissions to send as this sender"))),
            smtp("wrong credentials, as for a password", "smtp-token-refused", 69, fake_mail.smtp(ca)
                .onXoauth2("535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.")),
            smtp("too many at a time", "smtp-too-many-connections", 75, fake_mail.smtp(ca)
                .on("MAIL FROM:*", "432 4.3.2 Concurrent connections limit exceeded")),
            smtp("the day's limit", "smtp-daily-limit", 75, fake_mail.smtp(ca)
                .on("MAIL FROM:*", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException")),
            smtp("going away", "smtp-service-not-active", 75, fake_mail.smtp(ca)
                .on("MAIL FROM:*", "421 4.3.2 Service not active", fake_mail.HANG_UP)));
    }

    private static Signal pop(String cause, int status, String reply) {
        return new Signal("POP: " + reply, cause, status, Kept.RENEWED, desk -> desk.pop(fake_mail.pop(tool.ca()).onXoauth2(reply)).check("--pop"));
    }

    static List<Signal> pops() {
        return List.of(
            pop("pop-token-refused", 69, "-ERR Authentication failure: unknown user name or bad password."),
            pop("pop-password-refused", 69, "-ERR Logon failure: unknown user name or bad password."),
            pop("pop-server-unavailable", 75, "-ERR Server Unavailable. 21"),
            pop("pop-needs-two-lines", 69, "-ERR Protocol error. Connection is closed. 10"),
            pop("unknown-pop", 69, "-ERR Words that nobody has seen before."));
    }

    // --------------------------------------------------------------------------------------------- the way there

    private static Signal login(String name, String cause, int status, Scene scene) { return new Signal("sign-in: " + name, cause, status, Kept.OLD, scene); }

    private static Signal mail(String name, String cause, int status, Scene scene) { return new Signal("mail: " + name, cause, status, Kept.RENEWED, scene); }

    private static tool.Result certificate(Desk desk, SSLContext shown) {
        var server = desk.keep(fake_mail.serving(shown, true, client -> client.readLine()).start());
        return desk.with("M365_AUTHORITY", "https://localhost:" + server.port() + "/common").check();
    }

    private static tool.Result proxied(Desk desk, String... answer) throws IOException {
        var proxy = desk.keep(new Proxy(answer));
        return desk.with("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()).check();
    }

    static List<Signal> networks() {
        var ca = tool.ca();
        return List.of(
            mail("a port that swallows everything", "mail-port-timeout", 75, desk -> {
                var hole = desk.keep(new BlackHole());
                return desk.with("M365_IMAP_HOST", "127.0.0.1").with("M365_IMAP_PORT", hole.port()).check();
            }),
            mail("a server that never says a word", "mail-port-timeout", 75, desk -> desk.imap(fake_mail.hangsAfterAccept(ca)).check()),
            mail("silence after the login", "mail-port-timeout", 75, desk -> desk.imap(fake_mail.imap(ca).on("LIST *", fake_mail.SILENCE)).check()),
            login("a port that swallows everything", "sign-in-host-timeout", 75, desk -> {
                var hole = desk.keep(new BlackHole());
                return desk.with("M365_AUTHORITY", "https://127.0.0.1:" + hole.port() + "/common").check();
            }),
            login("no answer", "sign-in-host-timeout", 75, desk -> {
                for (int i = 0; i < 3; i++) desk.login.hangNext("token", Duration.ofSeconds(30));
                return desk.check();
            }),
            login("nobody listens", "connection-refused", 75, desk -> desk.with("M365_AUTHORITY", "https://localhost:" + freePort() + "/common").check()),
            mail("nobody listens", "connection-refused", 75, desk -> desk.mail("IMAP", freePort()).check()),
            login("a name that nobody knows", "name-does-not-resolve", 75, desk -> desk.with("M365_AUTHORITY", "https://login.nowhere.invalid/common").check()),
            mail("a name that nobody knows", "name-does-not-resolve", 75, desk -> desk.with("M365_IMAP_HOST", "outlook.nowhere.invalid").check()),
            login("an expired certificate", "certificate-expired", 78, desk -> certificate(desk, ca.expired())),
            login("a certificate for another host", "certificate-wrong-host", 78, desk -> certificate(desk, ca.wrongHost("other.example"))),
            login("a certificate of an unknown authority", "certificate-issuer-unknown", 78, desk -> certificate(desk, ca.unknownAuthority())),
            mail("an expired certificate", "certificate-expired", 78, desk -> desk.imap(fake_mail.imap(ca).certificate(ca.expired())).check()),
            mail("a certificate for another host", "certificate-wrong-host", 78, desk -> desk.imap(fake_mail.imap(ca).certificate(ca.wrongHost("other.example"))).check()),
            mail("a certificate of an unknown authority", "certificate-issuer-unknown", 78, desk -> {
                var result = desk.imap(fake_mail.imap(ca).certificate(ca.unknownAuthority())).check();
                assertTrue(result.out().contains("CN=Some other test CA"), () -> "the issuer is not named: " + result.out());
                return result;
            }),
            mail("an unknown authority after STARTTLS", "certificate-issuer-unknown", 78, desk -> desk.smtp(fake_mail.smtp(ca).certificate(ca.unknownAuthority())).check("--smtp")),
            mail("an expired certificate after STARTTLS", "certificate-expired", 78, desk -> desk.smtp(fake_mail.smtp(ca).certificate(ca.expired())).check("--smtp")),
            mail("no TLS where it should be", "plain-server-spoken-to-in-tls", 78, desk -> desk.imap(fake_mail.imap(ca).withoutTls()).check()),
            mail("the connection is cut", "connection-cut", 75, desk -> desk.imap(fake_mail.imap(ca).greeting(fake_mail.HANG_UP)).check()),
            login("a proxy that wants a login", "proxy-login-needed", 78, desk ->
                proxied(desk, "HTTP/1.1 407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"proxy\"", "Content-Length: 0", "", "")),
            login("a proxy that answers with a page", "proxy-refused", 78, desk ->
                proxied(desk, "HTTP/1.1 403 Forbidden", "Content-Type: text/html", "Content-Length: 44", "", "<html><title>Blocked by policy</title></html>")),
            login("a proxy that is not one", "connection-cut", 78, desk ->
                proxied(desk, "HTTP/1.1 200 OK", "", "<html><title>Welcome to HotelNet</title></html>")));
    }

    /** A port on which nobody listens. */
    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A port whose queue is full, so that the system drops whatever comes: as behind a firewall, without a network. */
    static final class BlackHole implements AutoCloseable {
        private final ServerSocket server = new ServerSocket();
        private final List<Socket> queue = new ArrayList<>();

        BlackHole() throws IOException {
            server.bind(new InetSocketAddress("127.0.0.1", 0), 1);
            while (true) {
                var socket = new Socket();
                try {
                    socket.connect(server.getLocalSocketAddress(), 300);
                    queue.add(socket);
                } catch (SocketTimeoutException full) {
                    socket.close();
                    return;
                }
                assertTrue(queue.size() < 100, "the queue does not fill up");
            }
        }

        int port() { return server.getLocalPort(); }

        @Override public void close() throws IOException {
            for (var socket : queue) socket.close();
            server.close();
        }
    }

    /** An HTTP proxy that has one answer to everything. */
    static final class Proxy implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

        Proxy(String... answer) throws IOException {
            var thread = new Thread(() -> {
                try {
                    while (true) answer(server.accept(), String.join("\r\n", answer));
                } catch (IOException closed) { /* the end */ }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private static void answer(Socket client, String answer) throws IOException {
            try (client) {
                var in = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
                for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) continue;
                client.getOutputStream().write(answer.getBytes(US_ASCII));
            } catch (IOException gone) { /* the client had enough */ }
        }

        int port() { return server.getLocalPort(); }

        @Override public void close() throws IOException { server.close(); }
    }

    // --------------------------------------------------------------------------------------------- pages and log lines

    /** Pages stay in the browser: when the time is up the person at the terminal is asked for what stands there. */
    static List<Signal> pages() {
        return List.of(
            new Signal("page: nobody came", "nothing-came-back", 77, Kept.OLD, desk -> desk.get_token("--no-browser", "--timeout", "1").run()),
            page("AADSTS50011", "redirect-uri-mismatch"),
            page("Need admin approval", "consent-by-admin-needed"),
            page("Error Code: 53003", "conditional-access-refused"));
    }

    private static Signal page(String typed, String cause) {
        return new Signal("page: " + typed, cause, 77, Kept.OLD, desk -> {
            try (var program = desk.get_token("--no-browser", "--timeout", "1", JAN).onTerminal().start()) {
                program.says("Did the page show an error");
                return program.types(typed + "\r").ends();
            }
        });
    }

    private static Signal lookUp(String text, String cause) {
        return new Signal("--explain " + text, cause, 0, Kept.OLD, desk -> desk.check_imap("--explain", text).run());
    }

    static List<Signal> lookUps() {
        return List.of(
            lookUp("50011", "redirect-uri-mismatch"),
            lookUp("AADSTS90094", "consent-by-admin-needed"),
            lookUp("AADSTS50105: Your administrator has configured the application to block users unless they are assigned.", "user-not-assigned"),
            lookUp("You can't sign in here with a personal account. Use your work or school account instead.", "personal-account-not-allowed"),
            lookUp("IMAP command 'AUTHENTICATE XOAUTH2 <authdata>' returned an error: NO AUTHENTICATE failed.", "imap-token-refused"),
            lookUp("Error: selected SASL mechanism(s) not available", "sasl-plugin-missing"),
            lookUp("msmtp: server message: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", "smtp-auth-disabled-tenant"),
            lookUp("HTTP Error 400: Bad Request (configuration is: {'client_id': '9e5f94bc-e8a4-4e73-b8be-63364c29d753'})", "offlineimap-hides-the-reason"),
            lookUp("AADSTS123456789", "aadsts-number-not-listed"),
            lookUp("what on earth is this", "unknown-text"));
    }

    // --------------------------------------------------------------------------------------------- what people wished for

    /** What users of such tools have asked for most. */
    @Nested class The_wishes {
        stand_in cloud;
        Path home;

        @BeforeEach void starts() throws IOException {
            cloud = stand_in.start(tool.ca());
            home = Files.createTempDirectory(folder, "wish");
        }

        @AfterEach void ends() { cloud.close(); }

        tool get_token(String... arguments) { return as(tool.get_token(arguments)); }

        tool check_imap(String... arguments) { return as(tool.check_imap(arguments)); }

        tool as(tool program) {
            return program.in(home).with(cloud.environment()).with("M365_REDIRECT_URI", "http://localhost:0/");
        }

        /** Signs in, without a browser on this machine. */
        tool.Result signIn(String user, tool program) {
            try (var running = program.start()) {
                return running.types(cloud.login().signIn(running.address(), user) + "\n").ends().exits(0);
            }
        }

        void hold(String token) throws IOException {
            var file = home.resolve("refresh_token");
            Files.writeString(file, token);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }

        String held() throws IOException { return Files.readString(home.resolve("refresh_token")); }

        @Test void number_1_the_real_cause_is_stated() {
            signIn("second@uva.example", get_token("--no-browser"));
            // All that Exchange says is NO; the token knows the rest.
            tells(check_imap(JAN).run().exits(69), "NO AUTHENTICATE failed.", "The token belongs to somebody else than " + JAN,
                "jbang get_token.java " + JAN + " --no-browser`").neverSays("Microsoft Graph");
        }

        @Test void number_2_authenticated_but_not_connected_is_explained() {
            cloud.letsStrangersIn(true);
            signIn(JAN, get_token("--no-browser", JAN));
            var told = tells(check_imap(JAN, "--mailbox", "shared@uva.example").run().exits(69),
                    "BAD User is authenticated but not connected.", "The login was accepted, but the mailbox shared@uva.example does not open.",
                    "checked, and not the cause: the token is " + JAN + "'s own", "the connection goes over IPv4",
                    "1. Shared mailbox: " + JAN + " has no Full Access to shared@uva.example",
                    "`Add-MailboxPermission -Identity shared@uva.example -User " + JAN + " -AccessRights FullAccess`");
            for (var excluded : List.of("somebody else", "IPv6:", "Access without a user")) told.neverSays(excluded);
        }

        @Test void number_3_it_works_without_a_registration_of_ones_own() {
            signIn(JAN, get_token("--no-browser", JAN));
            var asked = cloud.login().requests("authorize").get(0);
            assertEquals(fake_login.PUBLIC_APP, asked.parameter("client_id"), "nothing was configured, so it is Thunderbird's");
            check_imap(JAN).run().exits(0);
        }

        @Test void number_4_admin_approval_is_explained_with_the_link_to_send() {
            try (var program = get_token("--no-browser", "--timeout", "1", JAN).with("M365_AUTHORITY", cloud.login().base() + "/" + fake_login.TENANT)
                .onTerminal().start()) {
                program.says("Did the page show an error");
                var told = flat(program.types("Need admin approval\r").ends().exits(77).err());
                assertTrue(told.contains("Only an administrator may allow the app " + fake_login.PUBLIC_APP), told);
                // Microsoft, "Admin consent on the Microsoft identity platform": tenant, client_id, scope and redirect_uri
                var link = Pattern.compile("https://\\S+/adminconsent\\?\\S+").matcher(told);
                assertTrue(link.find(), told);
                var address = URI.create(link.group());
                assertEquals("/" + fake_login.TENANT + "/v2.0/adminconsent", address.getPath());
                var query = List.of(address.getRawQuery().split("&")).stream().map(pair -> URLDecoder.decode(pair, UTF_8)).toList();
                assertEquals(List.of("client_id=" + fake_login.PUBLIC_APP, "scope=" + OUTLOOK + "IMAP.AccessAsUser.All " + OUTLOOK
                    + "SMTP.Send offline_access openid profile", "redirect_uri=http://localhost/"), query);
            }
        }

        @Test void number_4_the_link_never_names_common_for_there_nobody_can_approve() {
            assertTrue(check_imap("--explain", "AADSTS90094").run().exits(0).out().contains(cloud.login().base() + "/organizations/v2.0/adminconsent?client_id="));
        }

        @Test void number_5_sign_in_needs_no_browser_on_this_machine() {
            signIn(JAN, get_token("--no-browser", JAN)).says("copy that address, paste it here");
            cloud.login().deviceInterval(1);
            try (var program = get_token("--device", JAN).start()) {
                cloud.login().approve(program.says("type the code (\\w+)"), JAN);
                program.ends().exits(0).says("Signed in as " + JAN);
            }
        }

        @Test void number_6_an_https_redirect_address_is_served() throws Exception {
            try (var program = get_token("--no-browser", JAN).with("M365_REDIRECT_URI", "https://localhost:0/").start()) {
                var back = URI.create(cloud.login().signIn(program.address(), JAN));
                var fingerprint = program.says("SHA-256 fingerprint ([0-9A-F:]{95})");
                var answer = browse(back, fingerprint);
                assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
                assertTrue(answer.contains("Signed in"), answer);
                program.ends().exits(0);
            }
        }

        /** A browser whose owner compares the fingerprint, and accepts this certificate and no other. */
        private String browse(URI address, String fingerprint) throws IOException {
            try (var socket = throwaway_ca.trustingOnly(fingerprint).getSocketFactory().createSocket(InetAddress.getByName("127.0.0.1"), address.getPort())) {
                socket.getOutputStream().write(("GET /?" + address.getRawQuery() + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), UTF_8);
            }
        }

        @Test void number_7_a_blocked_device_flow_says_so_and_what_to_do_instead() {
            cloud.login().deviceInterval(1);
            cloud.login().failNext("token", 400, "invalid_grant", 53003, "Access has been blocked by Conditional Access policies.");
            tells(get_token("--device", JAN).run().exits(77), "rule against device-code sign-ins", "jbang get_token.java " + JAN + "`", "AADSTS53003", "correlation id");
            // And when the refusal stays on the page, where no program sees it:
            cloud.login().deviceSeconds(2);
            tells(get_token("--device", JAN).run().exits(77), "the organisation blocks signing in with a code", "Sign in through the browser: `", "jbang get_token.java " + JAN + "`");
        }

        @Test void number_8_a_public_client_sends_no_secret() {
            signIn(JAN, get_token("--no-browser", JAN));
            check_imap(JAN).run().exits(0);
            for (var request : cloud.login().requests("token")) {
                assertFalse(request.parameters().containsKey("client_secret") || request.parameters().containsKey("client_assertion"), request.parameters().keySet().toString());
                assertFalse(request.headers().containsKey("authorization"), request.headers().toString());
            }
        }

        @Test void number_8_a_secret_that_is_not_wanted_and_one_that_is_are_explained() throws IOException {
            hold(cloud.login().issueRefreshToken(JAN, fake_login.PUBLIC_APP, SCOPES));
            tells(check_imap(JAN).with("M365_CLIENT_SECRET", "a-secret-nobody-wants").run().exits(78),
                "AADSTS700025", "is a public client, and a secret was sent all the same", "Leave M365_CLIENT_SECRET empty.").neverSays("nobody-wants");
            tells(check_imap(JAN).with("M365_CLIENT_ID", fake_login.CONFIDENTIAL_APP).run().exits(78),
                "AADSTS7000218", "demands a secret and none was sent", "Mobile and desktop applications", "M365_CLIENT_SECRET");
        }

        @Test void number_9_the_refresh_token_is_never_lost() throws IOException {
            var first = cloud.login().issueRefreshToken(JAN, fake_login.PUBLIC_APP, SCOPES);
            hold(first);
            cloud.login().failNext("token", 400, "invalid_grant", 70043, "The refresh token has expired.", "token_expired");
            get_token("--access-token").run().exits(77);
            assertTrue(held().equals(first), "a refusal cost the token");
            cloud.login().hangNext("token", Duration.ofSeconds(20));
            try (var program = get_token("--access-token").start()) {
                for (int i = 0; cloud.login().requests("token").size() < 2 && i < 1000; i++) pause(20);
                assertTrue(program.isAlive());
            } // killed while it waits
            assertTrue(held().equals(first), "a crash cost the token");
            check_imap(JAN).run().exits(0);
            var second = held();
            assertTrue(second.equals(cloud.login().refreshToken(JAN)) && !second.equals(first), "the new token is not in the file");
            cloud.login().failNext("redirect", 400, "access_denied", 65004, "User declined to consent to access the app.");
            try (var program = get_token("--no-browser", JAN).start()) {
                program.types(cloud.login().signIn(program.address(), JAN) + "\n").ends().exits(77);
            }
            assertTrue(held().equals(second), "a declined sign-in cost the token");
        }

        private void pause(int millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Test void number_10_personal_accounts_work() {
            var personal = "personal@outlook.example";
            signIn(personal, get_token("--no-browser", personal));
            var told = check_imap(personal).run().exits(0).out();
            assertTrue(told.contains("opaque, as those of personal accounts are"), told);
        }

        @Test void number_11_SMTP_AUTH_that_is_disabled_is_explained_with_the_exact_command() throws IOException {
            hold(cloud.login().issueRefreshToken(JAN, fake_login.PUBLIC_APP, SCOPES));
            try (var smtp = fake_mail.smtpAuthDisabled(tool.ca()).start()) {
                tells(check_imap("--smtp", JAN).with("M365_SMTP_PORT", smtp.port()).run().exits(69),
                        "535 5.7.139", "switched off for the whole organisation; that includes OAuth",
                        "`Set-CASMailbox -Identity " + JAN + " -SmtpClientAuthenticationDisabled $false`",
                        "`Set-TransportConfig -SmtpClientAuthenticationDisabled $false`", "Send this to your administrator:");
            }
        }
    }

    // --------------------------------------------------------------------------------------------- when nothing fails

    @Test void the_table_is_not_even_loaded_when_nothing_fails() throws IOException {
        try (var cloud = stand_in.start(tool.ca())) {
            var home = Files.createTempDirectory(folder, "fine");
            var file = Files.writeString(home.resolve("refresh_token"), cloud.login().issueRefreshToken(JAN, fake_login.PUBLIC_APP, SCOPES));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            for (var program : List.of(tool.get_token("--access-token"), tool.check_imap("--all", JAN), tool.get_token("--status"))) {
                program.in(home).with(cloud.environment()).with("M365_SCOPES", OUTLOOK + "IMAP.AccessAsUser.All " + OUTLOOK + "SMTP.Send " + OUTLOOK + "POP.AccessAsUser.All")
                    .java("-Xlog:class+load:file=classes.log").run().exits(0);
                var loaded = Files.readString(home.resolve("classes.log"));
                assertTrue(loaded.contains(" config "), "the log shows what is loaded");
                assertFalse(loaded.contains("failures$Cause$Table"), program + " has read failures.tsv");
            }
        }
    }
}
