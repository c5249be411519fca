//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/Dovecot.java

package programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stand_in.FakeLogin;
import support.Dovecot;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A real mail server, Debian's Dovecot, which asks the stand-in what a token is worth, checked by check_imap. */
@Order(3)
class DovecotTest {
    static final String JAN = "jan@uva.example";

    @TempDir Path folder;
    FakeLogin login;
    Dovecot dovecot;

    @BeforeEach void starts() throws Exception {
        assumeTrue(Dovecot.installed(), "needs dovecot; on Debian: apt install dovecot-imapd");
        login = Tool.login();
        dovecot = new Dovecot(login);
        Files.createFile(folder.resolve("refresh_token"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(folder.resolve("refresh_token"),
            login.issueRefreshToken(JAN, FakeLogin.PUBLIC_APP,
                "IMAP.AccessAsUser.All SMTP.Send offline_access openid profile"));
    }

    @AfterEach void stops() throws Exception {
        if (dovecot != null) dovecot.close();
        if (login != null) login.close();
    }

    Tool check_imap(String... arguments) {
        return Tool.check_imap(arguments).in(folder).with(Tool.settings(login)).with("M365_CA_FILE", dovecot.trusted)
            .with("M365_IMAP_HOST", "localhost").with("M365_IMAP_PORT", dovecot.port);
    }

    @Test void counts_folders_messages_and_unread() throws IOException {
        dovecot.delivers(JAN, "", "one", false);
        dovecot.delivers(JAN, "", "two", true);
        dovecot.delivers(JAN, "", "three", false);
        dovecot.delivers(JAN, ".Archive", "four", true);
        var result = check_imap(JAN).runHere().exits(0);
        var said = result.out() + result.err();
        assertTrue(said.matches("(?s).*\\b2 folders\\b.*\\b3 messages\\b.*\\b2 unread\\b.*"),
            () -> said + dovecot.log());
    }

    @Test void finds_an_empty_mailbox() throws IOException {
        var result = check_imap(JAN).runHere().exits(0);
        var said = result.out() + result.err();
        assertTrue(said.matches("(?s).*\\b1 folders?\\b.*\\b0 messages\\b.*\\b0 unread\\b.*"),
            () -> said + dovecot.log());
    }

    @Test void a_check_changes_nothing_in_the_mailbox() throws IOException {
        dovecot.delivers(JAN, "", "one", false);
        check_imap(JAN).runHere().exits(0);
        var result = check_imap(JAN).runHere().exits(0);
        assertTrue((result.out() + result.err()).contains("1 unread"), () -> result + dovecot.log());
    }

    @Test void works_again_after_the_access_token_has_expired() throws IOException {
        check_imap(JAN).runHere().exits(0);
        login.expireAccessTokens();
        check_imap(JAN).runHere().exits(0);
        assertEquals(2, login.requests("token").size());
        assertEquals(login.refreshToken(JAN), Files.readString(folder.resolve("refresh_token")));
    }

    @Test void a_token_of_somebody_else_is_turned_away_with_69() throws IOException {
        check_imap("second@uva.example").runHere().exits(69);
    }
}
