//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/CheckingImap.java

package m365;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import stand_in.FakeMail;
import support.CheckingImap;
import support.Tool;

/** Mail servers that name sizes, counts and depths which nobody should believe: they are blamed, or it is no matter. */
@Execution(ExecutionMode.CONCURRENT)
class ServersThatExaggerateTest extends CheckingImap {

    static Stream<String> matters() {
        return Stream.of("* LIST () \"/\" {2147483639}", "* LIST () \"/\" {65537}", "* LIST () \"/\" {-1}",
            "* LIST () \"/\" {99999999999999999999}", "* 1 FETCH (BODY[] {2000000000}", "* 99999999999 EXISTS",
            "* -1 EXISTS", "* OK {2000000000}", "* X " + "x".repeat(70_000), "* LIST " + "(".repeat(100_000));
    }

    @ParameterizedTest @MethodSource("matters") void are_blamed(String line) throws IOException {
        hold(JAN, ALL_SCOPES);
        try (var imap = FakeMail.imap(Tool.ca()).on("EXAMINE *", line, "OK done").start()) {
            var result = toward(imap, check_imap(JAN)).runHere().exits(69);
            result.neverSays("bug");
            assertBlamed(result.err(), imap.port());
        }
    }

    private static void assertBlamed(String told, int port) {
        if (!told.matches("(?s).*localhost:" + port + " (sends more than|does not speak).*"))
            throw new AssertionError(told);
    }

    static Stream<String> noMatter() {
        return Stream.of("* VANISHED (EARLIER) 1:300000000", "* SEARCH 1:4294967295", "* 1 FETCH " + "(".repeat(60_000),
            "* 4294967295 RECENT", "* OK [UIDVALIDITY 99999999999999999999] x");
    }

    @ParameterizedTest @MethodSource("noMatter") void or_are_not_heeded(String line) throws IOException {
        hold(JAN, ALL_SCOPES);
        try (var imap = FakeMail.imap(Tool.ca()).on("EXAMINE *", line, "* 3 EXISTS", "OK done").start()) {
            toward(imap, check_imap(JAN)).runHere().exits(0).tells("INBOX has 3 messages");
        }
    }

    /** Its text ends like a literal, and Angus Mail takes it for one and would make room for it. */
    @Test void a_greeting_of_2_GB_is_too_much() throws IOException {
        hold(JAN, ALL_SCOPES);
        try (var imap = FakeMail.imap(Tool.ca()).greeting("* OK {2000000000}").start()) {
            assertBlamed(toward(imap, check_imap(JAN)).runHere().exits(69).err(), imap.port());
        }
    }

    static Stream<String> counts() { return Stream.of("20000000 5", "2147483648 0", "-1 -1", "many", ""); }

    @ParameterizedTest @MethodSource("counts") void POP_that_counts_what_it_cannot_hold(String count)
            throws IOException {
        hold(JAN, ALL_SCOPES);
        try (var imap = FakeMail.imap(Tool.ca()).start();
                var pop = FakeMail.pop(Tool.ca()).on("STAT", "+OK " + count).start()) {
            var result = toward(imap, check_imap("--pop", JAN)).with("M365_POP_PORT", pop.port()).runHere().exits(69);
            assertBlamed(result.err(), pop.port());
        }
    }

    @Test void ten_thousand_folders_and_a_million_messages_are_counted() throws IOException {
        hold(JAN, ALL_SCOPES);
        var folder = "* LIST (\\HasNoChildren) \"/\" \"" + "folder/".repeat(30) + "\"";
        var folders = Stream.generate(() -> folder).limit(10_000).toArray(String[]::new);
        try (var imap = FakeMail.imap(Tool.ca()).on("LIST *", client -> {
            client.say(folders);
            client.say(client.tagged("OK LIST completed."));
        }).on("EXAMINE *", "* 1000000 EXISTS", "OK done").start()) {
            toward(imap, check_imap(JAN)).runHere().exits(0).tells("10000 folders; INBOX: 1000000 messages");
        }
    }
}
