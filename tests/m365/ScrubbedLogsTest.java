//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;

/** Thousands of logs with a secret in each, in every form in which programs write one down: none comes back. */
class ScrubbedLogsTest {
    private static final int LOGS_PER_FORM = 34;
    private static final String SMALL = "abcdefghijklmnopqrstuvwxyz";
    private static final String MIXED = SMALL + "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String[] NOISE = {
        "2026-03-02 08:15:01,042 INFO  Connecting to outlook.office365.com:993",
        "Authenticating with SASL mechanism XOAUTH2...", "* OK The Microsoft Exchange IMAP4 service is ready.",
        "A1 CAPABILITY", "* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE",
        "A2 NO AUTHENTICATE failed.", "535 5.7.3 Authentication unsuccessful [AM0PR04CA0092.eurprd04.prod.outlook.com]",
        "AADSTS700082: The refresh token has expired due to inactivity.", "Traceback (most recent call last):",
        "  File \"/usr/lib/python3/dist-packages/offlineimap/imapserver.py\", line 516, in acquireconnection", ""};

    /** {@code %s} is the secret. What comes after the newline in some of them belongs to the form. */
    private static final String[] PASSWORDS = {
        "password = %s", "remotepass = %s", "oauth2_client_secret = %s", "\"clientSecret\": \"%s\"",
        "'password' => '%s'", "{\\\"refreshToken\\\":\\\"%s\\\"}", "set imap_pass=\"%s\"", "password %s",
        "Pass %s", "machine m.example login jan password %s", "user \"jan@uva.example\" with password \"%s\"",
        "poll m.example user jan there with password %s is jan here",
        "curl --user jan:%s imaps://outlook.office365.com", "imaps://jan:%s@outlook.office365.com/INBOX",
        "smtp://jan%%40uva.example:%s@smtp.office365.com:587", "--password2 %s",
        "imapsync --password1 '%s' --ssl1", "--client-secret %s", "--client-secret=%s", "POP3> PASS %s",
        "C: PASS %s", "< PASS %s", "b'PASS %s\\r\\n'",
        "08:15:01.2 > b'ABCD1 LOGIN \"jan@uva.example\" \"%s\"'", "A1 LOGIN jan@uva.example %s",
        "C: A001 LOGIN jan \"%s\"", "[2026-03-02T08:15:01] -> a2 LOGIN jan %s", "Authorization: Basic %s=",
        "authorization: \"Bearer %s\"", "imap.login('jan@uva.example', '%s')",
        "new NetworkCredential(\"jan\", \"%s\")", "client.Authenticate(\"jan\", \"%s\");",
        "<password>%s</password>", "PassCmd \"echo %s\"", "passwordeval echo %s", "Passwort: %s",
        "wachtwoord: %s", "334 UGFzc3dvcmQ6\n%s=", "S: 334 UGFzc3dvcmQ6\nC: %s",
        "reply: b'334 UGFzc3dvcmQ6\\r\\n'\nsend: '%s\\r\\n'", "<-- 334 UGFzc3dvcmQ6\n--> %s",
        "C: AUTH PLAIN\nS: 334\nC: %s", "A1 AUTHENTICATE PLAIN\n+\n%s", "+ UGFzc3dvcmQ6\n%s",
        "A1 LOGIN jan {12}\n+ OK\n%s", "AUTH PLAIN %s=", "send: 'AUTH LOGIN %s=\\r\\n'",
        "client_secret=%s&grant_type=x", "M365_CLIENT_SECRET=%s", "Password: \"%s\"", "mail.smtp.password=%s"};
    private static final String[] TOKENS = {
        "%s", "token: %s", "access_token=%s&x=y", "\"access_token\":\"%s\"", "\"refreshToken\" : \"%s\"", "Bearer %s",
        "b'%s'", "auth=Bearer %s", "Got new access token: %s", "oauth2_refresh_token = %s", "refresh token: %s"};

    private static String letters(Random random, String alphabet, int length) {
        return random.ints(length, 0, alphabet.length()).mapToObj(i -> alphabet.substring(i, i + 1))
            .reduce("", String::concat);
    }

    private static String token(Random random) {
        var body = letters(random, MIXED, 120 + random.nextInt(400));
        switch (random.nextInt(5)) {
            case 0: return "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9." + body + "." + letters(random, MIXED, 86);
            case 1: return "EwB" + body;
            case 2: return "1.AXkA" + body;
            case 3: return "M.C552_BAY.0.U.-" + body;
            default: return Base64.getEncoder().encodeToString(
                ("user=jan@uva.example\1auth=Bearer " + body + "\1\1").getBytes(UTF_8));
        }
    }

    static List<String> forms() {
        var forms = new ArrayList<>(List.of(PASSWORDS));
        for (var token : TOKENS) forms.add("TOKEN " + token);
        return forms;
    }

    @ParameterizedTest(name = "{0}") @MethodSource("forms")
    void a_secret_is_not_repeated(String form) {
        var random = new Random(form.hashCode());
        for (int i = 0; i < LOGS_PER_FORM; i++) {
            boolean isToken = form.startsWith("TOKEN ");
            var secret = isToken ? token(random)
                : letters(random, random.nextBoolean() ? MIXED : SMALL, 8 + random.nextInt(10)) + random.nextInt(10);
            var line = String.format(form.replaceFirst("^TOKEN ", ""), secret);
            var log = disturbed(random, log(random, line), line);
            check(secret, log, Scrub.secrets(log));
            if (i % 10 == 0) {
                check(secret, log, ProblemReport.explain(log, Map.of()));
                check(secret, log, new Problem(ExitStatus.REFUSED, "the server said: " + log, "").getMessage());
            }
        }
    }

    private static String log(Random random, String line) {
        var log = new ArrayList<String>();
        for (int i = random.nextInt(6); i >= 0; i--) log.add(NOISE[random.nextInt(NOISE.length)]);
        log.add(line);
        for (int i = random.nextInt(4); i > 0; i--) log.add(NOISE[random.nextInt(NOISE.length)]);
        return String.join("\n", log);
    }

    /** Wrapped, quoted or cut, as a log arrives in a message; what tells the form stays. */
    private static String disturbed(Random random, String log, String line) {
        switch (random.nextInt(5)) {
            case 0: return wrapped(log, 40 + random.nextInt(60));
            case 1: return log.replaceAll("(?m)^", "> ");
            case 2: return wrapped(log, 60 + random.nextInt(20)).replaceAll("(?m)^", "> ");
            case 3: return log.substring(0, log.length() - random.nextInt(
                log.length() - log.indexOf(line) - line.length() + 6));
            default: return log;
        }
    }

    private static String wrapped(String log, int columns) {
        return log.replaceAll("(.{" + columns + "})(?=.)", "$1\n");
    }

    /** A piece of six characters might stand there by chance, and one of ten opens nothing. */
    private static void check(String secret, String log, String shown) {
        int piece = Math.min(secret.length(), 8);
        for (int i = 0; i + piece <= secret.length(); i++)
            if (shown.contains(secret.substring(i, i + piece)))
                fail(secret.substring(i, i + piece) + " of " + secret + " is shown\n--- log\n" + log
                    + "\n--- shown\n" + shown);
    }
}
