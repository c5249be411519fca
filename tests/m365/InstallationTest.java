//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which files an installation makes in a home, replaces and removes. {@link InstalledCommandsTest} starts them. */
class InstallationTest {

    @TempDir Path folder;
    private Path home;
    private Map<String, String> env;

    @BeforeAll static void an_archive_is_ClassArchiveTest_s_business() { Installation.makesArchive = false; }

    @BeforeEach void an_empty_home() throws IOException {
        home = Files.createDirectories(folder.resolve("it's \"50%\" of $x é"));
        env = new TreeMap<>(Map.of("HOME", home.toString(), "PATH", home + "/.local/bin:/usr/bin:/bin"));
        Files.writeString(Files.createDirectory(folder.resolve("classes")).resolve("config.class"), "a secret");
    }

    private Installation installation() { return new Installation(env, List.of(folder.resolve("classes"))); }

    private void installs() { installs(installation().usualFolder()); }

    private void installs(Path into) {
        installation().install(into, Map.of("get_token", "complete it\n", "check_imap", "complete that\n"));
    }

    private Set<String> everything() throws IOException {
        try (var all = Files.walk(home)) {
            return all.map(path -> home.relativize(path).toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    private Path version() throws IOException {
        try (var all = Files.list(home.resolve(".local/share/m365/program"))) {
            return all.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    /** A secret may stand in config.java, and so in the jar. */
    @Test void the_jar_is_its_owner_s_alone() throws IOException {
        installs();
        for (var inside : List.of(home.resolve(".local/share/m365"), version().getParent(), version()))
            assertEquals("rwx------", mode(inside), inside.toString());
        assertEquals("rw-------", mode(version().resolve("m365.jar")));
        assertTrue(Files.readString(version().resolve("m365.jar"), ISO_8859_1).contains("a secret"), "none to keep");
        assertEquals("rwxr-xr-x", mode(home.resolve(".local/bin/get_token")));
    }

    @Test void the_same_version_is_kept_and_an_older_one_lasts_until_the_next_time() throws IOException {
        installs();
        var first = everything();
        installs();
        assertEquals(first, everything());
        var old = version();
        Files.writeString(folder.resolve("classes/config.class"), "another secret");
        installs();
        assertTrue(Files.exists(old.resolve("m365.jar")), "a mail program may just be starting it");
        assertEquals(first.size() + 2, everything().size());
        installs();
        assertTrue(!Files.exists(old), "the old one stays for ever");
        assertEquals(first.size(), everything().size());
    }

    @Test void commands_in_another_folder_go_on_working() throws IOException {
        installs(home.resolve("bin"));
        var old = version();
        for (var secret : List.of("another secret", "a third")) {
            Files.writeString(folder.resolve("classes/config.class"), secret);
            installs();
        }
        assertTrue(Files.exists(old.resolve("m365.jar")), "the jar of " + home.resolve("bin/get_token") + " is gone");
    }

    @Test void uninstalling_leaves_what_it_has_not_made() throws IOException {
        Files.createDirectories(home.resolve(".local/share/m365"));
        Files.writeString(home.resolve(".local/share/m365/jan@uva.nl"), "a token");
        var before = everything();
        before.addAll(Set.of(".local/bin", ".local/bin/check_imap", ".local/share/bash-completion",
            ".local/share/bash-completion/completions", "bin"));
        installs();
        installs(home.resolve("bin"));
        Files.writeString(home.resolve(".local/bin/check_imap"), "#!/bin/sh\necho mine\n");
        assertTrue(installation().uninstall().contains(home.resolve("bin/get_token")));
        assertEquals(before, everything());
        assertEquals(List.of(), installation().uninstall());
    }

    @Test void what_somebody_else_put_there_is_never_replaced() throws IOException {
        var mine = Files.createDirectories(home.resolve(".local/bin")).resolve("check_imap");
        Files.createSymbolicLink(mine, folder.resolve("nowhere"));
        var before = everything();
        var refused = assertThrows(Problem.class, this::installs);
        assertEquals(ExitStatus.SETTINGS, refused.status());
        assertTrue(refused.getMessage().contains(mine + " is there already"), refused.getMessage());
        assertEquals(before, everything());
    }

    @Test void a_command_is_named_as_it_can_be_typed() {
        installs();
        var bin = installation().usualFolder();
        assertEquals("get_token", installation().typed("get_token", bin));
        env.put("PATH", "/usr/bin:/bin");
        assertEquals(Text.shellQuote(bin.resolve("get_token")), installation().typed("get_token", bin));
    }

    @Test void on_Windows_a_per_cent_sign_in_a_path_is_doubled() {
        var script = CommandScript.windows("get_token", Path.of("C:\\java"), Path.of("C:\\50% off"),
            Path.of("C:\\50% off\\m365.jar"), List.of("-XX:AOTCache=C:\\50% off\\m365.aot"));
        assertTrue(script.contains("-cp \"C:\\50%% off\\m365.jar\" get_token %*\r\n"), script);
        assertTrue(script.contains("if not exist \"%M365_JAVA%\" set \"M365_JAVA=java.exe\"\r\n"), script);
    }
}
