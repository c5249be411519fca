//SOURCES CommandLineWords.java
//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES ProxyVariables.java
//SOURCES Secret.java
//SOURCES Server.java
//SOURCES SettingNames.java
//SOURCES SettingPlaces.java
//SOURCES Settings.java
//SOURCES SettingsFile.java
//SOURCES Signal.java
//SOURCES Spelling.java
//SOURCES Text.java

package m365;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import static m365.ExitStatus.SETTINGS;
import static m365.Text.DIGITS;
import static m365.Text.LETTERS_AND_DIGITS;
import static m365.Text.quote;

/**
 * Where text becomes settings. A fault is noted and reading goes on, so that all of them can be told at once. On the
 * way to a cached token: no regular expressions, lambdas or streams here, as long as nothing is wrong.
 */
public final class SettingsReader {
    static final String USUAL_AUTHORITY = "https://login.microsoftonline.com/common";
    static final String USUAL_REDIRECT = "http://localhost:8745";
    private static final String USUAL_SCOPES =
            "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send";
    private static final Set<String> ADDED_BY_MSAL = Set.of("openid", "profile", "offline_access");

    private final SettingPlaces places;
    private final Map<String, String> env;
    private final List<String> faults = new ArrayList<>();
    /** A fault of which failures/ knows more, or null. */
    private Signal known;

    private SettingsReader(Map<String, String> values, SettingsFile file, Map<String, String> env) {
        this.places = new SettingPlaces(values, file, env);
        this.env = env;
        this.faults.addAll(file.faults());
    }

    /**
     * Reads the settings from {@code env}, else from the settings file, else from {@code values}.
     *
     * @param values what config.java says, by the same names as in the environment
     * @throws Problem with all faults at once
     */
    public static Settings read(Map<String, String> values, Map<String, String> env) {
        return read(values, SettingsFile.of(env, true), env);
    }

    static Settings read(Map<String, String> values, SettingsFile file, Map<String, String> env) {
        return new SettingsReader(values, file, env).settings();
    }

    private Settings settings() {
        var settings = new Settings(clientId(), clientSecret(), authority(), scopes(), redirect(), tokenFile(),
                command("M365_TOKEN_READ_COMMAND"), command("M365_TOKEN_WRITE_COMMAND"),
                server("M365_IMAP", "outlook.office365.com"), server("M365_SMTP", "smtp.office365.com"),
                server("M365_POP", "outlook.office365.com"), file("M365_CA_FILE"), file("M365_CLIENT_CERTIFICATE"),
                new Secret(value("M365_CLIENT_CERTIFICATE_PASSWORD")), proxy(), runtimeDirectory(),
                command("M365_NOTIFY_COMMAND"), SettingsFile.fromHome("~/.local/state/m365", env), places);
        compareCommands(settings);
        misspelt();
        if (!faults.isEmpty())
            throw new Problem(SETTINGS, String.join("\n", faults),
                    "correct it there; of config.java, the settings file and the environment the later wins", known);
        return settings;
    }

    private String value(String name) { return places.value(name); }

    /** @param what what is wrong with it, after its name */
    private void fault(String name, String what) { faults.add(places.of(name) + ": " + name + what); }

    private String clientId() {
        var id = value("M365_CLIENT_ID");
        if (!guid(id))
            fault("M365_CLIENT_ID", " is " + quote(id) + ", not an application (client) ID like "
                    + "9e5f94bc-e8a4-4e73-b8be-63364c29d753; copy it from the Overview page of the app registration");
        return id;
    }

    private static boolean guid(String text) {
        try {
            return UUID.fromString(text).toString().equalsIgnoreCase(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Optional<Secret> clientSecret() {
        var secret = value("M365_CLIENT_SECRET");
        if (!secret.isEmpty() && !Text.printable(secret))
            fault("M365_CLIENT_SECRET", " contains a space, a line break or a letter outside ASCII; "
                    + "copy the secret's Value once more");
        return secret.isEmpty() ? Optional.empty() : Optional.of(new Secret(secret));
    }

    private URI authority() {
        var text = value("M365_AUTHORITY");
        var uri = uri(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        if (uri == null || !"https".equals(uri.getScheme()) || uri.getHost() == null || uri.getUserInfo() != null
                || uri.getQuery() != null || uri.getFragment() != null || !uri.getPath().startsWith("/")
                || !Text.madeOf(LETTERS_AND_DIGITS + ".-", uri.getPath().substring(1)))
            fault("M365_AUTHORITY", " is " + quote(text) + ", not https://<host>/<tenant> like " + USUAL_AUTHORITY);
        return uri;
    }

    private Set<String> scopes() {
        var scopes = Text.words(value("M365_SCOPES"));
        scopes.removeAll(ADDED_BY_MSAL);
        var hosts = new TreeSet<String>();
        for (var scope : scopes) {
            var uri = uri(scope);
            if (uri == null || !"https".equals(uri.getScheme()) || uri.getHost() == null || uri.getPath().length() < 2
                    || scope.indexOf(',') >= 0)
                fault("M365_SCOPES", " contains " + quote(scope) + ", not a full scope URL like "
                        + "https://outlook.office.com/IMAP.AccessAsUser.All; several are separated by spaces");
            else if (uri.getHost().equals("graph.microsoft.com")) {
                fault("M365_SCOPES", " contains " + quote(scope)
                        + ": mail servers refuse Graph's tokens; write https://outlook.office.com" + uri.getPath());
                known = Signal.local("graph-token");
            } else hosts.add(uri.getHost());
        }
        if (scopes.isEmpty())
            fault("M365_SCOPES", " names no permission; the usual value is " + quote(USUAL_SCOPES));
        if (hosts.size() > 1)
            fault("M365_SCOPES", " mixes " + String.join(" and ", hosts)
                    + "; Microsoft gives a token for one host at a time");
        return scopes;
    }

    private URI redirect() {
        var text = value("M365_REDIRECT_URI");
        var uri = uri(text);
        if (uri == null || uri.getScheme() == null || !Set.of("http", "https").contains(uri.getScheme())
                || uri.getHost() == null || !Set.of("localhost", "127.0.0.1").contains(uri.getHost())
                || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null
                || uri.getPort() > 65535)
            fault("M365_REDIRECT_URI", " is " + quote(text)
                    + ", not http:// or https:// on localhost or 127.0.0.1, with a port below 65536 if any");
        return uri;
    }

    private String tokenFile() {
        var text = SettingsFile.fromHome(value("M365_TOKEN_FILE"), env);
        try {
            if (Path.of(text).toAbsolutePath().normalize().getFileName() != null) return text;
        } catch (InvalidPathException e) { /* told below */ }
        fault("M365_TOKEN_FILE", " is " + quote(text) + ", not a file name");
        return text;
    }

    private Server server(String prefix, String usualHost) {
        var host = value(prefix + "_HOST");
        if (!Text.madeOf(LETTERS_AND_DIGITS + ".:-", host))
            fault(prefix + "_HOST", " is " + quote(host) + ", not a host name like " + usualHost);
        var port = value(prefix + "_PORT");
        int number = Text.madeOf(DIGITS, port) && port.length() <= 5 ? Integer.parseInt(port) : 0;
        if (number < 1 || number > 65535)
            fault(prefix + "_PORT", " is " + quote(port) + ", not a port between 1 and 65535");
        return new Server(host, number);
    }

    private List<String> command(String name) {
        try {
            return CommandLineWords.of(value(name));
        } catch (IllegalArgumentException e) {
            fault(name, " has a quotation mark that is never closed");
            return List.of(value(name)); // it is set: whether its other half is missing is told as well
        }
    }

    private void compareCommands(Settings settings) {
        if (settings.readCommand().isEmpty() != settings.writeCommand().isEmpty())
            faults.add("M365_TOKEN_READ_COMMAND and M365_TOKEN_WRITE_COMMAND belong together: set both or neither");
        else if (Settings.namesUser(settings.readCommand()) != Settings.namesUser(settings.writeCommand()))
            faults.add("M365_TOKEN_READ_COMMAND and M365_TOKEN_WRITE_COMMAND must both contain {user}, or neither: "
                    + "else one user's token would replace another's");
    }

    private Optional<Path> file(String name) {
        var text = value(name);
        if (text.isEmpty()) return Optional.empty();
        try {
            var path = Path.of(SettingsFile.fromHome(text, env));
            if (Files.isRegularFile(path) && Files.isReadable(path)) return Optional.of(path);
        } catch (InvalidPathException e) { /* told below, like a missing file */ }
        fault(name, " is " + quote(text) + ", which is not a readable file");
        return Optional.empty();
    }

    private Optional<URI> proxy() {
        try {
            return ProxyVariables.proxyFor(uri(value("M365_AUTHORITY")), env);
        } catch (IllegalArgumentException e) {
            // The value may hold a password, so it is not repeated.
            faults.add(SettingPlaces.ENVIRONMENT + ": HTTPS_PROXY is not an address like http://proxy.example:3128");
            return Optional.empty();
        }
    }

    private Optional<Path> runtimeDirectory() {
        var text = value("XDG_RUNTIME_DIR");
        try {
            return text.isEmpty() || !Files.isDirectory(Path.of(text)) ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty(); // nothing that Java can open in this locale
        }
    }

    /** A setting under a name that is nearly right would be passed over, and the default used in its place. */
    private void misspelt() {
        for (var name : env.keySet()) {
            if (!name.startsWith("M365_") || !places.isInEnvironment(name) || isOurs(name)) continue;
            var meant = Spelling.nearest(name, SettingNames.ALL);
            if (meant.isEmpty()) meant = Spelling.nearest(name, SettingNames.SECRET);
            if (meant.isEmpty()) meant = Spelling.nearest(name, List.of(SettingNames.FILE));
            if (meant.isPresent())
                faults.add(SettingPlaces.ENVIRONMENT + ": " + quote(name) + " is no setting; did you mean "
                        + meant.get() + "?");
        }
    }

    /** Also M365_CLIENT_ID_OF_MINE, which can be no slip. */
    private static boolean isOurs(String name) {
        for (var known : SettingNames.ALL)
            if (name.equals(known) || name.startsWith(known) && !Character.isLetter(name.charAt(known.length())))
                return true;
        return name.startsWith("M365_CLIENT_SECRET") || name.equals(SettingNames.FILE);
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
