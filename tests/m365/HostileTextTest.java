//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/CheckingImap.java

package m365;

import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stand_in.FakeMail;
import support.CheckingImap;
import support.Result;
import support.Tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Names and lines from outside that would move a terminal's cursor or turn its text around. */
class HostileTextTest extends CheckingImap {
    private static final String HOSTILE = "\u001b[2J\u009b1m\u202e\u2066\u0007\u2028";

    private Tool get_token(String... arguments) {
        return Tool.get_token(arguments).in(home).with(cloud.environment());
    }

    private static Result harmless(Result result) {
        for (var said : new String[] {result.out(), result.err()})
            said.codePoints().forEach(c -> assertTrue(c == '\n' || c == '\t' || !Character.isISOControl(c)
                && Character.getType(c) != Character.FORMAT && c != 0x2028, () -> "U+" + Integer.toHexString(c)
                + " in " + said));
        return result;
    }

    @ParameterizedTest @ValueSource(strings = {"--status", "--status --json", "--config-for msmtp"})
    void the_accounts_name_is_cleaned(String options) throws IOException {
        hold(JAN, ALL_SCOPES);
        var answer = new LinkedHashMap<>(answer("EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA", ALL_SCOPES));
        var claims = "{\"oid\":\"1\",\"tid\":\"2\",\"sub\":\"3\",\"preferred_username\":\"jan" + HOSTILE + "@uva.nl\"}";
        answer.put("id_token", "e30." + Base64.getUrlEncoder().withoutPadding()
            .encodeToString(Json.write(Json.read(claims).orElse(Map.of("preferred_username", "jan" + HOSTILE)))
                .getBytes(UTF_8)) + ".x");
        cloud.login().answerNext("token", 200, Map.of("Content-Type", "application/json"), Json.write(answer));
        get_token("--access-token").runHere();
        harmless(get_token(options.split(" ")).runHere());
    }

    @Test void a_device_code_and_where_to_type_it() {
        cloud.login().answerNext("devicecode", 200, Map.of("Content-Type", "application/json"), Json.write(Map.of(
            "user_code", "AB" + HOSTILE + "CD", "device_code", "a-device-code-of-the-provider", "expires_in", 2,
            "interval", 1, "verification_uri", "https://microsoft.com/" + HOSTILE + "device", "message", HOSTILE)));
        harmless(get_token("--device", "--timeout", "1", "--verbose").runHere()).says("type the code");
    }

    @Test void a_servers_lines_in_the_report_and_the_protocol() throws IOException {
        hold(JAN, ALL_SCOPES);
        try (var imap = FakeMail.imap(Tool.ca()).greeting("* OK " + HOSTILE + " ready")
                .on("LIST *", "* LIST () \"/\" " + HOSTILE, "NO " + HOSTILE + " go away").start()) {
            harmless(toward(imap, check_imap("--verbose", JAN)).runHere().exits(69));
        }
    }

    @Test void JSON_holds_them_as_escapes() throws IOException {
        hold(JAN, ALL_SCOPES);
        try (var imap = FakeMail.imap(Tool.ca()).onXoauth2("NO go \u202e\u009b away").start()) {
            var result = harmless(toward(imap, check_imap("--json", JAN)).runHere().exits(69));
            assertEquals(1, checks(result).size());
        }
    }

    @Test void an_explained_text() throws IOException {
        harmless(check_imap("--explain", "AADSTS50011: " + HOSTILE + " does not match").runHere());
    }
}
