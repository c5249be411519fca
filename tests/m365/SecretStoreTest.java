//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../stand_in/FakeLogin.java
//SOURCES ../support/Tool.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stand_in.FakeLogin;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The refresh token behind two commands, as pass, gpg or secret-tool would keep it. */
@Order(1) // two tests wait half a minute
@Execution(ExecutionMode.CONCURRENT)
class SecretStoreTest {
    static final String JAN = "jan@uva.example";

    @TempDir Path folder;
    Path store, runtime;
    FakeLogin login;
    String refreshToken;

    @BeforeEach void aStoreWithAToken() throws IOException {
        login = Tool.login();
        refreshToken = login.issueRefreshToken(JAN, FakeLogin.PUBLIC_APP,
            "IMAP.AccessAsUser.All SMTP.Send offline_access openid profile");
        store = Files.writeString(folder.resolve("the store"), refreshToken + "\n");
        runtime = Files.createDirectory(folder.resolve("runtime"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        script("read", "cat 'the store'");
        script("write", "cat >'the store'");
    }

    @AfterEach void closes() { login.close(); }

    /** A command of the store; it keeps a record of its arguments and its environment. */
    void script(String name, String body) throws IOException {
        var script = Files.writeString(folder.resolve(name + " token"), "#!/bin/sh\ncd '" + folder + "' || exit\n"
            + "echo \"" + name + " $*\" >>calls\nenv >>environment\n" + body + "\n");
        script.toFile().setExecutable(true);
    }

    Tool get_token(String... arguments) {
        return Tool.get_token(arguments).in(folder).with(Tool.settings(login))
            .with(Map.of("XDG_RUNTIME_DIR", runtime.toString(),
                "M365_TOKEN_READ_COMMAND", "'" + folder + "/read token' mail/\"refresh token\"",
                "M365_TOKEN_WRITE_COMMAND", "'" + folder + "/write token' mail/\"refresh token\""));
    }

    String stored() throws IOException { return Files.readString(store).strip(); }

    List<String> names(Path where) throws IOException {
        try (var files = Files.list(where)) {
            return files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.toList());
        }
    }

    void noTokenLiesInAPlainFile() throws IOException {
        assertFalse(Files.exists(folder.resolve("refresh_token")));
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).filter(file -> !file.equals(store)).toList())
                assertFalse(Files.readString(file).contains(stored()), "the refresh token is in " + file);
        }
    }

    @Nested class When_a_command_is_misspelt {

        @ParameterizedTest @ValueSource(strings = {"M365_TOKEN_READ_COMMAND", "M365_TOKEN_WRITE_COMMAND"})
        void it_is_found_out_before_a_person_signs_in(String name) {
            for (var command : List.of("passs show m365", folder + "/nowhere x"))
                get_token("--no-browser").with(name, command).runHere().exits(78)
                    .says("cannot be run: there is no such program", name).neverSays("/authorize");
        }
    }

    @Nested class When_the_store_works {

        @Test void an_access_token_comes_from_it_and_the_new_refresh_token_goes_into_it() throws IOException {
            var token = get_token("--access-token").runHere().exits(0).out().strip();
            assertTrue(login.access(token).isPresent());
            assertEquals(login.refreshToken(JAN), stored());
            noTokenLiesInAPlainFile();
        }

        @Test void the_access_token_is_kept_for_the_session_in_the_runtime_folder() throws IOException {
            var token = get_token("--access-token").runHere().exits(0).out().strip();
            assertEquals(token, get_token("--access-token").runHere().exits(0).out().strip());
            assertEquals(1, login.requests("token").size());
            for (var name : names(runtime))
                assertEquals("rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(runtime.resolve(name))), name);
        }

        @Test void without_a_runtime_folder_it_is_kept_nowhere() throws IOException {
            get_token("--access-token").with("XDG_RUNTIME_DIR", "").runHere().exits(0);
            get_token("--access-token").with("XDG_RUNTIME_DIR", "").runHere().exits(0);
            assertEquals(2, login.requests("token").size());
            assertEquals(List.of(), names(folder).stream().filter(name -> name.contains("cache")).toList());
            noTokenLiesInAPlainFile();
        }

        /** cron and ssh set no runtime folder. */
        Tool inCron(String... arguments) {
            return get_token(arguments).with("XDG_RUNTIME_DIR", "").with("M365_TOKEN_FILE", folder + "/elsewhere");
        }

        @Test void signing_out_elsewhere_ends_the_session_s_tokens_too() throws IOException {
            get_token("--access-token").runHere().exits(0);
            inCron("--sign-out").runHere().exits(0);
            get_token("--access-token").runHere().exits(77).printsNothing();
            get_token("--access-token", JAN).runHere().exits(77).printsNothing();
        }

        @Test void after_a_change_of_account_the_cache_of_the_one_before_is_no_use() throws IOException {
            get_token("--access-token").runHere().exits(0);
            Files.writeString(store, login.issueRefreshToken("second@uva.example", FakeLogin.PUBLIC_APP,
                "IMAP.AccessAsUser.All SMTP.Send offline_access openid profile"));
            get_token("--access-token", JAN).runHere().exits(77).printsNothing();
            var token = get_token("--access-token").runHere().exits(0).out().strip();
            assertEquals("second@uva.example", login.access(token).orElseThrow().user().name());
        }

        @Test void two_with_different_environments_write_one_after_the_other() throws Exception {
            login.hangNext("token", Duration.ofSeconds(1)); // and then it is asked again
            try (var first = get_token("--access-token").startHere()) {
                for (int i = 0; i < 6000 && login.requests("token").isEmpty(); i++) Thread.sleep(10);
                try (var second = inCron("--access-token").startHere()) {
                    second.ends().exits(0);
                }
                first.ends().exits(0);
            }
            assertEquals(login.refreshToken(JAN), stored());
            var sent = login.requests("token").stream().map(request -> request.parameter("refresh_token")).toList();
            assertEquals(List.of(refreshToken, refreshToken), sent.subList(0, 2));
            assertFalse(sent.get(2).equals(refreshToken), "the second has waited for the first");
            noTokenLiesInAPlainFile();
        }

        @Test void where_no_lock_can_be_made_nothing_is_asked_of_anybody() throws IOException {
            Files.writeString(Files.createDirectory(folder.resolve(".local")).resolve("state"), "a file in the way");
            get_token("--access-token").runHere().exits(78).printsNothing()
                .says("mkdir -p -m 700 " + folder + "/.local/state/m365");
            assertEquals(List.of(), login.requests());
        }

        @Test void the_cache_holds_no_more_of_the_refresh_token_than_a_proof() throws IOException {
            get_token("--access-token").runHere().exits(0);
            for (var name : names(runtime)) {
                var piece = stored().substring(20, 52);
                assertFalse(Files.readString(runtime.resolve(name)).contains(piece), name);
            }
        }

        @Test void no_argument_and_no_environment_of_a_command_holds_a_secret() throws IOException {
            Files.writeString(store, login.issueRefreshToken(JAN, FakeLogin.CONFIDENTIAL_APP,
                "IMAP.AccessAsUser.All SMTP.Send offline_access openid profile"));
            get_token("--access-token").with("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP)
                .with("M365_CLIENT_SECRET", FakeLogin.CONFIDENTIAL_SECRET).run().exits(0);
            for (var record : List.of("calls", "environment"))
                assertEquals(List.of(), Tool.leaks(Files.readString(folder.resolve(record))), record);
            assertTrue(Files.readString(folder.resolve("calls")).contains("write mail/refresh token"));
        }

        @Test void signing_in_fills_an_empty_one() throws IOException {
            Files.writeString(store, "");
            login.deviceInterval(1);
            try (var running = get_token("--device").startHere()) {
                login.approve(running.says("type the code ([A-Z0-9]{9})"), JAN);
                running.ends().exits(0).printsNothing()
                    .says("Signed in as " + JAN, "The refresh token is in the secret store");
            }
            assertEquals(login.refreshToken(JAN), stored());
            noTokenLiesInAPlainFile();
        }

        @Test void signing_out_overwrites_the_token() throws IOException {
            get_token("--access-token").runHere().exits(0);
            get_token("--sign-out").runHere().exits(0);
            assertEquals(List.of(), Tool.leaks(stored()));
            get_token("--access-token").runHere().exits(77).printsNothing()
                .says("no refresh token in the secret store");
            assertEquals(List.of(), names(runtime).stream().filter(name -> name.contains("cache")).toList());
        }

        @Test void the_refresh_token_can_be_printed() throws IOException {
            get_token("--refresh-token").runHere().exits(0).prints(refreshToken);
        }
    }

    /** What takes longest begins first. */
    @Order(1)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    @Execution(ExecutionMode.CONCURRENT) // which an order switches off
    @Nested class When_the_store_fails {
        @Test void its_own_words_and_status_are_told() throws IOException {
            script("read", "echo 'gpg: decryption failed: No secret key' >&2; exit 2");
            get_token("--access-token").runHere().exits(78).printsNothing()
                .says("status 2", "gpg: decryption failed: No secret key").saysWhatToDo();
            assertEquals(List.of(), login.requests());
        }

        @Test void a_command_that_does_not_exist_is_named() throws IOException {
            get_token("--access-token").with("M365_TOKEN_READ_COMMAND", "/no/such/pass show x").runHere()
                .exits(78).printsNothing().says("/no/such/pass", "M365_TOKEN_READ_COMMAND");
        }

        @Test void a_write_that_fails_leaves_the_old_token() throws IOException {
            script("write", "cat >/dev/null; echo 'disk full' >&2; exit 1");
            get_token("--access-token").runHere().exits(78).printsNothing().says("disk full");
            assertEquals(refreshToken, stored());
        }

        @Test void a_write_that_garbles_the_token_is_noticed_and_the_old_one_put_back() throws IOException {
            // Garbles once, as a store would that has a limit on the first write; then gives the old token back.
            script("write", "if test -e once; then cat >'the store'; else cut -c1-500 >'the store'; : >once; fi");
            get_token("--access-token").runHere().exits(78).printsNothing().says("does not give back what was written");
            assertEquals(refreshToken, stored());
        }

        @Test void a_write_that_does_nothing_is_noticed() throws IOException {
            script("write", "cat >/dev/null");
            get_token("--access-token").runHere().exits(78).printsNothing().says("does not give back what was written");
            assertEquals(refreshToken, stored());
        }

        @Test void what_is_not_a_token_is_not_sent_anywhere() throws IOException {
            Files.writeString(store, "Password: \nnot a token\n");
            get_token("--access-token").runHere().exits(78).printsNothing();
            assertEquals(List.of(), login.requests());
        }

        /** A passphrase prompt that nobody can answer. */
        @Order(1)
        @Test void a_command_that_hangs_is_given_up_and_killed_with_its_children() throws Exception {
            script("read", "echo $$ >>hanging; sleep 300 & echo $! >>hanging; wait");
            try (var running = get_token("--access-token").start()) {
                var result = running.ends().exits(75).printsNothing().says("did not end within").saysWhatToDo();
                assertTrue(result.took().compareTo(Duration.ofSeconds(45)) < 0, "took " + result.took());
            }
            for (var line : Files.readAllLines(folder.resolve("hanging"))) {
                var process = ProcessHandle.of(Long.parseLong(line));
                for (int i = 0; process.filter(ProcessHandle::isAlive).isPresent(); Thread.sleep(100))
                    assertTrue(i++ < 50, "process " + line + " is still there");
            }
            assertEquals(refreshToken, stored());
        }

        /** A pipe takes 64 kB; for more the store must read. */
        @Order(2)
        @Test void one_that_does_not_read_its_input_is_given_up_too() throws IOException {
            var claims = "eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJqYW5AdXZhLmV4YW1wbGUiLCJvaWQiOiJvIiwidGlkIjoidCIs"
                + "InN1YiI6InMifQ";
            login.answerNext("token", 200, Map.of("Content-Type", "application/json"),
                "{\"token_type\":\"Bearer\",\"scope\":\"https://outlook.office.com/IMAP.AccessAsUser.All\","
                + "\"expires_in\":3600,\"access_token\":\"" + "a".repeat(900) + "\",\"refresh_token\":\"1.AXYA"
                + "n".repeat(200_000) + "\",\"client_info\":\"eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ\","
                + "\"id_token\":\"e30." + claims + ".x\"}");
            script("write", "sleep 300");
            var result = get_token("--access-token").runHere().exits(75).printsNothing().says("did not end within");
            assertTrue(result.took().compareTo(Duration.ofSeconds(60)) < 0, "took " + result.took());
            assertEquals(refreshToken, stored());
        }

        @Test void a_write_that_fails_halfway_is_undone() throws IOException {
            script("write", "if test -e once; then cat >'the store'; else : >once; : >'the store'; exit 1; fi");
            get_token("--access-token").runHere().exits(78).printsNothing().says("status 1");
            assertEquals(refreshToken, stored());
        }

        @Test void one_that_never_stops_talking_does_not_fill_the_memory() throws IOException {
            script("read", "yes");
            var result = get_token("--access-token").java("-Xmx64m").run().printsNothing();
            assertTrue(result.status() == 75 || result.status() == 78, 
                "status " + result.status() + ": " + result.err());
        }
    }
}
