//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/CheckingImap.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stand_in.FakeMail;
import stand_in.User;
import support.CheckingImap;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Several users in one run. */
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
class CheckupsTest extends CheckingImap {

    @Nested class Several_users {

        Tool check_all(String... arguments) {
            return check_imap(arguments).with("M365_TOKEN_FILE", home.resolve("{user}"));
        }

        @Test void are_checked_with_a_token_each_and_told_in_a_table() throws IOException {
            for (var user : List.of(JAN, "second@uva.example")) hold(home.resolve(user), user, ALL_SCOPES);
            hold(home.resolve(DELEGATE), "personal@outlook.example", ALL_SCOPES); // which will be refused
            Files.writeString(home.resolve("users.txt"), "# the team\n" + DELEGATE + "\n\n  " + JAN + "  \n");
            // As a process, for which a file is relative to where it runs.
            var result = check_all("second@uva.example", JAN, "--users", "users.txt").run().exits(69);
            var lines = result.out().lines().toList();
            assertEquals(List.of("second@uva.example", JAN, DELEGATE),
                lines.subList(0, 3).stream().map(line -> line.split(" ")[0]).toList());
            assertTrue(lines.get(0).contains("OK") && lines.get(1).contains("OK")
                && lines.get(2).contains("FAILED  IMAP login: "), result.out());
            assertEquals(List.of("2 of 3 fine"), lines.subList(3, lines.size()));
            for (var user : List.of(JAN, "second@uva.example"))
                assertTrue(Files.readString(home.resolve(user)).equals(cloud.login().refreshToken(user)),
                    "the new token of " + user + " is not in its file");
        }

        @Test void give_one_document_and_the_highest_exit_status() throws IOException {
            hold(home.resolve(JAN), JAN, ALL_SCOPES);
            var result = check_all("--json", JAN, "second@uva.example").runHere().exits(77);
            assertEquals(List.of(0, 77), checks(result).stream().map(check -> check.get("exit_status")).toList());
            assertEquals(Arrays.asList(null, "token-file-missing"),
                checks(result).stream().map(check -> check.get("cause")).toList());
        }

        @Test void are_checked_at_most_eight_side_by_side() throws IOException {
            var users = IntStream.range(0, 12).mapToObj(i -> "user" + i + "@uva.example").toList();
            for (var user : users) {
                cloud.login().add(new User(user, "password of " + user, false, Set.of()));
                hold(home.resolve(user), user, ALL_SCOPES);
            }
            var now = new AtomicInteger();
            var most = new AtomicInteger();
            try (var imap = FakeMail.imap(Tool.ca()).on("LIST *", client -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                client.pause(1500);
                now.decrementAndGet();
                client.say("* LIST () \"/\" INBOX", client.tagged("OK LIST completed."));
            }).start()) {
                toward(imap, check_all(users.toArray(String[]::new))).runHere().exits(0).tells("12 of 12 fine");
                assertTrue(most.get() > 1 && most.get() <= 8, most + " side by side");
                assertEquals(12, imap.connections());
            }
        }

        @Test void come_from_standard_input_as_well() throws IOException {
            hold(home.resolve(JAN), JAN, ALL_SCOPES);
            check_all("--users", "-").typing("# one\n" + JAN + "\n").runHere().exits(0).tells("IMAP");
        }

        @Test void are_missed_where_a_list_names_nobody() throws IOException {
            var file = Files.writeString(home.resolve("users.txt"), "# nobody yet\n\n").toString();
            for (var words : List.of(List.of("--users", file), List.of("--users", file, JAN)))
                check_all(words.toArray(String[]::new)).runHere().exits(64).printsNothing()
                    .says("--users names \"" + file + "\", and there is no user in it");
            check_all("--users", "-").runHere().exits(64).says("--users names \"-\", and there is no user in it");
        }

        @Test void need_a_token_file_each() throws IOException {
            hold(JAN, ALL_SCOPES);
            var file = Files.writeString(home.resolve("users.txt"), JAN + "\nsecond@uva.example\n").toString();
            for (var users : List.of(List.of(JAN, "second@uva.example"), List.of("--json", "--users", file)))
                assertEquals("check_imap: error: several users need a token file each\n"
                    + "hint: set M365_TOKEN_FILE=/path/{user}\n",
                    check_imap(users.toArray(String[]::new)).runHere().exits(64).printsNothing().err());
            check_imap(JAN, "second@uva.example").with("M365_TOKEN_READ_COMMAND", "cat token")
                .with("M365_TOKEN_WRITE_COMMAND", "tee token").runHere().exits(64)
                .says("hint: put {user} into M365_TOKEN_READ_COMMAND and M365_TOKEN_WRITE_COMMAND");
        }
    }
}
