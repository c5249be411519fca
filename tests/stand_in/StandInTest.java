//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstStandIn.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the other tests lean on: does the stand-in behave as Microsoft's pages say Microsoft 365 does? */
class StandInTest extends AgainstStandIn {
    @Test void the_environment_points_everything_at_loopback() {
        assertEquals(Set.of("M365_AUTHORITY", "M365_CA_FILE", "M365_IMAP_HOST", "M365_IMAP_PORT", "M365_SMTP_HOST",
            "M365_SMTP_PORT", "M365_POP_HOST", "M365_POP_PORT"), cloud.environment().keySet());
        assertTrue(Files.exists(Path.of(cloud.environment().get("M365_CA_FILE"))));
    }
}
