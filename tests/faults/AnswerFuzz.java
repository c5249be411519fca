package faults;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import m365.Text;

import static faults.Checks.check;

/** Fuzzes the identity provider's answers to a renewal. */
final class AnswerFuzz {
    private final Lab lab;

    AnswerFuzz(Lab lab) { this.lab = lab; }

    /** Whatever the answer is, there is a valid token in the file afterwards. */
    void provider(Fault fault) {
        var access = lab.secret("eyJ0eXAi.fuzzedaccess" + "token0123456789ABCDEF".repeat(9) + ".x");
        var refresh = lab.secret("0.Afuzzedrefresh" + "token0123456789ABCDEF".repeat(9));
        var id = "eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJqYW5AdXZhLmV4YW1wbGUiLCJvaWQiOiJvIiwidGlkIjoidCIsInN1YiI6InMifQ";
        var seeds = List.of("{\"token_type\":\"Bearer\",\"scope\":\"https://outlook.office.com/IMAP.AccessAsUser.All\","
                + "\"expires_in\":3600,\"ext_expires_in\":3600,\"access_token\":\"" + access
                + "\",\"refresh_token\":\"" + refresh + "\",\"id_token\":\"e30." + id
                + ".x\",\"client_info\":\"eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ\"}",
                "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70000: no\",\"error_codes\":[70000],"
                + "\"suberror\":\"bad_token\",\"trace_id\":\"x\"}");
        var scrambler = new Scrambler(lab.effort.random(3));
        var home = lab.home(lab.login()).signedIn();
        var token = home.stored();
        for (int n = 0; n < lab.effort.inputs(150); n++) {
            var body = scrambler.of(seeds);
            int status = List.of(200, 200, 200, 400, 401).get(n % 5);
            fault.attempt("answer " + status + " " + Scrambler.shown(body), () -> {
                Disk.write(home.token(), token);
                Files.deleteIfExists(home.cache());
                home.login.answerNext("token", status, Map.of("Content-Type", "application/json"), body);
                var outcome = home.get_token("--access-token").runHere().exits(0, 75, 77, 78);
                boolean renewed = outcome.status == 0 && Text.printable(home.stored());
                check(home.stored().equals(token) || renewed, outcome, "the token was lost");
            });
        }
    }
}
