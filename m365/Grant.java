//SOURCES Json.java
//SOURCES Proof.java
//SOURCES Scopes.java
//SOURCES Secret.java
//SOURCES Settings.java
//SOURCES TokenStore.java

package m365;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the identity provider granted.
 *
 * @param expires      by whichever clock says the earlier end, or the token itself
 * @param refreshToken empty if it gave none
 * @param account      the name to show: the sign-in name (UPN)
 * @param homeAccount  by which the account is known whatever it is called: its id and its own tenant
 * @param names        every name by which the ID token calls the account
 * @param answered     when, by the identity provider's own clock; empty if it did not say
 * @param msalCache    MSAL's serialised cache, with both tokens in it
 */
public record Grant(Secret accessToken, Instant expires, Set<String> scopes, Optional<Secret> refreshToken,
        String account, String homeAccount, Set<String> names, Optional<Instant> answered, Secret msalCache) {

    /** The account's own tenant. */
    String homeTenant() { return homeAccount.substring(homeAccount.lastIndexOf('.') + 1); }

    /** Scopes that were asked for and not granted. */
    public Set<String> missing(Settings settings) {
        return settings.scopes().stream().filter(asked -> !Scopes.covers(scopes, asked))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The cache as it is stored: with the refresh token that is stored beside it, which may be an older one, or in the
     * place of a secret store's with a proof; and with the end that is believed.
     */
    @SuppressWarnings("unchecked")
    String cache(TokenStore store, Secret stored) {
        var document = Json.read(msalCache.reveal()).orElseThrow();
        document.put("RefreshToken", Map.of("stored", store.inSecretStore()
                ? Map.of("proof", Proof.of(accessToken, stored)) : Map.of("secret", stored.reveal())));
        for (var entry : ((Map<String, Map<String, Object>>) document.get("AccessToken")).values())
            entry.put("expires_on", String.valueOf(expires.getEpochSecond()));
        return Json.write(document);
    }
}
