//JAVAC_OPTIONS -encoding UTF-8 -J-XX:TieredStopAtLevel=1
//JAVA 17+
//SOURCES ../get_token.java
//SOURCES ../check_imap.java
//SOURCES stand_in/StandIn.java
//SOURCES stand_in/FakeLogin.java

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import stand_in.FakeLogin;
import stand_in.StandIn;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The whole job on this machine: starts a stand-in for Microsoft 365, signs in with {@code get_token} as a user would,
 * checks the mailbox with {@code check_imap}, and fetches an access token like a mail program. Plays the browser
 * itself, or with {@code --interactive} leaves that to the person. Contacts nobody, and deletes what it made.
 */
public final class demo {
    private static final String USER = "jan@uva.example";
    private static final Pattern STARTED = Pattern.compile("(?:'[^']*'|[^ '])*(?:jbang|java -cp) "
        + "(?:(?:'[^']*'|[^ '])*[ /])?(get_token|check_imap)(?:\\.java'?)?");

    private final Path folder;
    private final Path settings;

    private demo(Path folder, Path settings) {
        this.folder = folder;
        this.settings = settings;
    }

    public static void main(String... args) throws Exception {
        boolean interactive = args.length == 1 && args[0].equals("--interactive");
        if (args.length > 0 && !interactive) {
            System.err.println("usage: jbang demo [--interactive]");
            System.exit(64);
        }
        System.exit(run(interactive));
    }

    private static int run(boolean interactive) throws Exception {
        var folder = Files.createTempDirectory("m365-demo");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder))); // also after Ctrl-C
        try (var microsoft365 = StandIn.start(folder)) {
            System.out.println("A stand-in for Microsoft 365 runs on this machine: "
                + microsoft365.login().authority());
            System.out.println("Everything below is the real toolkit, talking to it.");
            var demo = new demo(folder, settings(folder, microsoft365.environment()));
            int status = interactive ? demo.signInByHand() : demo.signIn(microsoft365.login());
            if (status == 0) status = demo.check();
            if (status == 0) status = demo.printAccessToken();
            System.out.println(status == 0
                ? "\nThat was the whole job. README.md has the three steps for your own mailbox."
                : "\nThe demo failed.");
            return status;
        }
    }

    /** In a file, where settings stay; {@code get_token} warns of those that a terminal will forget. */
    private static Path settings(Path folder, Map<String, String> values) throws IOException {
        var lines = values.entrySet().stream().map(each -> each.getKey() + "='" + each.getValue() + "'").sorted();
        return Files.write(folder.resolve("settings"), lines.toList());
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("left behind: " + folder);
        }
    }

    private int signIn(FakeLogin login) throws Exception {
        System.out.println("\n$ jbang get_token.java " + USER);
        var process = tool("get_token", "--no-browser", USER).start();
        process.getOutputStream().close();
        try (var said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            String address = null;
            for (String line; (line = said.readLine()) != null;) {
                System.out.println("  " + shown(line));
                if (line.startsWith("https://")) address = line;
                if (line.startsWith("copy that address"))
                    System.out.println("  (a browser: " + visit(login.signIn(address, USER)) + ")");
            }
        }
        return process.waitFor();
    }

    private int signInByHand() throws Exception {
        System.out.println("\nSign in with the name " + USER + " and the password: jan's password"
                + "\nYour browser will warn once: it does not know the stand-in's certificate.");
        System.out.println("\n$ jbang get_token.java " + USER);
        return tool("get_token", USER).inheritIO().start().waitFor();
    }

    private int check() throws Exception {
        System.out.println("\n$ jbang check_imap.java --smtp " + USER);
        return told(tool("check_imap", "--smtp", USER).start(), true);
    }

    private int printAccessToken() throws Exception {
        System.out.println("\n$ jbang get_token.java --access-token        # what mail programs call");
        return told(tool("get_token", "--access-token").start(), false);
    }

    private static int told(Process process, boolean whole) throws Exception {
        process.getOutputStream().close();
        try (var said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line; (line = said.readLine()) != null;)
                System.out.println("  " + (whole ? shown(line)
                    : line.substring(0, Math.min(12, line.length())) + "… (" + line.length() + " characters)"));
        }
        return process.waitFor();
    }

    /** A process of the toolkit, from this script's own class path: so the demo runs from a catalog's URL as well. */
    private ProcessBuilder tool(String program, String... args) {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), program));
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        // By the launcher, if there is one, the tools name each other; it was started for another script than theirs.
        builder.environment().keySet().removeIf(name -> name.startsWith("M365_") && !name.equals("M365_LAUNCHER"));
        builder.environment().put("M365_SETTINGS", settings.toString());
        return builder;
    }

    /** With the commands as the README has them, whatever starts the tools here, and the beginning of an address. */
    private static String shown(String line) {
        if (line.startsWith("https://")) return line.substring(0, Math.min(line.length(), 100)) + "…";
        return STARTED.matcher(line).replaceAll("jbang $1.java");
    }

    /** The browser's last step: follows the redirect to get_token. */
    private static String visit(String redirect) throws IOException, InterruptedException {
        var page = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(redirect)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        return page.replaceAll("(?s).*<p>(.*?)</p>.*", "$1");
    }
}
