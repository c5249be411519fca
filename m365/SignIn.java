//DEPS com.microsoft.azure:msal4j:1.26.0
//SOURCES AuthorizationRequest.java
//SOURCES Browser.java
//SOURCES Callback.java
//SOURCES ExitStatus.java
//SOURCES Grant.java
//SOURCES IdentityProvider.java
//SOURCES Invocation.java
//SOURCES Page.java
//SOURCES Phrases.java
//SOURCES Placeholders.java
//SOURCES Problem.java
//SOURCES Settings.java
//SOURCES SignInEvent.java
//SOURCES SignInWait.java
//SOURCES Signal.java
//SOURCES Terminal.java
//SOURCES Text.java
//SOURCES TokenStore.java

package m365;

import com.microsoft.aad.msal4j.DeviceCode;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import static m365.ExitStatus.SETTINGS;
import static m365.ExitStatus.SIGN_IN;
import static m365.ExitStatus.USAGE;

/**
 * Signs a person in, with the browser here or a code on another device, and stores the tokens if they are what was
 * asked for. Talks on standard error while it waits; talking to Microsoft is left to {@link IdentityProvider}.
 */
public final class SignIn {
    private static final int USUAL_TIMEOUT = 300;

    private final Settings settings;
    private final TokenStore store;
    private final Invocation invocation;
    private final PrintStream err;
    private final Consumer<String> log;
    private final String user;
    private final Integer timeout;

    /**
     * @param user    who must sign in; null for whoever comes
     * @param timeout seconds to wait for the sign-in; null for 300, or with a code as long as it is valid
     */
    public SignIn(Settings settings, TokenStore store, Invocation invocation, Consumer<String> log, String user,
            Integer timeout) {
        this.settings = settings;
        this.store = store;
        this.invocation = invocation;
        this.err = invocation.err();
        this.log = log;
        this.user = user;
        this.timeout = timeout;
    }

    /**
     * With the browser here, or any other whose last address is pasted.
     *
     * @param open whether to open the browser; else the address to visit is only printed
     * @return what was granted and is stored
     */
    public Grant byBrowser(boolean open) {
        checkWritable();
        var events = new LinkedBlockingQueue<SignInEvent>();
        try (var callback = Callback.listen(settings.redirect(), events, err::println)) {
            var request = AuthorizationRequest.fresh(callback.redirect());
            callback.serve(request.state());
            var address = provider().authorizeUrl(request, user);
            boolean opened = open && Browser.open(address, invocation.env());
            invite(address, opened, callback);
            try (var terminal = Terminal.open(events, invocation.in(), invocation.err().raw())) {
                err.println("Waiting " + Phrases.duration(patience()) + " for the browser. If it ends on an address "
                        + "that does not load,\ncopy that address, paste it here and press Enter:");
                var placeholders = Placeholders.of(settings, invocation.env(), user, "Renewing");
                return new SignInWait(events, terminal, err, placeholders).answer(patience(), request.state(),
                        code -> provider().redeem(request, code),
                        granted -> Page.signedIn(keep(granted).account(), store.toString()));
            }
        }
    }

    private void invite(URI address, boolean opened, Callback callback) {
        err.println(opened ? "Your browser opens to sign in. If it does not, visit this address:"
                : "To sign in, visit this address in any browser:");
        err.println();
        err.println(address);
        err.println();
        callback.fingerprint().ifPresent(fingerprint -> err.println("Your browser will warn about the certificate of "
                + callback.redirect() + ": it was made a moment ago, here,\nand has the SHA-256 fingerprint "
                + fingerprint + ".\n"));
    }

    private Duration patience() { return Duration.ofSeconds(timeout == null ? USUAL_TIMEOUT : timeout); }

    /** Repeats nothing: an authorization code that is redeemed twice is revoked (AADSTS54005). */
    private IdentityProvider provider() { return new IdentityProvider(settings, log, 0); }

    /** With a code that is typed on another device (RFC 8628). @return what was granted and is stored */
    public Grant byDevice() {
        if (settings.confidential())
            throw new Problem(USAGE, "Microsoft has no device flow for a client with a secret",
                    "leave out --device; from another computer, paste the address that its browser ends on\n"
                            + "or use a public client: M365_CLIENT_SECRET empty");
        checkWritable();
        int longest = timeout == null ? (int) TimeUnit.HOURS.toSeconds(1) : timeout;
        return keep(provider().redeemByDevice(code -> invite(code, longest), longest));
    }

    private void invite(DeviceCode code, int longest) {
        long seconds = Math.min(code.expiresIn(), longest);
        err.println("On any device, visit " + code.verificationUri() + "\nand type the code " + code.userCode() + "\n");
        err.println("Waiting " + Phrases.duration(Duration.ofSeconds(seconds)) + " for the sign-in there, until "
                + Phrases.localTime(Instant.now().plusSeconds(seconds)) + ".");
    }

    /** Before a person is asked to sign in: what is granted could not be stored afterwards. */
    private void checkWritable() {
        store.locked(() -> {
            store.checkWritable();
            return null;
        });
    }

    /** Stores what was granted, if it is what was asked for; else nothing is stored. */
    private Grant keep(Grant granted) {
        if (granted.refreshToken().isEmpty())
            throw new Problem(SETTINGS, "Microsoft signed " + granted.account() + " in but gave no refresh token",
                    "the scope offline_access was not granted: ask for it in the app registration's API permissions, "
                            + "then sign in again", Signal.local("no-refresh-token"));
        if (user != null && granted.names().stream().noneMatch(name -> Text.sameName(name, user)))
            throw new Problem(SIGN_IN, granted.account() + " signed in, not " + user + "; nothing was stored",
                    "sign in as " + user + ", in a private window if the browser chooses by itself\n"
                            + "or, if both are the same mailbox: jbang get_token.java " + granted.account(),
                    Signal.local("token-of-another-user"));
        store.locked(() -> {
            store.save(granted.refreshToken().get(), granted.cache(store, granted.refreshToken().get()));
            return null;
        });
        return granted;
    }
}
