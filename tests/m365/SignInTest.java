//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES SigningIn.java

package m365;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stand_in.FakeLogin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Signing in, with a browser or by pasting, to its end. */
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
class SignInTest extends SigningIn {

    @Nested class With_a_browser_or_by_pasting {

        @ParameterizedTest(name = "a {0} client, over {1}, {2}", quoteTextArguments = false) @CsvSource({
            "public,       http,  browser", "public,       http,  paste",
            "public,       https, browser", "public,       https, paste",
            "confidential, http,  browser", "confidential, http,  paste",
            "confidential, https, browser", "confidential, https, paste"})
        void signs_in(String client, String scheme, String way) throws Exception {
            var scratch = Files.createDirectory(folder.resolve("scratch"));
            var program = get_token("--no-browser", "--verbose").with("M365_REDIRECT_URI", scheme + "://localhost:0/")
                .java("-Djava.io.tmpdir=" + scratch);
            if (client.equals("confidential"))
                program.with("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP)
                    .with("M365_CLIENT_SECRET", FakeLogin.CONFIDENTIAL_SECRET);
            // What https leaves aside is in a folder that only a process of its own can be given; one client shows it.
            boolean alone = scheme.equals("https") && client.equals("public");
            try (var running = alone ? program.start() : program.startHere()) {
                var end = login.signIn(ready(running), JAN);
                assertTrue(end.startsWith(scheme + "://localhost:"), end);
                if (way.equals("paste")) running.types(end + "\n");
                else {
                    var page = visit(end, scheme.equals("https") ? fingerprint(running) : null);
                    assertEquals(200, page.statusCode());
                    assertTrue(page.body().contains("You are signed in as " + JAN + "."), page.body());
                }
                signedInAs(JAN, running.ends());
            }
            var sent = login.requests("token").get(0);
            assertEquals(1, login.requests("token").size());
            assertFalse(sent.parameter("code_verifier").isEmpty());
            assertEquals(client.equals("confidential") ? FakeLogin.CONFIDENTIAL_SECRET : "",
                sent.parameter("client_secret"));
            try (var left = Files.list(scratch)) {
                assertEquals(List.of(), left.filter(file -> !file.getFileName().toString().startsWith("hsperfdata"))
                    .toList());
            }
        }

        @Test void what_is_pasted_may_be_quoted_and_wrapped_in_spaces() throws Exception {
            try (var running = get_token("--no-browser").startHere()) {
                signedInAs(JAN, running.types("   \"" + login.signIn(ready(running), JAN) + "\"  \r\n").ends());
            }
        }

        @Test void what_is_pasted_may_be_only_the_code() throws Exception {
            try (var running = get_token("--no-browser").startHere()) {
                signedInAs(JAN, running.types(login.signIn(ready(running), JAN)
                    .replaceFirst(".*[?&]code=([^&]*).*", "$1") + "\n").ends());
            }
        }

        @Test void what_is_pasted_may_come_from_a_pipe_without_a_line_break() throws Exception {
            try (var running = get_token("--no-browser").start()) {
                var end = URI.create(login.signIn(ready(running), JAN));
                signedInAs(JAN, running.types(end.getRawQuery()).closesInput().ends());
            }
        }

        @Test void the_browser_may_come_when_nobody_can_type() throws Exception {
            try (var running = get_token("--no-browser").startHere()) {
                var end = login.signIn(ready(running.closesInput()), JAN);
                assertEquals(200, visit(end).statusCode());
                signedInAs(JAN, running.ends());
            }
        }

        @Test void a_personal_account_signs_in_too() throws Exception {
            try (var running = get_token("--no-browser").startHere()) {
                var personal = "personal@outlook.example";
                signedInAs(personal, running.types(login.signIn(ready(running), personal) + "\n").ends());
            }
        }

        @Test void the_files_are_the_owners_alone_even_under_umask_000() throws Exception {
            try (var running = get_token("--no-browser").underUmask000().start()) {
                signedInAs(JAN, running.types(login.signIn(ready(running), JAN) + "\n").ends());
            }
            try (var files = Files.list(folder)) {
                for (var file : files.toList())
                    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                        file.toString());
            }
        }

        @Test void a_form_post_is_taken_as_well() throws Exception {
            try (var running = get_token("--no-browser").startHere()) {
                var end = login.signIn(ready(running).replace("response_mode=query", "response_mode=form_post"), JAN);
                var page = send(HttpRequest.newBuilder(URI.create(end.substring(0, end.indexOf('?'))))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(end.substring(end.indexOf('?') + 1))), null);
                assertTrue(page.body().contains("You are signed in as " + JAN), page.body());
                signedInAs(JAN, running.ends());
            }
        }

        @Test void the_browser_of_the_variable_BROWSER_is_opened_unless_told_not_to() throws Exception {
            var browser = Files.writeString(folder.resolve("browser.sh"),
                "#!/bin/sh\nprintf '%s' \"$1\" >opened\nenv >environment\necho chatter\n");
            browser.toFile().setExecutable(true);
            // As a process: only there is something to be inherited.
            try (var running = get_token(JAN).with("BROWSER", browser)
                    .with("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP)
                    .with("M365_CLIENT_SECRET", FakeLogin.CONFIDENTIAL_SECRET).start()) {
                var address = ready(running);
                signedInAs(JAN, running.types(login.signIn(address, JAN) + "\n").ends().neverSays("chatter"));
                assertEquals(address, Files.readString(folder.resolve("opened")));
            }
            assertFalse(Files.readString(folder.resolve("environment")).contains("M365_CLIENT_SECRET"),
                "the browser inherits the client secret");
            Files.delete(folder.resolve("opened"));
            try (var running = get_token("--no-browser").with("BROWSER", browser).startHere()) {
                signedInAs(JAN, running.types(login.signIn(ready(running), JAN) + "\n").ends());
            }
            assertFalse(Files.exists(folder.resolve("opened")));
        }

        @Test void a_busy_port_is_replaced_and_the_provider_is_told_the_new_one() throws Exception {
            try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                    var running = get_token("--no-browser")
                        .with("M365_REDIRECT_URI", "http://localhost:" + other.getLocalPort() + "/").startHere()) {
                var end = login.signIn(ready(running), JAN);
                assertNotEquals(other.getLocalPort(), URI.create(end).getPort());
                assertEquals(200, visit(end).statusCode());
                signedInAs(JAN, running.ends().says("Port " + other.getLocalPort() + " is in use"));
            }
        }

        @Test void the_old_token_gives_way_to_the_new_one() throws Exception {
            anOldToken();
            try (var running = get_token("--no-browser", JAN).startHere()) {
                signedInAs(JAN, running.types(login.signIn(ready(running), JAN) + "\n").ends());
            }
        }
    }
}
