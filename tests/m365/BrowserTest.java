//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Browser.java

package m365;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which program opens the address to sign in at. */
@Execution(ExecutionMode.CONCURRENT)
class BrowserTest {

    @Nested class The_browser {
        @TempDir Path folder;
        final URI address = URI.create("https://localhost/authorize?a=b&c=$(d)'e");

        Path script(String name, String body) throws IOException {
            var script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
            script.toFile().setExecutable(true);
            return script;
        }

        String opened() throws Exception {
            var file = folder.resolve("opened");
            for (int i = 0; i < 500 && !(Files.exists(file) && Files.readString(file)
                .endsWith("\n")); i++) Thread.sleep(10);
            return Files.readString(file).strip();
        }

        @Test void of_the_variable_BROWSER_gets_the_address_as_one_argument() throws Exception {
            var program = script("browser", "echo \"$# $1\" >" + folder + "/opened");
            assertTrue(Browser.open(address, Map.of("BROWSER", program.toString(), "SSH_TTY", "/dev/pts/1")));
            assertEquals("1 " + address, opened());
        }

        @Test void may_take_the_address_where_percent_s_stands() throws Exception {
            var program = script("browser", "echo \"$1 $2 $3\" >" + folder + "/opened");
            assertTrue(Browser.open(address, Map.of("BROWSER", program + " --new %s --tab")));
            assertEquals("--new " + address + " --tab", opened());
        }

        @Test void is_the_next_one_when_the_first_cannot_be_started() throws Exception {
            var program = script("second", "echo \"$1\" >" + folder + "/opened");
            assertTrue(Browser.open(address, Map.of("BROWSER", "/no/such/browser:" + program)));
            assertEquals(address.toString(), opened());
        }

        @Test void is_not_looked_for_inside_SSH_or_without_a_display() {
            assertFalse(Browser.open(address, Map.of("SSH_CONNECTION", "1 2 3 4", "DISPLAY", ":0")));
            assertFalse(Browser.open(address, Map.of()));
            assertFalse(Browser.open(address, Map.of("BROWSER", "")));
        }
    }
}
