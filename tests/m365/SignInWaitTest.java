//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/SignInWait.java

package m365;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static m365.ExitStatus.SETTINGS;
import static m365.ExitStatus.SIGN_IN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What ends the wait where the system does not tell whose program an answer comes from, as on macOS. */
class SignInWaitTest {
    static final Redirect CANCELLED = new Redirect.Declined("access_denied", "send money to evil.example");

    final LinkedBlockingQueue<SignInEvent> events = new LinkedBlockingQueue<>();
    final ByteArrayOutputStream told = new ByteArrayOutputStream();

    /** An answer is in the queue. @return the page that it gets */
    CompletableFuture<Page> answers(Redirect redirect, boolean certain) {
        var page = new CompletableFuture<Page>();
        events.add(new SignInEvent.Arrived(redirect, page, certain));
        return page;
    }

    static Redirect code(String code) { return new Redirect.Code(new Secret(code)); }

    SignInWait.Ending ending() {
        var err = new PrintStream(told, true, UTF_8);
        try (var terminal = Terminal.open(new LinkedBlockingQueue<>(), new ByteArrayInputStream(new byte[0]), err)) {
            return new SignInWait(events, terminal, new CleanOutput(err), Map.of())
                .until(Duration.ofSeconds(20), "state", false, SignInWaitTest::redeem);
        }
    }

    /** Microsoft takes the right code; how it refuses another is the code's own word. */
    static Grant redeem(Secret code) {
        switch (code.reveal()) {
            case "right":
                return new Grant(new Secret("access"), Instant.MAX, Set.of(), Optional.empty(), "jan@uva.example", "",
                    Set.of(), Optional.empty(), new Secret("{}"));
            case "invalid_grant":
                throw new Problem(SIGN_IN, "refused", "", new Signal("token", "invalid_grant", "", null, ""));
            case "invalid_request":
                throw new Problem(SETTINGS, "refused", "", new Signal("token", "invalid_request", "", null, ""));
            default:
                throw new Problem(SETTINGS, "wrong secret", "", new Signal("token", "invalid_client", "", null, ""));
        }
    }

    @Test void a_No_and_a_code_that_is_none_do_not_end_it_and_the_right_one_still_comes() {
        answers(CANCELLED, false);
        answers(new Redirect.Declined("server_error", "send money to evil.example"), false);
        answers(code("invalid_grant"), false);
        answers(code("invalid_request"), false);
        answers(code("right"), false);
        var ending = assertInstanceOf(SignInWait.SignedIn.class, ending());
        assertEquals("jan@uva.example", ending.grant().account());
        assertTrue(told.toString(UTF_8).contains("If it was yours, press Ctrl-C."), told.toString(UTF_8));
        assertFalse(told.toString(UTF_8).contains("evil"), told.toString(UTF_8));
    }

    @Test void a_refusal_that_no_code_brings_about_ends_it() {
        answers(code("any"), false);
        assertEquals("wrong secret", assertThrows(Problem.class, this::ending).getMessage());
    }

    @Test void whoever_is_known_to_have_cancelled_has_the_terminal_back_at_once() throws Exception {
        var page = answers(CANCELLED, true);
        assertTrue(assertThrows(Problem.class, this::ending).getMessage().startsWith("you cancelled"));
        assertEquals("You cancelled", page.get().title());
    }

    @Test void a_code_known_to_be_the_person_s_ends_it_too() {
        answers(code("invalid_grant"), true);
        assertEquals("refused", assertThrows(Problem.class, this::ending).getMessage());
    }
}
