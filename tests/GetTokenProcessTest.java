//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES stand_in/FakeLogin.java
//SOURCES support/JanIsSignedIn.java

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import stand_in.FakeLogin;
import support.JanIsSignedIn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What only a process can show: its start, what it leaves on the disk, locks, being killed. One test after the other,
 * for twenty processes at once leave nothing to others.
 */
@Order(2)
class GetTokenProcessTest extends JanIsSignedIn {

    @Nested class With_a_token_file_of_the_Python_tool {

        @Test void an_access_token_is_printed_at_once_and_nothing_else() {
            printed(get_token("--access-token").run().says(""));
            assertEquals(1, login.requests().size(), "one request, and no discovery");
            assertEquals("refresh_token", login.requests("token").get(0).parameter("grant_type"));
        }

        @Test void the_new_refresh_token_and_the_cache_are_stored_for_the_owner_alone() throws IOException {
            get_token("--access-token").underUmask000().run().exits(0);
            assertNotEquals(refreshToken, read("refresh_token"));
            assertEquals(login.refreshToken(JAN), read("refresh_token"));
            for (var name : List.of("refresh_token", "token_cache.json", "refresh_token_lock"))
                assertEquals("rw-------", mode(name), name);
        }
    }

    @Nested class When_twenty_processes_ask_at_once {

        @Test void one_renews_and_all_print_the_same_token() throws IOException {
            login.accessTokenSeconds(0);
            renew();
            login.accessTokenSeconds(-1);
            login.forgetRequests();
            var running = Stream.generate(() -> get_token("--access-token").start()).limit(20).toList();
            var tokens = new HashSet<String>();
            for (var program : running)
                try (program) {
                    tokens.add(printed(program.ends()));
                }
            assertEquals(1, tokens.size());
            assertEquals(1, requests());
            assertEquals(login.refreshToken(JAN), read("refresh_token"));
        }
    }

    @Nested class When_the_provider_refuses {

        /** A mail program's person has other settings in force than the program, and would sign in beside it. */
        @Test void that_command_carries_the_settings_of_the_failed_one_but_no_secret() throws IOException {
            Files.delete(folder.resolve("refresh_token"));
            var err = get_token("--access-token", JAN).with("M365_TOKEN_FILE", folder.resolve("a token"))
                .with("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP)
                .with("M365_CLIENT_SECRET", FakeLogin.CONFIDENTIAL_SECRET)
                .with("M365_PASSPHRASE", "somebody else's").run().exits(77).neverSays("M365_PASSPHRASE").err();
            assertTrue(err.contains("hint: sign in: M365_AUTHORITY=" + login.authority() + " M365_CA_FILE="), err);
            assertTrue(err.contains(" M365_CLIENT_ID=" + FakeLogin.CONFIDENTIAL_APP + " "), err);
            assertTrue(err.contains(" M365_TOKEN_FILE='" + folder + "/a token' M365_CLIENT_SECRET=… "), err);
            assertTrue(err.matches("(?s).*/get_token.java'? " + JAN + "\n.*"), err);
        }

        /** Somebody may have put a passphrase into it. */
        @Test void a_secret_store_s_command_is_not_repeated() {
            get_token("--access-token").with("M365_TOKEN_READ_COMMAND", "sh -c 'echo a-passphrase; exit 3'")
                .with("M365_TOKEN_WRITE_COMMAND", "cat").run().exits(78).neverSays("a-passphrase")
                .says("M365_TOKEN_READ_COMMAND=… M365_TOKEN_WRITE_COMMAND=… ", "/get_token.java");
        }
    }

    @Nested class When_a_process_is_killed_while_it_renews {

        @Test void the_next_one_goes_on_with_a_token_that_works() throws Exception {
            login.hangNext("token", Duration.ofSeconds(20));
            try (var running = get_token("--access-token").start()) {
                for (int i = 0; i < 6000 && requests() == 0; i++) Thread.sleep(10);
                assertEquals(1, requests());
                assertTrue(running.isAlive(), "it waits for the answer");
            }
            assertEquals(refreshToken, read("refresh_token").strip());
            accessToken();
            assertEquals(Set.of("refresh_token", "token_cache.json", "refresh_token_lock"), names());
        }

        Set<String> names() throws IOException {
            try (var files = Files.list(folder)) {
                return files.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
            }
        }
    }
}
