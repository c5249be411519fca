//SOURCES ExitStatus.java
//SOURCES PersonalAccounts.java
//SOURCES Problem.java
//SOURCES Settings.java
//SOURCES Signal.java
//SOURCES SignedInUser.java
//SOURCES Text.java
//SOURCES TokenCache.java
//SOURCES TokenStore.java

package m365;

import java.util.ArrayList;
import java.util.Optional;

import static m365.ExitStatus.LATER;
import static m365.ExitStatus.SETTINGS;
import static m365.ExitStatus.SIGN_IN;

/**
 * Tokens that were made with other settings than those in force: whose they are, and which setting differs. Known from
 * the cache; whether the identity provider takes them all the same is for it to say.
 */
final class TokenOrigin {
    private static final String CLIENT = "M365_CLIENT_ID";

    /** A sentence about the tokens here; empty if they were made with the settings in force, as far as is known. */
    static Optional<String> ofOtherSettings(TokenCache cache, Settings settings) {
        var others = cache.madeWithOther(settings);
        if (others.isEmpty()) return Optional.empty();
        var differences = new ArrayList<String>();
        for (var name : others)
            differences.add(name + " is " + now(name, settings) + " (" + settings.places().of(name) + "), not "
                    + then(name, cache, settings) + " as then");
        return Optional.of("the tokens here" + (cache.account().isEmpty() ? "" : ", of " + cache.account() + ",")
                + " were made with other settings: " + String.join("; ", differences));
    }

    private static String now(String name, Settings settings) {
        return switch (name) {
            case CLIENT -> settings.clientId();
            case "M365_AUTHORITY" -> settings.authority().toString();
            default -> String.join(" ", settings.scopes());
        };
    }

    private static String then(String name, TokenCache cache, Settings settings) {
        return switch (name) {
            case CLIENT -> cache.clientId();
            case "M365_AUTHORITY" -> "https://" + settings.authority().getAuthority() + "/" + cache.realm();
            default -> String.join(" ", cache.scopes());
        };
    }

    /**
     * A refused renewal, in the light of that. A refresh token is bound to its client (RFC 6749 section 6): with
     * another one no refusal means what it says, and nobody's administrator can help.
     */
    static Problem explained(Problem refused, Settings settings, TokenStore store) {
        var cache = new SignedInUser(settings, store).cache();
        if (cache.isPresent() && isOfPersonalAccount(cache.get(), refused)) return throughCommon(cache.get());
        var origin = cache.flatMap(found -> ofOtherSettings(found, settings));
        if (origin.isEmpty() || refused.status() == LATER) return refused;
        boolean otherClient = !cache.get().clientId().equals(settings.clientId());
        return new Problem(otherClient ? SETTINGS : refused.status(), origin.get() + "\n"
                + (otherClient ? firstSentence(refused.getMessage()) : refused.getMessage()),
                "use them with those settings from now on: " + asThen(cache.get(), settings)
                        + " jbang get_token.java --save-settings\n"
                        + "or sign in again with the settings as they are: {sign_in}",
                otherClient ? null : refused.signal().orElse(null));
    }

    private static boolean isOfPersonalAccount(TokenCache cache, Problem refused) {
        return PersonalAccounts.isDoomed(cache.realm(), cache.homeTenant())
                && refused.signal().filter(seen -> seen.codes().contains("70000")).isPresent();
    }

    private static Problem throughCommon(TokenCache cache) {
        return new Problem(SIGN_IN, "the refresh token of " + cache.account() + ", a personal account, was got through "
                + "/common, where none of them can be renewed", "sign in once more: {sign_in}",
                Signal.local("personal-token-from-common"));
    }

    /** What to set so that the tokens here are of use again. */
    static String asThen(TokenCache cache, Settings settings) {
        var words = new ArrayList<String>();
        for (var name : cache.madeWithOther(settings))
            words.add(name + "=" + Text.shellQuote(then(name, cache, settings)));
        return String.join(" ", words);
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }

    private TokenOrigin() { }
}
