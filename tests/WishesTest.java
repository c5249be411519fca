//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES support/Tool.java
//SOURCES stand_in/StandIn.java

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stand_in.FakeLogin;
import stand_in.FakeMail;
import stand_in.StandIn;
import stand_in.ThrowawayCa;
import support.Result;
import support.Tool;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What users of such tools have asked for most. */
@Order(4)
@Execution(ExecutionMode.CONCURRENT)
class WishesTest {
    static final String JAN = "jan@uva.example";
    static final String SCOPES = "offline_access openid profile IMAP.AccessAsUser.All SMTP.Send POP.AccessAsUser.All";
    static final String OUTLOOK = "https://outlook.office.com/";

    @TempDir Path home;
    StandIn cloud;

    @BeforeEach void starts() {
        cloud = StandIn.start(Tool.ca());
        Tool.watched(cloud.login());
    }

    @AfterEach void ends() { cloud.close(); }

    Tool get_token(String... arguments) { return as(Tool.get_token(arguments)); }

    Tool check_imap(String... arguments) { return as(Tool.check_imap(arguments)); }

    Tool as(Tool program) {
        return program.in(home).with(cloud.environment()).with("M365_REDIRECT_URI", "http://localhost:0/");
    }

    /** Signs in, without a browser on this machine. */
    Result signIn(String user, Tool program) {
        try (var running = program.startHere()) {
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
        check_imap(JAN).runHere().exits(69)
            .tells("NO AUTHENTICATE failed.", "The token belongs to somebody else than " + JAN,
                "jbang get_token.java " + JAN + " --no-browser`").neverSays("Microsoft Graph");
    }

    @Test void number_2_authenticated_but_not_connected_is_explained() {
        cloud.letsStrangersIn(true);
        signIn(JAN, get_token("--no-browser", JAN));
        var told = check_imap(JAN, "--mailbox", "shared@uva.example").runHere().exits(69)
            .tells("BAD User is authenticated but not connected.",
                "The login was accepted, but the mailbox shared@uva.example does not open.",
                "checked, and not the cause: the token is " + JAN + "'s own", "the connection goes over IPv4",
                "1. Shared mailbox: " + JAN + " has no Full Access to shared@uva.example",
                "`Add-MailboxPermission -Identity shared@uva.example -User " + JAN + " -AccessRights FullAccess`");
        for (var excluded : List.of("somebody else", "IPv6:", "Access without a user")) told.neverSays(excluded);
    }

    @Test void number_3_it_works_without_a_registration_of_ones_own() {
        signIn(JAN, get_token("--no-browser", JAN));
        var asked = cloud.login().requests("authorize").get(0);
        assertEquals(FakeLogin.PUBLIC_APP, asked.parameter("client_id"),
            "nothing was configured, so it is Thunderbird's");
        check_imap(JAN).runHere().exits(0);
    }

    @Test void number_4_admin_approval_is_explained_with_the_link_to_send() {
        try (var program = get_token("--no-browser", "--timeout", "1", JAN)
                .with("M365_AUTHORITY", cloud.login().base() + "/" + FakeLogin.TENANT).onTerminal().start()) {
            program.says("Did the page show an error");
            var told = program.types("Need admin approval\r").ends().exits(77).err().replaceAll("\\s+", " ");
            assertTrue(told.contains("Only an administrator may allow the app " + FakeLogin.PUBLIC_APP), told);
            // Microsoft, "Admin consent on the Microsoft identity platform": tenant, client_id, scope and redirect_uri
            var link = Pattern.compile("https://\\S+/adminconsent\\?\\S+").matcher(told);
            assertTrue(link.find(), told);
            var address = URI.create(link.group());
            assertEquals("/" + FakeLogin.TENANT + "/v2.0/adminconsent", address.getPath());
            var query = Stream.of(address.getRawQuery().split("&")).map(pair -> URLDecoder.decode(pair, UTF_8));
            assertEquals(List.of("client_id=" + FakeLogin.PUBLIC_APP,
                "scope=" + OUTLOOK + "IMAP.AccessAsUser.All " + OUTLOOK + "SMTP.Send offline_access openid profile",
                "redirect_uri=http://localhost/"), query.toList());
        }
    }

    @Test void number_4_the_link_never_names_common_for_there_nobody_can_approve() {
        var told = check_imap("--explain", "AADSTS90094").runHere().exits(0).out();
        assertTrue(told.contains(cloud.login().base() + "/organizations/v2.0/adminconsent?client_id="));
    }

    @Test void number_5_sign_in_needs_no_browser_on_this_machine() {
        signIn(JAN, get_token("--no-browser", JAN)).says("copy that address, paste it here");
        cloud.login().deviceInterval(1);
        try (var program = get_token("--device", JAN).startHere()) {
            cloud.login().approve(program.says("type the code (\\w+)"), JAN);
            program.ends().exits(0).says("Signed in as " + JAN);
        }
    }

    @Test void number_6_an_https_redirect_address_is_served() throws Exception {
        var overHttps = get_token("--no-browser", JAN).with("M365_REDIRECT_URI", "https://localhost:0/");
        try (var program = overHttps.startHere()) {
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
        try (var socket = ThrowawayCa.trustingOnly(fingerprint).getSocketFactory()
            .createSocket(InetAddress.getByName("127.0.0.1"), address.getPort())) {
            socket.getOutputStream().write(("GET /?" + address.getRawQuery()
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test void number_7_a_blocked_device_flow_says_so_and_what_to_do_instead() {
        cloud.login().deviceInterval(1);
        cloud.login().failNext("token", 400, "invalid_grant", 53003,
            "Access has been blocked by Conditional Access policies.");
        get_token("--device", JAN).runHere().exits(77).tells("rule against device-code sign-ins",
            "jbang get_token.java " + JAN + "`", "AADSTS53003", "correlation id");
        // And when the refusal stays on the page, where no program sees it:
        cloud.login().deviceSeconds(2);
        get_token("--device", JAN).runHere().exits(77).tells("the organisation blocks signing in with a code",
            "Sign in through the browser: `", "jbang get_token.java " + JAN + "`");
    }

    @Test void number_8_a_public_client_sends_no_secret() {
        signIn(JAN, get_token("--no-browser", JAN));
        check_imap(JAN).runHere().exits(0);
        for (var request : cloud.login().requests("token")) {
            var sent = request.parameters().keySet();
            assertFalse(sent.contains("client_secret") || sent.contains("client_assertion"), sent.toString());
            assertFalse(request.headers().containsKey("authorization"), request.headers().toString());
        }
    }

    @Test void number_8_a_secret_that_is_not_wanted_and_one_that_is_are_explained() throws IOException {
        hold(cloud.login().issueRefreshToken(JAN, FakeLogin.PUBLIC_APP, SCOPES));
        check_imap(JAN).with("M365_CLIENT_SECRET", "a-secret-nobody-wants").runHere().exits(78)
            .tells("AADSTS700025", "is a public client, and a secret was sent all the same",
                "Leave M365_CLIENT_SECRET empty.").neverSays("nobody-wants");
        check_imap(JAN).with("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP).runHere().exits(78)
            .tells("AADSTS7000218", "demands a secret and none was sent", "Mobile and desktop applications",
                "M365_CLIENT_SECRET");
    }

    @Test void number_9_the_refresh_token_is_never_lost() throws IOException {
        var first = cloud.login().issueRefreshToken(JAN, FakeLogin.PUBLIC_APP, SCOPES);
        hold(first);
        cloud.login().failNext("token", 400, "invalid_grant", 70043, "The refresh token has expired.", "token_expired");
        // As a process, for MSAL remembers a refusal for a while and would not ask again.
        get_token("--access-token").run().exits(77);
        assertTrue(held().equals(first), "a refusal cost the token");
        cloud.login().hangNext("token", Duration.ofSeconds(20));
        try (var program = get_token("--access-token").start()) {
            for (int i = 0; cloud.login().requests("token").size() < 2 && i < 1000; i++) pause(20);
            assertTrue(program.isAlive());
        } // killed while it waits
        assertTrue(held().equals(first), "a crash cost the token");
        check_imap(JAN).runHere().exits(0);
        var second = held();
        assertTrue(second.equals(cloud.login().refreshToken(JAN)) && !second.equals(first),
            "the new token is not in the file");
        cloud.login().failNext("redirect", 400, "access_denied", 65004, "User declined to consent to access the app.");
        try (var program = get_token("--no-browser", JAN).startHere()) {
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
        var consumers = cloud.login().base() + "/consumers";
        signIn(personal, get_token("--no-browser", personal).with("M365_AUTHORITY", consumers));
        var told = check_imap(personal).with("M365_AUTHORITY", consumers).runHere().exits(0).out();
        assertTrue(told.contains("opaque, as those of personal accounts are"), told);
    }

    @Test void number_11_SMTP_AUTH_that_is_disabled_is_explained_with_the_exact_command() throws IOException {
        hold(cloud.login().issueRefreshToken(JAN, FakeLogin.PUBLIC_APP, SCOPES));
        try (var smtp = FakeMail.smtpAuthDisabled(Tool.ca()).start()) {
            check_imap("--smtp", JAN).with("M365_SMTP_PORT", smtp.port()).runHere().exits(69)
                .tells("535 5.7.139", "switched off for the whole organisation; that includes OAuth",
                    "`Set-CASMailbox -Identity " + JAN + " -SmtpClientAuthenticationDisabled $false`",
                    "`Set-TransportConfig -SmtpClientAuthenticationDisabled $false`",
                    "Send this to your administrator:");
        }
    }
}
