//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/TestSettings.java

package m365;

import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static support.TestSettings.settings;

/** HTTPS_PROXY and NO_PROXY. */
class ProxyVariablesTest {

    @Nested class When_settings_are_unusual_but_right {

        @ParameterizedTest @CsvSource(delimiter = '|', nullValues = "none", value = {
            "http://proxy.example:3128 |                            | http://proxy.example:3128",
            "proxy.example:3128        |                            | http://proxy.example:3128",
            "http://proxy.example      | localhost,.example.com     | http://proxy.example",
            "http://proxy.example      | microsoftonline.com        | none",
            "http://proxy.example      | a.b, .microsoftonline.com  | none",
            "http://proxy.example      | notmicrosoftonline.com     | http://proxy.example",
            "http://proxy.example      | *                          | none"})
        void the_proxy_is_read_as_curl_reads_it(String proxy, String exempt, String expected) {
            var settings = settings("HTTPS_PROXY", proxy, "NO_PROXY", exempt == null ? "" : exempt);
            assertEquals(Optional.ofNullable(expected), settings.proxy().map(Object::toString));
            assertEquals(settings.proxy(), settings("https_proxy", proxy, "no_proxy", exempt == null ? "" : exempt)
                .proxy());
        }
    }
}
