//JAVA 17+
//SOURCES faults.java

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** The other end misbehaves: the identity provider and the mail servers. Bounded in time, and in memory by -Xmx64m. */
final class faults_peers {
    /** What a renewal may take at most, with some for a busy machine. */
    private static final int SECONDS = 45;
    /** A mail server that never stops is cut off after a minute; then some for a busy machine. */
    private static final int MAIL_SECONDS = 100;
    private static final int SIDE_BY_SIDE = 12;

    private final faults suite;
    private final faults_lab lab;

    faults_peers(faults suite) {
        this.suite = suite;
        this.lab = suite.lab;
    }

    void all() {
        suite.fault("provider: misbehaves on the wire", this::providerOnTheWire);
        suite.fault("provider: answers nonsense", this::providerNonsense);
        suite.fault("provider: misbehaves during a sign-in", this::providerDuringSignIn);
        suite.fault("mail: servers misbehave", this::mailServers);
        suite.fault("mail: no password, no plain text", this::noWayDown);
    }

    private interface Check {
        void of(faults_lab.Home home, faults_lab.Outcome outcome);
    }

    // ---- the identity provider ---------------------------------------------------------------------------------------

    /** A server that reads a request (or not) and then does as it likes. */
    private fake_mail server(boolean tls, fake_mail.Conversation conversation) {
        return fake_mail.serving(lab.ca.server(), tls, conversation).start();
    }

    /** Reads an HTTP request to its end, as far as a test needs it. */
    private static void request(fake_mail.Connection client) throws IOException {
        int length = 0;
        for (var line = client.readLine(); line != null && !line.isEmpty(); line = client.readLine())
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) length = Integer.parseInt(line.substring(15).strip());
        client.in().readNBytes(length);
    }

    private static fake_mail.Conversation answering(String... pieces) {
        return client -> {
            request(client);
            for (var piece : pieces) client.write(piece.getBytes(ISO_8859_1));
        };
    }

    private static fake_mail.Conversation endlessly(String first, String piece, int pauseMillis) {
        return client -> {
            request(client);
            client.write(first.getBytes(ISO_8859_1));
            var bytes = piece.getBytes(ISO_8859_1);
            while (pauseMillis == 0 || client.pause(pauseMillis)) client.write(bytes);
        };
    }

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private void providerOnTheWire(faults.Fault fault) throws Exception {
        var work = new ArrayList<Callable<Void>>();
        var letters = "x".repeat(8192);
        onTheWire(fault, work, "hangs after accept", server(false, client -> client.pause(600_000)), 75);
        onTheWire(fault, work, "hangs up after accept", server(false, client -> { }), 75, 78);
        onTheWire(fault, work, "speaks no TLS", server(false, client -> client.say("220 mail.example ESMTP")), 78);
        onTheWire(fault, work, "drips its TLS handshake", server(false, client -> {
            client.write(new byte[] {22, 3, 3, 64, 0});
            while (client.pause(500)) client.write(new byte[] {2});
        }), 75, 78);
        onTheWire(fault, work, "hangs before the answer", server(true, client -> { request(client); client.pause(600_000); }), 75);
        onTheWire(fault, work, "hangs up before the answer", server(true, answering()), 75);
        onTheWire(fault, work, "half a header, then hangs up", server(true, answering("HTTP/1.1 200 O")), 75);
        onTheWire(fault, work, "half a header, then hangs", server(true, endlessly("HTTP/1.1 200 O", "", 1000)), 75);
        onTheWire(fault, work, "drips its header", server(true, endlessly("HTTP/1.1 200 OK\r\nX: ", "x", 500)), 75);
        onTheWire(fault, work, "drips its body", server(true, endlessly(OK + "\r\n{\"a\":\"", "x", 500)), 75);
        onTheWire(fault, work, "a header without end", server(true, endlessly("HTTP/1.1 200 OK\r\nX: ", letters, 0)), 75);
        onTheWire(fault, work, "headers without end", server(true, endlessly("HTTP/1.1 200 OK\r\n", "X: y\r\n".repeat(1000), 0)), 75);
        onTheWire(fault, work, "continues without end", server(true, endlessly("", "HTTP/1.1 100 Continue\r\n\r\n".repeat(100), 0)), 75);
        onTheWire(fault, work, "1 GB", server(true, client -> {
            request(client);
            client.write((OK + "Content-Length: 1073741824\r\n\r\n{\"access_token\":\"").getBytes(ISO_8859_1));
            for (long sent = 0; sent < 1L << 30; sent += letters.length()) client.write(letters.getBytes(ISO_8859_1));
        }), 75);
        onTheWire(fault, work, "1 GB in chunks", server(true, endlessly(OK + "Transfer-Encoding: chunked\r\n\r\n", "2000\r\n" + letters + "\r\n", 0)), 75);
        onTheWire(fault, work, "a chunk of 16 EB", server(true, answering(OK + "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n{}")), 75);
        onTheWire(fault, work, "a negative length", server(true, answering(OK + "Content-Length: -5\r\n\r\n{}")), 75);
        onTheWire(fault, work, "less than announced", server(true, answering(OK + "Content-Length: 4000\r\n\r\n{\"access_token\":\"a")), 75);
        onTheWire(fault, work, "no HTTP", server(true, answering("* OK IMAP4rev1 ready\r\n")), 75);
        onTheWire(fault, work, "bytes", server(true, client -> { request(client); client.write(new byte[100_000]); }), 75);
        onTheWire(fault, work, "status 999", server(true, answering("HTTP/1.1 999 What\r\nContent-Length: 2\r\n\r\n{}")), 75);
        onTheWire(fault, work, "status -1", server(true, answering("HTTP/1.1 -1 What\r\nContent-Length: 2\r\n\r\n{}")), 75);
        onTheWire(fault, work, "wants a login of HTTP's", server(true, answering("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")), 75);
        onTheWire(fault, work, "another host's certificate", fake_mail.serving(lab.ca.wrongHost("other.example"), true, answering(OK)).start(), 78);
        onTheWire(fault, work, "a stranger's certificate", fake_mail.serving(lab.ca.unknownAuthority(), true, answering(OK)).start(), 78);
        onTheWire(fault, work, "an old certificate", fake_mail.serving(lab.ca.expired(), true, answering(OK)).start(), 78);
        // Who is sent elsewhere must not go there, least of all in the clear.
        for (var scheme : List.of("http", "https")) {
            var elsewhere = server(scheme.equals("https"), answering(OK + "Content-Length: 2\r\n\r\n{}"));
            for (var status : List.of("301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"))
                work.add(renewal(fault, status + " to " + scheme, server(true, answering("HTTP/1.1 " + status + "\r\nLocation: " + scheme + "://localhost:"
                        + elsewhere.port() + "/token\r\nContent-Length: 0\r\n\r\n")), (home, outcome) -> {
                    outcome.exits(75);
                    faults_lab.check(elsewhere.connections() == 0, elsewhere.heard(), "the redirect was followed");
                }));
        }
        work.add(() -> {
            fault.attempt("refuses", () -> {
                int closed;
                try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) { closed = socket.getLocalPort(); }
                renew(null, "https://localhost:" + closed + "/common").exits(75).within(SECONDS);
            });
            return null;
        });
        faults.sideBySide(SIDE_BY_SIDE, work);
    }

    private void onTheWire(faults.Fault fault, List<Callable<Void>> work, String what, fake_mail server, int... statuses) {
        work.add(renewal(fault, what, server, (home, outcome) -> outcome.exits(statuses)));
    }

    private Callable<Void> renewal(faults.Fault fault, String what, fake_mail server, Check check) {
        return () -> {
            try (server) {
                fault.attempt(what, () -> renew(check, "https://localhost:" + server.port() + "/common").within(SECONDS));
            }
            return null;
        };
    }

    /** Renews; whatever comes of it, the old token must stay. */
    private faults_lab.Outcome renew(Check check, String authority) {
        var home = lab.home(quiet()).signedIn();
        var before = home.contents();
        var outcome = home.get_token("--access-token").with("M365_AUTHORITY", authority).run();
        if (check != null) check.of(home, outcome);
        faults_lab.check(home.contents().equals(before), home.contents(), "changed");
        return outcome;
    }

    private fake_login quiet;

    /** Only to hand out tokens. */
    private synchronized fake_login quiet() {
        if (quiet == null) quiet = lab.login();
        return quiet;
    }

    // ---- answers that are not ------------------------------------------------------------------------------------------

    private void providerNonsense(faults.Fault fault) throws Exception {
        var login = lab.login();
        var json = Map.of("Content-Type", "application/json; charset=utf-8");
        var html = Map.of("Content-Type", "text/html");
        var work = new ArrayList<Callable<Void>>();
        var evil = lab.secret("0.AEviltokenthatnobodyissued".repeat(9));
        nonsense(fault, login, "HTML", 200, html, "<html><title>Log in to the hotel</title></html>", 75);
        nonsense(fault, login, "HTML with a status of 503", 503, html, "<html>busy</html>", 75);
        nonsense(fault, login, "titles without end", 200, html, "<title".repeat(100_000), 75);
        nonsense(fault, login, "nothing", 200, json, "", 75);
        for (var broken : List.of("{", "[]", "null", "1", "\"text\"", "{\"access_token\":", "{\"access_token\":\"a\"", "}{", "{}{}", "{\"a\":1,}", "{'a':1}",
                "NaN", "{\"a\":NaN}", "{\"error\":5}", "{\"error\":{\"a\":[]}}", "{\"error\":[\"invalid_grant\"]}", "\uFEFF{}", "{\"\\ud800\":\"\\udfff\"}"))
            nonsense(fault, login, broken, 200, json, broken, 75);
        nonsense(fault, login, "200,000 brackets", 200, json, "[".repeat(200_000), 75);
        nonsense(fault, login, "200,000 objects", 200, json, "{\"a\":".repeat(200_000), 75);
        for (var status : List.of(200, 400, 401))
            for (var body : List.of("{}", "{\"error\":null}", "{\"error\":\"\"}", "{\"error\":\"invalid_grant\",\"error_codes\":\"x\"}", "{\"error\":\"\\u0000\\u001b[2J\\nget_token: fine\"}"))
                nonsense(fault, login, status + " " + body, status, json, body, 75, 77, 78);
        for (var spaces : List.of(" ".repeat(900_000), "\\n".repeat(400_000), "AADSTS".repeat(150_000), "a_".repeat(450_000), "eyJ".repeat(300_000), "Trace ID:".repeat(100_000)))
            nonsense(fault, login, "a long description of " + spaces.substring(0, 2), 400, json,
                    "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70000: no" + spaces + "x\"}", 77);
        nonsense(fault, login, "throttled for a day", 429, Map.of("Retry-After", "86400"), "{\"error\":\"slow\"}", 75);
        nonsense(fault, login, "throttled for ever", 429, Map.of("Retry-After", "99999999999999999999"), "{\"error\":\"slow\"}", 75);
        nonsense(fault, login, "a refusal that repeats the secrets", 400, json, "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70000: " + evil + " is wrong\"}", 77);
        // Answers that look right at first sight. What cannot be a token is neither printed nor stored.
        var id = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"preferred_username\":\"jan@uva.example\",\"oid\":\"o\",\"tid\":\"t\",\"sub\":\"s\"}".getBytes(UTF_8));
        var good = "{\"token_type\":\"Bearer\",\"scope\":\"https://outlook.office.com/IMAP.AccessAsUser.All\",\"expires_in\":3600,\"access_token\":\"" + evil
                + "\",\"refresh_token\":\"0.Anew\",\"id_token\":\"e30." + id + ".x\",\"client_info\":\"eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ\"}";
        for (var change : List.of("\"access_token\":\"[^\"]*\" \"access_token\":\"\"", "\"access_token\":\"[^\"]*\" \"access_token\":5", "\"access_token\":\"[^\"]*\" \"access_token\":\"a\\\\nb\"",
                "\"access_token\":\"[^\"]*\" \"access_token\":\"\\\\u001b[2J\"", "\"access_token\":\"[^\"]*\" \"access_token\":null", "\"access_token\":\"[^\"]*\" \"access_token\":{}",
                "3600 \"abc\"", "3600 1e400", "3600 null", "\"expires_in\":3600 \"expires_in\":99999999999999999999",
                "\"e30.[^\"]*\" \"\"", "\"e30.[^\"]*\" \"x\"", "\"e30.[^\"]*\" \"..\"", "\"e30.[^\"]*\" \"a.!!.c\"", "\"e30.[^\"]*\" \"a.bnVsbA.c\"", "\"e30.[^\"]*\" 7",
                "\"eyJ1a[^\"]*\" \"!\"", "\"eyJ1a[^\"]*\" \"bnVsbA\"", "\"eyJ1a[^\"]*\" []", "\"scope\":\"[^\"]*\" \"scope\":null", "\"scope\":\"[^\"]*\" \"scope\":[1]", "\"Bearer\" \"MAC\""))
            nonsense(fault, login, "an answer with " + change.split(" ", 2)[1], 200, json, good.replaceFirst(change.split(" ", 2)[0], change.split(" ", 2)[1]), 0, 75);
        for (var token : List.of("\"\"", "\" \"", "\"a\\nb\"", "\"\\u0000\"", "{}", "\"\\ud83d\\ude00\"", "\"" + "x".repeat(900_000) + "\""))
            nonsense(fault, login, "a new refresh token " + token.substring(0, Math.min(token.length(), 20)), 200, json, good.replace("\"0.Anew\"", token), 0, 75);
        work.add(() -> {
            fault.attempt("500, then fine", () -> {
                var home = lab.home(lab.login()).signedIn();
                home.login.answerNext("token", 500, json, "{\"error\":\"server_error\"}");
                home.get_token("--access-token").run().printsToken();
            });
            fault.attempt("500 without end", () -> {
                var home = lab.home(lab.login()).signedIn();
                for (int i = 0; i < 9; i++) home.login.answerNext("token", 500, html, "oops");
                home.get_token("--access-token").run().exits(75).within(SECONDS);
                faults_lab.check(home.login.requests("token").size() <= 3, home.login.requests("token").size(), "requests");
            });
            fault.attempt("a wrong content type", () -> {
                var home = lab.home(login).signedIn();
                login.answerNext("token", 200, Map.of("Content-Type", "image/png"), "{\"error\":\"x\"}");
                home.get_token("--access-token").run().exits(0, 75, 77);
            });
            return null;
        });
        faults.sideBySide(2, work);
    }

    /** What is large, or known to keep MSAL busy, gets a process of its own with little memory; for the others this JVM will do. */
    private void nonsense(faults.Fault fault, fake_login login, String what, int httpStatus, Map<String, String> headers, String body, int... statuses) {
        var answer = "HTTP/1.1 " + httpStatus + " Whatever\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n"
                + headers.entrySet().stream().map(h -> h.getKey() + ": " + h.getValue() + "\r\n").collect(Collectors.joining()) + "\r\n" + body;
        try (var server = server(true, client -> { request(client); client.write(answer.getBytes(UTF_8)); })) {
            fault.attempt(what.length() > 60 ? what.substring(0, 60) + "…" : what, () -> {
                var home = lab.home(login).signedIn();
                var before = home.stored();
                var program = home.get_token("--access-token").with("M365_AUTHORITY", "https://localhost:" + server.port() + "/common");
                // MSAL 1.26.0 reads a client_info that is a list for ever; a process of ours gives up after 20 seconds and ends.
                boolean endless = what.equals("an answer with []");
                var outcome = endless ? program.run().exits(75) : body.length() > 100_000 ? program.run().exits(statuses)
                        : program.runHere().exits(statuses).within(18); // after 20 it would have been given up, and its thread left to work on
                outcome.within(SECONDS);
                var stored = home.stored();
                faults_lab.check(stored.equals(before) || outcome.status == 0 && (stored.equals("0.Anew") || stored.length() == 900_000),
                        outcome, "the token was lost: the file has " + stored.length() + " characters");
                if (outcome.status == 0) faults_lab.check(config.printable(outcome.out.strip()), outcome.out.length(), "what was printed cannot be a token");
            });
        }
    }

    // ---- at a sign-in --------------------------------------------------------------------------------------------------

    /** A code must not be sent twice, and a sign-in that failed leaves the old token. */
    private void providerDuringSignIn(faults.Fault fault) throws Exception {
        var work = new ArrayList<Callable<Void>>();
        interface Break {
            void in(fake_login login);
        }
        var breaks = new LinkedHashMap<String, Break>();
        breaks.put("500", login -> login.answerNext("token", 500, Map.of(), "{}"));
        breaks.put("HTML", login -> login.answerNext("token", 200, Map.of(), "<html></html>"));
        breaks.put("hangs", login -> login.hangNext("token", Duration.ofSeconds(60)));
        breaks.put("hangs in the middle", login -> login.hangMidAnswerNext("token", Duration.ofSeconds(60)));
        breaks.put("redirects to http", login -> login.redirectNext("token", "http://localhost:1/"));
        breaks.put("half a header", login -> login.answerNext("token", 200, Map.of("Content-Length", "5"), ""));
        breaks.forEach((what, breaking) -> work.add(() -> {
            fault.attempt(what + ", then the next sign-in works", () -> {
                var home = lab.home(lab.login()).signedIn();
                var before = home.contents();
                breaking.in(home.login);
                faults_listener.signIn(home, home.get_token("--no-browser").start()).exits(75, 77, 78).within(SECONDS);
                faults_lab.check(home.contents().equals(before), home.contents(), "changed");
                faults_lab.check(home.login.requests("token").size() == 1, home.login.requests("token").size(), "requests with one code");
                faults_listener.signIn(home, home.get_token("--no-browser").start()).exits(0);
            });
            return null;
        }));
        for (var endpoint : List.of("devicecode", "token"))
            work.add(() -> {
                fault.attempt("nonsense during a device sign-in, " + endpoint, () -> {
                    var home = lab.home(lab.login()).signedIn();
                    home.login.deviceInterval(1);
                    var before = home.contents();
                    for (int i = 0; i < 3; i++) home.login.answerNext(endpoint, 200, Map.of(), "{\"interval\":-1,\"expires_in\":\"x\"}");
                    home.get_token("--device", "--timeout", "20").run().exits(75, 77, 78).within(SECONDS);
                    faults_lab.check(home.contents().equals(before), home.contents(), "changed");
                });
                return null;
            });
        faults.sideBySide(SIDE_BY_SIDE, work);
    }

    // ---- mail servers ------------------------------------------------------------------------------------------------

    private enum Mail {
        IMAP, SMTP, POP;

        fake_mail healthy(faults_lab lab) { return this == IMAP ? lab.imap() : this == SMTP ? fake_mail.smtp(lab.ca) : fake_mail.pop(lab.ca); }

        boolean tls() { return this != SMTP; }

        String hello() { return this == IMAP ? "* OK ready" : this == SMTP ? "220 ready" : "+OK ready"; }

        /** The command in whose answer a server can go wrong, before the login and after it. */
        List<String> commands() {
            return this == IMAP ? List.of("CAPABILITY", "AUTHENTICATE XOAUTH2 *", "LIST *", "EXAMINE *", "STATUS *")
                    : this == SMTP ? List.of("EHLO *", "STARTTLS", "AUTH XOAUTH2 *", "MAIL FROM:*") : List.of("CAPA", "AUTH XOAUTH2", "STAT");
        }
    }

    /** Checks a mailbox where one of the servers is {@code server} and the others are well. */
    private faults_lab.Outcome look(Mail mail, fake_mail server, fake_login login) { return look(mail, server, login, true); }

    private faults_lab.Outcome look(Mail mail, fake_mail server, fake_login login, boolean process) {
        try (var imap = lab.imap().start()) {
            var home = lab.home(login).signedIn();
            var program = mail == Mail.SMTP ? home.check_imap("--smtp", faults_lab.USER) : mail == Mail.POP ? home.check_imap("--pop", faults_lab.USER)
                    : home.check_imap(faults_lab.USER);
            program.with("M365_IMAP_HOST", "localhost").with("M365_IMAP_PORT", imap.port())
                    .with("M365_SCOPES", "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send https://outlook.office.com/POP.AccessAsUser.All")
                    .with("M365_" + mail + "_HOST", "localhost").with("M365_" + mail + "_PORT", server.port());
            var outcome = (process ? program.run() : program.runHere()).within(MAIL_SECONDS);
            noPassword(server);
            return outcome;
        }
    }

    /** Whatever the server says, it hears XOAUTH2 or nothing. */
    private static void noPassword(fake_mail server) {
        for (var line : server.heard()) {
            var command = line.replaceFirst("^A\\d+ ", "").toUpperCase(Locale.ROOT);
            for (var bad : List.of("LOGIN", "AUTHENTICATE PLAIN", "AUTHENTICATE LOGIN", "AUTH PLAIN", "AUTH LOGIN", "USER ", "PASS ", "APOP "))
                faults_lab.check(!command.startsWith(bad), bad, "a password was offered");
        }
    }

    private void mailServers(faults.Fault fault) throws Exception {
        var login = lab.login();
        login.accessTokenSeconds(4000);
        var work = new ArrayList<Callable<Void>>();
        var letters = "x".repeat(8192).getBytes(ISO_8859_1);
        for (var mail : Mail.values()) {
            bad(fault, work, login, mail, "hangs after accept", server(false, client -> client.pause(600_000)), 69, 75, 78);
            bad(fault, work, login, mail, "hangs up after accept", server(false, client -> { }), 69, 75, 78);
            bad(fault, work, login, mail, "hangs before the greeting", server(mail.tls(), client -> client.pause(600_000)), 69, 75);
            bad(fault, work, login, mail, "half a greeting, then hangs", server(mail.tls(), client -> { client.write("* O".getBytes(ISO_8859_1)); client.pause(600_000); }), 69, 75);
            bad(fault, work, login, mail, "half a greeting, then hangs up", server(mail.tls(), client -> client.write("* O".getBytes(ISO_8859_1))), 69, 75);
            bad(fault, work, login, mail, "a greeting that never ends", server(mail.tls(), client -> {
                client.write(mail.hello().getBytes(ISO_8859_1));
                while (client.pause(100)) client.write(new byte[] {'.'});
            }), 69, 75);
            bad(fault, work, login, mail, "greets with lines that never end", server(mail.tls(), client -> {
                while (client.pause(100)) client.say(mail == Mail.SMTP ? "220-more" : "* more");
            }), 69, 75);
            bad(fault, work, login, mail, "a greeting of 1 GB", server(mail.tls(), client -> {
                client.write(mail.hello().getBytes(ISO_8859_1));
                for (long sent = 0; sent < 1L << 30; sent += letters.length) client.write(letters);
            }), 69, 75);
            bad(fault, work, login, mail, "HTML", server(mail.tls(), client -> client.say("HTTP/1.1 400 Bad Request", "", "<html></html>")), 69, 75);
            bad(fault, work, login, mail, "bytes", server(mail.tls(), client -> client.write(new byte[100_000])), 69, 75);
            bad(fault, work, login, mail, "drips its TLS handshake", server(false, client -> {
                if (mail == Mail.SMTP) {
                    client.say("220 ready");
                    client.readLine();
                    client.say("250-localhost", "250 STARTTLS");
                    client.readLine();
                    client.say("220 go ahead");
                }
                client.write(new byte[] {22, 3, 3, 64, 0});
                while (client.pause(500)) client.write(new byte[] {2});
            }), 69, 75, 78);
            if (mail.tls()) bad(fault, work, login, mail, "speaks no TLS", mail.healthy(lab).withoutTls().start(), 78);
            bad(fault, work, login, mail, "another host's certificate", mail.healthy(lab).certificate(lab.ca.wrongHost("other.example")).start(), 69, 78);
            bad(fault, work, login, mail, "a stranger's certificate", mail.healthy(lab).certificate(lab.ca.unknownAuthority()).start(), 69, 78);
            bad(fault, work, login, mail, "an old certificate", mail.healthy(lab).certificate(lab.ca.expired()).start(), 69, 78);
            for (var command : mail.commands()) {
                bad(fault, work, login, mail, "silent at " + command, mail.healthy(lab).on(command, fake_mail.SILENCE).start(), 69, 75);
                bad(fault, work, login, mail, "hangs up at " + command, mail.healthy(lab).on(command, fake_mail.HANG_UP).start(), 69, 75);
                bad(fault, work, login, mail, "a line of 50 MB at " + command, mail.healthy(lab).on(command, client -> {
                    client.write((mail == Mail.SMTP ? "250-" : "* ").getBytes(ISO_8859_1));
                    for (int sent = 0; sent < 50_000_000; sent += letters.length) client.write(letters);
                    client.say("");
                }).start(), 69, 75);
                bad(fault, work, login, mail, "lines without end at " + command, mail.healthy(lab).on(command, client -> {
                    var line = ((mail == Mail.SMTP ? "250-more\r\n" : mail == Mail.POP ? "+OK\r\n" : "* LIST () \"/\" x\r\n").repeat(100)).getBytes(ISO_8859_1);
                    while (true) client.write(line);
                }).start(), 0, 69, 75);
                bad(fault, work, login, mail, "asks again and again at " + command, mail.healthy(lab).on(command, client -> {
                    for (int i = 0; i < 20_000; i++) client.say(mail == Mail.SMTP ? "334 " : "+ ");
                    client.pause(600_000);
                }).start(), 0, 69, 75);
                bad(fault, work, login, mail, "nonsense at " + command, mail.healthy(lab).on(command, client -> client.say("* 99999999999999999999 EXISTS",
                        "* LIST (((((((", "* STATUS", "999999 x", "* BAD \"", client.tagged("WHAT"), "* OK [UIDVALIDITY -1]", "-5 x", "")).start(), 0, 69, 75);
                var echo = mail.healthy(lab);
                bad(fault, work, login, mail, "repeats what it heard at " + command, echo.on(command, client -> {
                    if (command.equals("AUTH XOAUTH2")) {
                        client.say("+ ");
                        client.readLine();
                    }
                    var said = echo.heard().get(echo.heard().size() - 1);
                    client.say(client.tagged(mail == Mail.SMTP ? "535 5.7.3 " + said : mail == Mail.POP ? "-ERR " + said : "NO " + said));
                }).start(), 69, 75);
            }
        }
        for (var command : Mail.IMAP.commands()) {
            bad(fault, work, login, Mail.IMAP, "a literal of 2 GB at " + command, fake_mail.literalBomb(lab.ca, command).start(), 69, 75);
            bad(fault, work, login, Mail.IMAP, "a literal that is no number at " + command, lab.imap()
                    .on(command, "* LIST () \"/\" {99999999999999}", "* X {-1}", fake_mail.SILENCE).start(), 69, 75);
            bad(fault, work, login, Mail.IMAP, "200,000 brackets at " + command, lab.imap()
                    .on(command, "* LIST " + "(".repeat(200_000), "OK done").start(), 0, 69, 75);
        }
        bad(fault, work, login, Mail.IMAP, "a literal of 2 GB for a greeting", lab.imap().greeting("* OK {2147483639}", fake_mail.SILENCE).start(), 69, 75);
        bad(fault, work, login, Mail.IMAP, "wants no login", lab.imap().greeting("* PREAUTH welcome").start(), 69);
        bad(fault, work, login, Mail.IMAP, "says BYE", fake_mail.byeAfterGreeting(lab.ca).start(), 69, 75);
        bad(fault, work, login, Mail.IMAP, "lies about the login", fake_mail.authenticatedButNotConnected(lab.ca).start(), 69);
        for (var mail : Mail.values())
            work.add(() -> {
                fault.attempt(mail + " refuses the connection", () -> {
                    var gone = mail.healthy(lab).start();
                    gone.close();
                    look(mail, gone, login).exits(75);
                });
                return null;
            });
        faults.sideBySide(SIDE_BY_SIDE, work);
    }

    /** These are tried in a process of their own, with little memory. */
    private static final Pattern HUGE = Pattern.compile("\\d [GM]B|without end|never end|,000|drips|again and again");

    private void bad(faults.Fault fault, List<Callable<Void>> work, fake_login login, Mail mail, String what, fake_mail server, int... statuses) {
        work.add(() -> {
            try (server) {
                fault.attempt(mail + " " + what, () -> look(mail, server, login, HUGE.matcher(what).find()).exits(statuses));
            }
            return null;
        });
    }

    // ---- downgrades ----------------------------------------------------------------------------------------------------

    private void noWayDown(faults.Fault fault) throws Exception {
        var login = lab.login();
        var work = new ArrayList<Callable<Void>>();
        // None of these may hear a token.
        var silent = new LinkedHashMap<fake_mail, Mail>();
        silent.put(fake_mail.starttlsStripped(lab.ca), Mail.SMTP);
        silent.put(fake_mail.smtp(lab.ca).on("STARTTLS", "454 4.7.0 TLS not available"), Mail.SMTP);
        silent.put(fake_mail.smtp(lab.ca).on("STARTTLS", "220 go ahead"), Mail.SMTP); // and goes on in the clear
        silent.put(fake_mail.smtp(lab.ca).on("EHLO *", "502 5.5.1 what?").on("HELO *", "250 localhost"), Mail.SMTP);
        silent.put(fake_mail.smtp(lab.ca).on("EHLO *", client -> client.say(client.isSecure() ? "250-localhost\r\n250 AUTH PLAIN LOGIN NTLM" : "250-localhost\r\n250 STARTTLS")), Mail.SMTP);
        silent.put(fake_mail.smtp(lab.ca).certificate(lab.ca.unknownAuthority()), Mail.SMTP);
        silent.put(fake_mail.withoutXoauth2(lab.ca), Mail.IMAP);
        silent.put(lab.imap().on("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN", "OK done").on("LOGIN *", "OK in").on("AUTHENTICATE *", "OK in"), Mail.IMAP);
        silent.put(lab.imap().on("CAPABILITY", "* CAPABILITY IMAP4rev1", "OK done").on("LOGIN *", "OK in"), Mail.IMAP);
        silent.put(lab.imap().greeting("* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN] ready").on("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=LOGIN", "OK done"), Mail.IMAP);
        silent.put(lab.imap().withoutTls(), Mail.IMAP);
        silent.put(fake_mail.pop(lab.ca).withoutTls(), Mail.POP);
        silent.put(fake_mail.pop(lab.ca).on("CAPA", "+OK", "USER", "SASL PLAIN LOGIN", ".").on("USER *", "+OK").on("PASS *", "+OK in"), Mail.POP);
        silent.put(fake_mail.pop(lab.ca).on("CAPA", "-ERR no"), Mail.POP);
        silent.forEach((server, mail) -> work.add(() -> {
            try (var started = server.start()) {
                fault.attempt(mail + " must hear no token", () -> {
                    look(mail, started, login).exits(69, 75, 78);
                    tokensHeard(started, false);
                });
            }
            return null;
        }));
        // These offer XOAUTH2, refuse it, and would take a password.
        var traps = new LinkedHashMap<fake_mail, Mail>();
        traps.put(fake_mail.asksForLogin(lab.ca), Mail.IMAP);
        traps.put(lab.imap().onXoauth2("NO [AUTHENTICATIONFAILED] use LOGIN instead").on("LOGIN *", "OK in"), Mail.IMAP);
        traps.put(fake_mail.smtp(lab.ca).on("EHLO *", client -> client.say(client.isSecure() ? "250-localhost\r\n250 AUTH XOAUTH2 LOGIN PLAIN" : "250-localhost\r\n250 STARTTLS"))
                .onXoauth2("535 5.7.3 no; try LOGIN").on("AUTH LOGIN*", "235 in").on("AUTH PLAIN*", "235 in"), Mail.SMTP);
        traps.put(fake_mail.popRefused(lab.ca).on("USER *", "+OK").on("PASS *", "+OK in"), Mail.POP);
        traps.forEach((server, mail) -> work.add(() -> {
            try (var started = server.start()) {
                fault.attempt(mail + " must hear no password", () -> {
                    look(mail, started, login).exits(69);
                    tokensHeard(started, true);
                });
            }
            return null;
        }));
        work.add(() -> {
            fault.attempt("SMTP answers injected before TLS are not believed", () -> {
                try (var server = fake_mail.starttlsResponseInjection(lab.ca).start()) {
                    look(Mail.SMTP, server, login).exits(0);
                    var lines = server.heard();
                    int tls = lines.indexOf("STARTTLS");
                    faults_lab.check(lines.get(tls + 1).startsWith("EHLO"), lines.size(), "no EHLO after TLS");
                }
            });
            return null;
        });
        faults.sideBySide(SIDE_BY_SIDE, work);
    }

    private void tokensHeard(fake_mail server, boolean expected) {
        var needles = new faults_lab.Needles(lab.secrets());
        boolean heard = server.heard().stream().anyMatch(line -> needles.in(line).isPresent());
        faults_lab.check(heard == expected, server.heard().stream().map(line -> line.substring(0, Math.min(line.length(), 40))).toList(),
                heard ? "the token was heard" : "XOAUTH2 was not even tried");
    }
}
