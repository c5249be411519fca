//DEPS com.microsoft.azure:msal4j:1.26.0
//DEPS org.slf4j:slf4j-nop:1.7.36
//SOURCES AuthorizationRequest.java
//SOURCES ClientCredential.java
//SOURCES ExitStatus.java
//SOURCES Grant.java
//SOURCES Http.java
//SOURCES HttpProxy.java
//SOURCES Phrases.java
//SOURCES Problem.java
//SOURCES Progress.java
//SOURCES Secret.java
//SOURCES Server.java
//SOURCES Settings.java
//SOURCES Signal.java
//SOURCES Text.java
//SOURCES TokenCache.java
//SOURCES TokenClaims.java
//SOURCES Unreachable.java

package m365;

import com.microsoft.aad.msal4j.AbstractClientApplicationBase;
import com.microsoft.aad.msal4j.AuthorizationCodeParameters;
import com.microsoft.aad.msal4j.AuthorizationRequestUrlParameters;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.DeviceCode;
import com.microsoft.aad.msal4j.DeviceCodeFlowParameters;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.MsalClientException;
import com.microsoft.aad.msal4j.MsalServiceException;
import com.microsoft.aad.msal4j.Prompt;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import static m365.ExitStatus.LATER;
import static m365.ExitStatus.SETTINGS;
import static m365.ExitStatus.SIGN_IN;

/**
 * The identity provider, through MSAL; each instance makes one request. Says why there is no token, and stores nothing.
 */
public final class IdentityProvider {
    private final Settings settings;
    private final URI authority;
    private final Consumer<String> log;
    private final Http http;
    private final AbstractClientApplicationBase msal;

    /** @param retries how often a request may be repeated; an authorization code must never be (it is single-use) */
    public IdentityProvider(Settings settings, Consumer<String> log, int retries) {
        this(settings, settings.authority(), log, retries);
    }

    /** @param authority another of the same host, for {@link PersonalAccounts} */
    IdentityProvider(Settings settings, URI authority, Consumer<String> log, int retries) {
        this.settings = settings;
        this.authority = authority;
        this.log = log;
        this.http = new Http(settings, log, retries);
        this.msal = application(settings, authority + "/", http);
    }

    private static AbstractClientApplicationBase application(Settings settings, String authority, Http http) {
        var credential = settings.confidential() ? ClientCredential.of(settings) : null;
        try {
            // Instance discovery would cost a round trip to learn what the authority's host already says.
            return credential != null
                    ? ConfidentialClientApplication.builder(settings.clientId(), credential).authority(authority)
                            .instanceDiscovery(false).disableInternalRetries().httpClient(http).build()
                    : PublicClientApplication.builder(settings.clientId()).authority(authority)
                            .instanceDiscovery(false).disableInternalRetries().httpClient(http).build();
        } catch (MalformedURLException e) {
            throw new AssertionError(e); // Settings let it through
        } catch (IllegalArgumentException e) { // MSAL takes some hosts and paths for another product, B2C
            throw new Problem(SETTINGS, "M365_AUTHORITY is " + Text.quote(settings.authority().toString())
                    + ", where nobody with a Microsoft 365 mailbox signs in",
                    "the usual value is https://login.microsoftonline.com/common");
        }
    }

    /** The page on which {@code user} (or whoever, if null) signs in and consents. */
    public URI authorizeUrl(AuthorizationRequest request, String user) {
        var wanted = AuthorizationRequestUrlParameters.builder(request.redirect().toString(), settings.scopes())
                .state(request.state()).codeChallenge(request.challenge()).codeChallengeMethod("S256");
        // The browser may be signed in as somebody else; a choice of account prevents a token for the wrong mailbox.
        if (user == null) wanted.prompt(Prompt.SELECT_ACCOUNT);
        else wanted.loginHint(user);
        // MSAL always asks for a form post, and a form post cannot be pasted.
        return URI.create(msal.getAuthorizationRequestUrl(wanted.build()).toString()
                .replace("response_mode=form_post", "response_mode=query"));
    }

    /** Redeems the code that came back (RFC 6749 section 4.1.3). */
    Grant redeem(AuthorizationRequest request, Secret code) {
        return await(msal.acquireToken(AuthorizationCodeParameters.builder(code.reveal(), request.redirect())
                .scopes(settings.scopes()).codeVerifier(request.verifier().reveal()).build()), 60);
    }

    /** Redeems a refresh token (RFC 6749 section 6). */
    Grant renew(Secret refreshToken) {
        return await(msal.acquireToken(
                RefreshTokenParameters.builder(settings.scopes(), refreshToken.reveal()).build()), 20);
    }

    /** Gets a code for another device, gives it to {@code invite}, waits until somebody signs in there (RFC 8628). */
    Grant redeemByDevice(Consumer<DeviceCode> invite, int seconds) {
        http.waitForDevice();
        return await(((PublicClientApplication) msal).acquireToken(
                DeviceCodeFlowParameters.builder(settings.scopes(), invite).build()), seconds);
    }

    /** A token of the app itself (RFC 6749 section 4.4). Exchange gives it to one host name only. */
    Grant appOnly() {
        var host = URI.create(settings.scopes().iterator().next()).getHost();
        var scope = "https://" + (host.equals("outlook.office.com") ? "outlook.office365.com" : host) + "/.default";
        return await(((ConfidentialClientApplication) msal).acquireToken(
                ClientCredentialParameters.builder(Set.of(scope)).build()), 20);
    }

    private Grant await(CompletableFuture<IAuthenticationResult> answer, int seconds) {
        var progress = Progress.begin(http.isWaitingForDevice() ? "" : "waiting for " + authority.getHost());
        try {
            return grant(answer.get(seconds, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            throw problem(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw tooLate(seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(LATER, "interrupted", "try again");
        } finally {
            progress.end();
        }
    }

    private Grant grant(IAuthenticationResult result) {
        var cache = msal.tokenCache().serialize(); // MSAL's result hides the refresh token
        var cached = TokenCache.read(cache, http.lastDate().orElse(Instant.MAX)).orElseThrow(() -> new Problem(LATER,
                "the answer of " + authority.getHost() + " carries no access token", "try again later"));
        var names = new TreeSet<String>();
        names.add(cached.account());
        if (result.idToken() != null) names.addAll(TokenClaims.names(result.idToken()));
        return new Grant(cached.accessToken(), cached.expires(), cached.scopes(), cached.refreshToken(),
                cached.account(), cached.homeAccount(), names, http.lastDate(), new Secret(cache));
    }

    private Problem tooLate(int seconds) {
        if (http.outage().isPresent()) return problem(http.outage().get());
        if (http.isWaitingForDevice())
            return new Problem(SIGN_IN, "nobody signed in within " + Phrases.duration(Duration.ofSeconds(seconds)),
                    "start over and allow more time with --timeout; if the page showed an error, look it up: "
                            + "jbang check_imap.java --explain NUMBER");
        return new Problem(LATER, authority.getHost() + " did not answer within " + seconds + " s",
                "try again later");
    }

    /** Why there is no token: what lies at the bottom of MSAL's exception, or of what its connection has seen. */
    private Problem problem(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem told) return told;
            if (cause instanceof IOException e) return unreachable(e);
            if (cause instanceof MsalClientException gaveUp && "code_expired".equals(gaveUp.errorCode()))
                return http.outage().isPresent() ? problem(http.outage().get()) : codeExpired();
            if (cause instanceof MsalServiceException && http.lastRefusal().isPresent())
                return http.lastRefusal().get().problem(http.isWaitingForDevice() ? "device" : "token");
        }
        log.accept("* MSAL stumbles: " + failure.getClass().getSimpleName());
        return new Problem(LATER, authority.getHost() + " answered in a way that MSAL cannot read",
                "try again later; --verbose shows more");
    }

    private Problem unreachable(IOException e) {
        var proxy = settings.proxy();
        if (proxy.isPresent() && HttpProxy.neverCame(e)) return HttpProxy.unreachable(proxy.get(), e);
        var server = new Server(authority.getHost(), authority.getPort() < 0 ? 443 : authority.getPort());
        return Unreachable.problem("sign-in", server, proxy.isEmpty(), e);
    }

    /** A page that refuses the code tells us nothing: to the end we only hear that the sign-in is pending. */
    private static Problem codeExpired() {
        return new Problem(SIGN_IN, "the code expired before anybody signed in with it",
                "if the page showed an error, look it up: jbang check_imap.java --explain NUMBER",
                Signal.local("device-code-flow-blocked"));
    }
}
