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

import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import static m365.ExitStatus.SIGN_IN;

/**
 * One wait, two ways to answer: what the browser sends, and what a person pastes. Decides first, and then shows the
 * browser its page; how a code is redeemed and where tokens are kept is for the caller to say.
 */
final class SignInWait {
    private final BlockingQueue<SignInEvent> events;
    private final Terminal terminal;
    private final PrintStream err;
    private final Map<String, String> placeholders;

    /** @param placeholders for the explanation of what goes wrong on the way */
    SignInWait(BlockingQueue<SignInEvent> events, Terminal terminal, PrintStream err,
            Map<String, String> placeholders) {
        this.events = events;
        this.terminal = terminal;
        this.err = err;
        this.placeholders = placeholders;
    }

    /**
     * The first answer counts, and only a pasted code that is refused may be followed by another.
     *
     * @param state  of the authorization request that is to be answered
     * @param redeem gives the tokens for a code
     * @param keep   stores the tokens, and says so on a page
     * @throws Problem if the answer is No, or there is none within {@code patience}
     */
    Grant answer(Duration patience, String state, Function<Secret, Grant> redeem, Function<Grant, Page> keep) {
        long deadline = System.nanoTime() + patience.toNanos();
        Problem refused = null;
        for (SignInEvent event; (event = next(deadline - System.nanoTime())) != null;) {
            var redirect = redirect(event, state);
            if (redirect instanceof Redirect.Stray stray) {
                err.println(stray.why() + "\nPaste the address that the browser ended on:");
                continue;
            }
            Grant granted;
            try {
                granted = redeem(redirect, redeem);
            } catch (Problem e) {
                event.answer(Page.refused(e));
                if (!isWorthAnotherPaste(event, redirect, e)) throw e;
                refused = e.about(placeholders);
                err.print(ProblemReport.tell(refused, "get_token"));
                err.println("\nSign in once more at the address above, and paste what the browser ends on:");
                continue;
            }
            return keepAndAnswer(granted, event, keep);
        }
        throw refused != null ? refused : nobodyCame(patience);
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

    private static Grant redeem(Redirect redirect, Function<Secret, Grant> redeem) {
        if (redirect instanceof Redirect.Code code) return redeem.apply(code.code());
        if (redirect instanceof Redirect.Declined declined)
            throw Refusal.inRedirect(declined.error(), declined.description()).problem("redirect");
        throw new AssertionError(redirect);
    }

    /** A code that was pasted may be too old, used, or of an earlier attempt: the right one can still come. */
    private static boolean isWorthAnotherPaste(SignInEvent event, Redirect redirect, Problem e) {
        return event instanceof SignInEvent.Pasted && redirect instanceof Redirect.Code && e.status() == SIGN_IN;
    }

    private static Grant keepAndAnswer(Grant granted, SignInEvent event, Function<Grant, Page> keep) {
        try {
            event.answer(keep.apply(granted));
            return granted;
        } catch (Problem e) {
            event.answer(Page.refused(e));
            throw e;
        }
    }

    /** Many refusals are drawn in the browser and never sent to us, so the person is asked for them. */
    private Problem nobodyCame(Duration patience) {
        var what = "nobody signed in within " + Phrases.duration(patience);
        var problem = new Problem(SIGN_IN, what, "if the page showed an error, look it up: "
                + "jbang check_imap.java --explain AADSTS50011", Signal.local("nothing-came-back"));
        if (!terminal.interactive()) return problem;
        err.println("\nTime is up. Did the page show an error, like AADSTS50011? "
                + "Type or paste it, or just press Enter:");
        var answer = next(TimeUnit.MINUTES.toNanos(1));
        if (answer instanceof SignInEvent.Pasted pasted && !pasted.line().isBlank())
            return new Problem(SIGN_IN, what, "", PastedError.read(pasted.line()));
        if (answer != null) answer.answer(Page.refused(problem)); // the browser, too late
        return problem;
    }
}
