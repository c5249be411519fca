//SOURCES Secret.java
//SOURCES Server.java
//SOURCES SettingPlaces.java

package m365;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The settings, parsed and checked once, by {@link SettingsReader}. On the way to a cached token: no regular
 * expressions, lambdas or streams here.
 *
 * @param clientSecret empty for a public client
 * @param clientCertificate PKCS#12, another kind of client credential
 * @param authority    identity provider and tenant, without a slash at the end
 * @param scopes       full scope URLs of one resource; MSAL adds openid, profile and offline_access
 * @param tokenFile    as written; {@link TokenStores#of} replaces {@code {user}}
 * @param readCommand  argument vector that prints the refresh token, or empty when a file holds it
 * @param proxy        HTTP proxy for the identity provider, by HTTPS_PROXY and NO_PROXY
 * @param stateDirectory where what must not depend on a session lies, as written
 * @param notifyCommand argument vector that tells a person to sign in, or empty
 * @param places       where each of them stands
 */
public record Settings(String clientId, Optional<Secret> clientSecret, URI authority, Set<String> scopes, URI redirect,
        String tokenFile, List<String> readCommand, List<String> writeCommand, Server imap, Server smtp, Server pop,
        Optional<Path> caFile, Optional<Path> clientCertificate, Secret certificatePassword, Optional<URI> proxy,
        Optional<Path> runtimeDirectory, List<String> notifyCommand, String stateDirectory, SettingPlaces places) {

    /** Whether each user has a token of their own. */
    public boolean perUser() { return readCommand.isEmpty() ? tokenFile.contains("{user}") : namesUser(readCommand); }

    static boolean namesUser(List<String> command) {
        for (var word : command) if (word.contains("{user}")) return true;
        return false;
    }

    /** Whether the client has a credential, a secret or a certificate (RFC 6749 section 2.1). */
    public boolean confidential() { return clientSecret.isPresent() || clientCertificate.isPresent(); }

    /** The tenant's place in the authority: a tenant ID, a domain, {@code common}, {@code organizations} … */
    public String tenant() { return authority.getPath().substring(1); }
}
