//SOURCES Json.java
//SOURCES Scopes.java
//SOURCES Secret.java
//SOURCES Settings.java
//SOURCES TokenStore.java

package m365;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the identity provider granted.
 *
 * @param refreshToken empty if it gave none
 * @param account      the name to show: the sign-in name (UPN)
 * @param names        every name by which the ID token calls the account
 * @param answered     when, by the identity provider's own clock; empty if it did not say
 * @param msalCache    MSAL's serialised cache, with both tokens in it
 */
public record Grant(Secret accessToken, Instant expires, Set<String> scopes, Optional<Secret> refreshToken,
        String account, Set<String> names, Optional<Instant> answered, Secret msalCache) {

    /** Scopes that were asked for and not granted. */
    public Set<String> missing(Settings settings) {
        return settings.scopes().stream().filter(asked -> !Scopes.covers(scopes, asked))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The cache as it may be stored: the refresh token of a secret store does not leave it. */
    String cache(TokenStore store) {
        if (!store.inSecretStore()) return msalCache.reveal();
        var document = Json.read(msalCache.reveal()).orElseThrow();
        document.remove("RefreshToken");
        return Json.write(document);
    }
}
