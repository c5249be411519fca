package faults;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import m365.Text;
import stand_in.FakeLogin;
import stand_in.FakeMail;

import static faults.Checks.check;
import static faults.ProviderWireFaults.SECONDS;
import static java.nio.charset.StandardCharsets.UTF_8;

/** The identity provider answers a renewal with nonsense; and what cannot be a token is neither printed nor stored. */
final class ProviderAnswerFaults {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json; charset=utf-8");
    private static final Map<String, String> HTML = Map.of("Content-Type", "text/html");

    private static final String EVIL = "0.AEviltokenthatnobodyissued".repeat(9);
    private static final String NEW = "0.Anew" + "n".repeat(60);

    private final Lab lab;
    private final FakeLogin login;
    private final List<Callable<Void>> work = new ArrayList<>();

    ProviderAnswerFaults(Lab lab) {
        this.lab = lab;
        login = lab.login();
        lab.secret(EVIL);
    }

    void nonsense(Fault fault) throws Exception {
        notJson(fault);
        refusals(fault);
        rightAtFirstSight(fault);
        onceOrAlways(fault);
        SideBySide.run(6, lab.effort.some(work));
    }

    private void notJson(Fault fault) {
        nonsense(fault, "HTML", 200, HTML, "<html><title>Log in to the hotel</title></html>", 75);
        nonsense(fault, "HTML with a status of 503", 503, HTML, "<html>busy</html>", 75);
        nonsense(fault, "titles without end", 200, HTML, "<title".repeat(100_000), 75);
        nonsense(fault, "nothing", 200, JSON, "", 75);
        for (var broken : List.of("{", "[]", "null", "1", "\"text\"", "{\"access_token\":", "{\"access_token\":\"a\"",
                "}{", "{}{}", "{\"a\":1,}", "{'a':1}", "NaN", "{\"a\":NaN}", "{\"error\":5}", "{\"error\":{\"a\":[]}}",
                "{\"error\":[\"invalid_grant\"]}", "\uFEFF{}", "{\"\\ud800\":\"\\udfff\"}"))
            nonsense(fault, broken, 200, JSON, broken, 75);
        nonsense(fault, "200,000 brackets", 200, JSON, "[".repeat(200_000), 75);
        nonsense(fault, "200,000 objects", 200, JSON, "{\"a\":".repeat(200_000), 75);
    }

    private void refusals(Fault fault) {
        for (var status : List.of(200, 400, 401))
            for (var body : List.of("{}", "{\"error\":null}", "{\"error\":\"\"}",
                    "{\"error\":\"invalid_grant\",\"error_codes\":\"x\"}",
                    "{\"error\":\"\\u0000\\u001b[2J\\nget_token: fine\"}"))
                nonsense(fault, status + " " + body, status, JSON, body, 75, 77, 78);
        for (var much : List.of(" ".repeat(900_000), "\\n".repeat(400_000), "AADSTS".repeat(150_000),
                "a_".repeat(450_000), "eyJ".repeat(300_000), "Trace ID:".repeat(100_000)))
            nonsense(fault, "a long description of " + much.substring(0, 2), 400, JSON, refusal("no" + much + "x"), 77);
        nonsense(fault, "20,000 error codes", 400, JSON, "{\"error\":\"invalid_grant\",\"error_codes\":["
                + "600000,".repeat(20_000) + "1]}", 77);
        nonsense(fault, "throttled for a day", 429, Map.of("Retry-After", "86400"), "{\"error\":\"slow\"}", 75);
        nonsense(fault, "throttled for ever", 429, Map.of("Retry-After", "99999999999999999999"),
                "{\"error\":\"slow\"}", 75);
        nonsense(fault, "a refusal that repeats the secrets", 400, JSON, refusal(EVIL + " is wrong"), 77);
    }

    private static String refusal(String why) {
        return "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70000: " + why + "\"}";
    }

    /** Each differs in one place from an answer with which nothing is wrong. */
    private void rightAtFirstSight(Fault fault) {
        var good = answer(NEW);
        var access = "\"access_token\":";
        for (var value : List.of("\"\"", "5", "\"a\\\\nb\"", "\"\\\\u001b[2J\"", "null", "{}"))
            changed(fault, good, access + "\"[^\"]*\"", access + value);
        for (var value : List.of("\"abc\"", "1e400", "null")) changed(fault, good, "3600", value);
        changed(fault, good, "\"expires_in\":3600", "\"expires_in\":99999999999999999999");
        for (var value : List.of("\"\"", "\"x\"", "\"..\"", "\"a.!!.c\"", "\"a.bnVsbA.c\"", "7"))
            changed(fault, good, "\"e30.[^\"]*\"", value);
        for (var value : List.of("\"!\"", "\"bnVsbA\"", "[]")) changed(fault, good, "\"eyJ1a[^\"]*\"", value);
        for (var value : List.of("null", "[1]")) changed(fault, good, "\"scope\":\"[^\"]*\"", "\"scope\":" + value);
        changed(fault, good, "\"Bearer\"", "\"MAC\"");
        for (var token : List.of("\"null\"", "\"undefined\"", "\"x\"", "\"<html>\"", "\"signed-out\"",
                "\"<html><body></body></html>\"", "null", "\"\"", "\" \"", "\"a\\nb\"", "\"\\u0000\"", "{}",
                "\"\\ud83d\\ude00\"",
                "\"" + "x".repeat(900_000) + "\""))
            nonsense(fault, "a new refresh token " + token.substring(0, Math.min(token.length(), 20)), 200, JSON,
                    good.replace("\"" + NEW + "\"", token), 0, 75);
    }

    /** With which nothing is wrong, but that its tokens are nobody's. */
    static String answer(String refreshToken) {
        var claims = "{\"preferred_username\":\"jan@uva.example\",\"oid\":\"o\",\"tid\":\"t\",\"sub\":\"s\"}";
        var id = Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8));
        return "{\"token_type\":\"Bearer\",\"scope\":\"https://outlook.office.com/IMAP.AccessAsUser.All\","
                + "\"expires_in\":3600,\"access_token\":\"" + EVIL + "\",\"refresh_token\":\"" + refreshToken
                + "\",\"id_token\":\"e30." + id + ".x\",\"client_info\":\"eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ\"}";
    }

    private void changed(Fault fault, String good, String regex, String replacement) {
        nonsense(fault, "an answer with " + replacement, 200, JSON, good.replaceFirst(regex, replacement), 0, 75);
    }

    private void onceOrAlways(Fault fault) {
        work.add(trial(fault, "500, then fine", () -> {
            var home = lab.home(lab.login()).signedIn();
            home.login.answerNext("token", 500, JSON, "{\"error\":\"server_error\"}");
            home.get_token("--access-token").run().printsToken();
        }));
        work.add(trial(fault, "500 without end", () -> {
            var home = lab.home(lab.login()).signedIn();
            for (int i = 0; i < 9; i++) home.login.answerNext("token", 500, HTML, "oops");
            home.get_token("--access-token").run().exits(75).within(SECONDS);
            int requests = home.login.requests("token").size();
            check(requests <= 3, requests, "requests");
        }));
        work.add(trial(fault, "a wrong content type", () -> {
            var home = lab.home(lab.login()).signedIn();
            home.login.answerNext("token", 200, Map.of("Content-Type", "image/png"), "{\"error\":\"x\"}");
            home.get_token("--access-token").run().exits(0, 75, 77);
        }));
    }

    private static Callable<Void> trial(Fault fault, String what, Fault.Attempt attempt) {
        return () -> {
            fault.attempt(what, attempt);
            return null;
        };
    }

    private void nonsense(Fault fault, String what, int httpStatus, Map<String, String> headers, String body,
            int... statuses) {
        var answer = "HTTP/1.1 " + httpStatus + " Whatever\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n"
                + headers.entrySet().stream().map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                        .collect(Collectors.joining()) + "\r\n" + body;
        work.add(trial(fault, what.length() > 60 ? what.substring(0, 60) + "…" : what, () -> {
            try (var server = FakeMail.serving(lab.ca.server(), true, client -> {
                Misbehaviour.readRequest(client);
                client.write(answer.getBytes(UTF_8));
            }).start()) {
                renew(what, server.port(), body.length(), statuses);
            }
        }));
    }

    /** What is large, or keeps MSAL busy, gets a process of its own with little memory; else this JVM will do. */
    private void renew(String what, int port, int length, int... statuses) {
        var home = lab.home(login).signedIn();
        var before = home.stored();
        var program = home.get_token("--access-token").with("M365_AUTHORITY", "https://localhost:" + port + "/common");
        // MSAL 1.26.0 reads a client_info that is a list for ever; a process of ours gives up after 20 seconds.
        boolean endless = what.equals("an answer with []");
        // In this JVM, after 20 seconds it would have been given up, and its thread left to work on.
        var outcome = endless ? program.run().exits(75) : length > 100_000 ? program.run().exits(statuses)
                : program.runHere().exits(statuses).within(18);
        outcome.within(SECONDS);
        var stored = home.stored();
        boolean renewed = outcome.status == 0 && (stored.equals(NEW) || stored.length() == 900_000);
        check(stored.equals(before) || renewed, outcome,
                "the token was lost: the file has " + stored.length() + " characters");
        if (outcome.status == 0)
            check(Text.printable(outcome.out.strip()), outcome.out.length(), "what was printed cannot be a token");
    }
}
