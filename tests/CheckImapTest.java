//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES support/CheckingImap.java

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stand_in.FakeLogin;
import stand_in.FakeMail;
import support.CheckingImap;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code check_imap}, when all is well. */
@Order(5)
@Execution(ExecutionMode.CONCURRENT)
class CheckImapTest extends CheckingImap {

    @Nested class A_login_that_works {

        @Test void is_told_step_by_step_with_mark_words_and_milliseconds_and_ends_in_a_verdict() throws IOException {
            hold(JAN, ALL_SCOPES);
            var result = check_imap(JAN).run().exits(0);
            assertEquals("", result.err());
            var lines = result.out().lines().toList();
            assertEquals(JAN + " has 7 folders; INBOX has 3 messages, 2 unread", lines.get(lines.size() - 1));
            for (var line : lines.subList(0, lines.size() - 1))
                assertTrue(line.startsWith("OK ") && STEP.matcher(line).matches(), line);
            assertEquals(List.of("settings", "token file", "renewal", "access token", "IMAP name", "IMAP connection",
                "IMAP TLS", "IMAP greeting", "IMAP login", "IMAP mailbox"), names(result));
            result.tells("public client " + FakeLogin.PUBLIC_APP + " at localhost/common",
                "in " + home.resolve("refresh_token"), "signed in as " + JAN,
                "of " + JAN + " for IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send, valid for",
                "localhost is 127.0.0.1", "over IPv4", "TLSv1.3, certificate from Throw-away test CA",
                "The Microsoft Exchange IMAP4 service is ready", "XOAUTH2 as " + JAN,
                "7 folders; INBOX: 3 messages, 2 unread");
        }

        @Test void stores_the_renewed_token_for_its_owner_alone_and_changes_no_mail() throws IOException {
            var before = hold(JAN, ALL_SCOPES);
            check_imap(JAN).runHere().exits(0);
            var first = Files.readString(home.resolve("refresh_token"));
            assertTrue(first.equals(cloud.login().refreshToken(JAN)) && !first.equals(before),
                "the file does not hold the newest token");
            assertEquals("rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("refresh_token"))));
            check_imap(JAN).runHere().exits(0).tells("3 messages, 2 unread");
        }

        @Test void opens_a_shared_mailbox_with_the_delegates_token() throws IOException {
            hold(DELEGATE, ALL_SCOPES);
            check_imap(DELEGATE, "--mailbox", SHARED).runHere().exits(0)
                .tells("of " + DELEGATE, "XOAUTH2 as " + SHARED, SHARED + " has 7 folders");
        }

        @Test void covers_SMTP_and_POP_on_demand_and_sends_nothing() throws IOException {
            hold(JAN, ALL_SCOPES);
            var sent = cloud.sent().size();
            var result = check_imap(JAN, "--all").runHere().exits(0);
            assertEquals(List.of("SMTP name", "SMTP connection", "SMTP login", "SMTP sender", "POP name",
                "POP connection", "POP TLS", "POP login", "POP mailbox"),
                names(result).subList(10, names(result).size()));
            result.tells("XOAUTH2 as " + JAN + ", after STARTTLS",
                JAN + " is accepted as sender; nothing was sent", "3 messages");
            assertEquals(sent, cloud.sent().size());
            assertTrue(names(check_imap(JAN, "--smtp").runHere().exits(0)).stream()
                .noneMatch(name -> name.startsWith("POP")));
            assertTrue(names(check_imap(JAN, "--pop").runHere().exits(0)).stream()
                .noneMatch(name -> name.startsWith("SMTP")));
        }

        /** Exchange names every unread message, all in one line, when it is asked for them by SEARCH. */
        @Test void may_have_any_number_of_unread_messages() throws IOException {
            hold(JAN, ALL_SCOPES);
            var everyMessage = IntStream.rangeClosed(1, 60_000).mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
            try (var imap = FakeMail.imap(Tool.ca())
                    .on("STATUS *", "* STATUS INBOX (MESSAGES 60000 UNSEEN 60000)", "OK STATUS completed.")
                    .on("EXAMINE *", "* 60000 EXISTS", "* OK [UIDVALIDITY 14] x", "OK [READ-ONLY] EXAMINE completed.")
                    .on("SEARCH *", "* SEARCH " + everyMessage, "OK SEARCH completed.").start()) {
                toward(imap, check_imap(JAN)).runHere().exits(0).tells("INBOX: 60000 messages, 60000 unread");
            }
        }

        @Test void does_not_hang_on_the_number_of_unread_messages() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = FakeMail.imap(Tool.ca()).on("STATUS *", "BAD Command Error. 12").start()) {
                toward(imap, check_imap(JAN)).runHere().exits(0).tells("INBOX has 0 messages").neverSays("unread");
                var report = toward(imap, check_imap("--json", JAN)).runHere().exits(0);
                assertEquals(null, checks(report).get(0).get("unread"));
            }
        }

        @Test void is_told_with_all_although_POP_was_never_asked_for() throws IOException {
            hold(JAN, "IMAP.AccessAsUser.All SMTP.Send");
            var result = check_imap("--all", JAN)
                .with("M365_SCOPES", OUTLOOK + "IMAP.AccessAsUser.All " + OUTLOOK + "SMTP.Send").runHere().exits(0);
            assertEquals("", result.err());
            var note = "NOTE    POP scope       not checked: M365_SCOPES does not ask for POP.AccessAsUser.All";
            assertTrue(result.out().lines().anyMatch(line -> line.startsWith(note)), result.out());
            assertTrue(names(result).contains("SMTP sender") && !names(result).contains("POP name"), result.out());
        }

        @Test void is_told_with_all_although_SMTP_was_never_asked_for() throws IOException {
            hold(JAN, "IMAP.AccessAsUser.All POP.AccessAsUser.All");
            var scopes = OUTLOOK + "IMAP.AccessAsUser.All " + OUTLOOK + "POP.AccessAsUser.All";
            var result = check_imap("--all", "--json", JAN).with("M365_SCOPES", scopes).runHere().exits(0);
            assertEquals(List.of("SMTP scope note missing-mail-scope"),
                ((List<?>) checks(result).get(0).get("steps")).stream().map(step -> (Map<?, ?>) step)
                    .filter(step -> !"ok".equals(step.get("mark")))
                    .map(step -> step.get("name") + " " + step.get("mark") + " " + step.get("cause")).toList());
            assertTrue(result.out().contains("POP mailbox"), result.out());
        }

        @Test void shows_the_protocols_when_asked_and_dots_for_the_secrets() throws IOException {
            hold(JAN, ALL_SCOPES);
            // Tool searches all that is said for every token that was handed out.
            check_imap("--verbose", "--all", JAN).run().exits(0)
                .says("> POST https://localhost", "refresh_token=••••", "< HTTP 200", "AUTHENTICATE XOAUTH2",
                    "A2 LIST", "EHLO localhost", "STARTTLS", "MAIL FROM:<" + JAN + ">", "RSET", "STAT");
        }

        @Test void of_a_personal_account_says_that_its_token_is_opaque() throws IOException {
            hold("personal@outlook.example", ALL_SCOPES);
            check_imap("personal@outlook.example").runHere().exits(0)
                .tells("opaque, as those of personal accounts are; valid for", "7 folders");
        }
    }
}
