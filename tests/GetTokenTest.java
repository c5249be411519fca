//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../m365/Program.java
//SOURCES support/Tool.java

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import m365.Program;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** The command line, before anything is asked for. */
@Execution(ExecutionMode.CONCURRENT)
class GetTokenTest {

    @Nested class The_command_line {
        @TempDir Path folder;

        @Test void shows_its_help_on_stdout() {
            var help = Tool.get_token("--help").in(folder).runHere().exits(0);
            for (var word : List.of("--device", "--no-browser", "--access-token", "--refresh-token", "--status",
                    "--sign-out", "--timeout", "--verbose", "--version", "77 a person must sign in"))
                assertTrue(help.out().contains(word), word);
        }

        @Test void names_its_version() {
            Tool.get_token("--version").in(folder).runHere().exits(0).prints("get_token " + Program.VERSION);
        }

        @ParameterizedTest
        @ValueSource(strings = {"--nonsense", "--access-token --status", "--device --sign-out", "a@b.nl c@d.nl",
            "not-an-address", "--timeout 0", "--timeout soon", "--timeout -1", "--json", "--access-token --json"})
        void is_refused_with_64_when_it_makes_no_sense(String line) {
            Tool.get_token(line.split(" ")).in(folder).runHere().exits(64).printsNothing().says("get_token: error: ");
        }

        @Test void a_confidential_client_has_no_device_flow_and_is_told_the_other_ways() {
            Tool.get_token("--device").in(folder).with("M365_CLIENT_SECRET", "hush").runHere().exits(64).printsNothing()
                .says("no device flow", "paste", "M365_CLIENT_SECRET").saysWhatToDo().neverSays("hush");
        }

        @Test void a_file_of_arguments_is_not_read() throws IOException {
            Files.writeString(folder.resolve("args"), "--version");
            Tool.get_token("@" + folder.resolve("args")).in(folder).runHere().exits(64).printsNothing().says("@");
        }

        @Test void without_a_token_whoever_asks_for_one_is_told_to_sign_in() {
            for (var option : List.of("--access-token", "--refresh-token", "--status"))
                Tool.get_token(option).in(folder).runHere().exits(77).printsNothing()
                .says("get_token: error: ", "hint: sign in");
        }
    }
}
