//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/TestSettings.java

package m365;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static support.TestSettings.settings;

/** The commands of a secret store, as a person writes them. */
class CommandLineWordsTest {

    @Nested class When_settings_are_unusual_but_right {

        static Stream<List<Object>> commands() {
            return Stream.of(
                List.of("pass show mail/refresh_token", List.of("pass", "show", "mail/refresh_token")),
                List.of("  gpg   -d  'my token.gpg' ", List.of("gpg", "-d", "my token.gpg")),
                List.of("a \"b c\"d '' \"\\\"\" 'x\\y' e\\ f", List.of("a", "b cd", "", "\"", "x\\y", "e f")),
                List.of("echo $HOME `id` | cat", List.of("echo", "$HOME", "`id`", "|", "cat")));
        }

        @ParameterizedTest @MethodSource("commands")
        void a_command_is_split_into_words_without_a_shell(List<Object> lineAndWords) {
            var line = (String) lineAndWords.get(0);
            var settings = settings("M365_TOKEN_READ_COMMAND", line, "M365_TOKEN_WRITE_COMMAND", "x");
            assertEquals(lineAndWords.get(1), settings.readCommand());
        }
    }
}
