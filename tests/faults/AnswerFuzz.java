package faults;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import m365.Text;
import stand_in.Conversation;
import stand_in.FakeMail;

import static faults.Checks.check;

/** Fuzzes the answers of the other end: the identity provider's to a renewal, and a mail server's to everything. */
final class AnswerFuzz {
    private static final List<String> LINES = List.of("* OK ready", "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR",
            "A0 OK CAPABILITY completed.", "A1 OK AUTHENTICATE completed.", "* LIST (\\HasNoChildren) \"/\" INBOX",
            "* LIST () \"/\" {5}\r\nINBOX", "A2 OK LIST completed.", "* 3 EXISTS", "* OK [UIDVALIDITY 14] x",
            "* FLAGS (\\Seen)", "A3 OK [READ-ONLY] EXAMINE completed.", "* STATUS INBOX (UNSEEN 1)", "+ ",
            "+ eyJzdGF0dXMiOiI0MDAifQ==", "* BYE", "A1 NO failed", "A2 BAD no", "* SEARCH 1 2 3",
            "* NAMESPACE ((\"\" \"/\")) NIL NIL");

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

    void mailServer(Fault fault) {
        var login = lab.login();
        var scrambler = new Scrambler(lab.effort.random(4));
        for (int n = 0; n < lab.effort.inputs(60); n++) {
            var greeting = n % 4 == 0 ? scrambler.of(LINES) : "* OK ready";
            var answers = new ArrayList<String>();
            for (int i = 0; i < 40; i++) answers.add(i % 3 == 0 ? scrambler.of(LINES) : scrambler.one(LINES));
            var conversation = conversation(greeting, answers, n % 4 != 1);
            try (var server = FakeMail.serving(lab.ca.server(), true, conversation).start()) {
                fault.attempt("server " + n, () -> lab.home(login).signedIn().check_imap(Lab.USER).at("IMAP", server)
                        .runHere().exits(0, 69, 75));
            }
        }
    }

    /** @param capable whether the client gets in before the nonsense begins */
    private static Conversation conversation(String greeting, List<String> answers, boolean capable) {
        return client -> {
            client.say(greeting);
            int next = 0;
            for (var line = client.readLine(); line != null && next <= 40; line = client.readLine()) {
                var tag = line.split(" ")[0];
                if (capable && line.endsWith("CAPABILITY"))
                    client.say("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR", tag + " OK done");
                else if (capable && next == 0) {
                    client.say(tag + " OK in");
                    next++;
                } else {
                    for (int i = 0; i < 3; i++)
                        client.say(answers.get(next++ % answers.size()).replaceAll("^A\\d", tag));
                    client.say(tag + " OK done");
                }
            }
        };
    }
}
