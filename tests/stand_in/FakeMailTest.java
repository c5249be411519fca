//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES FakeMail.java
//SOURCES Line.java
//SOURCES SharedAuthority.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stand_in.Line.xoauth2;
import static stand_in.SharedAuthority.CA;
import static stand_in.SharedAuthority.TLS;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mail servers that follow a script. */
@Timeout(60)
class FakeMailTest {
    @Nested class A_scripted_server {
        @Test void records_what_a_client_says_byte_by_byte() throws Exception {
            // The sample of Microsoft's page "Authenticate an IMAP, POP or SMTP connection using OAuth", built anew.
            var response = xoauth2("test@contoso.onmicrosoft.com", "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA");
            try (var server = FakeMail.authenticateFailed(CA).start(); var imap = new Line(server.port(), true)) {
                assertEquals("1 NO AUTHENTICATE failed.", imap.ask("1 AUTHENTICATE XOAUTH2 " + response));
                assertEquals("2 BAD Command Error. 10", imap.ask("2 XYZZY"));
                assertEquals(List.of("1 AUTHENTICATE XOAUTH2 " + response, "2 XYZZY"), server.heard());
                assertFalse(server.heard("LOGIN"));
            }
        }

        @Test void waits_for_the_answer_to_a_challenge() throws Exception {
            try (var server = FakeMail.jsonChallenge(CA).start(); var imap = new Line(server.port(), true)) {
                assertTrue(imap.ask("1 AUTHENTICATE XOAUTH2 x").startsWith("+ eyJ"));
                assertEquals("1 NO AUTHENTICATE failed.", imap.ask(""));
            }
        }

        @Test void misbehaves_as_told() throws Exception {
            assertEquals("2 BAD User is authenticated but not connected.",
                second(FakeMail.authenticatedButNotConnected(CA), "1 AUTHENTICATE XOAUTH2 x", "2 SELECT INBOX"));
            assertEquals("2 NO Request is throttled. Suggested Backoff Time: 50 milliseconds",
                second(FakeMail.throttled(CA, 50), "1 AUTHENTICATE XOAUTH2 x", "2 SELECT INBOX"));
            assertEquals("2 OK LOGIN completed.", second(FakeMail.asksForLogin(CA), "1 NOOP", "2 LOGIN a b"));
            assertEquals("-ERR Authentication failure: unknown user name or bad password.",
                second(FakeMail.popRefused(CA), "AUTH XOAUTH2", "x"));
            assertEquals("-ERR Protocol error. Connection is closed. 10",
                second(FakeMail.popOneLineRefused(CA), "NOOP", "AUTH XOAUTH2 x"));
        }

        @Test void cuts_the_line_after_a_BYE() throws Exception {
            try (var server = FakeMail.byeAfterGreeting(CA).start(); var imap = new Line(server.port(), true)) {
                assertEquals("* BYE Connection closed. 14", imap.read());
                assertEquals(null, imap.read());
            }
        }

        @Test void can_be_exhausting() throws Exception {
            try (var server = FakeMail.hugeLine(CA, 1_000_000).start(); var imap = new Line(server.port(), true)) {
                assertTrue(imap.ask("1 CAPABILITY").length() > 1_000_000);
                assertEquals("1 OK CAPABILITY completed.", imap.read());
            }
            try (var server = FakeMail.literalBomb(CA, "LIST *").start(); var imap = new Line(server.port(), true)) {
                assertEquals("* LIST () \"/\" {2147483639}", imap.ask("1 LIST \"\" *"));
            }
        }

        @Test void slips_answers_in_before_TLS() throws Exception {
            try (var server = FakeMail.starttlsResponseInjection(CA).start();
                 var smtp = new Line(server.port(), false)) {
                smtp.until("250 ", "EHLO test");
                smtp.ask("STARTTLS");
                assertEquals("250-injected.example Hello", smtp.read());
            }
        }

        @Test void refuses_AUTH_where_the_organisation_switched_it_off() throws Exception {
            try (var server = FakeMail.smtpAuthDisabled(CA).start(); var smtp = new Line(server.port(), false)) {
                smtp.until("250 ", "EHLO test");
                smtp.ask("STARTTLS");
                smtp.secure();
                smtp.until("250 ", "EHLO test");
                assertTrue(smtp.ask("AUTH XOAUTH2 x").startsWith("535 5.7.139 "));
            }
        }

        @Test void frees_silent_connections_when_closed() throws Exception {
            var server = FakeMail.greetingNeverEnds(CA).start();
            try (var socket = (SSLSocket) TLS.createSocket("localhost", server.port())) {
                socket.getInputStream().readNBytes(7);
                server.close();
                assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
                    try {
                        socket.getInputStream().readAllBytes();
                    } catch (IOException reset) {
                        // As good an end as any.
                    }
                });
            }
        }

        private String second(FakeMail server, String first, String second) throws Exception {
            try (var running = server.start(); var line = new Line(running.port(), true)) {
                line.ask(first);
                return line.ask(second);
            }
        }
    }
}
