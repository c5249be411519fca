//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstStandIn.java
//SOURCES Line.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stand_in.Line.xoauth2;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** IMAP after the login. */
class ImapLoginTest extends AgainstStandIn {
    @Nested class A_mailbox {
        @Test void holds_mail_in_folders() throws Exception {
            cloud.deliver(JAN, "Fresh");
            try (var imap = imap()) {
                imap.ask("a AUTHENTICATE XOAUTH2 " + xoauth2(JAN, accessToken(JAN, "IMAP.AccessAsUser.All")));
                assertTrue(imap.until("b ", "b LIST \"\" *").contains("\"Sent Items\""));
                assertTrue(imap.until("c ", "c SELECT INBOX").contains(cloud.count(JAN, "INBOX") + " EXISTS"));
                assertTrue(imap.until("d ", "d SEARCH SUBJECT Fresh").contains("* SEARCH "));
            }
        }

        @Test void tells_an_idle_client_of_new_mail() throws Exception {
            try (var imap = imap()) {
                imap.ask("a AUTHENTICATE XOAUTH2 " + xoauth2(JAN, accessToken(JAN, "IMAP.AccessAsUser.All")));
                imap.until("b ", "b SELECT INBOX");
                assertTrue(imap.ask("c IDLE").startsWith("+ "));
                Thread.sleep(50); // GreenMail begins to watch only after its "+", sometimes later still.
                String told = null;
                for (int tries = 0; told == null && tries < 5; tries++) {
                    cloud.deliver(JAN, "Fresh");
                    told = imap.readWithin(3_000);
                }
                assertEquals("* " + cloud.count(JAN, "INBOX") + " EXISTS", told);
            }
        }

        @Test void ends_a_session_that_outlives_its_token() throws Exception {
            try (var imap = imap()) {
                imap.ask("a AUTHENTICATE XOAUTH2 " + xoauth2(JAN, accessToken(JAN, "IMAP.AccessAsUser.All")));
                login.expireAccessTokens();
                assertEquals("* BYE Session invalidated - AccessTokenExpired", imap.ask("b NOOP"));
            }
        }

        @Test void may_say_OK_and_mean_no() throws Exception {
            cloud.letsStrangersIn(true);
            try (var imap = imap()) {
                assertEquals("a OK AUTHENTICATE completed.", imap.ask("a AUTHENTICATE XOAUTH2 "
                    + xoauth2(JAN, accessToken("second@uva.example", "IMAP.AccessAsUser.All"))));
                assertEquals("b BAD User is authenticated but not connected.", imap.ask("b SELECT INBOX"));
            }
        }
    }
}
