//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES SigningIn.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Pasting into a real pseudo-terminal. */
@Order(4)
@Execution(ExecutionMode.CONCURRENT)
class TerminalTest extends SigningIn {

    @Nested class In_a_terminal {

        @Test void an_address_of_more_than_6000_characters_can_be_pasted_and_the_terminal_is_as_before()
                throws Exception {
            login.codeLength(6200);
            try (var running = get_token("--no-browser").onTerminal().start()) {
                var end = login.signIn(ready(running), JAN);
                assertTrue(end.length() > 6000, "it has only " + end.length());
                running.types(end + "\n").ends().exits(0).says("Signed in as " + JAN);
            }
            assertEquals(login.refreshToken(JAN), Files.readString(tokenFile()));
            theTerminalIsAsBefore();
        }

        @Test void a_slip_can_be_corrected_with_backspace() throws Exception {
            try (var running = get_token("--no-browser").onTerminal().start()) {
                var end = login.signIn(ready(running), JAN);
                int slip = end.length() - 2;
                running.types(end.substring(0, slip) + "zz\u007f\u007f" + end.substring(slip) + "\r").ends()
                    .exits(0).says("Signed in as " + JAN);
            }
        }

        @Test void Ctrl_C_ends_it_at_once_and_the_terminal_is_as_before() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser").onTerminal().start()) {
                ready(running);
                running.types("\u0003").ends().exits(130);
            }
            theOldTokenIsUntouched();
            theTerminalIsAsBefore();
        }

        @Test void when_time_is_up_it_asks_what_the_page_showed() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser", "--timeout", "2").onTerminal().start()) {
                ready(running);
                running.says("Did the page show an error, like AADSTS50011\\?");
                running.types("AADSTS50011: the redirect URI does not match\n").ends().exits(77)
                    .says("nobody signed in within 2 seconds").saysWhatToDo();
            }
            theOldTokenIsUntouched();
            theTerminalIsAsBefore();
        }

        @Test void a_browser_that_comes_when_time_is_up_is_told_so() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser", "--timeout", "2").onTerminal().start()) {
                var address = ready(running);
                running.says("Time is up");
                var page = visit(login.signIn(address, JAN)).body();
                assertTrue(page.contains("Not signed in") && page.contains("Nobody signed in within 2 seconds."), page);
                running.ends().exits(77);
            }
            theOldTokenIsUntouched();
        }

        void theTerminalIsAsBefore() throws IOException {
            assertTrue(Files.readString(folder.resolve("stty.before")).contains(" icanon"));
            assertEquals(Files.readString(folder.resolve("stty.before")),
                Files.readString(folder.resolve("stty.after")));
        }
    }
}
