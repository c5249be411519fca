//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstStandIn.java
//SOURCES Line.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stand_in.Line.xoauth2;

import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** SMTP as Exchange Online wants it. */
class SmtpLoginTest extends AgainstStandIn {
    @Nested class A_mailbox {
        @Test void sends_through_SMTP_after_STARTTLS_only() throws Exception {
            var response = xoauth2(JAN, accessToken(JAN, "SMTP.Send"));
            try (var smtp = new Line(cloud.smtpPort(), false)) {
                assertTrue(smtp.until("250 ", "EHLO test").contains("250-STARTTLS"));
                assertEquals("504 5.7.4 Unrecognized authentication type", smtp.ask("AUTH XOAUTH2 " + response));
                smtp.ask("STARTTLS");
                smtp.secure();
                assertEquals("503 5.5.2 Send hello first", smtp.ask("AUTH XOAUTH2 " + response));
                assertTrue(smtp.until("250 ", "EHLO test").contains("250-AUTH LOGIN XOAUTH2"));
                assertEquals("535 5.7.3 Authentication unsuccessful",
                    smtp.ask("AUTH XOAUTH2 " + xoauth2(JAN, accessToken(JAN, "IMAP.AccessAsUser.All"))));
                assertTrue(smtp.ask("MAIL FROM:<" + JAN + ">").startsWith("530 5.7.57 "));
                assertEquals("334 ", smtp.ask("AUTH XOAUTH2"));
                assertEquals("235 2.7.0 Authentication successful", smtp.ask(response));
                assertTrue(submit(smtp, JAN).startsWith("250 "));
                assertTrue(submit(smtp, "second@uva.example").startsWith("554 5.2.252 SendAsDenied"));
            }
            var sent = cloud.sent().get(cloud.sent().size() - 1);
            assertEquals("Subject: dots\r\n\r\n.\r\n", sent.text());
        }

        private String submit(Line smtp, String from) throws IOException {
            var before = cloud.count("second@uva.example", "INBOX");
            smtp.ask("MAIL FROM:<" + from + "> SIZE=20");
            smtp.ask("RCPT TO:<second@uva.example>");
            smtp.ask("DATA");
            var answer = smtp.ask("Subject: dots\r\n\r\n..\r\n.");
            assertEquals(before + (answer.startsWith("250") ? 1 : 0), cloud.count("second@uva.example", "INBOX"));
            return answer;
        }
    }
}
