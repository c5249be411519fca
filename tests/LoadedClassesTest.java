//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES support/JanIsSignedIn.java
//SOURCES support/Tool.java

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import support.JanIsSignedIn;
import support.Result;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Why mail programs need not wait: what a process loads to answer them. Counts, for times depend on the machine; a JVM
 * that prints a line loads 450 classes, nearly all of them out of its own archive.
 */
@Order(6)
class LoadedClassesTest extends JanIsSignedIn {
    /** Beside those of every JVM: each is worth a tenth of a millisecond. */
    private static final int MOST_FOR_A_CACHED_TOKEN = 120;
    /** JDK 25 needs more of its own, and archives them. */
    private static final int MOST_FOR_A_RENEWAL = Runtime.version().feature() < 25 ? 2750 : 3050;

    /** Each of them is another 5 to 80 ms. */
    private static final String SLOW = "(com\\.microsoft|com\\.azure|picocli|jakarta|org\\.slf4j|java\\.util\\.regex"
        + "|java\\.util\\.stream|java\\.lang\\.invoke\\.\\w*LambdaMeta\\w*|java\\.net\\.http"
        + "|java\\.net\\.(Http)?URLConnection|javax\\.net\\.ssl\\.(SSL|Https)|sun\\.net\\.www\\.protocol\\.http"
        + "|java\\.util\\.Formatter|java\\.util\\.logging|java\\.time\\.format|m365\\.(Failures|Scrub|Signal))\\b.*";

    /** When nothing fails. */
    private static final String NEEDLESS =
            "(picocli|java\\.util\\.logging|m365\\.(Failures|Scrub|Signal|Advice|Refusal|StartCommand))\\b.*";

    @ParameterizedTest
    @ValueSource(strings = {"--access-token", "--access-token " + JAN, JAN + " --access-token", "--refresh-token",
        "--refresh-token " + JAN})
    void a_token_at_hand_is_printed_without_anything_that_starts_slowly(String line) throws IOException {
        renew();
        Files.createDirectories(folder.resolve(".config/m365"));
        write(".config/m365/settings", "M365_POP_PORT=995\n# a comment\nM365_TOKEN_FILE='~/refresh_token'\n");
        var loaded = loaded(get_token(line.split(" ")).with("HTTPS_PROXY", "http://proxy.example")
            .with("NO_PROXY", "uva.example, localhost"));
        assertEquals(List.of(), loaded.stream().map(Loaded::name).filter(name -> name.matches(SLOW)).toList());
        long own = loaded.stream().filter(each -> !each.from.equals("shared objects file")).count();
        assertTrue(own <= MOST_FOR_A_CACHED_TOKEN, own + " classes");
        var places = loaded.stream().map(Loaded::from).filter(from -> from.startsWith("file:")).distinct().toList();
        assertEquals(1, places.size(), "no library's jar is opened: " + places);
        assertEquals(1, requests());
    }

    @Test void a_renewal_needs_no_picocli_and_knows_no_failures() throws IOException {
        var loaded = loaded(get_token("--access-token", JAN));
        assertEquals(1, requests());
        assertEquals(List.of(), loaded.stream().map(Loaded::name).filter(name -> name.matches(NEEDLESS)).toList());
        assertTrue(loaded.size() <= MOST_FOR_A_RENEWAL, loaded.size() + " classes");
    }

    private record Loaded(String name, String from) { }

    private List<Loaded> loaded(Tool tool) throws IOException {
        answered(tool.java("-Xlog:class+load:file=classes.log").run());
        var loaded = Files.readAllLines(folder.resolve("classes.log")).stream()
            .map(line -> new Loaded(line.replaceFirst("^(\\[[^]]*])+ *(\\S+) .*", "$2"),
                line.replaceFirst(".* source: ", ""))).toList();
        assertTrue(loaded.stream().anyMatch(each -> each.name.equals("get_token")) && loaded.size() > 300,
            "the log shows what is loaded");
        return loaded;
    }

    private static void answered(Result result) { assertTrue(result.exits(0).out().length() > 900, result.err()); }
}
