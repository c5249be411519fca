//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/CheckingImap.java

package m365;

import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stand_in.FakeMail;
import support.CheckingImap;
import support.Tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What {@code check_imap} says on the wire. */
@Execution(ExecutionMode.CONCURRENT)
class MailLoginsTest extends CheckingImap {

    @Nested class On_the_wire {
        /**
         * Microsoft's example: https://learn.microsoft.com/exchange/client-developer/legacy-protocols/
         * how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
         */
        static final String USER = "test@contoso.onmicrosoft.com", TOKEN = "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA";
        static final String XOAUTH2 = "dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNC"
            + "QUFVRkZwVUFvN0ozVmUwYmpMQldaV0NjbFJDM0VvQUEBAQ==";

        /** The next token is the one of Microsoft's example. */
        void grant() throws IOException {
            hold(JAN, ALL_SCOPES);
            grantNext(TOKEN, ALL_SCOPES);
        }

        @Test void XOAUTH2_is_Microsofts_example_byte_for_byte_in_one_line() throws Exception {
            grant();
            try (var imap = FakeMail.imap(Tool.ca()).start()) {
                toward(imap, check_imap(USER)).runHere().exits(0);
                assertEquals(List.of("CAPABILITY", "AUTHENTICATE XOAUTH2 " + XOAUTH2), commands(imap).subList(0, 2));
                assertEquals(List.of("CAPABILITY", "AUTHENTICATE", "LIST", "STATUS", "EXAMINE", "LOGOUT"),
                    List.copyOf(verbs(imap, "LOGOUT")), "nothing that changes a mailbox");
            }
        }

        /** The conversation of https://github.com/curl/curl/blob/master/tests/data/test824. */
        @Test void a_server_without_SASL_IR_gets_it_in_the_next_line() throws IOException {
            grant();
            try (var imap = FakeMail.imap(Tool.ca())
                    .on("CAPABILITY", "* CAPABILITY IMAP4 AUTH=XOAUTH2", "OK CAPABILITY completed.").start()) {
                toward(imap, check_imap(USER)).runHere().exits(0);
                assertEquals(List.of("CAPABILITY", "AUTHENTICATE XOAUTH2"), commands(imap).subList(0, 2));
                assertEquals(XOAUTH2, imap.heard().get(2));
            }
        }

        @Test void SMTP_authenticates_inside_TLS_names_a_sender_and_takes_it_back() throws Exception {
            grant();
            try (var imap = FakeMail.imap(Tool.ca()).start(); var smtp = FakeMail.smtp(Tool.ca()).start()) {
                toward(imap, check_imap("--smtp", USER)).with("M365_SMTP_PORT", smtp.port()).runHere().exits(0);
                await(smtp, "QUIT");
                assertEquals(List.of("EHLO localhost", "STARTTLS", "EHLO localhost",
                    "AUTH XOAUTH2 " + XOAUTH2, "MAIL FROM:<" + USER + ">", "RSET", "QUIT"), smtp.heard());
            }
        }

        @Test void POP_takes_two_lines() throws IOException {
            grant();
            try (var imap = FakeMail.imap(Tool.ca()).start(); var pop = FakeMail.popOneLineRefused(Tool.ca()).start()) {
                toward(imap, check_imap("--pop", USER)).with("M365_POP_PORT", pop.port()).runHere().exits(0);
                int auth = pop.heard().indexOf("AUTH XOAUTH2");
                assertEquals(XOAUTH2, pop.heard().get(auth + 1), pop.heard().toString());
                assertTrue(pop.heard().contains("STAT"), pop.heard().toString());
            }
        }

        /** The next command would go to the server as the answer to the challenge. */
        @Test void POP_has_let_nobody_in_before_it_says_OK() throws IOException {
            grant();
            var challenge = "+ " + Base64.getEncoder().encodeToString("{\"status\":\"400\"}".getBytes(UTF_8));
            try (var imap = FakeMail.imap(Tool.ca()).start();
                    var pop = FakeMail.pop(Tool.ca()).onXoauth2(challenge, "-ERR no").start()) {
                var result = toward(imap, check_imap("--pop", USER)).with("M365_POP_PORT", pop.port()).runHere()
                    .exits(69).tells("{\"status\":\"400\"}");
                var last = result.out().lines().reduce((a, b) -> b).orElseThrow();
                assertTrue(last.startsWith("FAILED  POP login"), result.out());
                assertFalse(pop.heard("STAT"), pop.heard().toString());
            }
        }

        @Test void a_server_that_would_take_the_token_for_a_password_does_not_get_it() throws IOException {
            hold(JAN, ALL_SCOPES);
            var passwordsOnly = FakeMail.imap(Tool.ca())
                .on("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN", "OK CAPABILITY completed.")
                .on("LOGIN *", "OK LOGIN completed.");
            var traps = List.of(FakeMail.asksForLogin(Tool.ca()), FakeMail.withoutXoauth2(Tool.ca()), passwordsOnly);
            for (var trap : traps)
                try (var imap = trap.start()) {
                    toward(imap, check_imap(JAN)).runHere().exits(69);
                    assertTrue(Set.of("CAPABILITY", "AUTHENTICATE", "LOGOUT").containsAll(verbs(imap)),
                        verbs(imap).toString());
                    assertFalse(imap.heard("AUTHENTICATE PLAIN") || imap.heard("AUTHENTICATE LOGIN")
                        || imap.heard("LOGIN "), "it fell back to a password login");
                }
        }

        @Test void a_server_without_XOAUTH2_does_not_see_the_token_at_all() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = FakeMail.withoutXoauth2(Tool.ca()).start()) {
                toward(imap, check_imap(JAN)).runHere().exits(69)
                    .tells("does not offer XOAUTH2, but:", "NTLM",
                        "an Exchange server in the organisation's own rooms");
                assertEquals(List.of(), Tool.leaks(String.join("\n", imap.heard())));
            }
        }

        @Test void SMTP_without_STARTTLS_does_not_see_the_token() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = FakeMail.imap(Tool.ca()).start(); var smtp = FakeMail.starttlsStripped(Tool.ca()).start()) {
                toward(imap, check_imap("--smtp", JAN)).with("M365_SMTP_PORT", smtp.port()).runHere().exits(69)
                    .tells("STARTTLS");
                assertFalse(smtp.heard("AUTH"), smtp.heard().toString());
            }
        }

        /** Neither in another way, nor when it is asked for once more. */
        @Test void a_token_that_was_refused_is_not_sent_again() throws IOException {
            var ca = Tool.ca();
            for (var refusing : List.of(FakeMail.imap(ca).onXoauth2("NO AUTHENTICATE failed."),
                    FakeMail.imap(ca).onXoauth2("+ ", "+ ", "+ ", "NO AUTHENTICATE failed."),
                    FakeMail.imap(ca).onXoauth2("BAD try again"), FakeMail.jsonChallenge(ca),
                    FakeMail.imap(ca).greeting("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER] x")
                        .onXoauth2("NO AUTHENTICATE failed.")))
                sendsTheTokenOnce(refusing, "");
            for (var refusing : List.of(FakeMail.smtpRefused(ca), FakeMail.smtp(ca).onXoauth2("334 ", "334 ", "535 no"),
                    FakeMail.smtp(ca).onXoauth2("504 5.7.4 Unrecognized authentication type")))
                sendsTheTokenOnce(refusing, "SMTP");
            for (var refusing : List.of(FakeMail.popRefused(ca), FakeMail.pop(ca).onXoauth2("+ ", "+ ", "-ERR no")))
                sendsTheTokenOnce(refusing, "POP");
        }

        void sendsTheTokenOnce(FakeMail refusing, String protocol) throws IOException {
            grant();
            try (var server = refusing.start(); var imap = FakeMail.imap(Tool.ca()).start()) {
                var program = protocol.isEmpty() ? toward(server, check_imap(USER))
                    : toward(imap, check_imap("--" + protocol.toLowerCase(Locale.ROOT), USER))
                        .with("M365_" + protocol + "_PORT", server.port());
                program.runHere().exits(69);
                assertEquals(1, server.heard().stream().filter(line -> line.endsWith(XOAUTH2)).count(),
                    server.heard().toString());
            }
        }

        @Test void POP_that_does_not_take_XOAUTH2_does_not_hear_the_token() throws IOException {
            grant();
            try (var imap = FakeMail.imap(Tool.ca()).start();
                    var pop = FakeMail.pop(Tool.ca()).on("AUTH XOAUTH2", "-ERR not now").start()) {
                toward(imap, check_imap("--pop", USER)).with("M365_POP_PORT", pop.port()).runHere().exits(69);
                assertEquals(List.of("CAPA", "AUTH XOAUTH2"), pop.heard());
            }
        }

        /** https://nostarttls.secvuln.info */
        @Test void what_was_slipped_in_before_TLS_is_forgotten() throws IOException {
            grant();
            try (var imap = FakeMail.imap(Tool.ca()).start();
                    var smtp = FakeMail.starttlsResponseInjection(Tool.ca()).start()) {
                toward(imap, check_imap("--smtp", USER)).with("M365_SMTP_PORT", smtp.port()).runHere().exits(0);
                assertEquals(List.of("EHLO localhost", "STARTTLS", "EHLO localhost", "AUTH XOAUTH2 " + XOAUTH2),
                    smtp.heard().subList(0, 4));
            }
        }

        private static List<String> commands(FakeMail imap) {
            return imap.heard().stream().map(line -> line.replaceFirst("^[A-Z]+\\d+ ", "")).toList();
        }

        /** Nobody waits for the answer to the last command, so it may still be on its way. */
        private static void await(FakeMail server, String command) throws InterruptedException {
            for (int i = 0; i < 3000 && !server.heard(command); i++) Thread.sleep(10);
        }

        private static Set<String> verbs(FakeMail imap, String last) throws InterruptedException {
            await(imap, last);
            return verbs(imap);
        }

        private static Set<String> verbs(FakeMail imap) {
            return imap.heard().stream().filter(line -> line.matches("[A-Z]+\\d+ .*")).map(line -> line.split(" ")[1])
                .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }
}
