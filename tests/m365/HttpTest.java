//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../stand_in/ClientConnection.java
//SOURCES ../stand_in/FakeMail.java
//SOURCES ../support/JanIsSignedIn.java
//SOURCES ../support/Tool.java

package m365;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import stand_in.ClientConnection;
import stand_in.FakeMail;
import support.JanIsSignedIn;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Requests for tokens that get an answer late, none, or one that makes no sense. */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class HttpTest extends JanIsSignedIn {

    /** What takes longest begins first. */
    @Order(1)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    @Execution(ExecutionMode.CONCURRENT) // which an order switches off
    @Nested class When_the_provider_is_in_trouble {

        @Test void a_short_Retry_After_is_honoured() {
            login.answerNext("token", 429, Map.of("Retry-After", "3"), "");
            var result = get_token("--access-token").runHere();
            printed(result);
            assertEquals(2, requests());
            assertTrue(result.took().compareTo(Duration.ofSeconds(3)) >= 0, "it waited only " + result.took());
        }

        @Test void a_long_Retry_After_is_told_instead() {
            login.answerNext("token", 429, Map.of("Retry-After", "60"), "");
            var result = get_token("--access-token").runHere().exits(75).printsNothing()
                .says("throttling us", "try again in 60 seconds");
            assertEquals(1, requests());
            assertTrue(result.took().compareTo(Duration.ofSeconds(15)) < 0, "it waited " + result.took());
        }

        @ParameterizedTest
        @ValueSource(strings = {"soon", "-5", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999", "3.5"})
        void a_strange_Retry_After_counts_as_none(String value) {
            login.answerNext("token", 429, Map.of("Retry-After", value), "");
            var result = get_token("--access-token").runHere();
            printed(result);
            assertTrue(result.took().compareTo(Duration.ofSeconds(15)) < 0, "it waited " + result.took());
        }

        /** Side by side, since each takes its ten or twenty seconds; a busy machine takes some more. */
        @Order(1)
        @Test void a_server_that_never_finishes_is_given_up() throws IOException {
            var before = files();
            login.hangNext("token", Duration.ofSeconds(50));
            login.hangMidAnswerNext("token", Duration.ofSeconds(50));
            try (var silent = FakeMail.hangsAfterAccept(Tool.ca()).start();
                    var dripping = FakeMail.serving(Tool.ca().server(), true, client -> {
                        for (var line = client.readLine(); line != null && !line.isEmpty();) line = client.readLine();
                        client.say("HTTP/1.1 200 OK", "Content-Type: application/json", "");
                        while (client.pause(500)) client.write(new byte[] {' '});
                    }).start();
                    var hangs = get_token("--access-token").startHere();
                    var hangsWithoutTls = get_token("--access-token")
                        .with("M365_AUTHORITY", "https://localhost:" + silent.port() + "/common")
                        .with("M365_TOKEN_FILE", copy("two")).startHere();
                    var drips = get_token("--access-token")
                        .with("M365_AUTHORITY", "https://localhost:" + dripping.port() + "/common")
                        .with("M365_TOKEN_FILE", copy("three")).startHere();
                    var stops = get_token("--access-token").with("M365_TOKEN_FILE", copy("four")).startHere()) {
                for (var program : List.of(hangs, hangsWithoutTls, drips, stops)) {
                    var result = program.ends().exits(75).printsNothing().saysWhatToDo();
                    assertTrue(result.took().compareTo(Duration.ofSeconds(40)) < 0, "took " + result.took());
                }
            }
            assertEquals(before, files());
        }

        Path copy(String name) throws IOException {
            write(name, refreshToken);
            return folder.resolve(name);
        }
    }

    @Nested class When_the_provider_refuses {

        @ParameterizedTest(name = "HTTP {0}") @ValueSource(ints = {429, 500, 503})
        void three_times_with_a_busy_status_is_75(int http) throws IOException {
            var before = files();
            var html = Map.of("Content-Type", "text/html");
            for (int i = 0; i < 3; i++) login.answerNext("token", http, html, "<html><title>Busy</title></html>");
            get_token("--access-token").runHere().exits(75).printsNothing().says("HTTP " + http).saysWhatToDo();
            assertEquals(3, requests());
            assertEquals(before, files());
        }

        static Stream<String> nonsense() {
            return Stream.of("", "<html><head><title>Welcome to the hotel</title></head></html>", "{", "[]", "null",
                "42", "\"token\"", "{}", "{\"token_type\":\"Bearer\"}", "{\"access_token\":\"\"}",
                "{\"access_token\":null}",
                "{\"error\":{\"code\":1}}", "{\"a\":".repeat(20_000), "\0\1\2",
                "{\"access_token\":\"x y\\nz\",\"expires_in\":3600,\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"" + "x".repeat(2_000_000) + "\"}");
        }

        @ParameterizedTest(name = "{index}") @MethodSource("nonsense")
        void an_answer_that_makes_no_sense_is_75(String body) throws IOException {
            var before = files();
            login.answerNext("token", 200, Map.of("Content-Type", "application/json"), body);
            // The same again for the retries, if there are any.
            login.answerNext("token", 200, Map.of("Content-Type", "application/json"), body);
            login.answerNext("token", 200, Map.of("Content-Type", "application/json"), body);
            get_token("--access-token", "--verbose").runHere().exits(75).printsNothing().saysWhatToDo();
            assertEquals(before, files());
        }

        @Test void a_captive_portal_is_named_by_its_title() {
            login.answerNext("token", 200, Map.of("Content-Type", "text/html"),
                "<html><title>Welcome to the hotel</title></html>");
            get_token("--access-token").runHere().exits(75).says("Welcome to the hotel");
        }

        @Test void a_redirect_is_not_followed() throws IOException {
            var before = files();
            login.redirectNext("token", login.base() + "/elsewhere");
            get_token("--access-token").runHere().exits(75).printsNothing().says("/elsewhere");
            assertEquals(List.of(), login.requests("other"));
            assertEquals(before, files());
        }

        @ParameterizedTest @ValueSource(strings = {"unknown authority", "expired", "another host", "CA file not set"})
        void an_untrusted_certificate_gets_no_token(String fault) throws IOException {
            var ca = Tool.ca();
            var context = switch (fault) {
                case "unknown authority" -> ca.unknownAuthority();
                case "expired" -> ca.expired();
                case "another host" -> ca.wrongHost("other.example");
                default -> ca.server();
            };
            var before = files();
            try (var server = FakeMail.serving(context, true, ClientConnection::readLine).start()) {
                get_token("--access-token").with("M365_AUTHORITY", "https://localhost:" + server.port() + "/common")
                    .with("M365_CA_FILE", fault.equals("CA file not set") ? "" : ca.pemFile()).runHere()
                    .exits(78).printsNothing().says("TLS with localhost:" + server.port()).saysWhatToDo();
                assertEquals(List.of(), server.heard());
            }
            assertEquals(before, files());
        }
    }
}
