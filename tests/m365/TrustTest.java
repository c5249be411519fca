//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Problem.java
//SOURCES ../../m365/Trust.java
//SOURCES ../support/TestSettings.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static support.TestSettings.settings;

/** Whom to trust with TLS. */
class TrustTest {

    @Nested class When_settings_are_wrong {

        @Test void a_CA_file_without_certificates_is_named(@TempDir Path folder) throws IOException {
            var file = Files.writeString(folder.resolve("ca.pem"), "nothing of the kind");
            var message = assertThrows(Problem.class, () -> Trust.context(settings("M365_CA_FILE", file.toString())))
                .getMessage();
            assertTrue(message.startsWith("M365_CA_FILE is \"" + file + "\""), message);
        }
    }
}
