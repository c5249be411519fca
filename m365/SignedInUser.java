//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Settings.java
//SOURCES Text.java
//SOURCES TokenCache.java
//SOURCES TokenStore.java

package m365;

import java.util.Optional;

import static m365.ExitStatus.SIGN_IN;

/** Whose tokens lie in a store, as far as that is known without asking Microsoft. */
public final class SignedInUser {
    private final Settings settings;
    private final TokenStore store;

    public SignedInUser(Settings settings, TokenStore store) {
        this.settings = settings;
        this.store = store;
    }

    /** The account's sign-in name, if it is known. */
    public Optional<String> account() { return cache().map(TokenCache::account).filter(name -> !name.isEmpty()); }

    /** The cache, if it belongs to the refresh token that lies here. A secret store need not be opened for that. */
    Optional<TokenCache> cache() {
        if (store.inSecretStore()) return TokenCache.of(store);
        try {
            var refreshToken = Optional.of(store.load());
            return TokenCache.of(store).filter(cache -> cache.refreshToken().equals(refreshToken));
        } catch (Problem e) {
            return Optional.empty();
        }
    }

    /**
     * Whoever is named must be the one whose token lies here, as far as that is known. Where each has a place, the name
     * has chosen it.
     *
     * @param user null if none was named
     * @throws Problem if somebody else is signed in
     */
    public void mustBe(String user) {
        if (user == null || settings.perUser()) return;
        var account = account().orElse(user);
        if (!account.equalsIgnoreCase(user))
            throw new Problem(SIGN_IN, account + " is signed in here, not " + user,
                    "if both are the same mailbox, name " + account + "\nelse keep a token for each user: "
                            + (store.inSecretStore()
                            ? "put {user} into M365_TOKEN_READ_COMMAND and M365_TOKEN_WRITE_COMMAND"
                            : "M365_TOKEN_FILE=" + Text.shellQuote(store.file().resolveSibling("{user}"))));
    }
}
