//SOURCES AccessTokens.java
//SOURCES MailAddress.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Settings.java
//SOURCES SettingsReader.java
//SOURCES SignedInUser.java
//SOURCES TokenCache.java
//SOURCES TokenStore.java
//SOURCES TokenStores.java

package m365;

import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * The command lines of mail programs, {@code --access-token} and {@code --refresh-token} with or without a user, and
 * the answer to them where it lies at hand. Leaves to picocli every other line, and to the long way every failure. On
 * the way to a cached token: no regular expressions, lambdas or streams here.
 *
 * @param refresh whether the refresh token is asked for, not an access token
 * @param user    null if none was named
 */
public record TokenRequest(boolean refresh, String user) {
    private static final String ACCESS_TOKEN = "--access-token", REFRESH_TOKEN = "--refresh-token";

    /** What these words ask for; empty if picocli must read them, whose start takes a cold JVM 80 ms. */
    public static Optional<TokenRequest> of(String... words) {
        String option = null, user = null;
        for (var word : words) {
            if (option == null && (word.equals(ACCESS_TOKEN) || word.equals(REFRESH_TOKEN))) option = word;
            else if (user == null && !word.startsWith("-") && MailAddress.isOne(word)) user = word;
            else return Optional.empty();
        }
        return option == null ? Optional.empty() : Optional.of(new TokenRequest(option.equals(REFRESH_TOKEN), user));
    }

    /**
     * Prints the token that lies here, if nobody needs to be asked for it.
     *
     * @param values what config.java says
     * @return whether it did; everything else, and every failure, is for the long way to tell
     */
    public boolean answer(Map<String, String> values, Map<String, String> env, PrintStream out) {
        try {
            var settings = SettingsReader.read(values, env);
            var store = TokenStores.of(settings, user);
            var token = refresh ? new SignedInUser(settings, store).refreshToken(user) : accessToken(settings, store);
            if (token.isPresent()) out.println(token.get().reveal());
            return token.isPresent();
        } catch (Problem e) {
            return false;
        }
    }

    private Optional<Secret> accessToken(Settings settings, TokenStore store) {
        return AccessTokens.cached(settings, store, user, TokenCache.SPARE);
    }
}
