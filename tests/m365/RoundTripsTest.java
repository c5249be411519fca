//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/CheckingImap.java

package m365;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stand_in.ClientConnection;
import stand_in.FakeMail;
import support.CheckingImap;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * How often {@code check_imap} waits for a mail server after its greeting. What is sent together is answered here only
 * when all of it has come, and what nobody waits for is not answered at all: a client that waits would not be done.
 */
@Execution(ExecutionMode.CONCURRENT)
class RoundTripsTest extends CheckingImap {
    private static final String[] MAILBOX = {"LIST", "STATUS", "EXAMINE"};

    private static FakeMail imap() {
        return FakeMail.imap(Tool.ca()).on("LIST *", RoundTripsTest::answersWhenAllHasCome)
            .on("LOGOUT", FakeMail.SILENCE);
    }

    private static void answersWhenAllHasCome(ClientConnection client) throws IOException {
        var list = client.tagged("OK done");
        var status = client.readLine().split(" ")[0];
        var examine = client.readLine().split(" ")[0];
        client.say("* LIST () \"/\" INBOX", list, "* STATUS INBOX (UNSEEN 2)", status + " OK done", "* 3 EXISTS",
            examine + " OK done");
    }

    /** The commands, each by its first word; the token's line alone is one as well. */
    private static List<String> commands(FakeMail server) {
        var words = new ArrayList<String>();
        for (var line : server.heard()) {
            var first = line.replaceFirst("^A\\d+ ", "").split("[ :]")[0];
            words.add(first.length() > 20 ? "token" : first);
        }
        return words.stream().filter(word -> !List.of("LOGOUT", "RSET", "QUIT").contains(word)).toList();
    }

    @Nested class IMAP {
        /** Both are needed: one for the login, one for the mailbox. */
        @Test void waits_twice_when_the_greeting_says_what_the_server_can() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = imap().greeting("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready").start()) {
                toward(imap, check_imap(JAN)).runHere().exits(0).tells("1 folder; INBOX: 3 messages, 2 unread");
                assertEquals(List.of("AUTHENTICATE", MAILBOX[0], MAILBOX[1], MAILBOX[2]), commands(imap));
                assertEquals(1, imap.connections());
            }
        }

        /** Exchange's greeting says nothing, and the token is for a server that knows XOAUTH2. */
        @Test void waits_three_times_for_Exchange() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = imap().start()) {
                toward(imap, check_imap(JAN)).runHere().exits(0);
                assertEquals(List.of("CAPABILITY", "AUTHENTICATE", MAILBOX[0], MAILBOX[1], MAILBOX[2]),
                    commands(imap));
                assertEquals(1, imap.connections());
            }
        }
    }

    @Test void SMTP_waits_for_EHLO_STARTTLS_EHLO_AUTH_and_MAIL() throws IOException {
        hold(JAN, ALL_SCOPES);
        try (var imap = imap().start();
                var smtp = FakeMail.smtp(Tool.ca()).on("RSET", FakeMail.SILENCE).start()) {
            toward(imap, check_imap("--smtp", JAN)).with("M365_SMTP_PORT", smtp.port()).runHere().exits(0);
            assertEquals(List.of("EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL"), commands(smtp));
            assertEquals(1, smtp.connections());
        }
    }

    @Test void POP_waits_for_CAPA_AUTH_the_token_and_STAT() throws IOException {
        hold(JAN, ALL_SCOPES);
        try (var imap = imap().start(); var pop = FakeMail.pop(Tool.ca()).on("QUIT", FakeMail.SILENCE).start()) {
            toward(imap, check_imap("--pop", JAN)).with("M365_POP_PORT", pop.port()).runHere().exits(0);
            assertEquals(List.of("CAPA", "AUTH", "token", "STAT"), commands(pop));
            assertEquals(1, pop.connections());
        }
    }

    @Nested class While_the_token_is_renewed {
        final AtomicBoolean together = new AtomicBoolean();

        /** Answers only when the mail server was called. */
        FakeMail provider(FakeMail imap) {
            var body = Json.write(answer(jwt("https://outlook.office.com", "IMAP.AccessAsUser.All", JAN), ALL_SCOPES));
            return FakeMail.serving(Tool.ca().server(), true, client -> {
                int length = 0;
                for (var line = client.readLine(); line != null && !line.isEmpty(); line = client.readLine())
                    if (line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                        length = Integer.parseInt(line.substring(15).strip());
                client.in().readNBytes(length);
                for (int i = 0; i < 100 && imap.connections() == 0; i++) client.pause(50);
                together.set(imap.connections() == 1);
                client.say("HTTP/1.1 200 OK", "Content-Type: application/json", "Content-Length: " + body.length(),
                    "Connection: close", "", body);
            });
        }

        @Test void the_mail_server_is_called_and_the_report_keeps_its_order() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = imap().start(); var provider = provider(imap).start()) {
                var result = toward(imap, check_imap(JAN))
                    .with("M365_AUTHORITY", "https://localhost:" + provider.port() + "/common").runHere().exits(0);
                assertTrue(together.get(), "the mail server was called only after the renewal");
                assertEquals(List.of("settings", "token file", "renewal", "access token", "IMAP name",
                    "IMAP connection", "IMAP TLS", "IMAP greeting", "IMAP login", "IMAP mailbox"), names(result));
            }
        }

        @Test void a_failed_renewal_is_what_is_told() throws IOException {
            hold(JAN, ALL_SCOPES);
            cloud.login().answerNext("token", 400, Map.of("Content-Type", "application/json"),
                "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70000: no\",\"error_codes\":[70000]}");
            try (var imap = imap().certificate(Tool.ca().expired()).start()) {
                var result = toward(imap, check_imap(JAN)).runHere().exits(77);
                assertEquals(List.of("settings", "token file", "renewal"), names(result));
            }
        }

        @Test void without_a_token_nobody_is_called() throws IOException {
            try (var imap = imap().start()) {
                toward(imap, check_imap(JAN)).runHere().exits(77);
                assertEquals(0, imap.connections());
            }
        }
    }
}
