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

/** POP as Exchange Online wants it. */
class PopLoginTest extends AgainstStandIn {
    @Nested class A_mailbox {
        @Test void takes_POP_logins_in_two_lines_only() throws Exception {
            var response = xoauth2(JAN, accessToken(JAN, "POP.AccessAsUser.All"));
            try (var pop = new Line(cloud.popPort(), true)) {
                assertEquals("-ERR Protocol error. Connection is closed. 10", pop.ask("AUTH XOAUTH2 " + response));
            }
            try (var pop = new Line(cloud.popPort(), true)) {
                assertEquals("+ ", pop.ask("AUTH XOAUTH2"));
                assertEquals("+OK User successfully authenticated.", pop.ask(response));
                assertTrue(pop.ask("STAT").startsWith("+OK " + cloud.count(JAN, "INBOX") + " "));
            }
            try (var pop = new Line(cloud.popPort(), true)) {
                pop.ask("AUTH XOAUTH2");
                assertEquals("-ERR Authentication failure: unknown user name or bad password.",
                    pop.ask(xoauth2(JAN, accessToken(JAN, "IMAP.AccessAsUser.All"))));
            }
        }
    }
}
