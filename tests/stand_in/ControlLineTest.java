//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstStandIn.java
//SOURCES ControlLine.java

package stand_in;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The stand-in in the hands of a shell script. */
class ControlLineTest extends AgainstStandIn {
    @Nested class The_control_line {
        @Test void drives_a_sign_in_from_a_shell() {
            assertTrue(obey("signin " + authorizeUrl() + " " + JAN).startsWith(REDIRECT + "?code="));
            assertEquals("0", obey("requests"));
            assertEquals("ok", obey("fail token 400 invalid_grant 50076"));
            assertEquals("ok", obey("deliver " + JAN + " Two words"));
            assertTrue(obey("deliver nobody x").startsWith("error: no such mailbox"));
            assertTrue(obey("signin").startsWith("error: "));
        }

        private String obey(String line) {
            var out = new ByteArrayOutputStream();
            new ControlLine(cloud).obey(line, new PrintStream(out, true, UTF_8));
            return out.toString(UTF_8).strip();
        }
    }
}
