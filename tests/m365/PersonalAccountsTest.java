//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES SigningIn.java
//SOURCES ../../m365/PersonalAccounts.java
//SOURCES ../support/ForwardProxy.java ../support/TestSettings.java

package m365;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stand_in.FakeLogin;
import stand_in.User;
import support.ForwardProxy;
import support.Running;
import support.TestSettings;
import support.Tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Accounts of outlook.com and the like, at Microsoft's own address: a proxy leads from there to the stand-in. */
@Execution(ExecutionMode.CONCURRENT)
class PersonalAccountsTest extends SigningIn {
    static final String KNOWN = "jan@hotmail.co.uk";
    /** Nobody can see that it is one. */
    static final String UNKNOWN = "personal@outlook.example";
    static final String SCOPES = "IMAP.AccessAsUser.All SMTP.Send offline_access openid profile";

    ForwardProxy proxy;
    Map<String, String> settings = new HashMap<>();

    @BeforeEach void atMicrosofts() throws IOException {
        proxy = ForwardProxy.leadingTo(login.port());
        login.add(new User(KNOWN, "jan's other password", true, Set.of()));
        settings.putAll(Tool.settings(login));
        settings.remove("M365_AUTHORITY");
        settings.put("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port());
    }

    @AfterEach void closesTheProxy() throws IOException { proxy.close(); }

    Tool usual(String... arguments) { return Tool.get_token(arguments).in(folder).with(settings); }

    /** The address to sign in at, in the stand-in's words. */
    String address(Running running, String tenant) {
        return running.says("^(https://login.microsoftonline.com/" + tenant + "/\\S+)\\r?\\n")
            .replace("https://login.microsoftonline.com", login.base());
    }

    List<String> tenants() {
        return login.requests("token").stream().map(request -> request.path().split("/")[1]).toList();
    }

    void renewsTwice() {
        for (int i = 0; i < 2; i++) {
            var token = usual("--access-token").runHere().exits(0).out().strip();
            assertTrue(login.access(token).isPresent(), "a good token");
        }
    }

    @Test void one_known_by_its_address_signs_in_and_renews_at_consumers() throws IOException {
        login.accessTokenSeconds(1);
        try (var running = usual("--no-browser", KNOWN).startHere()) {
            visit(login.signIn(address(running, "consumers"), KNOWN));
            running.ends().exits(0).says("Signed in as " + KNOWN);
        }
        renewsTwice();
        assertEquals(List.of("consumers", "consumers", "consumers"), tenants());
    }

    @Test void one_that_comes_to_light_is_led_there_in_the_same_browser() throws IOException {
        login.accessTokenSeconds(1);
        try (var running = usual("--no-browser").startHere()) {
            var onwards = visit(login.signIn(address(running, "common"), UNKNOWN));
            assertEquals(303, onwards.statusCode());
            var there = onwards.headers().firstValue("Location").orElseThrow();
            assertTrue(there.startsWith("https://login.microsoftonline.com/consumers/"), there);
            var page = visit(login.signIn(there.replace("https://login.microsoftonline.com", login.base()), UNKNOWN));
            assertTrue(page.body().contains("You are signed in as " + UNKNOWN + "."), page.body());
            running.ends().exits(0).says("personal account", "/consumers");
        }
        renewsTwice();
        assertEquals(List.of("common", "consumers", "consumers", "consumers"), tenants());
    }

    @Test void whoever_pastes_is_asked_to_sign_in_there() throws IOException {
        try (var running = usual("--no-browser").startHere()) {
            running.types(login.signIn(address(running, "common"), UNKNOWN) + "\n");
            running.types(login.signIn(address(running, "consumers"), UNKNOWN) + "\n").ends().exits(0);
        }
        assertEquals(login.refreshToken(UNKNOWN), Files.readString(tokenFile()));
    }

    @Test void a_code_on_another_device_leads_there_too() {
        login.deviceInterval(1);
        try (var running = usual("--device").startHere()) {
            login.approve(running.says("type the code ([A-Z0-9]{9})"), UNKNOWN);
            login.approve(running.says("(?s)/consumers.*type the code ([A-Z0-9]{9})"), UNKNOWN);
            running.ends().exits(0);
        }
        assertEquals("consumers", tenants().get(tenants().size() - 1));
    }

    @Test void its_cached_token_is_printed_without_a_request() throws IOException {
        try (var running = usual("--no-browser", KNOWN).startHere()) {
            visit(login.signIn(address(running, "consumers"), KNOWN));
            running.ends().exits(0);
        }
        login.forgetRequests();
        var env = new HashMap<>(settings);
        env.put("M365_TOKEN_FILE", tokenFile().toString());
        env.put("XDG_CONFIG_HOME", "/nowhere");
        var out = new ByteArrayOutputStream();
        assertTrue(new TokenRequest(false, null).answer(TestSettings.values(), env, new PrintStream(out, true, UTF_8)));
        assertTrue(login.access(out.toString(UTF_8).strip()).isPresent());
        assertEquals(List.of(), login.requests());
    }

    @Test void a_refresh_token_without_a_cache_is_renewed_where_it_lives() throws IOException {
        anOldToken();
        Files.writeString(tokenFile(), login.issueRefreshToken(UNKNOWN, FakeLogin.PUBLIC_APP, SCOPES));
        login.accessTokenSeconds(1);
        renewsTwice();
        assertEquals(List.of("common", "consumers", "consumers"), tenants());
    }

    @Test void a_refresh_token_that_was_got_through_common_is_told_as_that() throws IOException {
        login.accessTokenSeconds(1);
        try (var running = get_token("--no-browser").startHere()) { // whose authority is not the usual one
            visit(login.signIn(ready(running), UNKNOWN));
            running.ends().exits(0);
        }
        var token = Files.readString(tokenFile());
        usual("--access-token").runHere().exits(77).printsNothing()
            .says("the refresh token of " + UNKNOWN + ", a personal account, was got through /common", "lasts");
        assertEquals(token, Files.readString(tokenFile()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jan@outlook.com", "jan@hotmail.co.uk", "Jan@LIVE.NL", "jan@msn.com", "jan@outlook.com.br",
        "jan@hotmail.fr"})
    void an_address_may_tell(String address) {
        assertEquals("https://login.microsoftonline.com/consumers",
            PersonalAccounts.authority(TestSettings.settings(), address).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jan@uva.nl", "jan@outlook.uva.nl", "jan@myoutlook.com", "jan@live.example", "hotmail.com.",
        "jan@outlook", "@", ""})
    void others_tell_nothing(String address) {
        assertEquals("https://login.microsoftonline.com/common",
            PersonalAccounts.authority(TestSettings.settings(), address).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://login.microsoftonline.us/common", "https://login.microsoftonline.com/uva.nl",
        "https://login.microsoftonline.com/organizations", "https://login.partner.microsoftonline.cn/common"})
    void national_clouds_and_a_tenant_of_one_s_own_are_left_alone(String authority) {
        var settings = TestSettings.settings("M365_AUTHORITY", authority);
        assertEquals(authority, PersonalAccounts.authority(settings, KNOWN).toString());
        assertEquals(authority,
            PersonalAccounts.authorityOf(settings, "9188040d-6c67-4c5b-b112-36a304b66dad").toString());
    }
}
