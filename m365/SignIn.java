//DEPS com.microsoft.azure:msal4j:1.26.0
//SOURCES BrowserSignIn.java
//SOURCES CleanOutput.java
//SOURCES ExitStatus.java
//SOURCES Grant.java
//SOURCES IdentityProvider.java
//SOURCES Invocation.java
//SOURCES PersonalAccounts.java
//SOURCES Phrases.java
//SOURCES Problem.java
//SOURCES Settings.java
//SOURCES TokenKeeper.java
//SOURCES TokenStore.java

package m365;

import com.microsoft.aad.msal4j.DeviceCode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import static m365.ExitStatus.USAGE;

/**
 * Signs a person in, with the browser here or a code on another device, and has the tokens stored. Talks on standard
 * error while it waits; talking to Microsoft is left to {@link IdentityProvider}.
 */
public final class SignIn {
    private static final int USUAL_TIMEOUT = 300;

    private final Settings settings;
    private final TokenStore store;
    private final Invocation invocation;
    private final CleanOutput err;
    private final Consumer<String> log;
    private final String user;
    private final Integer timeout;
    private final TokenKeeper keeper;

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
        this.keeper = new TokenKeeper(store, user);
    }

    /**
     * With the browser here, or any other whose last address is pasted.
     *
     * @param open whether to open the browser; else the address to visit is only printed
     * @return what was granted and is stored
     */
    public Grant byBrowser(boolean open) {
        keeper.checkWritable();
        var patience = Duration.ofSeconds(timeout == null ? USUAL_TIMEOUT : timeout);
        try (var signIn = new BrowserSignIn(settings, invocation, log, user, patience, open)) {
            return signIn.answer(keeper, store.toString());
        }
    }

    /** With a code that is typed on another device (RFC 8628). @return what was granted and is stored */
    public Grant byDevice() {
        if (settings.confidential())
            throw new Problem(USAGE, "Microsoft has no device flow for a client with a secret",
                    "leave out --device; from another computer, paste the address that its browser ends on\n"
                            + "or use a public client: M365_CLIENT_SECRET empty");
        keeper.checkWritable();
        var authority = PersonalAccounts.authority(settings, user);
        var granted = byDevice(authority);
        var better = PersonalAccounts.authorityOf(settings, granted.homeTenant());
        if (!authority.equals(better) && !settings.authority().equals(better)) {
            keeper.checkUser(granted);
            BrowserSignIn.tellWhere(err, granted.account());
            granted = byDevice(better);
        }
        return keeper.keep(granted);
    }

    private Grant byDevice(URI authority) {
        int longest = timeout == null ? (int) TimeUnit.HOURS.toSeconds(1) : timeout;
        return new IdentityProvider(settings, authority, log, 0).redeemByDevice(code -> invite(code, longest), longest);
    }

    private void invite(DeviceCode code, int longest) {
        long seconds = Math.min(code.expiresIn(), longest);
        err.println("On any device, visit " + code.verificationUri() + "\nand type the code " + code.userCode() + "\n");
        err.println("Waiting " + Phrases.duration(Duration.ofSeconds(seconds)) + " for the sign-in there, until "
                + Phrases.localTime(Instant.now().plusSeconds(seconds)) + ".");
    }
}
