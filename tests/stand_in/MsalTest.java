//JAVA 17+
//DEPS com.microsoft.azure:msal4j:1.26.0
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstStandIn.java
//SOURCES App.java
//SOURCES CertificateWriter.java
//SOURCES FakeLogin.java
//SOURCES SharedAuthority.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stand_in.SharedAuthority.TLS;

import com.microsoft.aad.msal4j.AuthorizationCodeParameters;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.DeviceCodeFlowParameters;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.MsalInteractionRequiredException;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import com.microsoft.aad.msal4j.SilentParameters;
import java.net.URI;
import java.security.KeyPairGenerator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The library that most programs use gets along with the stand-in. */
class MsalTest extends AgainstStandIn {
    @Nested class MSAL {
        @Test void redeems_a_code_renews_it_and_remembers_the_account() throws Exception {
            var app = publicClient();
            var code = code("code_challenge", CHALLENGE, "code_challenge_method", "S256");
            var first = app.acquireToken(AuthorizationCodeParameters.builder(code, URI.create(REDIRECT))
                .scopes(Set.of(IMAP, SMTP)).codeVerifier(VERIFIER).build()).get();
            assertEquals(JAN, first.account().username());
            // MSAL remembers "localhost" without the port and would renew at port 443, were the authority not repeated.
            var silent = SilentParameters.builder(Set.of(IMAP, SMTP), first.account()).authorityUrl(login.authority());
            assertEquals(first.accessToken(), app.acquireTokenSilently(silent.build()).get().accessToken());
            var renewed = app.acquireTokenSilently(silent.forceRefresh(true).build()).get();
            assertNotEquals(first.accessToken(), renewed.accessToken());
            assertEquals(2, login.requests("token").size());
            assertTrue(login.secrets().contains(VERIFIER));
        }

        @Test void redeems_a_bare_refresh_token() throws Exception {
            var result = publicClient()
                .acquireToken(RefreshTokenParameters.builder(Set.of(IMAP), refreshToken()).build()).get();
            assertTrue(login.access(result.accessToken()).isPresent());
        }

        @Test void reports_a_dead_refresh_token_as_a_need_to_sign_in() {
            var thrown = assertThrows(ExecutionException.class, () ->
                publicClient().acquireToken(RefreshTokenParameters.builder(Set.of(IMAP), "None").build()).get());
            assertEquals(MsalInteractionRequiredException.class, thrown.getCause().getClass());
        }

        /** MSAL 1.26.0 asks whether it was cancelled before it knows what could have been, if its thread is quick. */
        @Test void signs_in_with_a_device_code() throws Exception {
            login.deviceInterval(1);
            CompletableFuture<IAuthenticationResult> answer;
            do answer = publicClient().acquireToken(DeviceCodeFlowParameters.builder(Set.of(IMAP), code ->
                new Thread(() -> login.approve(code.userCode(), JAN)).start()).build());
            while (answer.handle((result, e) -> e != null && e.getCause() instanceof NullPointerException).get());
            assertEquals(JAN, answer.get().account().username());
        }

        @Test void acts_for_itself_with_a_secret() throws Exception {
            assertAppOnly(ClientCredentialFactory.createFromSecret(FakeLogin.CONFIDENTIAL_SECRET),
                FakeLogin.CONFIDENTIAL_APP);
        }

        @Test void acts_for_itself_with_a_certificate() throws Exception {
            var keys = KeyPairGenerator.getInstance("RSA").generateKeyPair();
            var key = keys.getPrivate();
            var certificate = new CertificateWriter("CN=app", keys.getPublic()).signedByItself(key);
            var id = "5c1f6f4e-90f1-4f0e-8d39-0a4d1c0c9a11";
            login.add(new App(id, "With a certificate", Set.of(), null, certificate, Set.of("IMAP.AccessAsApp"),
                Set.of(JAN)));
            assertAppOnly(ClientCredentialFactory.createFromCertificate(key, certificate), id);
        }

        private void assertAppOnly(IClientCredential credential, String id) throws Exception {
            var app = ConfidentialClientApplication.builder(id, credential).authority(login.base() + "/uva.example")
                .instanceDiscovery(false).sslSocketFactory(TLS).build();
            var token = app.acquireToken(ClientCredentialParameters.builder(
                Set.of("https://outlook.office365.com/.default")).build()).get().accessToken();
            assertEquals("OK", imapLogin(JAN, token));
            assertEquals("NO", imapLogin("second@uva.example", token));
        }

        private PublicClientApplication publicClient() throws Exception {
            return PublicClientApplication.builder(FakeLogin.PUBLIC_APP).authority(login.authority())
                .instanceDiscovery(false).sslSocketFactory(TLS).build();
        }
    }
}
