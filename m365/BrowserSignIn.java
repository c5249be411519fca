//SOURCES AuthorizationRequest.java
//SOURCES Browser.java
//SOURCES Callback.java
//SOURCES CleanOutput.java
//SOURCES Grant.java
//SOURCES IdentityProvider.java
//SOURCES Invocation.java
//SOURCES Page.java
//SOURCES PersonalAccounts.java
//SOURCES Phrases.java
//SOURCES Placeholders.java
//SOURCES Problem.java
//SOURCES Settings.java
//SOURCES SettingsReader.java
//SOURCES SignInEvent.java
//SOURCES SignInWait.java
//SOURCES Terminal.java
//SOURCES TokenKeeper.java

package m365;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Signs in with a browser, and goes on by itself where Microsoft wants another redirect URI or another authority than
 * the usual one. Talks on standard error; what comes back is for {@link SignInWait} to judge, and for
 * {@link TokenKeeper} to store.
 */
final class BrowserSignIn implements AutoCloseable {
    /** For an app that does not know the usual one: Thunderbird's has had this, that, and this again. */
    private static final URI OTHER_REDIRECT = URI.create("https://localhost:8745/");

    private final Settings settings;
    private final Invocation invocation;
    private final CleanOutput err;
    private final Consumer<String> log;
    private final String user;
    private final Duration patience;
    private final boolean open;
    private final LinkedBlockingQueue<SignInEvent> events = new LinkedBlockingQueue<>();
    private URI authority;
    private Callback callback;
    private AuthorizationRequest request;

    /**
     * Listens from now on.
     *
     * @param user null for whoever comes
     * @param open whether to open the browser; else the address to visit is only printed
     */
    BrowserSignIn(Settings settings, Invocation invocation, Consumer<String> log, String user, Duration patience,
            boolean open) {
        this.settings = settings;
        this.invocation = invocation;
        this.err = invocation.err();
        this.log = log;
        this.user = user;
        this.patience = patience;
        this.open = open;
        authority = PersonalAccounts.authority(settings, user);
        callback = Callback.listen(settings.redirect(), events, err::println);
    }

    /** Asks, and waits until somebody has signed in. @param where the refresh token will lie, in words */
    Grant answer(TokenKeeper keeper, String where) {
        invite(user);
        try (var terminal = Terminal.open(events, invocation.in(), invocation.err().raw())) {
            boolean canChange = isOurChoice(settings.redirect());
            while (true) {
                explainTheWait();
                var wait = new SignInWait(events, terminal, err, placeholders());
                var ending = wait.until(patience, request.state(), canChange, code -> provider().redeem(request, code));
                if (ending instanceof SignInWait.NotRegistered) {
                    canChange = false;
                    goToTheOtherRedirect();
                    continue;
                }
                var signedIn = (SignInWait.SignedIn) ending;
                var better = PersonalAccounts.authorityOf(settings, signedIn.grant().homeTenant());
                if (better.equals(settings.authority()) || better.equals(authority))
                    return keep(signedIn, keeper, where);
                checkUser(signedIn, keeper);
                goTo(better, signedIn);
            }
        }
    }

    private Map<String, String> placeholders() {
        var placeholders = Placeholders.of(settings, invocation.env(), user, "Renewing");
        placeholders.put("redirect_uri", callback.redirect().toString());
        return placeholders;
    }

    private static Grant keep(SignInWait.SignedIn signedIn, TokenKeeper keeper, String where) {
        try {
            var granted = keeper.keep(signedIn.grant());
            signedIn.by().answer(Page.signedIn(granted.account(), where));
            return granted;
        } catch (Problem e) {
            signedIn.by().answer(Page.refused(e));
            throw e;
        }
    }

    private static void checkUser(SignInWait.SignedIn signedIn, TokenKeeper keeper) {
        try {
            keeper.checkUser(signedIn.grant());
        } catch (Problem e) {
            signedIn.by().answer(Page.refused(e));
            throw e;
        }
    }

    /** Whether nobody but us has chosen it; what a person has set is not changed. */
    private boolean isOurChoice(URI redirect) {
        return redirect.toString().equals(SettingsReader.USUAL_REDIRECT)
                && !settings.places().isSet("M365_REDIRECT_URI");
    }

    private void goToTheOtherRedirect() {
        err.println();
        err.say("The app is not registered for " + callback.redirect() + ", so once more\nwith " + OTHER_REDIRECT
                + ".");
        err.println();
        callback.close();
        callback = Callback.listen(OTHER_REDIRECT, events, err::println);
        invite(user);
    }

    /** The browser that has just come back is led there; who has pasted must open it once more. */
    private void goTo(URI better, SignInWait.SignedIn signedIn) {
        authority = better;
        var account = signedIn.grant().account();
        tellWhere(err, account);
        if (signedIn.by() instanceof SignInEvent.Arrived) {
            signedIn.by().answer(Page.onwards(ask(account, true)));
        } else invite(account);
    }

    static void tellWhere(CleanOutput err, String account) {
        err.println();
        err.say(account + " is a personal account. What those get at /common ends within the\n"
                + "hour, so the sign-in goes on at /consumers.");
        err.println();
    }

    /** Opens the browser, or says what to open. */
    private void invite(String whom) {
        boolean secret = !open || System.getProperty("os.name").startsWith("Windows"); // it shows arguments to no other
        var address = ask(whom, secret);
        boolean opened = open && Browser.open(address, invocation.env());
        err.println(opened ? "Your browser opens to sign in. If it does not, visit this address:"
                : "To sign in, visit this address in any browser:");
        err.println("\n" + address + "\n");
        callback.fingerprint().ifPresent(fingerprint -> err.println("At the end the browser warns about the "
                + "certificate of " + callback.redirect() + ".\nIt was made a moment ago, here. To go on, press\n"
                + "  Chrome, Edge  Advanced, Proceed to localhost\n"
                + "  Firefox       Advanced, Accept the Risk and Continue\n"
                + "  Safari        Show Details, visit this website\n"
                + "Behind \"Not secure\", or \"View Certificate\", the browser shows its\n"
                + "SHA-256 fingerprint " + fingerprint + "\n"));
    }

    /** A new request; an answer to an older one does not count any more. @return where to answer it */
    private URI ask(String whom, boolean secret) {
        request = AuthorizationRequest.fresh(callback.redirect());
        events.removeIf(event -> {
            event.answer(new Page(409, "Too late", "The sign-in has gone on. See the terminal."));
            return true;
        });
        callback.expect(request.state(), secret);
        return provider().authorizeUrl(request, whom);
    }

    private void explainTheWait() {
        err.say("Waiting " + Phrases.duration(patience) + " for the browser. If its page shows an error, like\n"
                + "AADSTS50011, type that here. If it ends on an address that does not load,\n"
                + "copy that address, paste it here and press Enter:");
    }

    /** Repeats nothing: an authorization code that is redeemed twice is revoked (AADSTS54005). */
    private IdentityProvider provider() { return new IdentityProvider(settings, authority, log, 0); }

    @Override public void close() { callback.close(); }
}
