//SOURCES ExitStatus.java
//SOURCES Grant.java
//SOURCES Problem.java
//SOURCES Signal.java
//SOURCES Text.java
//SOURCES TokenStore.java

package m365;

import static m365.ExitStatus.SETTINGS;
import static m365.ExitStatus.SIGN_IN;

/** Stores what a sign-in brought, if it is what was asked for; else nothing is stored. */
final class TokenKeeper {
    private final TokenStore store;
    private final String user;

    /** @param user who must have signed in; null for whoever comes */
    TokenKeeper(TokenStore store, String user) {
        this.store = store;
        this.user = user;
    }

    /** Before a person is asked to sign in: what is granted could not be stored afterwards. */
    void checkWritable() {
        store.locked(() -> {
            store.checkWritable();
            return null;
        });
    }

    /** @throws Problem if somebody else signed in than was named */
    void checkUser(Grant granted) {
        if (user != null && granted.names().stream().noneMatch(name -> Text.sameName(name, user)))
            throw new Problem(SIGN_IN, granted.account() + " signed in, not " + user + "; nothing was stored",
                    "sign in as " + user + ", in a private window if the browser chooses by itself\n"
                            + "or, if both are the same mailbox: jbang get_token.java " + granted.account(),
                    Signal.local("token-of-another-user"));
    }

    Grant keep(Grant granted) {
        if (granted.refreshToken().isEmpty())
            throw new Problem(SETTINGS, "Microsoft signed " + granted.account() + " in but gave no refresh token",
                    "the scope offline_access was not granted: ask for it in the app registration's API permissions, "
                            + "then sign in again", Signal.local("no-refresh-token"));
        checkUser(granted);
        store.locked(() -> {
            store.save(granted.refreshToken().get(), granted.cache(store, granted.refreshToken().get()));
            return null;
        });
        return granted;
    }
}
