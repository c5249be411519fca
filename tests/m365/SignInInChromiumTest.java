//JAVA 17+
//SOURCES ../support/Tool.java ../support/Chromium.java

package m365;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stand_in.FakeLogin;
import stand_in.ThrowawayCa;
import support.Chromium;
import support.Running;
import support.Tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A real browser, headless, signs in through the stand-in's pages and comes back to get_token's https address. */
@Order(2)
class SignInInChromiumTest {
    static final String JAN = "jan@uva.example";

    @TempDir Path folder;
    FakeLogin login;

    @BeforeEach void theProvider() {
        for (var command : Map.of("chromium", "chromium", "chromedriver", "chromium-driver").entrySet())
            assumeTrue(Chromium.onPath(command.getKey()).isPresent(),
                "needs " + command.getKey() + "; on Debian: apt install " + command.getValue());
        login = Tool.login();
    }

    @AfterEach void closes() { if (login != null) login.close(); }

    Running signingIn(String... arguments) {
        return Tool.get_token(arguments).in(folder).with(Tool.settings(login))
            .with("M365_REDIRECT_URI", "https://localhost:0/").start();
    }

    /** A browser that trusts exactly two keys: the stand-in's, and the one whose fingerprint get_token printed. */
    Chromium chromium(Running program) throws Exception {
        var redirect = URLDecoder.decode(program.address().replaceFirst(".*[?&]redirect_uri=([^&]*).*", "$1"), UTF_8);
        var fingerprint = program.says("fingerprint\\s+((?:[0-9A-F]{2}:){31}[0-9A-F]{2})");
        return new Chromium(folder, Chromium.key(Tool.ca().trusting(), login.port()),
            Chromium.key(ThrowawayCa.trustingOnly(fingerprint), URI.create(redirect).getPort()));
    }

    @Test void signs_in_and_sees_who_it_is() throws Exception {
        try (var program = signingIn("--no-browser"); var browser = chromium(program)) {
            browser.opens(program.address());
            browser.shows("Sign in");
            browser.pictures("1-sign-in");
            browser.types("#login", JAN);
            browser.types("#passwd", "jan's password");
            browser.clicks("button.yes");
            browser.shows("Permissions requested");
            browser.pictures("2-consent");
            browser.clicks("button.yes");
            browser.shows("Signed in");
            browser.pictures("3-signed-in");
            assertTrue(browser.text().contains("You are signed in as " + JAN), browser.text());
            assertTrue(browser.address().startsWith("https://localhost:"), browser.address());
            program.ends().exits(0).says("Signed in as " + JAN);
        }
        assertEquals(login.refreshToken(JAN), Files.readString(folder.resolve("refresh_token")));
    }

    @Test void whose_person_declines_is_told_so_on_the_last_page() throws Exception {
        try (var program = signingIn("--no-browser", JAN); var browser = chromium(program)) {
            browser.opens(program.address());
            browser.shows("Sign in");
            browser.types("#passwd", "jan's password");
            browser.clicks("button.yes");
            browser.shows("Permissions requested");
            browser.clicks("button[value=false]");
            browser.shows("You cancelled");
            browser.pictures("4-declined");
            program.ends().exits(77).says("you cancelled");
        }
        assertFalse(Files.exists(folder.resolve("refresh_token")));
    }
}
