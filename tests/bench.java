//JAVAC_OPTIONS -encoding UTF-8 -J-XX:TieredStopAtLevel=1
//JAVA 17+
//SOURCES bench/Growth.java
//SOURCES bench/Peers.java
//SOURCES bench/Row.java
//SOURCES bench/Stopwatch.java
//SOURCES bench/Table.java
//SOURCES stand_in/FakeLogin.java
//SOURCES stand_in/StandIn.java

import bench.Growth;
import bench.Peers;
import bench.Row;
import bench.Stopwatch;
import bench.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import stand_in.FakeLogin;
import stand_in.StandIn;

/**
 * What a mail program waits for: {@code ./jbang tests/bench.java [RUNS]}, in the checkout. Whole processes, in turn:
 * the installed commands, the scripts through JBang, and beside them what people would use instead. Needs python3;
 * Debian's mutt or neomutt and python3-msal for the peers.
 */
public class bench {
    private static final String USER = "jan@uva.example";
    private static final String SCOPES = "https://outlook.office.com/IMAP.AccessAsUser.All "
            + "https://outlook.office.com/POP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access";
    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData");
    private static final String CACHED = "get_token, cached token", RENEWAL = "get_token, renewal",
            CHECK = "check_imap", JBANG_CACHED = "get_token.java through JBang, cached token",
            JBANG_EMPTY = "an empty script with the same libraries through JBang",
            MUTT_CACHED = "mutt_oauth2.py, cached token",
            MUTT_RENEWAL = "mutt_oauth2.py, renewal", MSAL_RENEWAL = "Python MSAL, renewal",
            POST = "a POST by HttpsURLConnection, nothing else";

    private final Path folder = Files.createTempDirectory("bench");
    private final StandIn microsoft = StandIn.start(folder);
    private final FakeLogin provider = microsoft.login();
    private final Path tokenFile = folder.resolve("refresh_token");
    private final Path cache = folder.resolve("token_cache.json");
    private final Peers peers = new Peers(folder, provider);
    private final Path authorities = Path.of(microsoft.environment().get("M365_CA_FILE"));
    private final Stopwatch stopwatch;

    private bench() throws IOException {
        var environment = new LinkedHashMap<>(microsoft.environment());
        environment.put("M365_TOKEN_FILE", tokenFile.toString());
        environment.put("XDG_CONFIG_HOME", folder.resolve("no settings").toString());
        environment.put("XDG_DATA_HOME", folder.resolve("data").toString());
        for (var name : List.of("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")) // whom Python trusts
            environment.put(name, authorities.toString());
        stopwatch = new Stopwatch(folder, microsoft, environment);
    }

    public static void main(String... args) throws IOException, InterruptedException {
        new bench().run(args.length == 0 ? 20 : Integer.parseInt(args[0]));
    }

    private void run(int runs) throws IOException, InterruptedException {
        try (microsoft) {
            Peers.writePrivately(tokenFile, provider.issueRefreshToken(USER, FakeLogin.PUBLIC_APP, SCOPES));
            stopwatch.outputOf(List.of("./jbang", "install.java", folder.resolve("bin").toString()), Map.of());
            stopwatch.outputOf(List.of(installed("get_token"), "--access-token"), Map.of());
            var rows = ours();
            rows.addAll(others());
            stopwatch.measure(rows, runs);
            tell(new Table(rows, System.out), runs);
            growth(Math.min(runs, 3));
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(java.io.File::delete);
            }
        }
    }

    private void growth(int runs) throws IOException, InterruptedException {
        try (var growth = new Growth(folder, provider, SCOPES, installed("check_imap"))) {
            var rows = growth.rows(microsoft.ca(), USER);
            stopwatch.measure(rows, runs);
            System.out.println();
            var table = new Table(rows, System.out);
            table.print(runs);
            table.memoryBelow(100);
        }
    }

    private String installed(String command) { return folder.resolve("bin").resolve(command).toString(); }

    private List<Row> ours() throws IOException {
        Runnable nothing = () -> { };
        var getToken = installed("get_token");
        var rows = new ArrayList<Row>();
        rows.add(new Row(CACHED, nothing, List.of(getToken, "--access-token")));
        rows.add(new Row("the same, with a settings file and a user", settingsFile(), nothing,
                List.of(getToken, "--access-token", USER)));
        rows.add(new Row("the same, with a cache of 50 accounts", fiftyAccounts(), nothing,
                List.of(getToken, "--access-token")));
        rows.add(new Row("get_token --refresh-token", nothing, List.of(getToken, "--refresh-token", USER)));
        rows.add(new Row(RENEWAL, this::expire, List.of(getToken, "--access-token")));
        rows.add(new Row("the same, with a heap of 64 MB", Map.of("JDK_JAVA_OPTIONS", "-Xmx64m"), this::expire,
                List.of(getToken, "--access-token")));
        rows.add(new Row(CHECK, nothing, List.of(installed("check_imap"), USER)));
        rows.add(new Row("check_imap --all: a renewal, IMAP, POP and SMTP",
                Map.of("M365_SCOPES", SCOPES.replace(" offline_access", "")), nothing,
                List.of(installed("check_imap"), "--all", USER)));
        rows.add(new Row(JBANG_CACHED, nothing, List.of("./jbang", "get_token.java", "--access-token")));
        rows.add(new Row("get_token.java through JBang, renewal", this::expire,
                List.of("./jbang", "get_token.java", "--access-token")));
        return rows;
    }

    private List<Row> others() throws IOException, InterruptedException {
        Runnable nothing = () -> { };
        var rows = new ArrayList<Row>();
        rows.add(new Row("a JVM that prints one line", nothing, java("Line", """
                class Line { public static void main(String[] args) { System.out.println("one line"); } }""")));
        rows.add(new Row(POST, nothing, java("Post", post())));
        var empty = Files.writeString(folder.resolve("empty.java"), libraries()
                + "class empty { public static void main(String[] args) { System.out.println(\"one line\"); } }");
        rows.add(new Row(JBANG_EMPTY, nothing, List.of("./jbang", empty.toString())));
        peers.mutt(microsoft.environment()).ifPresent(mutt -> {
            rows.add(new Row(MUTT_CACHED, () -> muttTokens(LocalDateTime.now().plusHours(1)), mutt));
            rows.add(new Row(MUTT_RENEWAL, () -> muttTokens(LocalDateTime.now().minusHours(1)), mutt));
            rows.add(new Row("mutt_oauth2.py --test: a renewal, IMAP, POP and SMTP",
                () -> muttTokens(LocalDateTime.now().minusHours(1)), Peers.with(mutt, "--test")));
        });
        peers.msal(tokenFile, authorities).ifPresent(msal -> rows.add(new Row(MSAL_RENEWAL, nothing, msal)));
        return rows;
    }

    private static void tell(Table table, int runs) {
        table.print(runs);
        System.out.println();
        table.compare(CACHED, 0.85, MUTT_CACHED);
        table.atMost(RENEWAL, Runtime.version().feature() < 25 ? 300 : 230);
        table.compare(RENEWAL, Runtime.version().feature() < 25 ? 3 : 2.3, MSAL_RENEWAL);
        table.compare(RENEWAL, 5, MUTT_RENEWAL);
        table.compare(RENEWAL, 1, POST);
        table.atMost(CHECK, 400);
        table.compare(JBANG_CACHED, 1.15, JBANG_EMPTY);
        table.oneRequest(RENEWAL);
        table.memoryBelow(100);
    }

    // ---------------------------------------------------------------------------------------- what lies where

    /** Makes the cached token one that expired a while ago. */
    private void expire() {
        Peers.writePrivately(cache, read(cache).replaceFirst("\"expires_on\":\"[0-9]+\"",
                "\"expires_on\":\"1700000000\""));
    }

    private void muttTokens(LocalDateTime expires) { peers.muttTokens(USER, SCOPES, read(tokenFile), expires); }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> settingsFile() throws IOException {
        var file = folder.resolve("settings");
        Peers.writePrivately(file, microsoft.environment().entrySet().stream()
                .map(each -> each.getKey() + "='" + each.getValue() + "'\n").collect(Collectors.joining("# a line\n")));
        return Map.of("M365_SETTINGS", file.toString());
    }

    /** Beside a token of its own, for each of 49 others' accounts and tokens, as MSAL's cache holds them. */
    private Map<String, String> fiftyAccounts() throws IOException {
        var many = Files.createDirectory(folder.resolve("many"));
        Peers.writePrivately(many.resolve("refresh_token"), read(tokenFile));
        var text = read(cache);
        for (var kind : List.of("AccessToken", "IdToken", "Account"))
            text = text.replaceFirst("(\"" + kind + "\":\\{)(\"[^\"]*)(\":\\{[^}]*\\})",
                    "$1$2$3" + ",$2%%$3".repeat(49));
        for (int i = 1; text.contains("%%"); i++) text = text.replaceFirst("%%", "-" + i);
        Peers.writePrivately(many.resolve("token_cache.json"), text);
        return Map.of("M365_TOKEN_FILE", many.resolve("refresh_token").toString());
    }

    // ---------------------------------------------------------------------------------------- what Java can do at best

    private List<String> java(String name, String source) throws IOException {
        var file = Files.writeString(folder.resolve(name + ".java"), source);
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), file.toString()) != 0)
            throw new IllegalStateException("javac failed");
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", folder.toString(), name));
        return command;
    }

    /** It knows the JDK's authorities, as everybody does, and ours beside them. */
    private String post() {
        return """
                import java.nio.file.*;
                import java.security.*;
                import java.security.cert.*;
                import javax.net.ssl.*;
                class Post {
                    public static void main(String[] args) throws Exception {
                        var keys = KeyStore.getInstance(KeyStore.getDefaultType());
                        keys.load(null, null);
                        var usual = TrustManagerFactory.getInstance("PKIX");
                        usual.init((KeyStore) null);
                        try (var in = Files.newInputStream(Path.of("%1$s"))) {
                            keys.setCertificateEntry("ca",
                                    CertificateFactory.getInstance("X.509").generateCertificate(in));
                        }
                        var ours = TrustManagerFactory.getInstance("PKIX");
                        ours.init(keys);
                        var context = SSLContext.getInstance("TLS");
                        context.init(null, ours.getTrustManagers(), null);
                        HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
                        var to = (HttpsURLConnection) new java.net.URL("%2$s/oauth2/v2.0/token").openConnection();
                        to.setDoOutput(true);
                        try (var out = to.getOutputStream()) {
                            out.write(("client_id=%3$s&grant_type=refresh_token&client_info=1&scope=openid%%20profile"
                                    + "%%20offline_access%%20https://outlook.office.com/IMAP.AccessAsUser.All"
                                    + "&refresh_token=" + Files.readString(Path.of("%4$s"))).getBytes());
                        }
                        System.out.println(new String(to.getInputStream().readAllBytes()).length());
                    }
                }
                """.formatted(authorities, provider.authority(), FakeLogin.PUBLIC_APP, tokenFile);
    }

    private static String libraries() throws IOException {
        return Files.readString(Path.of("m365/IdentityProvider.java")).lines().filter(line -> line.startsWith("//DEPS"))
            .collect(Collectors.joining("\n")) + "\n//DEPS info.picocli:picocli:4.7.7\n//JAVA 17+\n";
    }
}
