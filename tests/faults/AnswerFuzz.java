package faults;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import m365.Text;

import static faults.Checks.check;

/** Fuzzes the identity provider's answers: all at once by noise, and each field of each by itself. */
final class AnswerFuzz {
    private static final String REFUSAL = "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70000: no\","
            + "\"error_codes\":[70000],\"suberror\":\"bad_token\",\"trace_id\":\"x\"}";
    private static final String DEVICE_CODE = "{\"user_code\":\"ABCD1234\",\"device_code\":\"BAQABAAEAAADev\","
            + "\"verification_uri\":\"https://microsoft.com/devicelogin\",\"expires_in\":900,\"interval\":1,"
            + "\"message\":\"To sign in, open the page and enter the code.\"}";
    /** Within its quotation marks, so that most answers are JSON still. */
    private static final Pattern FIELD = Pattern.compile("(?<=\")[^\"\\[{}:,]+(?=\")|[0-9]+");

    private final Lab lab;
    private final String grant;

    AnswerFuzz(Lab lab) {
        this.lab = lab;
        var access = lab.secret("eyJ0eXAi.fuzzedaccess" + "token0123456789ABCDEF".repeat(9) + ".x");
        var refresh = lab.secret("0.Afuzzedrefresh" + "token0123456789ABCDEF".repeat(9));
        var id = "eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJqYW5AdXZhLmV4YW1wbGUiLCJvaWQiOiJvIiwidGlkIjoidCIsInN1YiI6InMifQ";
        grant = "{\"token_type\":\"Bearer\",\"scope\":\"https://outlook.office.com/IMAP.AccessAsUser.All\","
                + "\"expires_in\":3600,\"ext_expires_in\":3600,\"access_token\":\"" + access
                + "\",\"refresh_token\":\"" + refresh + "\",\"id_token\":\"e30." + id
                + ".x\",\"client_info\":\"eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ\"}";
    }

    /** Whatever the answer is, there is a valid token in the file afterwards. */
    void provider(Fault fault) {
        var scrambler = new Scrambler(lab.effort.random(3));
        var home = lab.home(lab.login()).signedIn();
        var token = home.stored();
        for (int n = 0; n < lab.effort.inputs(150); n++) {
            var body = scrambler.of(List.of(grant, REFUSAL));
            int status = List.of(200, 200, 200, 400, 401).get(n % 5);
            fault.attempt("answer " + status + " " + Scrambler.shown(body), () -> renews(home, token, status, body));
        }
    }

    /** The same for each field of each answer, at a renewal and with a device code. */
    void fields(Fault fault) {
        var home = lab.home(lab.login()).signedIn();
        var token = home.stored();
        for (int round = 0; round < lab.effort.inputs(1); round++) {
            var random = lab.effort.random(31 + round);
            for (var answer : List.of(grant, REFUSAL))
                for (var field : FIELD.matcher(answer).results().toList()) {
                    var body = spoiled(answer, field.start(), field.end(), token, random);
                    fault.attempt(Scrambler.shown(field.group()) + " became " + Scrambler.shown(body),
                            () -> renews(home, token, answer == grant ? 200 : 400, body));
                }
            var elsewhere = lab.home(lab.login()).signedIn();
            var other = elsewhere.stored();
            for (var field : FIELD.matcher(DEVICE_CODE).results().toList()) {
                var body = spoiled(DEVICE_CODE, field.start(), field.end(), other, random);
                fault.attempt("device: " + Scrambler.shown(field.group()) + " became " + Scrambler.shown(body), () -> {
                    elsewhere.login.answerNext("devicecode", 200, Map.of("Content-Type", "application/json"), body);
                    elsewhere.get_token("--device", "--timeout", "1").runHere().exits(75, 77, 78);
                    check(elsewhere.stored().equals(other), "", "the token was lost");
                });
            }
        }
    }

    private static String spoiled(String answer, int from, int to, String heard, Random random) {
        var line = new Spoiler(random).spoil(answer, from, to);
        return line.text().repeat(Math.min(line.times(), 100)).replace(Spoiler.ECHO, heard);
    }

    private static void renews(Home home, String token, int status, String body) throws IOException {
        Disk.write(home.token(), token);
        Files.deleteIfExists(home.cache());
        home.login.answerNext("token", status, Map.of("Content-Type", "application/json"), body);
        var outcome = home.get_token("--access-token").runHere().exits(0, 75, 77, 78);
        boolean renewed = outcome.status == 0 && Text.printable(home.stored());
        check(home.stored().equals(token) || renewed, outcome, "the token was lost");
    }
}
