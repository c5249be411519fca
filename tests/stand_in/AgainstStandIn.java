//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstFakeLogin.java
//SOURCES Line.java
//SOURCES SharedAuthority.java
//SOURCES StandIn.java

package stand_in;

import static stand_in.Line.xoauth2;
import static stand_in.SharedAuthority.CA;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Tests that play the mail client as well; each class starts a whole Microsoft 365 once. */
abstract class AgainstStandIn extends AgainstFakeLogin {
    StandIn cloud;

    @BeforeAll @Override void start() {
        cloud = StandIn.start(CA);
        login = cloud.login();
    }

    @AfterAll @Override void stop() {
        cloud.close();
    }

    @AfterEach @Override void reset() {
        cloud.letsStrangersIn(false);
        super.reset();
    }

    Line imap() throws IOException {
        return new Line(cloud.imapPort(), true);
    }

    /** What IMAP says to a login: OK or NO. */
    String imapLogin(String user, String token) throws IOException {
        try (var imap = imap()) {
            return imap.ask("a AUTHENTICATE XOAUTH2 " + xoauth2(user, token)).split(" ")[1];
        }
    }
}
