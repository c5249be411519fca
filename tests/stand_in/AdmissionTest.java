//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstStandIn.java
//SOURCES MailLogin.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Whom the mail servers let in. */
class AdmissionTest extends AgainstStandIn {
    @Nested class A_mailbox {
        @Test void opens_for_its_owner() throws Exception {
            assertEquals("OK", imapLogin(JAN, accessToken(JAN, "IMAP.AccessAsUser.All")));
        }

        @Test void opens_for_a_delegate() throws Exception {
            assertEquals("OK", imapLogin("shared@uva.example",
                accessToken("delegate@uva.example", "IMAP.AccessAsUser.All")));
        }

        @Test void opens_for_a_personal_account() throws Exception {
            assertEquals("OK", imapLogin("personal@outlook.example",
                accessToken("personal@outlook.example", "IMAP.AccessAsUser.All")));
        }

        @Test void stays_shut_for_every_other_token() throws Exception {
            var expired = accessToken(JAN, "IMAP.AccessAsUser.All");
            login.expireAccessTokens();
            assertAll(
                () -> assertEquals("NO", imapLogin(JAN, expired)),
                () -> assertEquals("NO", imapLogin(JAN, "none")),
                () -> assertEquals("NO", imapLogin(JAN, accessToken("second@uva.example", "IMAP.AccessAsUser.All"))),
                () -> assertEquals("NO", imapLogin(JAN, accessToken(JAN, "SMTP.Send"))),
                () -> assertEquals("NO", imapLogin(JAN,
                    accessToken(JAN, "https://graph.microsoft.com/IMAP.AccessAsUser.All"))));
        }

        @Test void stays_shut_for_passwords_and_notes_who_tried() throws Exception {
            try (var imap = imap()) {
                assertEquals("a NO LOGIN failed.", imap.ask("a LOGIN " + JAN + " \"jan's password\""));
                assertEquals("+ ", imap.ask("b AUTHENTICATE PLAIN"));
                assertEquals("b NO AUTHENTICATE failed.", imap.ask("AGphbgBzZWNyZXQ="));
            }
            var last = cloud.logins().get(cloud.logins().size() - 1);
            assertEquals(new MailLogin("IMAP", "PLAIN", "", false), last);
        }
    }
}
