//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES support/Documents.java support/Tool.java stand_in/StandIn.java
//SOURCES ../get_token.java ../check_imap.java

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import stand_in.App;
import stand_in.FakeLogin;
import stand_in.StandIn;
import stand_in.User;
import support.Documents;
import support.Documents.Shown;
import support.Result;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What README and docs/ tell users to type is typed here, from the text itself, against the stand-in. */
class DocumentsTest {
    /** What is not run here, and why. */
    private static final Map<Pattern, String> NOT_RUN = new LinkedHashMap<>();
    static {
        notRun("\\./jbang (demo|tests/\\S+\\.java)", "it runs the stand-in itself");
        notRun("git clone .*|cd .*|mkdir .*", "the reader's own network and folders");
        notRun("\\./jbang install\\.java", "InstalledCommandsTest installs, into a folder of its own");
        notRun("export M365_TOKEN_(READ|WRITE)_COMMAND=.*", "SecretStoreTest and real_programs.sh have secret stores");
        notRun("export M365_AUTHORITY=.*", "the stand-in is the authority");
        notRun("export M365_CLIENT_ID=.*", "the stand-in knows that app, which is the default");
        notRun("\\./jbang install\\.java", "tests/starting_test.sh installs, and starts what was installed");
    }

    /** What we run: get_token or check_imap, by whichever name, with its arguments. */
    private static final Pattern OURS =
        Pattern.compile("(?:jbang |java -jar \\S*/)?(get_token|check_imap)(?:\\.java|\\.jar)?(?: (.*))?");
    private static final Pattern TOKEN_FILE = Pattern.compile("export M365_TOKEN_FILE='.*/(.*)'");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private static final Set<String> SIGN_IN_OPTIONS = Set.of("--device", "--no-browser");
    private static final String JAN = "jan@uva.nl", EVA = "eva@uva.nl", YOU = "you@example.com";
    private static final String SCOPES = "IMAP.AccessAsUser.All SMTP.Send offline_access openid profile";
    private static final String APP = "7f0d4a52-60b1-4a3c-9d6e-2b8f5c1e9a77";
    private static final String SECRET = "a-secret~of/an+app=for.documents";

    private static StandIn microsoft;

    @TempDir Path folder;

    private static void notRun(String pattern, String reason) { NOT_RUN.put(Pattern.compile(pattern), reason); }

    @BeforeAll static void aTenant() {
        microsoft = StandIn.start(Tool.ca());
        Tool.watched(microsoft.login());
        microsoft.add(new User(JAN, "jan's password", false, Set.of("shared@uva.nl")));
        microsoft.add(new User(EVA, "eva's password", false, Set.of()));
        microsoft.add(new User(YOU, "your password", false, Set.of()));
        microsoft.login().add(new App(APP, "A mail robot", Set.of(), SECRET, null, Set.of("IMAP.AccessAsApp"),
            Set.of(JAN, EVA)));
        microsoft.login().deviceInterval(1);
    }

    @AfterAll static void closes() { microsoft.close(); }

    static Stream<Shown> commandsToRun() {
        return commands().filter(shown -> !isExcused(shown) && !TOKEN_FILE.matcher(shown.text()).matches());
    }

    private static Stream<Shown> commands() {
        return Documents.forUsers().stream().flatMap(file -> Stream.concat(Documents.commandsInBlocks(file).stream(),
            Documents.code(file).stream().filter(DocumentsTest::isCommandOfOurs)));
    }

    /** In running text: with arguments, all of them given. A word in capitals, or … stands for something else. */
    private static boolean isCommandOfOurs(Shown code) {
        var command = OURS.matcher(code.text());
        return command.matches() && command.group(2) != null && words(command.group(2)).stream()
            .noneMatch(word -> word.contains("…") || word.matches("[A-Z]+"));
    }

    @ParameterizedTest(name = "{0}") @MethodSource("commandsToRun")
    void a_command_in_the_documents_works(Shown shown) throws IOException {
        var piped = shown.text().split(" \\| ");
        var command = OURS.matcher(piped[piped.length - 1]);
        assertTrue(command.matches(), () -> "can neither be run nor is it in NOT_RUN: " + shown);
        var arguments = words(command.group(2) == null ? "" : command.group(2));
        boolean signsIn = command.group(1).equals("get_token") && signsIn(arguments);
        if (signsIn) signIn(shown, arguments).exits(0).says("Signed in as");
        else run(shown, command.group(1), arguments).exits(0);
    }

    @Test void every_excuse_is_still_needed() {
        for (var excuse : NOT_RUN.keySet())
            assertTrue(commands().anyMatch(shown -> excuse.matcher(shown.text()).matches()), excuse.pattern());
    }

    private static boolean isExcused(Shown shown) {
        return NOT_RUN.keySet().stream().anyMatch(pattern -> pattern.matcher(shown.text()).matches());
    }

    private static List<String> words(String line) {
        return Documents.matches(WORD, line).map(word -> Stream.of(1, 2, 3).map(word::group)
            .filter(text -> text != null).findFirst().orElseThrow()).toList();
    }

    // ----------------------------------------------------------------------------------------- somebody is signed in

    private Result run(Shown shown, String program, List<String> arguments) throws IOException {
        var tokenFile = tokenFile(shown);
        holdToken(tokenFile.replace("{user}", JAN), JAN);
        if (tokenFile.contains("{user}")) holdToken(tokenFile.replace("{user}", EVA), EVA);
        Files.writeString(folder.resolve("users.txt"), JAN + "\n" + EVA + "\n");
        var given = new ArrayList<>(arguments);
        given.replaceAll(word -> word.equals("users.txt") ? folder.resolve(word).toString() : word);
        var tool = at(tool(program, given), tokenFile).typing("AADSTS700082: The refresh token has expired.\n");
        if (arguments.contains("--app-only"))
            tool.with(Map.of("M365_AUTHORITY", microsoft.login().base() + "/" + FakeLogin.TENANT,
                "M365_CLIENT_ID", APP, "M365_CLIENT_SECRET", SECRET));
        return tool.runHere();
    }

    private static Tool tool(String program, List<String> arguments) {
        var words = arguments.toArray(String[]::new);
        return program.equals("get_token") ? Tool.get_token(words) : Tool.check_imap(words);
    }

    /** The file's name as the lines above in the same block have set it; its folder is ours. */
    private static String tokenFile(Shown shown) {
        var file = "refresh_token";
        for (var line : Documents.lines(shown.line().file()).subList(0, shown.line().number())) {
            var export = TOKEN_FILE.matcher(line.text());
            if (!line.fenced()) file = "refresh_token";
            else if (export.matches()) file = export.group(1);
        }
        return file;
    }

    private void holdToken(String name, String user) throws IOException {
        var file = folder.resolve(name);
        if (Files.exists(file)) return;
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, microsoft.login().issueRefreshToken(user, FakeLogin.PUBLIC_APP, SCOPES));
    }

    private Tool at(Tool tool, String tokenFile) {
        return tool.in(folder).with(microsoft.environment()).with("M365_TOKEN_FILE", folder.resolve(tokenFile))
            .with(Map.of("M365_REDIRECT_URI", "http://localhost:0/", "BROWSER", "true"));
    }

    // -------------------------------------------------------------------------------------------- signing in

    /** Unless an option asks for something else. */
    private static boolean signsIn(List<String> arguments) {
        return arguments.stream().allMatch(word -> !word.startsWith("--") || SIGN_IN_OPTIONS.contains(word));
    }

    private Result signIn(Shown shown, List<String> arguments) {
        var user = arguments.stream().filter(word -> word.contains("@")).findFirst().orElse(JAN);
        var tool = at(tool("get_token", arguments), tokenFile(shown));
        try (var program = tool.startHere()) {
            if (arguments.contains("--device")) {
                program.says("[A-Z0-9]{9}");
                microsoft.login().approve(microsoft.login().pendingUserCodes().get(0), user);
            } else {
                program.types(microsoft.login().signIn(program.address(), user) + "\n"); // as one who pastes it
            }
            return program.ends();
        }
    }
}
