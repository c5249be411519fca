//JAVA 17+
//SOURCES failures.java

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What {@code get_token} and {@code check_imap} agree on: the settings, where the tokens lie, and how a failure is told.
 * Edit the values below, or set the environment variable of the same name with {@code M365_} in front. Nothing here
 * talks to the network.
 */
public final class config {

    // ---- the values to edit --------------------------------------------------------------------------------------

    /** Application (client) ID. This one is Thunderbird's, a public client that many organisations have approved. */
    static final String CLIENT_ID = "9e5f94bc-e8a4-4e73-b8be-63364c29d753";

    /** Empty for a public client. An app registered with the platform "Web" has a secret: its Value, not its ID. */
    static final String CLIENT_SECRET = "";

    /** {@code …/common} serves any account; an app of one organisation needs {@code …/<tenant ID or domain>}. */
    static final String AUTHORITY = "https://login.microsoftonline.com/common";

    /** Separated by spaces, all of one host. Add {@code https://outlook.office.com/POP.AccessAsUser.All} for POP. */
    static final String SCOPES =
            "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send";

    /** As registered for the client ID; Microsoft ignores the port, not the scheme and not the path. */
    static final String REDIRECT_URI = "https://localhost:8745/";

    /** Relative to the current directory; {@code {user}} stands for the user, one file each. */
    static final String TOKEN_FILE = "refresh_token";

    static final String IMAP_HOST = "outlook.office365.com", IMAP_PORT = "993";
    static final String SMTP_HOST = "smtp.office365.com", SMTP_PORT = "587";
    static final String POP_HOST = "outlook.office365.com", POP_PORT = "995";

    // ---- settings ------------------------------------------------------------------------------------------------

    static final String VERSION = "1.0.0";

    /** The environment variables that are settings. */
    static final List<String> VARIABLES = List.of("M365_AUTHORITY", "M365_CA_FILE", "M365_CLIENT_CERTIFICATE", "M365_CLIENT_ID",
            "M365_IMAP_HOST", "M365_IMAP_PORT", "M365_POP_HOST", "M365_POP_PORT", "M365_REDIRECT_URI", "M365_SCOPES", "M365_SMTP_HOST",
            "M365_SMTP_PORT", "M365_TOKEN_FILE", "M365_TOKEN_READ_COMMAND", "M365_TOKEN_WRITE_COMMAND");
    static final List<String> SECRET_VARIABLES = List.of("M365_CLIENT_SECRET", "M365_CLIENT_CERTIFICATE_PASSWORD");

    /** Host name and TCP port of a mail server. */
    record Server(String host, int port) {
        @Override public String toString() { return host + ":" + port; }
    }

    /**
     * The settings, parsed once.
     *
     * @param clientSecret empty for a public client
     * @param clientCertificate PKCS#12, another kind of client credential
     * @param authority    identity provider and tenant, without a slash at the end
     * @param scopes       full scope URLs of one resource; MSAL adds openid, profile and offline_access
     * @param tokenFile    as written; {@link TokenStore#of} replaces {@code {user}}
     * @param readCommand  argument vector that prints the refresh token, or empty when a file holds it
     * @param proxy        HTTP proxy for the identity provider, by HTTPS_PROXY and NO_PROXY
     */
    record Settings(String clientId, Optional<Secret> clientSecret, URI authority, Set<String> scopes, URI redirect,
            String tokenFile, List<String> readCommand, List<String> writeCommand, Server imap, Server smtp, Server pop,
            Optional<Path> caFile, Optional<Path> clientCertificate, Secret certificatePassword, Optional<URI> proxy,
            Optional<Path> runtimeDirectory) {

        /** Reads the settings from {@code env}, else from the values above. All faults are reported in one {@link Problem}. */
        static Settings from(Map<String, String> env) {
            var door = new Door(env);
            var settings = new Settings(door.clientId(), door.clientSecret(), door.authority(), door.scopes(),
                    door.redirect(), door.tokenFile(), door.command("M365_TOKEN_READ_COMMAND"),
                    door.command("M365_TOKEN_WRITE_COMMAND"),
                    door.server("M365_IMAP", IMAP_HOST, IMAP_PORT), door.server("M365_SMTP", SMTP_HOST, SMTP_PORT),
                    door.server("M365_POP", POP_HOST, POP_PORT), door.file("M365_CA_FILE"),
                    door.file("M365_CLIENT_CERTIFICATE"), new Secret(door.value("M365_CLIENT_CERTIFICATE_PASSWORD", "")),
                    door.proxy(), door.runtimeDirectory());
            if (settings.readCommand.isEmpty() != settings.writeCommand.isEmpty())
                door.fault("M365_TOKEN_READ_COMMAND and M365_TOKEN_WRITE_COMMAND belong together: set both or neither");
            else if (namesUser(settings.readCommand) != namesUser(settings.writeCommand))
                door.fault("M365_TOKEN_READ_COMMAND and M365_TOKEN_WRITE_COMMAND must both contain {user}, or neither: "
                        + "else one user's token would replace another's");
            door.misspelt();
            if (!door.faults.isEmpty())
                throw new Problem(Status.SETTINGS, String.join("\n", door.faults),
                        "correct it in the environment, or at the top of config.java", door.known);
            return settings;
        }

        /** What the advice in failures.tsv is filled in with. @param user null if not known */
        Map<String, String> facts(String user) {
            var facts = new LinkedHashMap<String, String>();
            if (user != null) facts.put("user", user);
            facts.put("client_id", clientId);
            facts.put("authority", authority.toString());
            facts.put("tenant", tenant());
            facts.put("redirect_uri", redirect.getPort() == 0 ? redirect.getScheme() + "://" + redirect.getHost() : redirect.toString());
            facts.put("consent_url", consentUrl());
            facts.put("scopes", String.join(" ", scopes));
            facts.put("scope_host", URI.create(scopes.iterator().next()).getHost());
            facts.put("host", imap.host());
            facts.put("smtp_host", smtp.host());
            return facts;
        }

        /** Where an administrator approves the app for everybody (Microsoft: "Admin consent on the Microsoft identity platform"). */
        private String consentUrl() {
            var organisation = Set.of("common", "consumers").contains(tenant()) ? "organizations" : tenant(); // "do not use common"
            var loopback = redirect.getScheme() + "://" + redirect.getHost() + redirect.getPath(); // registered without a port
            return "https://" + authority.getAuthority() + "/" + organisation + "/v2.0/adminconsent?client_id=" + clientId
                    + "&scope=" + encode(String.join(" ", scopes) + " offline_access openid profile") + "&redirect_uri=" + encode(loopback);
        }

        private static String encode(String text) { return URLEncoder.encode(text, UTF_8).replace("+", "%20"); }

        /** Whether each user has a token of their own. */
        boolean perUser() { return readCommand.isEmpty() ? tokenFile.contains("{user}") : namesUser(readCommand); }

        private static boolean namesUser(List<String> command) {
            for (var word : command) if (word.contains("{user}")) return true;
            return false;
        }

        boolean confidential() { return clientSecret.isPresent() || clientCertificate.isPresent(); }

        /** The tenant's place in the authority: a tenant ID, a domain, {@code common}, {@code organizations} … */
        String tenant() { return authority.getPath().substring(1); }
    }

    /** Where text becomes settings. A fault is noted and reading goes on, so that all of them can be told at once. */
    private static final class Door {
        private static final Set<String> ADDED_BY_MSAL = Set.of("openid", "profile", "offline_access");

        final Map<String, String> env;
        final List<String> faults = new ArrayList<>();
        /** A fault of which failures.tsv knows more, or null. */
        failures.Cause.Signal known;

        Door(Map<String, String> env) { this.env = env; }

        void fault(String what) { faults.add(what); }

        String value(String name, String otherwise) {
            var set = env.getOrDefault(name, "").strip();
            return set.isEmpty() ? otherwise : set;
        }

        String clientId() {
            var id = value("M365_CLIENT_ID", CLIENT_ID);
            if (!guid(id))
                fault("M365_CLIENT_ID is " + quote(id) + ", not an application (client) ID like "
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

        Optional<Secret> clientSecret() {
            var secret = value("M365_CLIENT_SECRET", CLIENT_SECRET);
            if (!secret.isEmpty() && !printable(secret))
                fault("M365_CLIENT_SECRET contains a space, a line break or a letter outside ASCII; "
                        + "copy the secret's Value once more");
            return secret.isEmpty() ? Optional.empty() : Optional.of(new Secret(secret));
        }

        URI authority() {
            var text = value("M365_AUTHORITY", AUTHORITY);
            var uri = uri(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (uri == null || !"https".equals(uri.getScheme()) || uri.getHost() == null || uri.getUserInfo() != null
                    || uri.getQuery() != null || uri.getFragment() != null
                    || !uri.getPath().startsWith("/") || !madeOf(LETTERS_AND_DIGITS + ".-", uri.getPath().substring(1)))
                fault("M365_AUTHORITY is " + quote(text) + ", not https://<host>/<tenant> like " + AUTHORITY);
            return uri;
        }

        Set<String> scopes() {
            var scopes = words(value("M365_SCOPES", SCOPES));
            scopes.removeAll(ADDED_BY_MSAL);
            var hosts = new TreeSet<String>();
            for (var scope : scopes) {
                var uri = uri(scope);
                if (uri == null || !"https".equals(uri.getScheme()) || uri.getHost() == null || uri.getPath().length() < 2 || scope.indexOf(',') >= 0)
                    fault("M365_SCOPES contains " + quote(scope) + ", not a full scope URL like "
                            + "https://outlook.office.com/IMAP.AccessAsUser.All; several are separated by spaces");
                else if (uri.getHost().equals("graph.microsoft.com")) {
                    fault("M365_SCOPES contains " + quote(scope) + ": mail servers refuse Graph's tokens; write https://outlook.office.com" + uri.getPath());
                    known = failures.Cause.Signal.local("graph-token");
                } else hosts.add(uri.getHost());
            }
            if (scopes.isEmpty()) fault("M365_SCOPES names no permission; the usual value is " + quote(SCOPES));
            if (hosts.size() > 1)
                fault("M365_SCOPES mixes " + String.join(" and ", hosts) + "; Microsoft gives a token for one host at a time");
            return scopes;
        }

        URI redirect() {
            var text = value("M365_REDIRECT_URI", REDIRECT_URI);
            var uri = uri(text);
            if (uri == null || uri.getScheme() == null || !Set.of("http", "https").contains(uri.getScheme())
                    || uri.getHost() == null || !Set.of("localhost", "127.0.0.1").contains(uri.getHost()) || uri.getUserInfo() != null
                    || uri.getQuery() != null || uri.getFragment() != null || uri.getPort() > 65535)
                fault("M365_REDIRECT_URI is " + quote(text) + ", not http:// or https:// on localhost or 127.0.0.1, with a port below 65536 if any");
            return uri;
        }

        String tokenFile() {
            var text = value("M365_TOKEN_FILE", TOKEN_FILE);
            if (text.startsWith("~/")) text = value("HOME", System.getProperty("user.home")) + text.substring(1);
            try {
                if (Path.of(text).toAbsolutePath().normalize().getFileName() == null) fault("M365_TOKEN_FILE is " + quote(text) + ", not a file name");
            } catch (InvalidPathException e) {
                fault("M365_TOKEN_FILE is " + quote(text) + ", not a file name");
            }
            return text;
        }

        Server server(String prefix, String host, String port) {
            var name = value(prefix + "_HOST", host);
            if (!madeOf(LETTERS_AND_DIGITS + ".:-", name))
                fault(prefix + "_HOST is " + quote(name) + ", not a host name like " + host);
            var digits = value(prefix + "_PORT", port);
            if (!madeOf(DIGITS, digits) || digits.length() > 5 || Integer.parseInt(digits) < 1 || Integer.parseInt(digits) > 65535) {
                fault(prefix + "_PORT is " + quote(digits) + ", not a port between 1 and 65535");
                digits = port;
            }
            return new Server(name, Integer.parseInt(digits));
        }

        /** The words of a command line: quotes group, a backslash takes the next character as it is. No shell is involved. */
        List<String> command(String name) {
            var words = new ArrayList<String>();
            var word = new StringBuilder();
            boolean inWord = false;
            char quote = 0;
            var line = value(name, "");
            for (int i = 0; i < line.length(); i++) {
                char c = line.charAt(i);
                if (c == '\\' && quote != '\'' && i + 1 < line.length()) { word.append(line.charAt(++i)); inWord = true; }
                else if (quote != 0 && c == quote) quote = 0;
                else if (quote == 0 && (c == '"' || c == '\'')) { quote = c; inWord = true; }
                else if (quote == 0 && Character.isWhitespace(c)) {
                    if (inWord) words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                } else { word.append(c); inWord = true; }
            }
            if (inWord) words.add(word.toString());
            if (quote != 0) fault(name + " has a quotation mark that is never closed");
            return List.copyOf(words);
        }

        Optional<Path> file(String name) {
            var text = value(name, "");
            if (text.isEmpty()) return Optional.empty();
            try {
                var path = Path.of(text);
                if (Files.isRegularFile(path) && Files.isReadable(path)) return Optional.of(path);
            } catch (InvalidPathException e) { /* told below, like a missing file */ }
            fault(name + " is " + quote(text) + ", which is not a readable file");
            return Optional.empty();
        }

        /** As curl reads it: either case of the name, and NO_PROXY as a list of host suffixes or {@code *}. */
        Optional<URI> proxy() {
            var text = value("HTTPS_PROXY", value("https_proxy", ""));
            if (text.isEmpty()) return Optional.empty();
            var uri = uri(text.contains("://") ? text : "http://" + text);
            if (uri == null || uri.getHost() == null || !"http".equals(uri.getScheme()) || uri.getPort() > 65535) {
                // The value may hold a password, so it is not repeated.
                fault("HTTPS_PROXY (in the environment) is not an address like http://proxy.example:3128");
                return Optional.empty();
            }
            var authority = uri(value("M365_AUTHORITY", AUTHORITY));
            var host = authority == null || authority.getHost() == null ? "" : authority.getHost();
            for (var exempt : value("NO_PROXY", value("no_proxy", "")).split("[,\\s]+")) {
                var suffix = exempt.startsWith(".") ? exempt.substring(1) : exempt;
                if (suffix.equals("*") || !suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix)))
                    return Optional.empty();
            }
            return Optional.of(uri);
        }

        Optional<Path> runtimeDirectory() {
            var text = value("XDG_RUNTIME_DIR", "");
            try {
                return text.isEmpty() || !Files.isDirectory(Path.of(text)) ? Optional.empty() : Optional.of(Path.of(text));
            } catch (InvalidPathException e) {
                return Optional.empty(); // nothing that Java can open in this locale
            }
        }

        /** A setting under a name that is nearly right would be passed over, and the default used in its place. */
        void misspelt() {
            for (var name : env.keySet()) {
                if (!name.startsWith("M365_") || value(name, "").isEmpty() || isOurs(name)) continue;
                nearest(name, VARIABLES).or(() -> nearest(name, SECRET_VARIABLES)).ifPresent(known -> fault(quote(name) + " is no setting; did you mean " + known + "?"));
            }
        }

        /** Also M365_CLIENT_ID_OF_MINE, which can be no slip. */
        private static boolean isOurs(String name) {
            for (var known : VARIABLES) if (name.startsWith(known)) return true;
            return name.startsWith("M365_CLIENT_SECRET");
        }

        private static URI uri(String text) {
            try {
                return URI.create(text);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
    }

    /** A name that cannot leave its line, its file name or its SASL field: the part of RFC 5321 that Exchange gives out. */
    private static final String ADDRESS = "[A-Za-z0-9.!#$%&'*+=?^_`|~-]{1,64}@[A-Za-z0-9.-]{1,255}";

    /** Checks the address of a user or mailbox before it gets near a file name or a server. */
    static String address(String text) {
        if (text.matches(ADDRESS)) return text;
        throw new Problem(Status.USAGE, quote(text) + " is not a mail address", "give it as in jan@uva.nl");
    }

    static final int LONGEST_TEXT = 1024 * 1024;

    // No regular expressions on the way to a cached token, no lambdas and no streams: the first of each costs a cold JVM
    // up to 10 ms, and mail programs call get_token every few minutes (tests/bench.java).

    static final String DIGITS = "0123456789";
    static final String LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + DIGITS;

    static boolean madeOf(String alphabet, String text) {
        for (int i = 0; i < text.length(); i++) if (alphabet.indexOf(text.charAt(i)) < 0) return false;
        return !text.isEmpty();
    }

    /** Whether {@code text} can be a secret, like a client's: visible ASCII and nothing else. */
    static boolean printable(String text) {
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) <= ' ' || text.charAt(i) >= 127) return false;
        return !text.isEmpty();
    }

    /** Whether {@code text} can be a token: not one in quotation marks, nor the JSON around it. */
    static boolean canBeToken(String text) { return printable(text) && text.indexOf('"') < 0 && text.indexOf('{') < 0; }

    /** The words between white space, each once. */
    static Set<String> words(String text) {
        var words = new TreeSet<String>();
        for (var rest = new StringTokenizer(text); rest.hasMoreTokens();) words.add(rest.nextToken());
        return words;
    }

    /** The one of {@code known} that somebody may have meant who wrote {@code name}. */
    static Optional<String> nearest(String name, Collection<String> known) {
        return known.stream().filter(other -> distance(name, other) <= 1 + other.length() / 8).min(Comparator.comparing(other -> distance(name, other)));
    }

    /** How many letters must be changed, added or removed to make {@code b} of {@code a} (Levenshtein). */
    private static int distance(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) return a.length() + b.length();
        var row = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0]++;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(diagonal, row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /** What a code or a pasted error text means; offline. */
    static String explain(String text, Map<String, String> facts) {
        return asTypedHere(failures.Cause.explain(text).tell(failures.Cause.Signal.read(text), facts));
    }

    /** Advice whose commands work here: in a clone they go through its launcher, for whoever has no JBang. */
    static String asTypedHere(String advice) {
        return Files.isExecutable(Path.of("jbang")) && Files.isRegularFile(Path.of("get_token.java"))
                ? advice.replaceAll("(?<!\\./)\\bjbang (?=(get_token|check_imap)\\.java)", "./jbang ") : advice;
    }

    /** Text of unknown origin for a message: bounded, one line, control characters visible. */
    static String quote(String text) {
        var shown = new StringBuilder("\"");
        text.codePoints().limit(200).forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == 0x2028 || c == 0x2029)
                shown.append(String.format("\\u%04x", c));
            else shown.appendCodePoint(c);
        });
        return shown.append(text.codePointCount(0, text.length()) > 200 ? "…\"" : "\"").toString();
    }

    // ---- what can go wrong ---------------------------------------------------------------------------------------

    /** Exit statuses, as mail tools use them (sysexits.h). */
    enum Status {
        FINE(0), USAGE(64), REFUSED(69), BUG(70), LATER(75), SIGN_IN(77), SETTINGS(78);

        final int code;

        Status(int code) { this.code = code; }
    }

    /** The one exception a user sees: what happened, what to do about it, and the exit status. */
    static final class Problem extends RuntimeException {
        private static final long serialVersionUID = 1;
        private static final int LONGEST_WORDS = 2000;
        final Status status;
        private final String hint;
        private final transient Optional<failures.Cause.Signal> signal;
        private transient Map<String, String> facts = Map.of(), place = Map.of();

        Problem(Status status, String what, String hint) { this(status, what, hint, null); }

        /** @param signal by which failures.tsv knows it; null if what and hint say everything */
        Problem(Status status, String what, String hint, failures.Cause.Signal signal) {
            super(printableLines(failures.Cause.scrub(what.length() > LONGEST_WORDS ? what.substring(0, LONGEST_WORDS) + "…" : what)));
            this.status = status;
            this.hint = hint;
            this.signal = Optional.ofNullable(signal);
        }

        /** Names the user, client and so on, for the advice. @return this */
        Problem about(Map<String, String> facts) {
            this.facts = new LinkedHashMap<>(facts);
            this.facts.putAll(place);
            return this;
        }

        /** Names the server with which it happened. @return this */
        Problem at(Server server) {
            place = Map.of("host", server.host(), "port", String.valueOf(server.port()));
            return this;
        }

        /** The id of the row in failures.tsv that explains this, or empty. */
        String causeId() { return signal.map(seen -> failures.Cause.of(seen).id()).orElse(""); }

        /** {@code get_token: error: …}, {@code hint: …}, a line each unless there are several; then what is known of the cause. */
        String tell(String program) {
            var told = new StringBuilder();
            getMessage().lines().forEach(line -> told.append(program).append(": error: ").append(line).append('\n'));
            printableLines(hint.replace("{sign_in}", facts.getOrDefault("sign_in", "jbang get_token.java"))).lines()
                    .forEach(line -> told.append("hint: ").append(line).append('\n'));
            signal.ifPresent(seen -> told.append('\n').append(failures.Cause.of(seen).tell(seen, facts)));
            return asTypedHere(told.toString());
        }

        /** A server's words may hold what a terminal would obey. */
        private static String printableLines(String text) {
            return text.lines().map(line -> line.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+", " ").strip()).collect(Collectors.joining("\n"));
        }
    }

    /** Text that must not be seen; printing it shows dots. Every use of {@link #reveal} is a place to look at twice. */
    record Secret(String reveal) {
        @Override public String toString() { return "••••"; }
    }

    // ---- where the tokens lie ------------------------------------------------------------------------------------

    /**
     * One user's tokens. The refresh token lies in its file, or in a secret store behind two commands; the cache beside it
     * is MSAL's own and may vanish at any time. Whoever may write does it {@link #locked}.
     */
    static final class TokenStore {
        private static final int LONGEST = 1024 * 1024;
        /** More than a token and its cache take. */
        private static final int ROOM = 16 * 1024;
        /** What a secret store keeps after signing out: stores have no common way to delete. */
        private static final String SIGNED_OUT = "signed-out";

        final Path file;
        /** Empty when a secret store is used and there is no private place for a cache. */
        final Optional<Path> cacheFile;
        private final Path lockFile;
        private final List<String> readCommand, writeCommand;

        private TokenStore(Path file, Optional<Path> cacheFile, Path lockFile, List<String> read, List<String> write) {
            this.file = file;
            this.cacheFile = cacheFile;
            this.lockFile = lockFile;
            this.readCommand = read;
            this.writeCommand = write;
        }

        /** @param user replaces {@code {user}} in the token file's name and in the commands; null when none was given */
        static TokenStore of(Settings settings, String user) {
            if (settings.perUser() && user == null)
                throw new Problem(Status.USAGE, "M365_TOKEN_FILE or M365_TOKEN_READ_COMMAND is one per {user}",
                        "name the user, as in: get_token jan@uva.nl");
            var file = Path.of(fill(settings.tokenFile, user)).toAbsolutePath().normalize();
            var name = file.getFileName().toString();
            var read = fill(settings.readCommand, user);
            var write = fill(settings.writeCommand, user);
            if (read.isEmpty())
                return new TokenStore(file, Optional.of(file.resolveSibling(
                        name.equals("refresh_token") ? "token_cache.json" : name + ".token_cache.json")),
                        file.resolveSibling(name + ".lock"), read, write);
            // A disk would outlive the session, and that is what a secret store is there to prevent.
            var id = UUID.nameUUIDFromBytes((read + settings.clientId + settings.authority).getBytes(UTF_8));
            var directory = settings.runtimeDirectory.filter(TokenStore::ours);
            return new TokenStore(file, directory.map(d -> d.resolve("m365-" + id + ".token_cache.json")),
                    directory.map(d -> d.resolve("m365-" + id + ".lock")).orElse(file.resolveSibling(name + ".lock")), read, write);
        }

        /** Whether nobody else can look into a directory. */
        private static boolean ours(Path directory) {
            try {
                return ownedByUs(directory) && OWNER_ONLY.containsAll(Files.getPosixFilePermissions(directory));
            } catch (IOException | UnsupportedOperationException e) {
                return false;
            }
        }

        private static String fill(String text, String user) { return user == null ? text : text.replace("{user}", user); }

        private static List<String> fill(List<String> words, String user) {
            return user == null ? words : words.stream().map(word -> fill(word, user)).toList();
        }

        boolean inSecretStore() { return !readCommand.isEmpty(); }

        /** Where the refresh token lies, in words for the user. */
        @Override public String toString() {
            return inSecretStore() ? "the secret store (" + readCommand.get(0) + ")" : file.toString();
        }

        /** The refresh token. Refuses a file that others can read, and anything that cannot be a token. */
        Secret load() {
            var bytes = inSecretStore() ? run(readCommand, null) : read();
            var text = new String(bytes, UTF_8);
            if (text.startsWith("\uFEFF")) text = text.substring(1);
            text = text.strip();
            if (text.isEmpty() || text.equals(SIGNED_OUT))
                throw new Problem(Status.SIGN_IN, "there is no refresh token in " + this, "sign in: {sign_in}", failures.Cause.Signal.local("token-file-missing"));
            if (!canBeToken(text))
                throw new Problem(Status.SETTINGS, this + " holds something else than one refresh token",
                        "a refresh token is one line of letters, digits and signs; move this aside and sign in again: {sign_in}", failures.Cause.Signal.local("token-file-malformed"));
            return new Secret(text);
        }

        private byte[] read() {
            try {
                if (!examine()) throw new Problem(Status.SIGN_IN, "there is no refresh token: " + file + " does not exist",
                        "sign in: {sign_in}", failures.Cause.Signal.local("token-file-missing"));
                if (isLoose(file))
                    throw new Problem(Status.SETTINGS, file + " can be read or changed by others ("
                            + PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS))
                            + "), and whoever has it can open the mailbox",
                            "if you trust them: chmod 600 " + shellQuote(file) + "\nif not, sign in again as well", failures.Cause.Signal.local("token-file-loose"));
                try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                    return in.readNBytes(LONGEST);
                }
            } catch (IOException e) {
                throw unusable(e);
            }
        }

        /**
         * Looks at what lies where the token belongs, before anything is read or replaced.
         * @return whether there is a file
         */
        private boolean examine() throws IOException {
            BasicFileAttributes found;
            try {
                found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                return false;
            }
            String wrong = found.isSymbolicLink() ? "is a symbolic link"
                    : !found.isRegularFile() ? "is not a file"
                    : found.size() >= LONGEST ? "is far too large for a refresh token"
                    : !ownedByUs(file) ? "belongs to " + Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName()
                    : null;
            if (wrong != null)
                throw new Problem(Status.SETTINGS, file + " " + wrong, "set M365_TOKEN_FILE to the refresh token's own file");
            return true;
        }

        private static boolean ownedByUs(Path path) throws IOException {
            try {
                UserPrincipal us = path.getFileSystem().getUserPrincipalLookupService()
                        .lookupPrincipalByName(System.getProperty("user.name"));
                return us.equals(Files.getOwner(path, LinkOption.NOFOLLOW_LINKS));
            } catch (UserPrincipalNotFoundException | UnsupportedOperationException e) {
                return true; // a container's nameless user, or a file system without owners
            }
        }

        /** Whether others can read or change a file. */
        private static boolean isLoose(Path path) throws IOException {
            return hasModes(path) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        }

        private static boolean hasModes(Path path) { return path.getFileSystem().supportedFileAttributeViews().contains("posix"); }

        /** MSAL's cache, if there is one that only we can read. */
        Optional<String> cache() {
            try {
                if (cacheFile.isEmpty() || !Files.isRegularFile(cacheFile.get(), LinkOption.NOFOLLOW_LINKS)
                        || Files.size(cacheFile.get()) > LONGEST || !ownedByUs(cacheFile.get()) || isLoose(cacheFile.get()))
                    return Optional.empty();
                return Optional.of(Files.readString(cacheFile.get()));
            } catch (IOException e) {
                return Optional.empty(); // a cache is never needed
            }
        }

        /** Whether a writer is at work, or was killed at it: then the lock must be had before anything is believed. */
        boolean unsettled() {
            return Files.exists(aside(file)) || cacheFile.isPresent() && Files.exists(aside(cacheFile.get()));
        }

        /** Finds out, before a person is asked to sign in, whether the token could be stored. Call it {@link #locked}. */
        void checkWritable() {
            if (inSecretStore()) {
                for (var command : List.of(readCommand, writeCommand)) checkThatItExists(command);
                return;
            }
            try {
                var found = examine() ? new String(Files.readAllBytes(file), UTF_8).replace("\uFEFF", "").strip() : "";
                if (!found.isEmpty() && !canBeToken(found))
                    throw new Problem(Status.SETTINGS, file + " holds something else than a refresh token, "
                            + "and signing in would overwrite it", "move it away, or set M365_TOKEN_FILE to another file");
                writeAside(file, " ".repeat(ROOM)); // on a full disk an empty file could still be made
                Files.delete(aside(file));
            } catch (IOException e) {
                sweep();
                throw unusable(e);
            }
        }

        private static void checkThatItExists(List<String> command) {
            if (File.separatorChar == '\\' || System.getenv("PATH") == null) return; // it is found in another way
            var program = command.get(0);
            var places = program.contains(File.separator) ? Stream.of(program)
                    : Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(place -> place + File.separator + program);
            if (places.noneMatch(TokenStore::isProgram)) throw cannotBeRun(command, "there is no such program");
        }

        private static boolean isProgram(String file) {
            try {
                return Files.isExecutable(Path.of(file)) && !Files.isDirectory(Path.of(file));
            } catch (InvalidPathException e) {
                return false; // nothing that Java can open in this locale
            }
        }

        private static Problem cannotBeRun(List<String> command, String why) {
            return new Problem(Status.SETTINGS, "the secret store's command " + quote(command.get(0)) + " cannot be run: " + why,
                    "correct M365_TOKEN_READ_COMMAND or M365_TOKEN_WRITE_COMMAND");
        }

        /**
         * Stores both or neither. The refresh token is moved into place first: a crash in between leaves a new token
         * beside an old cache, and then the token file wins. Call it {@link #locked}.
         */
        void save(Secret refreshToken, String cache) {
            if (inSecretStore()) saveInSecretStore(refreshToken);
            try {
                if (!inSecretStore()) { examine(); writeAside(file, refreshToken.reveal); }
                if (cacheFile.isPresent()) writeAside(cacheFile.get(), cache);
                if (!inSecretStore()) moveIntoPlace(file);
                if (cacheFile.isPresent()) moveIntoPlace(cacheFile.get());
            } catch (IOException e) {
                sweep();
                throw unusable(e);
            }
        }

        /** The new token is read back before the old one is let go; a store that garbles it gets the old one again. */
        private void saveInSecretStore(Secret refreshToken) {
            String before;
            try {
                before = load().reveal;
            } catch (Problem none) {
                before = null;
            }
            if (refreshToken.reveal.equals(before)) return;
            run(writeCommand, refreshToken.reveal);
            var after = new String(run(readCommand, null), UTF_8).strip();
            if (after.equals(refreshToken.reveal)) return;
            if (before != null && !after.equals(before)) run(writeCommand, before);
            throw new Problem(Status.SETTINGS, "the secret store does not give back what was written to it",
                    "try the commands in M365_TOKEN_WRITE_COMMAND and M365_TOKEN_READ_COMMAND by hand");
        }

        /** Deletes the tokens. Call it {@link #locked}. @return whether there were any */
        boolean delete() {
            try {
                boolean found = cacheFile.isPresent() && Files.deleteIfExists(cacheFile.get());
                if (!inSecretStore()) return examine() && Files.deleteIfExists(file) || found;
                run(writeCommand, SIGNED_OUT);
                return true;
            } catch (IOException e) {
                throw unusable(e);
            }
        }

        /**
         * Does {@code work} while holding the one lock that writers of these tokens hold; the system frees it when its
         * holder dies. What a killed writer left aside is swept away first.
         */
        <T> T locked(Supplier<T> work) {
            examineNeighbours();
            try (var channel = FileChannel.open(lockFile, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS), ownerOnly(lockFile))) {
                for (long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); !tryLock(channel); Thread.sleep(20))
                    if (System.nanoTime() > deadline)
                        throw new Problem(Status.LATER, "another process has held " + lockFile + " for a minute",
                                "see who it is: fuser " + shellQuote(lockFile));
                sweep();
                return work.get();
            } catch (IOException e) {
                throw unusable(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem(Status.LATER, "interrupted while waiting for " + lockFile, "try again");
            }
        }

        /** A pipe in the lock's place would keep us waiting for ever, and a folder in the cache's is found out too late. */
        private void examineNeighbours() {
            if (Files.exists(lockFile, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(lockFile, LinkOption.NOFOLLOW_LINKS)) throw inTheWay(lockFile);
            if (!inSecretStore() && isFolder(aside(file))) throw inTheWay(aside(file));
            cacheFile.ifPresent(cache -> {
                if (isFolder(cache)) throw inTheWay(cache);
                if (isFolder(aside(cache))) throw inTheWay(aside(cache));
            });
        }

        private static boolean isFolder(Path path) { return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS); }

        private static Problem inTheWay(Path path) {
            return new Problem(Status.SETTINGS, path + " is in the way: a file of that name is needed", "move it away, or set M365_TOKEN_FILE to another place");
        }

        private static boolean tryLock(FileChannel channel) throws IOException {
            try {
                return channel.tryLock() != null;
            } catch (OverlappingFileLockException anotherThreadOfOurs) {
                return false;
            }
        }

        private void sweep() {
            try {
                if (!inSecretStore()) Files.deleteIfExists(aside(file));
                if (cacheFile.isPresent()) Files.deleteIfExists(aside(cacheFile.get()));
            } catch (IOException e) { /* the next write will say it */ }
        }

        private static Path aside(Path path) { return path.resolveSibling(path.getFileName() + ".new"); }

        /** Owner-only from birth and on the disk before it takes the old one's place. */
        private static void writeAside(Path path, String text) throws IOException {
            var aside = aside(path);
            Files.deleteIfExists(aside);
            try (var out = FileChannel.open(aside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    ownerOnly(aside))) {
                for (var bytes = ByteBuffer.wrap(text.getBytes(UTF_8)); bytes.hasRemaining();) out.write(bytes);
                out.force(true);
            }
        }

        private static void moveIntoPlace(Path path) throws IOException {
            Files.move(aside(path), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (var directory = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
                directory.force(true); // the rename itself
            } catch (IOException e) { /* Windows cannot open a directory, and needs no such call */ }
        }

        private static FileAttribute<?> ownerOnly(Path path) throws IOException {
            if (hasModes(path))
                return PosixFilePermissions.asFileAttribute(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            var us = path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(System.getProperty("user.name"));
            var all = AclEntry.newBuilder().setType(AclEntryType.ALLOW).setPrincipal(us)
                    .setPermissions(EnumSet.allOf(AclEntryPermission.class)).build();
            return new FileAttribute<List<AclEntry>>() {
                @Override public String name() { return "acl:acl"; }
                @Override public List<AclEntry> value() { return List.of(all); }
            };
        }

        private Problem unusable(IOException e) {
            var directory = file.getParent();
            var said = String.valueOf(e.getMessage());
            if (e instanceof AccessDeniedException || said.contains("Read-only file system"))
                return new Problem(Status.SETTINGS, "no permission for " + said, "set M365_TOKEN_FILE to a file in a directory of your own");
            if (!Files.exists(directory))
                return new Problem(Status.SETTINGS, "the directory " + directory + " does not exist",
                        "make it: mkdir -m 700 " + shellQuote(directory) + "\nor set M365_TOKEN_FILE");
            if (e instanceof NoSuchFileException || FOR_GOOD.stream().anyMatch(said::contains))
                return new Problem(Status.SETTINGS, "the tokens can be neither stored nor read: " + said, "set M365_TOKEN_FILE to a file in a directory of your own");
            return new Problem(Status.LATER, "the tokens could not be stored or read: " + said,
                    "nothing was changed; make room or mend the disk, then try again");
        }

        /**
         * Runs a secret store's command: the token goes in and out through pipes, never through an argument.
         * @param input for its standard input, or null
         */
        private static byte[] run(List<String> command, String input) {
            Process process = null;
            try {
                process = child(command).start();
                var out = drain(process.getInputStream());
                var err = drain(process.getErrorStream());
                try (var in = process.getOutputStream()) {
                    if (input != null) in.write((input + "\n").getBytes(UTF_8));
                } catch (IOException e) { /* it did not want to read: its exit status will tell */ }
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    throw new Problem(Status.LATER, "the secret store's command " + quote(command.get(0)) + " did not end within "
                            + PATIENCE_SECONDS + " s", "run it by hand; it may be waiting for a passphrase that nobody can type");
                if (process.exitValue() != 0) {
                    var said = new String(err.get(1, TimeUnit.SECONDS), UTF_8).strip();
                    throw new Problem(Status.SETTINGS, "the secret store's command " + quote(command.get(0)) + " ended with status "
                            + process.exitValue() + (said.isEmpty() ? "" : ": " + quote(said.replaceAll("\\R+", " / "))),
                            "run it by hand to see more; if nothing was ever stored there, sign in: {sign_in}");
                }
                return out.get(1, TimeUnit.SECONDS);
            } catch (IOException | ExecutionException | TimeoutException e) {
                throw cannotBeRun(command, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem(Status.LATER, "interrupted while waiting for the secret store", "try again");
            } finally {
                if (process != null) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            }
        }

        /** What the system says of a name that will not do; all else, like a full disk, may be better tomorrow. */
        private static final List<String> FOR_GOOD = List.of("Not a directory", "Is a directory", "Too many levels of symbolic links",
                "File name too long", "Operation not permitted");
        private static final int PATIENCE_SECONDS = 30;
        private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

        private static CompletableFuture<byte[]> drain(InputStream stream) {
            return CompletableFuture.supplyAsync(() -> {
                try (stream) {
                    return stream.readNBytes(LONGEST);
                } catch (IOException e) {
                    return new byte[0];
                }
            });
        }
    }

    /** A process of ours. It does not inherit the client's credentials. */
    static ProcessBuilder child(List<String> command) {
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(SECRET_VARIABLES);
        return builder;
    }

    /** That many random bytes, for a URL. */
    static String random(int bytes) {
        var random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return base64url(random);
    }

    /** RFC 4648 section 5, without padding. */
    static String base64url(byte[] bytes) { return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes); }

    /** A path as a word for a POSIX shell. */
    static String shellQuote(Object word) {
        var text = word.toString();
        return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    // ---- whom to trust -------------------------------------------------------------------------------------------

    /** The JDK's certificate authorities and those of {@code M365_CA_FILE}, for companies that re-sign TLS. */
    static SSLContext trust(Settings settings) {
        try {
            if (settings.caFile.isEmpty()) return SSLContext.getDefault();
            var anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            var authorities = new ArrayList<Certificate>();
            for (var manager : trustManagers(null))
                if (manager instanceof X509TrustManager x509) authorities.addAll(List.of(x509.getAcceptedIssuers()));
            try (var pem = Files.newInputStream(settings.caFile.get())) {
                authorities.addAll(CertificateFactory.getInstance("X.509").generateCertificates(pem));
            }
            for (var authority : authorities) anchors.setCertificateEntry("ca" + anchors.size(), authority);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(anchors), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new Problem(Status.SETTINGS, "M365_CA_FILE is " + quote(settings.caFile.map(Path::toString).orElse(""))
                    + ", which does not hold certificates in PEM form", "export the CA as \"Base-64 encoded X.509\"");
        }
    }

    private static TrustManager[] trustManagers(KeyStore anchors) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(anchors);
        return factory.getTrustManagers();
    }
}
