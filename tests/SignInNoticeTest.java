//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES support/JanIsSignedIn.java support/Result.java support/Tool.java

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import support.JanIsSignedIn;
import support.Result;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** From cron or a timer, with 77. Whether there is a terminal only a process can show. */
@Order(2)
class SignInNoticeTest extends JanIsSignedIn {
    private Path command;

    /** Writes each of its words into a line, and an empty line after the last. */
    @BeforeEach void theCommand() throws IOException {
        command = folder.resolve("tell me");
        write("tell me", "#!/bin/sh\n{ printf '%s\\n' \"$@\"; echo; } >>'" + folder + "/told'\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        login.revokeSessions(JAN);
    }

    private Tool fromCron(String notify) {
        return get_token("--access-token").with("M365_NOTIFY_COMMAND", notify).withoutTerminal();
    }

    private Result fromCron() { return fromCron("'" + command + "' 'Microsoft 365'").run(); }

    private List<String> told() throws IOException {
        return Files.exists(folder.resolve("told")) ? Files.readAllLines(folder.resolve("told")) : List.of();
    }

    @Nested class When_nobody_looks {

        @Test void the_command_gets_the_reason_as_its_last_word_once_a_day() throws IOException {
            fromCron().exits(77).printsNothing().neverSays("warning");
            var told = told();
            assertEquals(3, told.size(), "" + told);
            assertEquals("Microsoft 365", told.get(0));
            assertTrue(told.get(1).matches("Somebody must sign in to Microsoft 365 \\(Microsoft refused: .*\\): .*"
                + "get_token(\\.java)?'?"), told.get(1)); // a clone's path may want quotation marks
            assertEquals(List.of(), Tool.leaks(String.join("\n", told)));
            fromCron().exits(77);
            assertEquals(told, told());
            Files.setLastModifiedTime(folder.resolve("refresh_token_notified"),
                FileTime.from(Instant.now().minus(Duration.ofHours(25))));
            fromCron().exits(77);
            assertEquals(6, told().size());
            assertEquals("rw-------", mode("refresh_token_notified"));
        }

        @Test void the_reason_may_stand_in_the_midst_of_the_command() throws IOException {
            fromCron("'" + command + "' -s 'Mail: {reason}' jan").run().exits(77);
            assertEquals(List.of("-s", "jan"), List.of(told().get(0), told().get(2)));
            assertTrue(told().get(1).startsWith("Mail: Somebody must sign in"), told().get(1));
        }

        @Test void a_command_that_hangs_or_fails_changes_nothing_but_says_so() {
            var result = fromCron("sh -c 'sleep 60'").run().exits(77).printsNothing().says("did not end within 5 s");
            assertTrue(result.took().toSeconds() < 40, result.took().toString());
            again("sh -c 'exit 3'").says("M365_NOTIFY_COMMAND ended with status 3");
            again("/no/such/program").says("M365_NOTIFY_COMMAND cannot be run: there is no program /no/such/program");
        }

        private Result again(String notify) {
            folder.resolve("refresh_token_notified").toFile().delete();
            return fromCron(notify).run().exits(77).printsNothing();
        }

        @Test void where_nothing_can_be_noted_there_would_be_no_end_so_nothing_is_sent() throws IOException {
            Files.createDirectories(folder.resolve("refresh_token_notified/x"));
            Files.setLastModifiedTime(folder.resolve("refresh_token_notified"), FileTime.from(Instant.EPOCH));
            fromCron().exits(77).says("M365_NOTIFY_COMMAND was not run");
            assertEquals(List.of(), told());
        }

        @Test void each_account_has_a_day_of_its_own() throws IOException {
            for (var user : List.of("jan@uva.example", "second@uva.example"))
                Stream.of(1, 2).forEach(time -> Tool.get_token("--access-token", user).in(folder)
                    .with(Tool.settings(login)).with("M365_TOKEN_FILE", folder.resolve("{user}"))
                    .with("M365_NOTIFY_COMMAND", "'" + command + "'").withoutTerminal().run().exits(77));
            assertEquals(4, told().size(), "" + told());
            assertTrue(told().get(2).startsWith("second@uva.example must sign in"), told().get(2));
        }
    }

    @Nested class When_there_is_no_need {

        @Test void on_a_terminal_it_is_not_run() throws IOException {
            get_token("--access-token").with("M365_NOTIFY_COMMAND", "'" + command + "'").onTerminal().run().exits(77);
            assertEquals(List.of(), told());
        }

        @Test void nor_for_anything_but_a_sign_in() throws IOException {
            fromCron("'" + command + "'").with("M365_IMAP_PORT", "x").run().exits(78);
            login.failNext("token", 503, "temporarily_unavailable", 90033, "A transient error has occurred.");
            login.failNext("token", 503, "temporarily_unavailable", 90033, "A transient error has occurred.");
            login.failNext("token", 503, "temporarily_unavailable", 90033, "A transient error has occurred.");
            fromCron("'" + command + "'").run().exits(75);
            assertFalse(Files.exists(folder.resolve("told")) || Files.exists(folder.resolve("refresh_token_notified")));
        }
    }
}
