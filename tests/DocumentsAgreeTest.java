//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES support/Documents.java support/Tool.java
//SOURCES ../get_token.java ../check_imap.java

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import support.Documents;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** The documents agree with the program and with each other: links, settings, options, names of files. */
class DocumentsAgreeTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern SETTING = Pattern.compile("M365_[A-Z]+(?:_[A-Z]+)*");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
    private static final Pattern FILE = Pattern.compile(
        "(?:tests|m365|failures|mail_programs|docs|\\.ci|\\.github)/[\\w./-]*|\\w+\\.java|jbang\\.sha256");

    /** Options of others, and whose they are. */
    private static final Set<String> OTHERS = Set.of(
        "--force", // jbang export's; also of pass insert
        "--multiline", // pass insert
        "--batch", "--quiet", "--yes", "--decrypt", "--encrypt", "--recipient", "--output", // gpg
        "--label", // secret-tool
        "--reinstall", "--upgrade", // apt, pip
        "--passwordfd", "--passwordf", // fetchmail, whole and as it is quoted in parts
        "--debug", "--serverinfo", // msmtp
        "--test", "--encryption-pipe", // mutt_oauth2.py
        "--external-auth", "--no-gui", "--local-server-auth", // email-oauth2-proxy
        "--add-exports", // java
        "--user", "--now", // systemctl
        "--authmech", "--office", "--oauthaccesstoken", // imapsync, whose numbers are the two sides
        "--ssl", "--tls", "--trylogin", // imapsync
        "--smtp-domain", "--smtp-debug", // git send-email
        "--uninstall", // install.java
        "--whole", // .ci/run
        "--interactive", "--folder", // our demo's and the stand-in's
        "--authenticate", "--authorize", // other programs' words for signing in, in failures/
        "--user-data-dir", "--ignore-certificate-errors-spki-list"); // Chromium

    @TempDir Path folder;

    private static List<String> found(Pattern pattern, Stream<Path> files) {
        return files.flatMap(file -> Documents.matches(pattern, Documents.text(file)).map(match -> match.group()))
            .distinct().sorted().toList();
    }

    // -------------------------------------------------------------------------------------------- with each other

    @Test void every_link_leads_somewhere() {
        var broken = Documents.all().stream().flatMap(file -> Documents.lines(file).stream())
            .filter(line -> !line.fenced()).flatMap(DocumentsAgreeTest::brokenLinks);
        assertEquals(List.of(), broken.toList());
    }

    private static Stream<String> brokenLinks(Documents.Line line) {
        return Documents.matches(LINK, line.text().replaceAll("`[^`]*`", "``")).map(link -> link.group(1))
            .filter(link -> !link.matches("(https?|mailto):.*") && !leads(line.file(), link))
            .map(link -> line + " → " + link);
    }

    private static boolean leads(Path from, String link) {
        var parts = link.split("#", 2);
        var target = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
        if (!Files.exists(target)) return false;
        return parts.length == 1 || Documents.anchors(target).contains(parts[1]);
    }

    @Test void every_file_that_is_named_is_there() {
        // The changelog also tells what is gone.
        var missing = Documents.all().stream().filter(file -> !file.endsWith("CHANGELOG.md"))
            .flatMap(file -> Documents.code(file).stream()).filter(code -> FILE.matcher(code.text()).matches())
            .filter(code -> !Files.exists(Documents.root().resolve(code.text()))).map(String::valueOf);
        assertEquals(List.of(), missing.toList());
    }

    @Test void no_line_is_longer_than_120_columns_but_in_tables_and_for_addresses() {
        // The entries of failures/ quote what others say, in lines as long as theirs.
        var tooLong = Documents.all().stream()
            .filter(file -> !file.getParent().endsWith("failures") || file.endsWith("README.md"))
            .flatMap(file -> Documents.lines(file).stream())
            .filter(line -> line.text().codePointCount(0, line.text().length()) > 120)
            .filter(line -> !line.text().startsWith("|") && !line.text().contains("://")).map(String::valueOf);
        assertEquals(List.of(), tooLong.toList());
    }

    // -------------------------------------------------------------------------------------------- with the program

    private static List<String> settings() {
        return found(SETTING, Stream.of(Documents.root().resolve("m365/SettingNames.java")));
    }

    @Test void every_setting_that_is_named_exists() {
        var unknown = new TreeSet<>(found(SETTING, Documents.all().stream()));
        unknown.removeAll(settings());
        assertEquals(Set.of(), unknown);
    }

    @Test void every_setting_is_explained() {
        var unexplained = new TreeSet<>(settings());
        assertFalse(unexplained.isEmpty());
        unexplained.removeAll(found(SETTING, Stream.of(Documents.root().resolve("docs/settings.md"))));
        assertEquals(Set.of(), unexplained);
    }

    /** The options of both programs, as their help lists them. */
    private Set<String> options() {
        return Stream.of(Tool.get_token("--help"), Tool.check_imap("--help"))
            .map(help -> help.in(folder).runHere().exits(0).out())
            .flatMap(help -> Documents.matches(OPTION, help).map(match -> match.group()))
            .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test void every_option_is_explained() {
        var unexplained = new TreeSet<>(options());
        unexplained.removeAll(found(OPTION, Documents.forUsers().stream()));
        assertEquals(Set.of(), unexplained);
    }

    @Test void every_option_that_is_named_exists() {
        var unknown = new TreeSet<>(found(OPTION, Documents.all().stream()));
        unknown.removeAll(options());
        unknown.removeAll(OTHERS);
        assertEquals(Set.of(), unknown);
    }
}
