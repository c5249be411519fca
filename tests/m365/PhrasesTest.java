//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Phrases.java

package m365;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Times in words. */
class PhrasesTest {

    @Nested class Times {

        @ParameterizedTest @CsvSource({"1, 1 second", "119, 119 seconds", "300, 5 minutes", "7200, 2 hours"})
        void are_told_in_words(int seconds, String words) {
            assertEquals(words, Phrases.duration(Duration.ofSeconds(seconds)));
        }
    }
}
