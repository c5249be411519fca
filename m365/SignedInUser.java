//SOURCES ExitStatus.java
//SOURCES MailAddress.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Settings.java
//SOURCES Text.java
//SOURCES TokenCache.java
//SOURCES TokenStore.java

package m365;

import java.util.Optional;

import static m365.ExitStatus.SIGN_IN;

/**
 * Whose tokens lie in a store, as far as that is known without asking Microsoft. On the way to a cached token: no
 * regular expressions, lambdas or streams in {@link #refreshToken} and {@link #isKnownToBe}.
 */
public final class SignedInUser {
    private final Settings settings;
    private final TokenStore store;

    public SignedInUser(Settings settings, TokenStore store) {
        this.settings = settings;
        this.store = store;
    }

    /** The account's sign-in name, if it is known; what the provider says is believed if it can be an address. */
    public Optional<String> account() { return cache().map(TokenCache::account).filter(MailAddress::isOne); }

    /** The cache, if it belongs to the refresh token that lies here. */
    Optional<TokenCache> cache() {
        try {
            return cacheOf(store.load());
        } catch (Problem e) {
            return Optional.empty();
        }
    }

    /** The cache, if it belongs to this refresh token. */
    private Optional<TokenCache> cacheOf(Secret refreshToken) {
        var cache = TokenCache.of(store);
        return cache.isPresent() && cache.get().belongsTo(refreshToken) ? cache : Optional.empty();
    }

    /**
     * The refresh token, if it is known to be the user's.
     *
     * @param user null for whoever is signed in
     * @throws Problem if there is none, or somebody else's
     */
    Optional<Secret> refreshToken(String user) {
        var refreshToken = store.load();
        var cache = user == null ? Optional.<TokenCache>empty() : cacheOf(refreshToken);
        var account = cache.isPresent() ? cache.get().account() : "";
        return isKnownToBe(user, account) ? Optional.of(refreshToken) : Optional.empty();
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
        isKnownToBe(user, account().orElse(""));
    }

    /** The same for what is given to them: nothing is, as long as it is not known whose it is. */
    void mustBeKnownToBe(String user, String account) {
        if (isKnownToBe(user, account)) return;
        throw new Problem(SIGN_IN, "it is not known whose token lies in " + store + ", for Microsoft did not say",
                "leave out " + user + ", or sign in again: {sign_in}");
    }

    /**
     * Whether a token is the user's: no name was given, it has chosen the place, or it is the account's.
     *
     * @param account empty if it is not known
     * @throws Problem if it is somebody else's
     */
    boolean isKnownToBe(String user, String account) {
        if (user == null || settings.perUser() || Text.sameName(account, user)) return true;
        if (account.isEmpty()) return false;
        throw new Problem(SIGN_IN, account + " is signed in here, not " + user,
                "if both are the same mailbox, name " + account + "\nelse keep a token for each user: "
                        + (store.inSecretStore()
                        ? "put {user} into M365_TOKEN_READ_COMMAND and M365_TOKEN_WRITE_COMMAND"
                        : "M365_TOKEN_FILE=" + Text.shellQuote(store.file().resolveSibling("{user}"))));
    }
}
