//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Desk.java Symptom.java
//SOURCES NetworkSymptoms.java RenewalSymptoms.java SignInSymptoms.java MailServerSymptoms.java PastedSymptoms.java
//SOURCES ../stand_in/StandIn.java ../support/Tool.java
//SOURCES ../../m365/Failures.java ../../m365/Json.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stand_in.FakeLogin;
import stand_in.StandIn;
import support.Result;
import support.Tool;

import static m365.Desk.JAN;
import static m365.Desk.SCOPES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/**
 * Whatever fails, the true cause is told: every symptom is produced by a server on this machine, goes through the whole
 * programs, and must come out with its cause, its exit status and the refresh token unharmed.
 */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class DiagnosisTest {
    /** Most of them wait for somebody, so there are many more than processors. */
    private static final int AT_A_TIME = 16;

    @TempDir static Path folder;
    private static final ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME);

    @AfterAll static void stop() { pool.shutdownNow(); }

    @TestFactory Stream<DynamicContainer> Each_signal_comes_out_with_its_cause() {
        var all = new LinkedHashMap<String, List<Symptom>>();
        all.put("on the way to a server", NetworkSymptoms.networks()); // those wait longest
        all.put("while renewing", RenewalSymptoms.renewals());
        all.put("while redeeming a code", SignInSymptoms.redemptions());
        all.put("in the browser's answer", SignInSymptoms.redirects());
        all.put("with a code on another device", SignInSymptoms.devices());
        all.put("found before the mail server does", RenewalSymptoms.tokens());
        all.put("said by IMAP", MailServerSymptoms.imaps());
        all.put("said by SMTP", MailServerSymptoms.smtps());
        all.put("said by POP", MailServerSymptoms.pops());
        all.put("typed in after the time is up", PastedSymptoms.pages());
        all.put("looked up", PastedSymptoms.lookUps());
        var names = new HashSet<String>();
        all.forEach((place, symptoms) -> symptoms.forEach(symptom ->
            assertTrue(names.add(place + " " + symptom.name()), () -> "twice: " + symptom.name())));
        assertTrue(names.size() >= 60, names.size() + " symptoms");
        return all.entrySet().stream().map(group -> group(group.getKey(), group.getValue()));
    }

    /** A few at a time, each a test of its own. */
    private static DynamicContainer group(String name, List<Symptom> symptoms) {
        return dynamicContainer(name, symptoms.stream().map(symptom -> {
            Future<?> playing = pool.submit(() -> { play(symptom); return null; });
            return dynamicTest(symptom.name(), () -> {
                try {
                    playing.get();
                } catch (ExecutionException e) {
                    throw e.getCause();
                }
            });
        }).toList());
    }

    private static void play(Symptom symptom) throws Exception {
        try (var desk = new Desk(folder)) {
            var result = symptom.scene().play(desk);
            assertCause(symptom.cause(), result);
            result.exits(symptom.status());
            var now = Files.readString(desk.file());
            assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(desk.file()));
            if (symptom.kept() == Symptom.Kept.OLD) assertTrue(now.equals(desk.before), "the token file was changed");
            else {
                assertTrue(now.equals(desk.login.refreshToken(JAN)), "the token file does not hold the newest token");
                assertFalse(now.equals(desk.before), "the renewed token was not stored");
            }
        }
    }

    /** The cause that the program told: a field of the report, or its own words on the terminal. */
    private static void assertCause(String expected, Result result) {
        if (result.out().startsWith("{")) {
            assertEquals(expected, cause(result), () -> "the cause in " + result.out());
            return;
        }
        var cause = Failures.all().stream().filter(c -> c.id().equals(expected)).findFirst().orElseThrow();
        var words = Stream.of(cause.what().split("\\{[a-z_]+\\}")).map(text -> Pattern.quote(flat(text)))
            .reduce((a, b) -> a + ".*?" + b).orElseThrow();
        assertTrue(Pattern.compile(words).matcher(flat(result.err() + result.out())).find(),
            () -> "not explained as " + expected + ":\n" + result.err() + result.out());
    }

    private static String cause(Result result) {
        var checks = (List<?>) Json.read(result.out()).orElseThrow().get("checks");
        return String.valueOf(((Map<?, ?>) checks.get(0)).get("cause"));
    }

    private static String flat(String text) { return text.replaceAll("\\s+", " "); }

    @Test void the_table_is_not_even_loaded_when_nothing_fails() throws IOException {
        try (var cloud = StandIn.start(Tool.ca())) {
            var home = Files.createTempDirectory(folder, "fine");
            var file = Files.writeString(home.resolve("refresh_token"),
                Tool.watched(cloud.login()).issueRefreshToken(JAN, FakeLogin.PUBLIC_APP, SCOPES));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            var outlook = "https://outlook.office.com/";
            for (var program : List.of(Tool.get_token("--access-token"), Tool.check_imap("--all", JAN),
                    Tool.get_token("--status"))) {
                program.in(home).with(cloud.environment()).with("M365_SCOPES",
                        outlook + "IMAP.AccessAsUser.All " + outlook + "SMTP.Send " + outlook + "POP.AccessAsUser.All")
                    .java("-Xlog:class+load:file=classes.log").run().exits(0);
                var loaded = Files.readString(home.resolve("classes.log"));
                assertTrue(loaded.contains(" config "), "the log shows what is loaded");
                assertFalse(loaded.contains("m365.Failures"), program + " has read failures/");
            }
        }
    }
}
