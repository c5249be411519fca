//JAVAC_OPTIONS -encoding UTF-8
//JAVA 17+
//SOURCES stand_in/StandIn.java
//SOURCES stand_in/FakeLogin.java

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import javax.tools.ToolProvider;
import stand_in.FakeLogin;
import stand_in.StandIn;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What a mail program waits for: {@code ./jbang tests/bench.java [RUNS]}, in the checkout. Whole processes, each kind
 * in turn so that a busy moment hits all of them alike; the median is told. Beside get_token stand the script that Mutt
 * and NeoMutt ship (mutt_oauth2.py, its token file unencrypted) and a JVM that prints one line. Needs Debian's mutt or
 * neomutt, and python3.
 */
public class bench {
    private static final String USER = "jan@uva.example";
    private static final String SCOPES =
            "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access";
    /** As get_token --config-for prints them. */
    private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    /** A row of the table: what is run, and what is done before each run. */
    private static final class Row {
        final String name;
        final List<String> command;
        final Runnable before;
        final List<Double> millis = new ArrayList<>();
        long peakKilobytes;
        int connections;
        List<String> requests = List.of();

        Row(String name, Runnable before, List<String> command) {
            this.name = name;
            this.before = before;
            this.command = command;
        }

        double median() {
            var sorted = millis.stream().sorted().toList();
            return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
        }
    }

    private final Path folder = Files.createTempDirectory("bench");
    private final StandIn microsoft = StandIn.start(folder);
    private final Path tokenFile = folder.resolve("refresh_token");
    private final Path cache = folder.resolve("token_cache.json");
    private final Path muttTokens = folder.resolve("mutt_tokens");
    private final Map<String, String> environment = new LinkedHashMap<>(microsoft.environment());

    private bench() throws IOException {
        environment.put("M365_TOKEN_FILE", tokenFile.toString());
        environment.put("SSL_CERT_FILE", environment.get("M365_CA_FILE")); // whom Python trusts
    }

    public static void main(String... args) throws IOException, InterruptedException {
        new bench().run(args.length == 0 ? 20 : Integer.parseInt(args[0]));
    }

    private void run(int runs) throws IOException, InterruptedException {
        try (microsoft) {
            writePrivately(tokenFile, microsoft.login().issueRefreshToken(USER, FakeLogin.PUBLIC_APP, SCOPES));
            var rows = rows();
            for (var row : rows) look(row);
            for (int i = 0; i < runs; i++) for (var row : rows) row.millis.add(time(row));
            print(rows, runs);
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    // ---- what is run ---------------------------------------------------------------------------------------------

    private List<Row> rows() throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var jar = folder.resolve("export/get_token.jar");
        outputOf(List.of("./jbang", "export", "portable", "-O", jar.toString(), "get_token.java"));
        var exported = append(append(List.of(java), FLAGS), List.of("-jar", jar.toString(), "--access-token"));
        var throughJBang = List.of("./jbang", "get_token.java", "--access-token");
        outputOf(exported); // the first token

        var rows = new ArrayList<Row>();
        rows.add(new Row("a JVM that prints one line", () -> { }, append(append(List.of(java), FLAGS), oneLine())));
        rows.add(new Row("get_token.jar, cached token", () -> { }, exported));
        rows.add(new Row("get_token.jar, renewal", this::expire, exported));
        rows.add(new Row("get_token.java through JBang, cached token", () -> { }, throughJBang));
        rows.add(new Row("get_token.java through JBang, renewal", this::expire, throughJBang));
        var script = muttScript();
        if (script == null) System.err.println("bench: no mutt_oauth2.py here: install mutt or neomutt");
        else {
            var python = Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";
            var mutt = List.of(python, script.toString(),
                    muttTokens.toString());
            rows.add(new Row("mutt_oauth2.py, cached token", () -> muttTokens(LocalDateTime.now().plusHours(1)), mutt));
            rows.add(new Row("mutt_oauth2.py, renewal", () -> muttTokens(LocalDateTime.now().minusHours(1)), mutt));
        }
        return rows;
    }

    /** Makes the cached token one that expired a while ago. */
    private void expire() {
        try {
            writePrivately(cache, Files.readString(cache)
                .replaceFirst("\"expires_on\":\"[0-9]+\"", "\"expires_on\":\"1700000000\""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> oneLine() throws IOException {
        var source = Files.writeString(folder.resolve("one_line.java"),
                "class one_line { public static void main(String[] args) { System.out.println(\"one line\"); } }");
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), source.toString()) != 0)
            throw new IllegalStateException("javac failed");
        return List.of("-cp", folder.toString(), "one_line");
    }

    /** Mutt's script, with the stand-in for Microsoft and without encryption; null if there is none. */
    private Path muttScript() throws IOException {
        var plain = Path.of("/usr/share/doc/mutt/examples/mutt_oauth2.py");
        var packed = Path.of("/usr/share/doc/neomutt/oauth2/mutt_oauth2.py.gz");
        if (!Files.exists(plain) && !Files.exists(packed)) return null;
        String text;
        if (Files.exists(plain)) text = Files.readString(plain);
        else try (var in = new GZIPInputStream(Files.newInputStream(packed))) {
            text = new String(in.readAllBytes(), UTF_8);
        }
        var microsoftPart = text.indexOf("'microsoft': {");
        return Files.writeString(folder.resolve("mutt_oauth2.py"), text.substring(0, microsoftPart)
                .replaceAll("(?m)^(ENCRYPTION|DECRYPTION)_PIPE = .*$", "$1_PIPE = ['cat']")
                + text.substring(microsoftPart)
                    .replace("https://login.microsoftonline.com/common", microsoft.login().authority())
                        .replaceFirst("'client_id': ''", "'client_id': '" + FakeLogin.PUBLIC_APP + "'"));
    }

    private void muttTokens(LocalDateTime expires) {
        try {
            // Tokens as long as the ones that get_token reads.
            writePrivately(muttTokens, "{\"registration\": \"microsoft\", \"authflow\": \"authcode\", \"email\": \""
                    + USER
                    + "\", \"access_token\": \""
                    + microsoft.login().issueAccessToken(USER, FakeLogin.PUBLIC_APP, SCOPES)
                    + "\", \"access_token_expiration\": \"" + expires + "\", \"refresh_token\": \""
                    + Files.readString(tokenFile) + "\"}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writePrivately(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    // ---- how it is measured --------------------------------------------------------------------------------------

    private double time(Row row) throws IOException, InterruptedException {
        row.before.run();
        var process = processOf(row.command);
        long started = System.nanoTime();
        var child = process.start();
        child.getOutputStream().close();
        var said = child.getInputStream().readAllBytes();
        int status = child.waitFor();
        double millis = (System.nanoTime() - started) / 1e6;
        if (status != 0 || said.length < 3) throw new IllegalStateException(row.name + " ended with status " + status);
        return millis;
    }

    /** One run that is not timed: the memory of the largest of its processes, and what it said to the provider. */
    private void look(Row row) throws IOException, InterruptedException {
        row.before.run();
        int connections = microsoft.login().connections();
        int requests = microsoft.login().requests().size();
        var asked = append(List.of("python3", "-c", "import resource, subprocess, sys\n"
                + "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
                + "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"), row.command);
        row.peakKilobytes = Long.parseLong(outputOf(asked).strip());
        row.connections = microsoft.login().connections() - connections;
        row.requests = microsoft.login().requests().stream().skip(requests)
            .map(r -> r.method() + " " + r.endpoint()).toList();
    }

    private ProcessBuilder processOf(List<String> command) {
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        process.environment().keySet().removeIf(name -> name.startsWith("M365_"));
        process.environment().putAll(environment);
        return process;
    }

    private String outputOf(List<String> command) throws IOException, InterruptedException {
        var process = processOf(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        var said = new ByteArrayOutputStream();
        process.getInputStream().transferTo(said);
        if (process.waitFor() != 0)
            throw new IllegalStateException(command + " ended with status " + process.exitValue());
        return said.toString(UTF_8);
    }

    private static List<String> append(List<String> words, List<String> more) {
        var all = new ArrayList<>(words);
        all.addAll(more);
        return all;
    }

    // ---- what is told --------------------------------------------------------------------------------------------

    private static void print(List<Row> rows, int runs) {
        System.out.println("| median of " + runs
            + " whole processes | time | peak memory | TLS connections | requests |");
        System.out.println("|---|---:|---:|---:|---|");
        for (var row : rows)
            System.out.printf("| %s | %.0f ms | %d MB | %d | %s |%n", row.name, row.median(),
                row.peakKilobytes / 1024, row.connections,
                    row.requests.isEmpty() ? "–" : String.join(", ", row.requests));
        System.out.println();
        var cached = named(rows, "get_token.jar, cached token");
        var renewal = named(rows, "get_token.jar, renewal");
        compare(cached, named(rows, "a JVM that prints one line"), 1.6);
        if (rows.stream().anyMatch(row -> row.name.equals("mutt_oauth2.py, cached token")))
            compare(cached, named(rows, "mutt_oauth2.py, cached token"), 0.9);
        System.out.println("goal: a renewal is one TLS connection and one POST: "
                + (renewal.connections == 1 && renewal.requests.equals(List.of("POST token")) ? "reached" : "missed"));
        System.out.println(Runtime.getRuntime().availableProcessors() + " processors, "
            + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ", JDK " + System.getProperty("java.version"));
    }

    private static void compare(Row row, Row other, double goal) {
        double ratio = row.median() / other.median();
        System.out.printf("goal: %s, at most %.1f × %s: %.2f, %s%n", row.name, goal, other.name, ratio,
            ratio <= goal ? "reached" : "missed");
    }

    private static Row named(List<Row> rows, String name) {
        return rows.stream().filter(row -> row.name.equals(name)).findFirst().orElseThrow();
    }
}
