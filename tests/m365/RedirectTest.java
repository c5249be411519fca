//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES SigningIn.java

package m365;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What arrives instead of the redirect, or before it. */
@Execution(ExecutionMode.CONCURRENT)
class RedirectTest extends SigningIn {

    @Nested class When_something_else_arrives_first {

        @Test void each_bad_paste_is_told_what_is_wrong_with_it_and_asked_for_again() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser").startHere()) {
                var address = ready(running);
                var end = login.signIn(address, JAN);
                running.types(address + "\n").says("That is the address to open");
                running.types("good morning\n").says("it carries no code");
                running.types("\n").says("Nothing was pasted");
                running.types(end.replaceFirst("&state=.*", "") + "\n").says("its state is missing");
                running.types(end.substring(0, end.length() - 3) + "\n").says("belongs to another attempt");
                running.types(end.replaceFirst("code=[^&]*&", "") + "\n").says("neither a code nor an error");
                assertEquals(List.of(), login.requests("token"), "nothing was redeemed");
                theOldTokenIsUntouched();
                signedInAs(JAN, running.types(end + "\n").ends().says("Paste the address that the browser ended on:"));
            }
        }

        @Test void stray_and_forged_requests_do_not_end_the_wait() throws Exception {
            try (var running = get_token("--no-browser").startHere()) {
                var end = login.signIn(ready(running), JAN);
                var base = end.substring(0, end.indexOf('?'));
                assertEquals(404, visit(base + "favicon.ico").statusCode());
                assertEquals(400, visit(base).statusCode());
                assertEquals(400, visit(base + "?code=forged&state=forged").statusCode());
                assertEquals(400, visit(base + "?error=access_denied&state=forged").statusCode());
                assertEquals(List.of(), login.requests("token"), "nothing was redeemed");
                assertEquals(200, visit(end).statusCode());
                signedInAs(JAN, running.ends());
            }
        }

        @Test void an_address_of_an_earlier_attempt_is_refused() throws Exception {
            String earlier;
            try (var running = get_token("--no-browser").startHere()) {
                earlier = login.signIn(ready(running), JAN);
            }
            try (var running = get_token("--no-browser").startHere()) {
                var address = ready(running);
                running.types(earlier + "\n").says("belongs to another attempt");
                signedInAs(JAN, running.types(login.signIn(address, JAN) + "\n").ends());
            }
        }
    }
}
