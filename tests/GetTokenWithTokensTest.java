//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../get_token.java
//SOURCES support/JanIsSignedIn.java
//SOURCES support/Tool.java

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import support.JanIsSignedIn;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The whole command, where a token lies and no process of its own is needed. */
@Execution(ExecutionMode.CONCURRENT)
class GetTokenWithTokensTest extends JanIsSignedIn {

    @Nested class Asked_for_the_refresh_token {

        @Test void it_prints_the_one_in_the_file_without_a_request() {
            get_token("--refresh-token").runHere().exits(0).prints(refreshToken);
            assertEquals(List.of(), login.requests());
        }

        @Test void it_refuses_a_loose_file() throws IOException {
            chmod("refresh_token", "rw-r-----");
            var file = folder.resolve("refresh_token").toString();
            get_token("--refresh-token").runHere().exits(78).printsNothing()
                .says("hint: if you trust them: chmod 600 " + file, "Make it private: `chmod 600 " + file + "`");
        }
    }

    @Nested class When_the_answer_cannot_be_written {

        @Test void that_is_no_success() throws IOException {
            accessToken();
            var full = new OutputStream() {
                @Override public void write(int b) throws IOException {
                    throw new IOException("No space left on device");
                }
            };
            for (var words : List.of("--access-token", "--refresh-token", "--status", "--config-for=offlineimap",
                    "--config-for")) {
                var err = new ByteArrayOutputStream();
                var env = new HashMap<>(Tool.settings(login));
                env.put("M365_TOKEN_FILE", folder.resolve("refresh_token").toString());
                assertEquals(75, get_token.run(env, new PrintStream(full), new PrintStream(err), words), words);
                assertTrue(err.toString().contains("could not be written"), err.toString());
            }
        }
    }

    @Nested class Asked_to_sign_out {

        @Test void it_deletes_both_files_and_says_what_that_does_not_do() throws IOException {
            accessToken();
            get_token("--sign-out").runHere().exits(0).printsNothing().says("Signed out", "still honours copies");
            assertFalse(Files.exists(folder.resolve("refresh_token"))
                || Files.exists(folder.resolve("token_cache.json")));
            get_token("--access-token").runHere().exits(77);
        }

        @Test void it_does_not_mind_when_there_is_nothing() throws IOException {
            Files.delete(folder.resolve("refresh_token"));
            get_token("--sign-out").runHere().exits(0).printsNothing().says("nothing to delete");
        }
    }
}
