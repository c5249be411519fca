//JAVA 17+
//SOURCES Tool.java

package support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import stand_in.FakeLogin;

/**
 * The classes of a renewal, loaded and checked once for all JVMs that the tests start: a hundred of them, each of which
 * then takes half the time. Where it cannot be made (out of folders of classes, say) they start without.
 */
final class ClassArchiveOfTests {
    private static final List<String> OPTIONS = make();

    /** What a JVM is told to make use of it. */
    static List<String> options() { return OPTIONS; }

    private static List<String> make() {
        try {
            var folder = Files.createTempDirectory("classes_of_tests");
            var archive = folder.resolve("classes.jsa");
            var token = folder.resolve("refresh_token");
            try (var login = FakeLogin.start(Tool.ca())) {
                Files.writeString(token, login.issueRefreshToken("jan@uva.example", FakeLogin.PUBLIC_APP,
                        "IMAP.AccessAsUser.All SMTP.Send offline_access openid profile"));
                token.toFile().setReadable(false, false);
                token.toFile().setReadable(true, true);
                Tool.get_token("--access-token").in(folder).with(Tool.settings(login))
                        .java("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:disable").run();
            }
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return Files.exists(archive) ? List.of("-Xlog:disable", "-XX:SharedArchiveFile=" + archive) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            files.forEach(file -> file.toFile().delete());
        } catch (IOException e) { // it is in the temporary folder
        }
        folder.toFile().delete();
    }

    private ClassArchiveOfTests() { }
}
