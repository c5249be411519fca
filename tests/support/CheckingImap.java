//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Tool.java
//SOURCES ../stand_in/StandIn.java
//SOURCES ../../m365/Json.java

package support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import m365.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import stand_in.FakeLogin;
import stand_in.FakeMail;
import stand_in.StandIn;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What tests of {@code check_imap} share: a home and a Microsoft 365 of its own for each, and readers of what the
 * program says. Servers that follow a script can be put in the place of the stand-in's.
 */
public abstract class CheckingImap {
    protected static final String JAN = "jan@uva.example", DELEGATE = "delegate@uva.example";
    protected static final String SHARED = "shared@uva.example";
    protected static final String OUTLOOK = "https://outlook.office.com/";
    protected static final String ALL_SCOPES = OUTLOOK + "IMAP.AccessAsUser.All " + OUTLOOK + "SMTP.Send "
        + OUTLOOK + "POP.AccessAsUser.All";
    /** Mark, name, words and milliseconds. */
    protected static final Pattern STEP = Pattern.compile("(OK|NOTE|FAILED) "
        + "+((?:IMAP|SMTP|POP) \\w+|settings|token file|renewal|access token|app token) +(.+) \\((\\d+) ms\\)");

    @TempDir protected Path home;
    protected StandIn cloud;

    @BeforeEach protected void start() {
        cloud = StandIn.start(Tool.ca());
        Tool.watched(cloud.login());
    }

    @AfterEach protected void stop() { cloud.close(); }

    protected Tool check_imap(String... arguments) {
        return Tool.check_imap(arguments).in(home).with(cloud.environment()).with("M365_SCOPES", ALL_SCOPES);
    }

    /** Puts a refresh token where the program looks for it. */
    protected String hold(String user, String scopes) throws IOException {
        return hold(home.resolve("refresh_token"), user, scopes);
    }

    protected String hold(Path file, String user, String scopes) throws IOException {
        var token = cloud.login().issueRefreshToken(user, FakeLogin.PUBLIC_APP,
            "offline_access openid profile " + scopes);
        Files.writeString(file, token);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return token;
    }

    protected static Tool toward(FakeMail imap, Tool program) { return program.with("M365_IMAP_PORT", imap.port()); }

    /** The steps that were told. */
    protected static List<String> names(Result result) {
        return result.out().lines().map(STEP::matcher).filter(Matcher::matches).map(step -> step.group(2)).toList();
    }

    protected static Map<?, ?> json(Result result) {
        return Json.read(result.out()).orElseThrow(() -> new AssertionError(result.out()));
    }

    protected static List<Map<?, ?>> checks(Result result) {
        var checks = new ArrayList<Map<?, ?>>();
        for (var check : (List<?>) json(result).get("checks")) checks.add((Map<?, ?>) check);
        return checks;
    }

    /** Answers the next renewal with this access token. */
    protected void grantNext(String accessToken, String scopes) {
        cloud.login().answerNext("token", 200, Map.of("Content-Type", "application/json"),
            Json.write(answer(accessToken, scopes)));
    }

    protected static Map<String, Object> answer(String accessToken, String scopes) {
        var claims = "{\"oid\":\"1\",\"tid\":\"2\",\"sub\":\"3\","
            + "\"preferred_username\":\"test@contoso.onmicrosoft.com\",\"ver\":\"2.0\"}";
        return Map.of("token_type", "Bearer", "scope", scopes, "expires_in", 3600, "access_token", accessToken,
            "refresh_token", "1.AXYA-a-new-refresh-token",
            "id_token", base64("{\"alg\":\"none\"}") + "." + base64(claims) + ".x",
            "client_info", base64("{\"uid\":\"1\",\"utid\":\"2\"}"));
    }

    /** What a work account's access token says. */
    protected static String jwt(String audience, String scopes, String user) {
        return base64("{\"typ\":\"JWT\"}") + "." + base64("{\"aud\":\"" + audience + "\",\"scp\":\"" + scopes
            + "\",\"upn\":\"" + user + "\",\"tid\":\"2\"}") + ".c2lnbmF0dXJl";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
