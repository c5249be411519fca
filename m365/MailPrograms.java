//SOURCES ExitStatus.java
//SOURCES PersonalAccounts.java
//SOURCES Problem.java
//SOURCES SettingNames.java
//SOURCES Settings.java
//SOURCES Spelling.java
//SOURCES StartCommand.java
//SOURCES Template.java
//SOURCES Text.java
//SOURCES TokenCache.java
//SOURCES TokenStore.java
//FILES mail_programs/offlineimap=../mail_programs/offlineimap
//FILES mail_programs/mbsync=../mail_programs/mbsync
//FILES mail_programs/neomutt=../mail_programs/neomutt
//FILES mail_programs/msmtp=../mail_programs/msmtp
//FILES mail_programs/getmail=../mail_programs/getmail
//FILES mail_programs/fetchmail=../mail_programs/fetchmail
//FILES mail_programs/aerc=../mail_programs/aerc
//FILES mail_programs/himalaya=../mail_programs/himalaya
//FILES mail_programs/systemd=../mail_programs/systemd
//FILES mail_programs/git-send-email=../mail_programs/git-send-email
//FILES mail_programs/exim=../mail_programs/exim

package m365;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Configurations for mail programs: what to put into the templates of {@code mail_programs/}, so that a program asks
 * this copy for its tokens, with these settings. Prints no secret and starts nothing.
 */
public final class MailPrograms {
    private static final List<String> NAMES = List.of("offlineimap", "mbsync", "neomutt", "mutt", "msmtp", "getmail",
            "fetchmail", "aerc", "himalaya", "git-send-email", "exim", "systemd");
    /** Other names of theirs: Debian's, and those of what they belong to. */
    private static final Map<String, String> ALSO = Map.of("isync", "mbsync", "offlineimap3", "offlineimap",
            "getmail6", "getmail", "git", "git-send-email", "git-email", "git-send-email", "exim4", "exim");
    /** How long a line of their configuration may be. */
    private static final Map<String, Integer> LINE = Map.of("msmtp", 500, "mbsync", 1022);

    private final Map<String, String> env;
    private final Settings settings;
    private final TokenStore store;
    private final String user;

    /** @param userOrNull null if none was named */
    public MailPrograms(Map<String, String> env, Settings settings, TokenStore store, String userOrNull) {
        this.env = env;
        this.settings = settings;
        this.store = store;
        this.user = userOrNull;
    }

    /** The names of all, a line each. */
    public static void list(PrintStream out) {
        for (var name : NAMES)
            out.printf("%-15s %s%n", name, template(name).lines().findFirst().orElseThrow().substring(2));
    }

    /**
     * A template from mail_programs/, filled in.
     *
     * @param account whose mail it is
     * @throws Problem if there is none of that name
     */
    public String configurationFor(String given, String account) {
        var lower = given.toLowerCase(Locale.ROOT).replace(' ', '-');
        var name = ALSO.getOrDefault(lower, lower);
        if (!NAMES.contains(name))
            throw new Problem(ExitStatus.USAGE, "there is no configuration for " + Text.quote(given),
                    Spelling.nearest(name, NAMES).map(known -> "did you mean " + known + "? ").orElse("")
                            + "jbang get_token.java --config-for lists them all; "
                            + "programs that sign in by themselves, like Thunderbird, need none");
        var start = StartCommand.again(env);
        var configuration = Template.filledIn(template(name), values(account, start));
        demandShortLines(name, configuration);
        var notes = notes(name, start).stream().map(note -> "# " + note + "\n").collect(Collectors.joining());
        return StartCommand.asTypedHere(notes + configuration, env);
    }

    private static void demandShortLines(String name, String configuration) {
        int longest = configuration.lines().filter(line -> !line.startsWith("#")).mapToInt(line ->
                line.getBytes(UTF_8).length).max().orElse(0);
        if (LINE.containsKey(name) && longest > LINE.get(name))
            throw new Problem(ExitStatus.SETTINGS, "the command makes a line of " + longest + " characters, and in "
                    + name + "'s configuration a line may have " + LINE.get(name),
                    "make it short: jbang install.java installs commands, and jbang get_token.java --save-settings "
                            + "keeps the settings in their file");
    }

    private static String template(String name) {
        var file = "/mail_programs/" + (name.equals("mutt") ? "neomutt" : name);
        try (var template = MailPrograms.class.getResourceAsStream(file)) {
            return new String(template.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e); // it lies in our own jar
        }
    }

    /** Secrets are not printed: what is printed is kept in dotfiles, and those in public repositories. */
    private List<String> notes(String name, List<String> start) {
        var notes = new ArrayList<String>();
        for (var secret : SettingNames.SECRET)
            if (!env.getOrDefault(secret, "").isBlank())
                notes.add("A secret is not written here: set " + secret + " in the environment in which " + name
                        + " runs, or keep it: jbang get_token.java --save-settings --with-secret");
        if (settings.proxy().filter(proxy -> proxy.getUserInfo() != null).isPresent())
            notes.add("A proxy with a password is not written here: set HTTPS_PROXY in the environment in which " + name
                    + " runs.");
        if (!settingsToTell().isEmpty())
            notes.addAll(List.of("The command carries settings that no file has. Keep them in one, and ask again; then "
                    + "it is short:", "  jbang get_token.java --save-settings"));
        if (start.size() > 1 && StartCommand.typed(env, "install").isPresent())
            notes.addAll(List.of("An installed command is shorter, and starts without JBang:", "  jbang install.java"));
        return notes;
    }

    private Map<String, List<String>> values(String address, List<String> start) {
        var login = URLEncoder.encode(address, UTF_8);
        var values = new LinkedHashMap<String, List<String>>();
        values.put("user", List.of(address));
        values.put("local_user", List.of(System.getProperty("user.name")));
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
        values.put("if_silent", settings.places().isInFile("M365_NOTIFY_COMMAND") ? List.of() : List.of(""));
        values.put("token_endpoint", List.of(authority(address) + "/oauth2/v2.0/token"));
        values.put("company_ca", settings.caFile().map(MailPrograms::absolute).stream().toList());
        values.put("ca_file", List.of(settings.caFile().map(MailPrograms::absolute)
                .orElseGet(MailPrograms::systemCaFile)));
        return values;
    }

    private URI authority(String address) {
        var signedIn = TokenCache.of(store).filter(cache -> cache.account().equalsIgnoreCase(address));
        return signedIn.isPresent() ? PersonalAccounts.authorityOf(settings, signedIn.get().homeTenant())
                : PersonalAccounts.authority(settings, address);
    }

    private static String absolute(Path file) { return file.toAbsolutePath().normalize().toString(); }

    /** Where Debian, Fedora, and macOS with the BSDs keep the certificate authorities that mail programs trust. */
    private static String systemCaFile() {
        return Stream.of("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
                .filter(file -> Files.exists(Path.of(file))).findFirst().orElse("/etc/ssl/certs/ca-certificates.crt");
    }

    /** The words of a command for a mail program, which runs it in another directory and with another environment. */
    private List<String> command(List<String> start, String option) {
        var command = settingsToTell();
        settings.proxy().filter(proxy -> proxy.getUserInfo() == null)
                .ifPresent(proxy -> command.add("HTTPS_PROXY=" + proxy));
        settings.runtimeDirectory().filter(directory -> store.inSecretStore())
                .ifPresent(directory -> command.add("XDG_RUNTIME_DIR=" + directory));
        command.addAll(start);
        command.add(option);
        if (settings.perUser() && user != null) command.add(user);
        // cron sets no locale, and then Java cannot open a file whose name is not ASCII. What is installed knows that.
        if (start.size() > 1 && !command.stream().allMatch(US_ASCII.newEncoder()::canEncode))
            command.add(0, "LC_ALL=C.UTF-8");
        if (command.get(0).contains("=")) command.add(0, "env");
        return command;
    }

    /** The settings that it would not find by itself: those of this terminal, and files beside where we are. */
    private List<String> settingsToTell() {
        var places = settings.places();
        var told = new ArrayList<String>();
        var values = new LinkedHashMap<String, String>();
        values.put("M365_CLIENT_ID", settings.clientId());
        values.put("M365_AUTHORITY", settings.authority().toString());
        values.put("M365_SCOPES", String.join(" ", settings.scopes()));
        values.put("M365_TOKEN_READ_COMMAND", Template.shellLine(settings.readCommand()));
        values.put("M365_TOKEN_WRITE_COMMAND", Template.shellLine(settings.writeCommand()));
        values.forEach((name, value) -> {
            if (places.forgotten().contains(name)) told.add(name + "=" + value);
        });
        settings.caFile().ifPresent(file -> tellFile("M365_CA_FILE", file, told));
        settings.clientCertificate().ifPresent(file -> tellFile("M365_CLIENT_CERTIFICATE", file, told));
        tellFile("M365_TOKEN_FILE", Path.of(settings.tokenFile()), told);
        var usual = Path.of(env.getOrDefault("HOME", System.getProperty("user.home")), ".config/m365/settings");
        if (places.file() != null && !places.file().equals(usual) && Files.exists(places.file()))
            told.add(SettingNames.FILE + "=" + absolute(places.file()));
        return told;
    }

    private void tellFile(String name, Path file, List<String> told) {
        if (settings.places().forgotten().contains(name) || !file.isAbsolute()) told.add(name + "=" + absolute(file));
    }
}
