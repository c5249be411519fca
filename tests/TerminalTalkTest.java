//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES support/CheckingImap.java

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stand_in.FakeMail;
import support.CheckingImap;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a terminal shows and a pipe does not: what is waited for, colours, lines that fit. In real pseudo-terminals. */
@Order(4)
@Execution(ExecutionMode.CONCURRENT)
class TerminalTalkTest extends CheckingImap {
    private static final String ESCAPE = "\033", WIPED = "\r" + ESCAPE + "[K";
    /** More than the quiet after which a terminal is told. */
    private static final int SLOW_MILLIS = 2500;

    @Test void a_slow_renewal_is_named_on_a_terminal_and_wiped_before_the_error_is_told() throws IOException {
        var err = slowRefusal().with("TERM", "xterm").onTerminal().run().exits(77).err();
        int named = err.indexOf("waiting for localhost..."), wiped = err.indexOf(WIPED, named);
        assertTrue(named >= 0 && wiped > named && err.indexOf("get_token: error:") > wiped, err);
        assertEquals(wiped, err.lastIndexOf(WIPED), "it came back: " + err);
    }

    @Test void a_terminal_that_cannot_wipe_gets_it_as_a_line() throws IOException {
        var err = slowRefusal().with("TERM", "dumb").onTerminal().run().exits(77).neverSays(ESCAPE).err();
        assertTrue(err.contains("waiting for localhost...\r\n"), err);
    }

    @Test void a_pipe_hears_nothing_of_it() throws IOException {
        slowRefusal().with("TERM", "xterm").run().exits(77).neverSays("waiting for");
    }

    @Test void whoever_waits_for_the_lock_is_told_who_holds_it() throws Exception {
        hold(JAN, ALL_SCOPES);
        var lock = home.resolve("refresh_token_lock");
        try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = channel.lock();
                var running = check_imap(JAN).with("TERM", "xterm").onTerminal().start()) {
            running.says("waiting for another process, which holds /");
            held.release();
            running.ends().exits(0);
        }
    }

    @Test void the_step_of_a_checkup_is_named_while_the_server_is_silent() throws IOException {
        hold(JAN, ALL_SCOPES);
        try (var imap = FakeMail.hangsAfterAccept(Tool.ca()).start();
                var running = toward(imap, check_imap(JAN)).with("TERM", "xterm").onTerminal().start()) {
            running.says("IMAP (TLS|greeting)\\.\\.\\.");
        }
    }

    @Test void several_users_are_counted() throws IOException {
        hold(home.resolve(JAN), JAN, ALL_SCOPES);
        hold(home.resolve(DELEGATE), DELEGATE, ALL_SCOPES);
        try (var imap = FakeMail.hangsAfterAccept(Tool.ca()).start();
                var running = toward(imap, check_imap(JAN, DELEGATE)).with("M365_TOKEN_FILE", home + "/{user}")
                    .with("TERM", "xterm").onTerminal().start()) {
            running.says("0 of 2 checked, " + JAN + ": IMAP (TLS|greeting)");
        }
    }

    @Test void marks_have_colour_unless_somebody_wants_none() throws IOException {
        var coloured = failing(Map.of("TERM", "xterm"));
        assertTrue(coloured.contains(ESCAPE + "[32mOK" + ESCAPE + "[0m      settings "), coloured);
        assertTrue(coloured.contains(ESCAPE + "[31mFAILED" + ESCAPE + "[0m  token file "), coloured);
        assertTrue(failing(Map.of("TERM", "xterm", "NO_COLOR", "")).contains(ESCAPE + "[31m"), "empty says nothing");
        for (var plain : new String[] {failing(Map.of("TERM", "xterm", "NO_COLOR", "1")),
            failing(Map.of("TERM", "dumb")), failing(Map.of())})
            assertTrue(plain.contains("FAILED  token file ") && !plain.contains(ESCAPE + "[3"), plain);
    }

    @Test void a_narrow_terminal_breaks_lines_at_words_but_no_command() throws IOException {
        var narrow = failing(Map.of("TERM", "dumb", "COLUMNS", "40"));
        for (var line : narrow.lines().toList())
            assertTrue(line.length() <= 40 || !line.strip().contains(" ") || line.contains("jbang"), line);
        var command = ".*/jbang'? .*get_token.java'? " + JAN + ".*"; // in quotation marks, if the path wants them
        assertTrue(narrow.lines().anyMatch(line -> line.matches(command)), narrow);
        assertEquals(words(failing(Map.of("TERM", "dumb", "COLUMNS", "100"))), words(narrow));
    }

    @Test void so_does_the_help() {
        var help = Tool.get_token("--help").in(home).with("COLUMNS", "40").runHere().exits(0).out();
        for (var line : help.lines().toList())
            assertTrue(line.length() <= 40 || line.contains("jbang"), line);
        assertTrue(help.contains("    $ ") && help.contains("get_token.java --access-token\n"), help);
        assertEquals(words(Tool.get_token("--help").in(home).runHere().out()), words(help));
    }

    @Test void and_the_explanation_of_an_error() {
        var told = check_imap("--explain", "AADSTS50011").with("COLUMNS", "40").runHere().exits(0).out();
        for (var line : told.lines().takeWhile(line -> !line.endsWith("administrator:")).toList())
            assertTrue(line.length() <= 40 || line.contains("`"), line);
        assertEquals(words(check_imap("--explain", "AADSTS50011").runHere().out()), words(told));
    }

    @Test void an_error_is_told_once() {
        var result = check_imap(JAN).run().exits(77);
        assertTrue(result.out().lines().reduce((a, b) -> b).orElseThrow()
            .matches("FAILED  token file      token-file-missing  \\(\\d+ ms\\)"), result.out());
        var message = result.err().lines().findFirst().orElseThrow().replace("check_imap: error: ", "");
        var said = result.out() + result.err();
        assertEquals(said.indexOf(message), said.lastIndexOf(message), said);
    }

    private Tool slowRefusal() throws IOException {
        Files.writeString(home.resolve("refresh_token"), "1.AXYAnobodyhasgivenoutthisone.AgABAwEAAABVrSpeuWamRam2j");
        Files.setPosixFilePermissions(home.resolve("refresh_token"),
            PosixFilePermissions.fromString("rw-------"));
        cloud.login().lie((request, answer) -> {
            try {
                Thread.sleep(SLOW_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return answer;
        });
        return Tool.get_token("--access-token").in(home).with(cloud.environment());
    }

    /** What a terminal shows of a checkup without a token. */
    private String failing(Map<String, String> environment) {
        return check_imap(JAN).with(environment).onTerminal().run().exits(77).err().replace("\r", "")
            .replaceAll("(?m)^.*[.]{3}\n", ""); // a machine so slow that a step is named
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("\\(\\d+ ms\\)", "").replaceAll("\\s+", " ").strip();
    }
}
