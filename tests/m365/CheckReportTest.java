//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/CheckingImap.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stand_in.FakeMail;
import support.CheckingImap;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** {@code check_imap --json}. */
@Execution(ExecutionMode.CONCURRENT)
class CheckReportTest extends CheckingImap {

    @Nested class The_report_for_programs {

        @Test void has_the_fields_that_are_documented() throws IOException {
            hold(JAN, ALL_SCOPES);
            var result = check_imap("--json", JAN).runHere().exits(0);
            assertEquals("", result.err());
            assertEquals(1, json(result).get("schema_version"));
            assertEquals(true, json(result).get("ok"));
            assertEquals(0, json(result).get("exit_status"));
            assertEquals(Set.of("schema_version", "ok", "exit_status", "checks"), json(result).keySet());
            var check = checks(result).get(0);
            assertEquals(Set.of("user", "mailbox", "ok", "exit_status", "cause", "message", "folders", "messages",
                "unread", "steps"), check.keySet());
            assertEquals(Arrays.asList(JAN, JAN, true, 0, null, null, 7, 3, 2),
                Stream.of("user", "mailbox", "ok", "exit_status", "cause", "message", "folders", "messages", "unread")
                    .map(check::get).toList());
            for (var step : (List<?>) check.get("steps")) {
                assertEquals(Set.of("name", "mark", "words", "millis", "cause"), ((Map<?, ?>) step).keySet());
                assertEquals("ok", ((Map<?, ?>) step).get("mark"));
                assertTrue(((Map<?, ?>) step).get("millis") instanceof Number, step.toString());
            }
        }

        @Test void names_the_cause_and_the_step_that_failed() throws IOException {
            hold(JAN, ALL_SCOPES);
            try (var imap = FakeMail.throttled(Tool.ca(), 50).start()) {
                var result = toward(imap, check_imap("--json", JAN)).runHere().exits(75);
                assertEquals(false, json(result).get("ok"));
                assertEquals(75, json(result).get("exit_status"));
                var check = checks(result).get(0);
                assertEquals("imap-throttled", check.get("cause"));
                assertEquals(null, check.get("folders"));
                var steps = (List<?>) check.get("steps");
                var last = (Map<?, ?>) steps.get(steps.size() - 1);
                assertEquals(List.of("IMAP mailbox", "failed", "imap-throttled"),
                    List.of(last.get("name"), last.get("mark"), last.get("cause")));
                assertEquals(check.get("message"), last.get("words"));
            }
        }

        @Test void has_the_fields_in_the_document_itself() throws IOException {
            var readme = Stream.of("docs/administrators.md", "../docs/administrators.md")
                .map(Path::of).filter(Files::exists).findFirst();
            assumeTrue(readme.isPresent(), "docs/ is not beside the tests");
            var text = Files.readString(readme.get());
            for (var field : List.of("schema_version", "ok", "exit_status", "checks[]", "user", "mailbox", "cause",
                    "message", "folders", "messages", "unread", "steps[]", "name", "mark", "words", "millis"))
                assertTrue(text.contains("`" + field + "`"), field);
        }
    }
}
