//SOURCES CleanOutput.java
//SOURCES ExitStatus.java
//SOURCES Grant.java
//SOURCES Page.java
//SOURCES PastedError.java
//SOURCES Phrases.java
//SOURCES Problem.java
//SOURCES ProblemReport.java
//SOURCES Redirect.java
//SOURCES Refusal.java
//SOURCES Secret.java
//SOURCES SignInEvent.java
//SOURCES Signal.java
//SOURCES Terminal.java

package m365;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import static m365.ExitStatus.SIGN_IN;

/**
 * One wait, two ways to answer: what the browser sends, and what a person pastes. Shows a browser that
 * brought nothing good its page; how a code is redeemed, and what becomes of the tokens, is for the caller to say.
 */
final class SignInWait {
    private final BlockingQueue<SignInEvent> events;
    private final Terminal terminal;
    private final CleanOutput err;
    private final Map<String, String> placeholders;

    /** @param placeholders for the explanation of what goes wrong on the way */
    SignInWait(BlockingQueue<SignInEvent> events, Terminal terminal, CleanOutput err,
            Map<String, String> placeholders) {
        this.events = events;
        this.terminal = terminal;
        this.err = err;
        this.placeholders = placeholders;
    }

    /** How a wait may end so that the sign-in goes on. */
    sealed interface Ending { }

    /** @param by who still waits for a page */
    record SignedIn(Grant grant, SignInEvent by) implements Ending { }

    /** Microsoft's page said, and a person tells, that the app has no such redirect URI (AADSTS50011). */
    record NotRegistered() implements Ending { }

    /**
     * The first answer counts, unless it is one after which the right one can still come.
     *
     * @param state     of the authorization request that is to be answered
     * @param canChange whether another redirect URI may be tried
     * @param redeem    gives the tokens for a code
     * @throws Problem if the answer is No, or there is none within {@code patience}
     */
    Ending until(Duration patience, String state, boolean canChange, Function<Secret, Grant> redeem) {
        long deadline = System.nanoTime() + patience.toNanos();
        Problem refused = null;
        for (SignInEvent event; (event = next(deadline - System.nanoTime())) != null;) {
            if (canChange && isNotRegistered(event)) return new NotRegistered();
            var redirect = redirect(event, state);
            if (redirect instanceof Redirect.Stray stray) {
                err.println(stray.why() + "\nPaste the address that the browser ended on:");
                continue;
            }
            try {
                return new SignedIn(redeem(redirect, redeem), event);
            } catch (Problem e) {
                event.answer(isCancelled(redirect) ? Page.cancelled() : Page.refused(e));
                if (!anotherMayCome(event, redirect, e)) throw e;
                if (event instanceof SignInEvent.Pasted) refused = e.about(placeholders);
                tellAndGoOn(event, e);
            }
        }
        if (refused != null) throw refused;
        var last = afterwards();
        if (canChange && last.isPresent() && isNotRegistered(last.get())) return new NotRegistered();
        throw nobodyCame(patience, last);
    }

    /** Null when nothing comes within so many nanoseconds. */
    private SignInEvent next(long nanos) {
        try {
            return events.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private Redirect redirect(SignInEvent event, String state) {
        if (event instanceof SignInEvent.Arrived arrived) return arrived.redirect();
        if (event instanceof SignInEvent.Pasted pasted) return Redirect.pasted(pasted.line(), state, placeholders);
        throw new AssertionError(event);
    }

    private static boolean isNotRegistered(SignInEvent event) {
        return event instanceof SignInEvent.Pasted pasted && pasted.line().matches("(?i).*\\b(AADSTS ?)?50011\\b.*");
    }

    private static boolean isCancelled(Redirect redirect) {
        return redirect instanceof Redirect.Declined declined
                && Refusal.inRedirect(declined.error(), declined.description()).byThePerson();
    }

    private static Grant redeem(Redirect redirect, Function<Secret, Grant> redeem) {
        if (redirect instanceof Redirect.Code code) return redeem.apply(code.code());
        if (redirect instanceof Redirect.Declined declined)
            throw Refusal.inRedirect(declined.error(), declined.description()).problem("redirect");
        throw new AssertionError(redirect);
    }

    /**
     * A code that was pasted may be too old, used, or of an earlier attempt. And an answer which anybody on this
     * computer can have sent must not end the wait, be it a No or a code that is none.
     */
    private static boolean anotherMayCome(SignInEvent event, Redirect redirect, Problem e) {
        boolean code = redirect instanceof Redirect.Code;
        if (event instanceof SignInEvent.Pasted) return code && e.status() == SIGN_IN;
        boolean certain = event instanceof SignInEvent.Arrived arrived && arrived.certain();
        return !certain && (!code || e.status() == SIGN_IN
                || e.signal().filter(seen -> seen.error().equals("invalid_request")).isPresent());
    }

    /** Of an answer that may be anybody's, no word is repeated. */
    private void tellAndGoOn(SignInEvent event, Problem refused) {
        if (event instanceof SignInEvent.Pasted) {
            err.print(ProblemReport.tell(refused, "get_token", err.columns()));
            err.println("\nSign in once more at the address above, and paste what the browser ends on:");
        } else
            err.say("An answer came that does not sign anybody in; other users of this computer can send such."
                    + "\nIf it was yours, press Ctrl-C. Else go on in the browser:");
    }

    /** Many refusals are drawn in the browser and never sent to us, so the person is asked for them. */
    private Optional<SignInEvent> afterwards() {
        if (!terminal.interactive()) return Optional.empty();
        err.println("\nTime is up. Did the page show an error, like AADSTS50011? "
                + "Type or paste it within a minute, or just press Enter:");
        return Optional.ofNullable(next(TimeUnit.MINUTES.toNanos(1)));
    }

    private static Problem nobodyCame(Duration patience, Optional<SignInEvent> last) {
        var what = "nobody signed in within " + Phrases.duration(patience);
        if (last.isPresent() && last.get() instanceof SignInEvent.Pasted pasted && !pasted.line().isBlank())
            return new Problem(SIGN_IN, what, "", PastedError.read(pasted.line()));
        var problem = new Problem(SIGN_IN, what, "if the page showed an error, look it up: "
                + "jbang check_imap.java --explain NUMBER", Signal.local("nothing-came-back"));
        last.ifPresent(event -> event.answer(Page.refused(problem))); // the browser, too late
        return problem;
    }
}
