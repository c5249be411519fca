//JAVA 17+
//SOURCES config.java
//FILES clients/=clients/offlineimap
//FILES clients/=clients/mbsync
//FILES clients/=clients/neomutt
//FILES clients/=clients/msmtp
//FILES clients/=clients/getmail
//FILES clients/=clients/fetchmail
//FILES clients/=clients/aerc
//FILES clients/=clients/himalaya
//FILES clients/=clients/systemd

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Configurations for mail programs: fills in the templates of {@code clients/}, each value in the program's own notation.
 * Prints no secret and starts nothing.
 */
public final class clients {
    private static final List<String> MAIL_PROGRAMS = List.of("offlineimap", "mbsync", "neomutt", "mutt", "msmtp", "getmail",
            "fetchmail", "aerc", "himalaya", "systemd");

    private final Map<String, String> env;
    private final config.Settings settings;
    private final config.TokenStore store;
    private final String user;

    /** @param user null if none was named */
    clients(Map<String, String> env, config.Settings settings, config.TokenStore store, String user) {
        this.env = env;
        this.settings = settings;
        this.store = store;
        this.user = user;
    }

    static void list(PrintStream out) {
        for (var name : MAIL_PROGRAMS) out.printf("%-12s %s%n", name, template(name).lines().findFirst().orElseThrow().substring(2));
    }

    /** A template from clients/, filled in. @param account whose mail it is */
    String configurationFor(String name, String account) {
        if (!MAIL_PROGRAMS.contains(name))
            throw new config.Problem(config.Status.USAGE, "there is no configuration for " + config.quote(name),
                    config.nearest(name, MAIL_PROGRAMS).map(known -> "did you mean " + known + "? ").orElse("")
                            + "get_token --config-for lists them all; programs that sign in by themselves, like Thunderbird, need none");
        var start = startAgain(env);
        return notes(name, start).stream().map(note -> "# " + note + "\n").collect(Collectors.joining())
                + filledIn(template(name), values(account, start));
    }

    private static String template(String name) {
        try (var template = clients.class.getResourceAsStream("/clients/" + (name.equals("mutt") ? "neomutt" : name))) {
            return new String(template.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e); // it lies in our own jar
        }
    }

    /** Secrets are not printed: what is printed is kept in dotfiles, and those in public repositories. */
    private List<String> notes(String name, List<String> start) {
        var notes = new ArrayList<String>();
        for (var secret : config.SECRET_VARIABLES)
            if (!env.getOrDefault(secret, "").isBlank())
                notes.add("A secret is not written here: set " + secret + " in the environment in which " + name + " runs"
                        + (secret.endsWith("SECRET") ? ", or CLIENT_SECRET in config.java." : "."));
        if (settings.proxy().filter(proxy -> proxy.getUserInfo() != null).isPresent())
            notes.add("A proxy with a password is not written here: set HTTPS_PROXY in the environment in which " + name + " runs.");
        if (!start.contains("-jar"))
            notes.addAll(List.of("The command goes through JBang and takes a second. An exported copy answers ten times as fast:",
                    "  jbang export portable --force -O ~/.local/lib/get_token/get_token.jar get_token.java",
                    "  java -jar ~/.local/lib/get_token/get_token.jar --config-for " + name + (user == null ? "" : " " + user)));
        return notes;
    }

    private Map<String, List<String>> values(String address, List<String> start) {
        var login = URLEncoder.encode(address, UTF_8);
        var values = new LinkedHashMap<String, List<String>>();
        values.put("user", List.of(address));
        values.put("command", command(start, "--access-token"));
        values.put("refresh_command", command(start, "--refresh-token"));
        values.put("imap_host", List.of(settings.imap().host()));
        values.put("imap_port", List.of(String.valueOf(settings.imap().port())));
        values.put("imap_url", List.of("imaps://" + login + "@" + settings.imap() + "/"));
        values.put("smtp_host", List.of(settings.smtp().host()));
        values.put("smtp_port", List.of(String.valueOf(settings.smtp().port())));
        values.put("smtp_url", List.of("smtp://" + login + "@" + settings.smtp() + "/"));
        values.put("client_id", List.of(settings.clientId()));
        // OfflineIMAP can renew by itself for a public client; for another it would have to be told the secret.
        values.put("if_public", settings.confidential() ? List.of() : List.of(""));
        values.put("if_confidential", settings.confidential() ? List.of("") : List.of());
        values.put("token_endpoint", List.of(settings.authority() + "/oauth2/v2.0/token"));
        values.put("company_ca", settings.caFile().map(file -> List.of(file.toAbsolutePath().toString())).orElse(List.of()));
        values.put("ca_file", values.get("company_ca").isEmpty() ? List.of(systemCaFile()) : values.get("company_ca"));
        return values;
    }

    /** Where Debian, Fedora, and macOS with the BSDs keep the certificate authorities that mail programs trust. */
    private static String systemCaFile() {
        return Stream.of("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
                .filter(file -> Files.exists(Path.of(file))).findFirst().orElse("/etc/ssl/certs/ca-certificates.crt");
    }

    /** The words of a command for a mail program, which runs it in another directory and with another environment. */
    private List<String> command(List<String> start, String option) {
        var command = new ArrayList<>(List.of("env"));
        for (var name : List.of("M365_CLIENT_ID", "M365_AUTHORITY", "M365_SCOPES"))
            if (!env.getOrDefault(name, "").isBlank()) command.add(name + "=" + env.get(name).strip());
        settings.caFile().ifPresent(file -> command.add("M365_CA_FILE=" + file.toAbsolutePath()));
        settings.clientCertificate().ifPresent(file -> command.add("M365_CLIENT_CERTIFICATE=" + file.toAbsolutePath()));
        settings.proxy().filter(proxy -> proxy.getUserInfo() == null).ifPresent(proxy -> command.add("HTTPS_PROXY=" + proxy));
        command.add("M365_TOKEN_FILE=" + store.file);
        if (store.inSecretStore()) {
            command.add("M365_TOKEN_READ_COMMAND=" + shellLine(forUser(settings.readCommand())));
            command.add("M365_TOKEN_WRITE_COMMAND=" + shellLine(forUser(settings.writeCommand())));
            settings.runtimeDirectory().ifPresent(directory -> command.add("XDG_RUNTIME_DIR=" + directory));
        }
        command.addAll(start);
        command.add(option);
        // cron sets no locale, and then Java cannot open a file whose name is not ASCII.
        if (!command.stream().allMatch(US_ASCII.newEncoder()::canEncode)) command.add(1, "LC_ALL=C.UTF-8");
        return command;
    }

    private List<String> forUser(List<String> words) {
        return words.stream().map(word -> user == null ? word : word.replace("{user}", user)).toList();
    }

    /**
     * What a person types to sign in so that it helps the program that has just failed: with the same settings, which a
     * mail program's configuration may have made. What is or may hold a secret is only named.
     * @param user null if none was named
     */
    static String signIn(Map<String, String> env, String user) {
        var words = new ArrayList<String>();
        boolean byHand = System.console() != null; // then the same settings are in force for the next command, too
        if (!byHand) for (var name : config.VARIABLES)
            if (!env.getOrDefault(name, "").isBlank()) words.add(name + "=" + (name.endsWith("_COMMAND") ? "…" : config.shellQuote(env.get(name))));
        if (!byHand) for (var name : config.SECRET_VARIABLES)
            if (!env.getOrDefault(name, "").isBlank()) words.add(name + "=…");
        var jar = exportedJar();
        words.add(jar.isEmpty() ? "jbang get_token.java" : "java -cp " + config.shellQuote(jar.get()) + " get_token"); // it may be check_imap's
        if (user != null) words.add(user);
        return String.join(" ", words);
    }

    /** The jar that we are run from: an exported one is alone on its class path. */
    private static Optional<String> exportedJar() {
        return Optional.of(classPath()).filter(entries -> entries.size() == 1 && entries.get(0).endsWith(".jar")).map(entries -> entries.get(0));
    }

    private static List<String> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().normalize().toString()).toList();
    }

    /**
     * The words that start this copy again. JBang puts a jar out of its cache in front of the libraries, and tells a script
     * nothing but JBANG_LAUNCH_CMD; so the script is looked for beside that launcher (ours lies there) and in the current
     * directory. Failing both, as for an alias out of a catalog, there is still the class path, which lasts until JBang's
     * cache is cleared.
     */
    static List<String> startAgain(Map<String, String> env) {
        // Measured: the first compiler is enough, other collectors than the default start slower, the statistics file costs 3 ms.
        var java = List.of(java(env), "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");
        if (exportedJar().isPresent()) return append(java, "-jar", exportedJar().get());
        var launcher = Path.of(env.getOrDefault("JBANG_LAUNCH_CMD", "jbang")).toAbsolutePath().normalize();
        for (var script : List.of(launcher.resolveSibling("get_token.java"), Path.of("get_token.java").toAbsolutePath()))
            for (var jbang : List.of(script.resolveSibling("jbang"), launcher))
                if (Files.isRegularFile(script) && Files.isRegularFile(jbang) && Files.isExecutable(jbang))
                    return List.of(jbang.toString(), script.toString());
        return append(java, "-cp", String.join(File.pathSeparator, classPath()), "get_token");
    }

    private static List<String> append(List<String> words, String... more) {
        return Stream.concat(words.stream(), Arrays.stream(more)).toList();
    }

    /** Our own Java, by the name it has on PATH if it is there: that one outlives an update of the JDK. */
    private static String java(Map<String, String> env) {
        var ours = Path.of(System.getProperty("java.home"), "bin", "java");
        return Arrays.stream(env.getOrDefault("PATH", "").split(File.pathSeparator)).filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, "java")).filter(Files::isExecutable).findFirst()
                .filter(found -> real(found).equals(real(ours))).orElse(ours).toString();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    /** Replaces {@code {value}} and {@code {value as notation}}. A line with a value that is empty is left out. */
    static String filledIn(String template, Map<String, List<String>> values) {
        var placeholder = Pattern.compile("\\{([a-z_]+)(?: as ([a-z ]+))?\\}"); // here, for as a constant it would slow down every start
        return template.lines().filter(line -> placeholder.matcher(line).results().noneMatch(p -> values.get(p.group(1)).isEmpty()))
                .map(line -> placeholder.matcher(line).replaceAll(p -> Matcher.quoteReplacement(
                        written(values.get(p.group(1)), Optional.ofNullable(p.group(2)).orElse("")))) + "\n")
                .collect(Collectors.joining());
    }

    /** {@code words} in the notation of a program: several words are a command line, for a shell unless it takes vectors. */
    private static String written(List<String> words, String notation) {
        var text = words.size() > 1 ? shellLine(words) : words.get(0);
        return switch (notation) {
            case "" -> text;
            case "shell" -> config.shellQuote(text);
            case "url" -> URLEncoder.encode(text, UTF_8);
            case "percent" -> text.replace("%", "%%");
            case "quotes" -> '"' + text + '"';
            case "escaped" -> escape(text, "\\\"");
            case "double" -> '"' + escape(text, "\\\"") + '"';
            case "muttrc" -> '"' + escape(text, "\\\"$`") + '"';
            case "python tuple" -> words.stream().map(clients::python).collect(Collectors.joining(", ", "(", ")"));
            case "python percent" -> words.stream().map(clients::python).collect(Collectors.joining(", ", "[", "]")).replace("%", "%%");
            case "toml" -> words.stream().map(word -> '"' + escape(word, "\\\"") + '"').collect(Collectors.joining(", ", "[", "]"));
            case "systemd" -> words.stream().map(word -> '"' + escape(word, "\\\"").replace("%", "%%").replace("$", "$$") + '"')
                    .collect(Collectors.joining(" "));
            default -> throw new AssertionError(notation);
        };
    }

    private static String shellLine(List<String> words) {
        return words.stream().map(config::shellQuote).collect(Collectors.joining(" "));
    }

    private static String escape(String text, String special) {
        return text.chars().mapToObj(c -> (special.indexOf(c) < 0 ? "" : "\\") + (char) c).collect(Collectors.joining());
    }

    /** A literal in ASCII, for a configuration file that is read in whatever the locale's encoding is. */
    private static String python(String text) {
        return escape(text, "\\\"").codePoints().mapToObj(c -> c < 127 ? Character.toString(c) : String.format("\\U%08x", c))
                .collect(Collectors.joining("", "\"", "\""));
    }
}
