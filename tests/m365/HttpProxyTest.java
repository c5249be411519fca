//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../stand_in/FakeLogin.java
//SOURCES ../stand_in/FakeMail.java
//SOURCES ../support/ForwardProxy.java
//SOURCES ../support/JanIsSignedIn.java
//SOURCES ../support/Tool.java

package m365;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stand_in.FakeLogin;
import stand_in.FakeMail;
import support.ForwardProxy;
import support.JanIsSignedIn;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The way to the identity provider through an HTTP proxy. */
@Execution(ExecutionMode.CONCURRENT)
class HttpProxyTest extends JanIsSignedIn {

    @Nested class Behind_a_proxy {

        /** A process of its own: Java looks once, before the first connection, whether a proxy may want a password. */
        @Test void the_token_travels_through_it_with_the_password_it_wants() throws IOException {
            try (var proxy = ForwardProxy.wanting("Basic amFuOmh1c2g=")) {
                printed(get_token("--access-token", "--verbose")
                    .with("HTTPS_PROXY", "http://jan:hush@127.0.0.1:" + proxy.port()).run().neverSays("hush"));
                assertTrue(proxy.asked().contains("CONNECT localhost:" + login.port()), proxy.asked().toString());
            }
        }

        @Test void which_refuses_the_person_is_told_to_check_it() throws IOException {
            var before = files();
            try (var proxy = ForwardProxy.wanting("Basic something-else")) {
                get_token("--access-token").with("HTTPS_PROXY", "http://jan:hush@127.0.0.1:" + proxy.port()).runHere()
                    .exits(78).printsNothing().says("HTTPS_PROXY").neverSays("jan:hush");
            }
            assertEquals(before, files());
        }

        /** MSAL treats Microsoft's own hosts unlike any other: in its cache they have another name. */
        @ParameterizedTest @CsvSource({"login.microsoftonline.com, common", "login.microsoftonline.com, organizations",
            "login.microsoftonline.com, " + FakeLogin.TENANT, "login.microsoftonline.us, " + FakeLogin.TENANT,
            "login.partner.microsoftonline.cn, " + FakeLogin.TENANT})
        void at_Microsofts_own_address_two_calls_make_one_request(String host, String tenant) throws IOException {
            try (var proxy = ForwardProxy.leadingTo(login.port())) {
                var there = Map.of("M365_AUTHORITY", "https://" + host + "/" + tenant,
                    "HTTPS_PROXY", "http://127.0.0.1:" + proxy.port());
                var first = printed(get_token("--access-token").with(there).runHere());
                assertEquals(first, printed(get_token("--access-token").with(there).runHere()));
                assertEquals(List.of("CONNECT " + host + ":443"), proxy.asked());
                assertEquals(1, requests());
            }
        }

        @Test void a_wrong_password_is_offered_once() throws IOException {
            try (var proxy = ForwardProxy.wanting("Basic something-else")) {
                get_token("--access-token").with("HTTPS_PROXY", "http://jan:hush@127.0.0.1:" + proxy.port()).runHere()
                    .exits(78);
                assertEquals(1, proxy.loginsOffered());
            }
        }

        @Test void whose_own_trouble_may_pass_the_person_is_told_to_try_later() throws IOException {
            try (var busy = FakeMail.serving(Tool.ca().server(), false, client -> {
                for (var line = client.readLine(); line != null && !line.isEmpty();) line = client.readLine();
                client.say("HTTP/1.1 503 Service Unavailable", "Content-Length: 0", "", "");
            }).start()) {
                get_token("--access-token").with("HTTPS_PROXY", "http://127.0.0.1:" + busy.port()).runHere().exits(75)
                    .says("the proxy in HTTPS_PROXY");
            }
        }

        @ParameterizedTest @ValueSource(strings = {"http://127.0.0.1:1", "http://proxy.invalid:3128"})
        void that_cannot_be_reached_the_proxy_is_named_and_not_the_provider(String proxy) {
            get_token("--access-token").with("HTTPS_PROXY", proxy).runHere().exits(75)
                .says("the proxy " + proxy.substring(7) + " cannot be reached", "HTTPS_PROXY");
        }

        @Test void named_in_NO_PROXY_the_provider_is_asked_directly() throws IOException {
            try (var proxy = ForwardProxy.open()) {
                printed(get_token("--access-token").with("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port())
                    .with("NO_PROXY", "localhost").runHere());
                assertEquals(List.of(), proxy.asked());
            }
        }
    }
}
