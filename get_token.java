//bin/sh "$(dirname "$0")/jbang" "$0" "$@" ; exit $?
//JAVA 17+
//DEPS com.microsoft.azure:msal4j:1.26.0
//DEPS info.picocli:picocli:4.7.7
//DEPS org.slf4j:slf4j-nop:1.7.36
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
//JAVAC_OPTIONS -XDstringConcat=inline

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import com.azure.json.JsonWriter;
import com.microsoft.aad.msal4j.AbstractClientApplicationBase;
import com.microsoft.aad.msal4j.AuthorizationCodeParameters;
import com.microsoft.aad.msal4j.AuthorizationRequestUrlParameters;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.DeviceCode;
import com.microsoft.aad.msal4j.DeviceCodeFlowParameters;
import com.microsoft.aad.msal4j.HttpMethod;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import com.microsoft.aad.msal4j.MsalClientException;
import com.microsoft.aad.msal4j.MsalServiceException;
import com.microsoft.aad.msal4j.Prompt;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.NetworkInterface;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Signs in to Microsoft 365 and keeps the tokens: everything that is said to the identity provider and to the browser.
 * Writes {@code refresh_token} and {@code token_cache.json}; leaves the mail servers to {@code check_imap}.
 */
@Command(name = "get_token", version = "get_token " + config.VERSION, sortOptions = false, usageHelpAutoWidth = true,
        customSynopsis = {
            "get_token [user] [--device | --no-browser]      sign in",
            "       get_token --access-token                        print an access token, for mail programs",
            "       get_token --config-for NAME [user]              print the configuration for a mail program",
            "       get_token --status | --sign-out | --refresh-token"},
        header = "Sign in to Microsoft 365 and keep the token for your mail programs.%n",
        footer = {"",
            "Sign in, in the browser or by pasting the address that the browser ends on:",
            "    $ jbang get_token.java jan@uva.nl",
            "Sign in with a code, typed on another device:",
            "    $ jbang get_token.java --device",
            "Print a valid access token; renews it when needed and never asks:",
            "    $ jbang get_token.java --access-token",
            "",
            "The settings are at the top of config.java; README.md explains them.",
            "Exit status: 0 fine, 64 usage, 75 try again later, 77 a person must sign in, 78 settings are wrong."})
public final class get_token implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "user", description = "who should sign in; another account is turned away")
    String user;

    @ArgGroup(exclusive = true)
    Instead instead = new Instead();

    /** What to do instead of signing in with the browser here. */
    static final class Instead {
        @Option(names = "--device", description = "sign in with a code on another device")
        boolean device;
        @Option(names = "--access-token", description = "print a valid access token; renews silently, never asks")
        boolean accessToken;
        @Option(names = "--refresh-token", description = "print the refresh token")
        boolean refreshToken;
        @Option(names = "--status", description = "who is signed in, what expires when")
        boolean status;
        @Option(names = "--sign-out", description = "delete the tokens")
        boolean signOut;
        @Option(names = "--config-for", paramLabel = "NAME", arity = "0..1", fallbackValue = "",
                description = "print the configuration for a mail program; without a name, list them")
        String configFor;
    }

    @Option(names = "--no-browser", description = "print the address, do not open it")
    boolean noBrowser;

    @Option(names = "--timeout", paramLabel = "SECONDS",
            description = "how long to wait for the sign-in (default: 300; with --device as long as the code is valid)")
    Integer timeout;

    @Option(names = "--json", description = "with --status: for programs")
    boolean json;

    @Option(names = "--verbose", description = "show what is sent and received, secrets as dots")
    boolean verbose;

    @Option(names = "--help", usageHelp = true, description = "show this help")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "show the version")
    boolean version;

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;
    private config.Settings settings;
    private config.TokenStore store;

    get_token(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.err = err;
    }

    public static void main(String... args) {
        if (Arrays.equals(args, new String[] {"--access-token"}) && Cached.print(System.getenv(), System.out)) return;
        System.exit(run(System.getenv(), System.out, System.err, args));
    }

    /** Does what {@code args} ask for. @return the exit status */
    static int run(Map<String, String> env, PrintStream out, PrintStream err, String... args) {
        return execute("get_token", new get_token(env, out, err), out, err, args);
    }

    @Override public Integer call() {
        if (user != null) config.address(user);
        if (timeout != null && timeout < 1) throw new config.Problem(config.Status.USAGE, "--timeout is " + timeout, "give seconds, at least 1");
        if (json && !instead.status) throw new config.Problem(config.Status.USAGE, "--json goes with --status", "");
        if ("".equals(instead.configFor)) {
            listMailPrograms();
            return 0;
        }
        settings = config.Settings.from(env);
        try {
            return act();
        } catch (config.Problem e) {
            throw e.about(settings.facts(user));
        }
    }

    private int act() {
        store = config.TokenStore.of(settings, user);
        if (instead.accessToken) out.println(accessToken(settings, store, log()).reveal());
        else if (instead.refreshToken) out.println(store.load().reveal());
        else if (instead.status) return status();
        else if (instead.signOut) signOut();
        else if (instead.configFor != null) configFor(instead.configFor);
        else signIn();
        return 0;
    }

    private int patience() { return timeout == null ? 300 : timeout; }

    private Consumer<String> log() { return verbose ? err::println : line -> { }; }

    // ---- signing in ----------------------------------------------------------------------------------------------

    private void signIn() {
        if (instead.device && settings.confidential())
            throw new config.Problem(config.Status.USAGE, "Microsoft has no device flow for a client with a secret",
                    "leave out --device; from another computer, paste the address that its browser ends on\n"
                            + "or use a public client: M365_CLIENT_SECRET empty");
        store.locked(() -> { store.checkWritable(); return null; });
        var granted = instead.device ? signInByDevice() : signInByBrowser();
        err.println();
        err.println("Signed in as " + granted.account() + ".");
        err.println("The refresh token is in " + store + ".");
        if (!granted.missing(settings).isEmpty())
            err.println("Not granted: " + String.join(" ", granted.missing(settings)) + ". Mail programs that need it will be refused.");
        err.println("Next: jbang check_imap.java " + granted.account());
    }

    private Grant signInByBrowser() {
        var events = new LinkedBlockingQueue<Event>();
        try (var callback = Callback.listen(settings.redirect(), events, err::println)) {
            var attempt = Attempt.fresh(callback.redirect);
            callback.serve(attempt.state());
            var address = new Provider(settings, log(), 0).authorizeUrl(attempt, user);
            boolean opened = !noBrowser && Browser.open(address, env);
            err.println(opened ? "Your browser opens to sign in. If it does not, visit this address:"
                    : "To sign in, visit this address in any browser:");
            err.println();
            err.println(address);
            err.println();
            callback.fingerprint.ifPresent(print -> err.println("Your browser will warn about the certificate of "
                    + callback.redirect + ": it was made a moment ago, here,\nand has the SHA-256 fingerprint " + print + ".\n"));
            try (var terminal = Terminal.open(events, err)) {
                err.println("Waiting " + words(Duration.ofSeconds(patience())) + " for the browser. If it ends on an address that does "
                        + "not load,\ncopy that address, paste it here and press Enter:");
                return complete(attempt, events, terminal);
            }
        }
    }

    /** One wait, two ways to answer: what the browser sends, and what a person pastes. Whichever comes first counts. */
    private Grant complete(Attempt attempt, BlockingQueue<Event> events, Terminal terminal) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patience());
        config.Problem refused = null;
        for (Event event; (event = next(events, deadline - System.nanoTime())) != null;) {
            var redirect = event instanceof Event.Arrived arrived ? arrived.redirect()
                    : Redirect.pasted(((Event.Pasted) event).line(), attempt.state());
            if (redirect instanceof Redirect.Stray stray) {
                boolean number = event instanceof Event.Pasted pasted && pasted.line().contains("AADSTS");
                err.println((number ? config.explain(((Event.Pasted) event).line(), settings.facts(user)) : stray.why())
                        + "\nPaste the address that the browser ended on:");
                continue;
            }
            Grant granted;
            try {
                granted = redeem(attempt, redirect);
            } catch (config.Problem e) {
                event.answer(Page.refused(e));
                if (event instanceof Event.Arrived || redirect instanceof Redirect.Declined || e.status != config.Status.SIGN_IN) throw e;
                // Too old, used, or of an earlier attempt: the right one can still be pasted.
                refused = e.about(settings.facts(user));
                err.print(refused.tell("get_token"));
                err.println("\nSign in once more at the address above, and paste what the browser ends on:");
                continue;
            }
            try {
                accept(granted);
                event.answer(Page.signedIn(granted.account(), store));
                return granted;
            } catch (config.Problem e) {
                event.answer(Page.refused(e));
                throw e;
            }
        }
        throw refused != null ? refused : nobodyCame(events, terminal);
    }

    private static Event next(BlockingQueue<Event> events, long nanos) {
        try {
            return events.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private Grant redeem(Attempt attempt, Redirect redirect) {
        if (redirect instanceof Redirect.Code code)
            return new Provider(settings, log(), 0).redeem(attempt, code.code());
        if (redirect instanceof Redirect.Declined declined)
            throw Provider.refused("redirect", new Refusal(0, declined.error(), "", declined.description(), List.of(), "", "", ""));
        throw new AssertionError(redirect);
    }

    /** Many refusals are drawn in the browser and never sent to us, so the person is asked for them. */
    private config.Problem nobodyCame(BlockingQueue<Event> events, Terminal terminal) {
        var what = "nobody signed in within " + words(Duration.ofSeconds(patience()));
        if (terminal.interactive()) {
            err.println("\nTime is up. Did the page show an error, like AADSTS50011? Type or paste it, or just press Enter:");
            var answer = next(events, TimeUnit.MINUTES.toNanos(1));
            if (answer instanceof Event.Pasted pasted && !pasted.line().isBlank())
                return new config.Problem(config.Status.SIGN_IN, what, "", failures.Cause.Signal.read(pasted.line()));
        }
        return new config.Problem(config.Status.SIGN_IN, what, "if the page showed an error, look it up: "
                + "jbang check_imap.java --explain AADSTS50011", failures.Cause.Signal.local("nothing-came-back"));
    }

    private Grant signInByDevice() {
        int longest = timeout == null ? (int) TimeUnit.HOURS.toSeconds(1) : timeout;
        return accept(new Provider(settings, log(), 0).redeemByDevice(code -> {
            err.println("On any device, visit " + code.verificationUri() + "\nand type the code " + code.userCode() + "\n");
            err.println("Waiting " + words(Duration.ofSeconds(Math.min(code.expiresIn(), longest))) + " for the sign-in there, until "
                    + local(Instant.now().plusSeconds(Math.min(code.expiresIn(), longest))) + ".");
        }, longest));
    }

    /** Stores what was granted, if it is what was asked for; else nothing is stored. */
    private Grant accept(Grant granted) {
        if (granted.refreshToken().isEmpty())
            throw new config.Problem(config.Status.SETTINGS, "Microsoft signed " + granted.account() + " in but gave no refresh token",
                    "the scope offline_access was not granted: ask for it in the app registration's API permissions, then sign in again",
                    failures.Cause.Signal.local("no-refresh-token"));
        if (user != null && granted.names().stream().noneMatch(user::equalsIgnoreCase))
            throw new config.Problem(config.Status.SIGN_IN, granted.account() + " signed in, not " + user + "; nothing was stored",
                    "sign in as " + user + ", in a private window if the browser chooses by itself\n"
                            + "or, if both are the same mailbox: jbang get_token.java " + granted.account(),
                    failures.Cause.Signal.local("token-of-another-user"));
        store.locked(() -> { store.save(granted.refreshToken().get(), granted.cache(store)); return null; });
        return granted;
    }

    // ---- tokens for mail programs --------------------------------------------------------------------------------

    /**
     * A valid access token: the cached one, else a renewed one. Never asks. Of several processes one renews, and the others
     * wait for it and use what it got.
     */
    static config.Secret accessToken(config.Settings settings, config.TokenStore store, Consumer<String> log) {
        var cached = Cached.usable(settings, store, SPARE);
        if (cached.isPresent()) return cached.get().accessToken();
        return store.locked(() -> {
            var meanwhile = Cached.usable(settings, store, SPARE);
            if (meanwhile.isPresent()) return meanwhile.get().accessToken();
            try {
                return renew(settings, store, log).accessToken();
            } catch (config.Problem e) {
                var lastResort = Cached.usable(settings, store, Duration.ZERO);
                if (e.status == config.Status.LATER && lastResort.isPresent()) return lastResort.get().accessToken();
                throw e;
            }
        });
    }

    /** A token that ends sooner might not outlive the mail program's connection. MSAL keeps the same distance. */
    private static final Duration SPARE = Duration.ofMinutes(5);

    /** Redeems the refresh token for an access token and stores both. Call it {@link config.TokenStore#locked}. */
    static Grant renew(config.Settings settings, config.TokenStore store, Consumer<String> log) {
        var refreshToken = store.load();
        var granted = new Provider(settings, log, 2).renew(refreshToken);
        // RFC 6749 section 6: an answer without a new refresh token leaves the old one in force.
        store.save(granted.refreshToken().orElse(refreshToken), granted.cache(store));
        return granted;
    }

    /** An access token of the app itself, for administrators. Nothing is stored. */
    static Grant appOnly(config.Settings settings, Consumer<String> log) {
        if (!settings.confidential())
            throw new config.Problem(config.Status.SETTINGS, "an app can sign in as itself only with a credential",
                    "set M365_CLIENT_SECRET or M365_CLIENT_CERTIFICATE, and M365_CLIENT_ID to go with it");
        if (Set.of("common", "organizations", "consumers").contains(settings.tenant()))
            throw new config.Problem(config.Status.SETTINGS, "an app can sign in as itself only to one tenant, not to " + settings.tenant(),
                    "set M365_AUTHORITY=https://" + settings.authority().getHost() + "/<tenant ID>");
        return new Provider(settings, log, 2).appOnly();
    }

    private int status() {
        var refreshToken = store.load();
        var cached = Cached.of(store).filter(c -> store.inSecretStore() || c.refreshToken().equals(Optional.of(refreshToken)));
        var now = Instant.now();
        var renewed = cached.map(Cached::renewed).orElseGet(() -> modified(store));
        long days = Duration.between(renewed, now).toDays();
        var warning = days < WARN_AFTER_DAYS ? "" : "the refresh token was last renewed " + days + " days ago and dies after 90 "
                + "without use; renew it now: jbang get_token.java --access-token";
        var facts = new LinkedHashMap<String, Object>();
        facts.put("account", cached.map(Cached::account).orElse(null));
        facts.put("tenant", cached.map(Cached::homeTenant).orElse(settings.tenant()));
        facts.put("client_id", settings.clientId());
        facts.put("client_kind", settings.confidential() ? "confidential" : "public");
        facts.put("scopes", cached.map(c -> String.join(" ", c.scopes())).orElse(String.join(" ", settings.scopes())));
        facts.put("access_token_expires", cached.map(c -> c.expires().toString()).orElse(null));
        facts.put("refresh_token_in", store.toString());
        facts.put("refresh_token_renewed", renewed.toString());
        facts.put("refresh_token_age_days", days);
        facts.put("warning", warning.isEmpty() ? null : warning);
        if (json) {
            out.println(toJson(facts));
            return 0;
        }
        out.println("account        " + cached.map(Cached::account).orElse("not known until the next renewal"));
        out.println("tenant         " + facts.get("tenant"));
        out.println("client         " + settings.clientId() + " (" + facts.get("client_kind") + ")");
        out.println("scopes         " + facts.get("scopes"));
        out.println("access token   " + cached.map(c -> c.expires().isAfter(now)
                ? "valid for " + words(Duration.between(now, c.expires())) + ", until " + local(c.expires())
                : "expired " + local(c.expires()) + ", renewed when next asked for").orElse("none yet, made when next asked for"));
        out.println("refresh token  in " + store + ", renewed " + (days == 0 ? "today" : days == 1 ? "yesterday" : days + " days ago"));
        if (!warning.isEmpty()) err.println("get_token: warning: " + warning);
        return 0;
    }

    private static final long WARN_AFTER_DAYS = 75;

    private static Instant modified(config.TokenStore store) {
        try {
            return Files.getLastModifiedTime(store.file).toInstant();
        } catch (IOException e) {
            return Instant.now(); // in a secret store, with no cache: its age is not known
        }
    }

    private void signOut() {
        err.println(store.<Boolean>locked(store::delete) ? "Signed out: the tokens in " + store + " are deleted."
                : "There was nothing to delete in " + store + ".");
        err.println("Microsoft still honours copies of them; to end those too, sign out everywhere at https://mysignins.microsoft.com");
    }

    /** As "5 minutes"; of two of a unit and more, the next larger one serves. */
    static String words(Duration time) {
        if (time.compareTo(Duration.ofMinutes(2)) < 0) return count(time.toSeconds(), "second");
        if (time.compareTo(Duration.ofHours(2)) < 0) return count(time.toMinutes(), "minute");
        return count(time.toHours(), "hour");
    }

    /** As "1 message" or "2 messages". */
    static String count(long number, String noun) { return number + " " + noun + (number == 1 ? "" : "s"); }

    private static String local(Instant time) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault()).format(time);
    }

    static String toJson(Map<String, ?> document) {
        var text = new ByteArrayOutputStream();
        try (JsonWriter writer = JsonProviders.createWriter(text)) {
            writer.writeUntyped(document);
        } catch (IOException e) {
            throw new AssertionError(e); // memory does not fail to be written
        }
        return text.toString(UTF_8);
    }

    /** The only object in {@code json}; empty when it is not one. */
    static Optional<Map<String, Object>> fromJson(String json) {
        try (JsonReader reader = JsonProviders.createReader(json)) {
            return Optional.ofNullable(reader.readMap(JsonReader::readUntyped));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return Optional.empty();
        }
    }

    /** What MSAL's cache says of its one account. The format is MSAL's, shared by all its languages. */
    record Cached(String clientId, String environment, String realm, config.Secret accessToken, Set<String> scopes,
            Instant expires, Instant renewed, Optional<config.Secret> refreshToken, String account, String homeTenant) {

        /** Prints a cached token without MSAL, picocli or HTTP: mail programs call this every few minutes. */
        static boolean print(Map<String, String> env, PrintStream out) {
            try {
                var settings = config.Settings.from(env);
                var cached = usable(settings, config.TokenStore.of(settings, null), SPARE);
                if (cached.isPresent()) out.println(cached.get().accessToken().reveal());
                return cached.isPresent();
            } catch (config.Problem e) {
                return false; // told by the slow way
            }
        }

        /**
         * The cache, if it belongs to these settings and to the refresh token in the file, and lasts {@code atLeast}. What
         * was granted need not be all that was asked for: else a scope that is never granted would be asked for at each call.
         */
        static Optional<Cached> usable(config.Settings settings, config.TokenStore store, Duration atLeast) {
            if (!atLeast.isZero() && store.unsettled()) return Optional.empty();
            var found = of(store);
            if (found.isEmpty()) return found;
            var c = found.get();
            boolean fits = c.clientId.equals(settings.clientId()) && c.environment.equalsIgnoreCase(settings.authority().getHost())
                    && c.realm.equalsIgnoreCase(settings.tenant()) && c.coversAny(settings.scopes())
                    && c.expires.isAfter(Instant.now().plus(atLeast));
            // Their text is compared: a cold JVM takes 30 ms to make a record's equals.
            return fits && (store.inSecretStore() || c.refreshToken.isPresent()
                    && c.refreshToken.get().reveal().equals(store.load().reveal())) ? found : Optional.empty();
        }

        static Optional<Cached> of(config.TokenStore store) {
            var cache = store.cache();
            return cache.isPresent() ? read(cache.get()) : Optional.empty();
        }

        /** @param cache MSAL's serialised cache; anything else is as good as none */
        static Optional<Cached> read(String cache) {
            try {
                var all = document(cache);
                var access = first(all, "AccessToken");
                var account = first(all, "Account");
                var refresh = first(all, "RefreshToken").get("secret");
                var token = (String) access.get("secret");
                if (!config.printable(token)) return Optional.empty();
                var home = String.valueOf(account.get("home_account_id"));
                return Optional.of(new Cached((String) access.get("client_id"), (String) access.get("environment"),
                        (String) access.get("realm"), new config.Secret(token),
                        config.words((String) access.get("target")),
                        Instant.ofEpochSecond(Long.parseLong((String) access.get("expires_on"))),
                        Instant.ofEpochSecond(Long.parseLong((String) access.get("cached_at"))),
                        // One that could not be read again must not take the place of one that can.
                        refresh instanceof String text && config.printable(text) ? Optional.of(new config.Secret(text)) : Optional.empty(),
                        String.valueOf(account.get("username")), home.substring(home.lastIndexOf('.') + 1)));
            } catch (RuntimeException e) {
                return Optional.empty(); // truncated, foreign or forged: replaced at the next renewal
            }
        }

        private static Map<String, Object> document(String cache) {
            try {
                return CacheReader.read(cache);
            } catch (RuntimeException unusual) {
                return fromJson(cache).orElse(Map.of());
            }
        }

        @SuppressWarnings("unchecked")
        private static Map<String, Object> first(Map<String, Object> all, String kind) {
            var entries = (Map<String, Object>) all.getOrDefault(kind, Map.of());
            return entries.isEmpty() ? Map.of() : (Map<String, Object>) entries.values().iterator().next();
        }

        /** Microsoft may spell the host in another way than we asked; the permission's name is what counts. */
        private boolean coversAny(Set<String> asked) {
            for (var scope : asked) if (Grant.covers(scopes, scope)) return true;
            return false;
        }
    }

    /**
     * Reads what MSAL's cache is made of, objects and plain strings; anything else is an exception. The JSON reader that
     * MSAL brings reads more, but its jar is signed, and to verify that takes a cold JVM longer than all the rest together.
     */
    private static final class CacheReader {
        private final String json;
        private int at;

        private CacheReader(String json) { this.json = json; }

        static Map<String, Object> read(String json) {
            var reader = new CacheReader(json);
            var all = reader.object(3);
            if (reader.next() != 0) throw new IllegalArgumentException();
            return all;
        }

        private Map<String, Object> object(int depth) {
            var object = new LinkedHashMap<String, Object>();
            expect('{');
            while (next() != '}') {
                if (!object.isEmpty()) expect(',');
                var name = string();
                expect(':');
                object.put(name, depth > 1 && next() == '{' ? object(depth - 1) : string());
            }
            at++;
            return object;
        }

        private String string() {
            expect('"');
            int end = json.indexOf('"', at);
            var text = json.substring(at, end);
            if (text.indexOf('\\') >= 0) throw new IllegalArgumentException();
            at = end + 1;
            return text;
        }

        private void expect(char wanted) {
            if (next() != wanted) throw new IllegalArgumentException();
            at++;
        }

        /** The next character that is no white space; 0 at the end. */
        private char next() {
            while (at < json.length() && json.charAt(at) <= ' ') at++;
            return at < json.length() ? json.charAt(at) : 0;
        }
    }

    // ---- what is said to the identity provider: MSAL's work --------------------------------------------------------

    /** One attempt to sign in: what ties the answer to the question (RFC 6749 section 10.12, RFC 7636). */
    record Attempt(URI redirect, String state, config.Secret verifier) {

        static Attempt fresh(URI redirect) { return new Attempt(redirect, random(16), new config.Secret(random(32))); }

        /** RFC 7636 section 4.2, method S256. */
        String challenge() {
            try {
                return base64(MessageDigest.getInstance("SHA-256").digest(verifier.reveal().getBytes(ISO_8859_1)));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e); // every Java platform has it
            }
        }

        private static String random(int bytes) {
            var random = new byte[bytes];
            new SecureRandom().nextBytes(random);
            return base64(random);
        }

        private static String base64(byte[] bytes) { return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes); }
    }

    /**
     * What the identity provider granted.
     *
     * @param refreshToken empty if it gave none
     * @param account      the name to show: the sign-in name (UPN)
     * @param names        every name by which the ID token calls the account
     * @param answered     when, by the identity provider's own clock; empty if it did not say
     * @param msalCache    MSAL's serialised cache, with both tokens in it
     */
    record Grant(config.Secret accessToken, Instant expires, Set<String> scopes, Optional<config.Secret> refreshToken,
            String account, Set<String> names, Optional<Instant> answered, config.Secret msalCache) {

        /** Scopes that were asked for and not granted. */
        Set<String> missing(config.Settings settings) {
            return settings.scopes().stream().filter(asked -> !covers(scopes, asked)).collect(Collectors.toCollection(TreeSet::new));
        }

        static boolean covers(Set<String> granted, String asked) {
            var permission = asked.substring(asked.lastIndexOf('/') + 1);
            for (var scope : granted) if (scope.substring(scope.lastIndexOf('/') + 1).equalsIgnoreCase(permission)) return true;
            return false;
        }

        /** The cache as it may be stored: the refresh token of a secret store does not leave it. */
        String cache(config.TokenStore store) {
            if (!store.inSecretStore()) return msalCache.reveal();
            var document = fromJson(msalCache.reveal()).orElseThrow();
            document.remove("RefreshToken");
            return toJson(document);
        }
    }

    /** The identity provider's refusal, in the fields of its JSON error body. */
    record Refusal(int httpStatus, String error, String suberror, String description, List<String> codes, String traceId,
            String correlationId, String timestamp) {
        private static final int LONGEST = 4000;

        /** Whoever answers, patterns are looked for in what he says: so there must not be too much of it. */
        Refusal {
            error = bounded(error);
            suberror = bounded(suberror);
            description = bounded(description);
        }

        private static String bounded(String text) { return text.length() > LONGEST ? text.substring(0, LONGEST) : text; }

        static Refusal of(int httpStatus, Map<String, Object> body) {
            var codes = body.get("error_codes") instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.<String>of();
            return new Refusal(httpStatus, text(body, "error"), text(body, "suberror"), text(body, "error_description"), codes,
                    text(body, "trace_id"), text(body, "correlation_id"), text(body, "timestamp"));
        }

        /** The description, with the identifiers that Entra puts at its end but other providers only in fields of their own. */
        String forTheLog() {
            return description.contains("Trace ID") ? description : description + (traceId.isEmpty() ? "" : " Trace ID: " + traceId)
                    + (correlationId.isEmpty() ? "" : " Correlation ID: " + correlationId) + (timestamp.isEmpty() ? "" : " Timestamp: " + timestamp);
        }

        private static String text(Map<String, Object> body, String name) {
            return body.get(name) instanceof String text ? text : "";
        }
    }

    /** The identity provider, through MSAL. Each instance makes one request. */
    static final class Provider {
        private final config.Settings settings;
        private final Http http;
        private final AbstractClientApplicationBase msal;

        /** @param retries how often a request may be repeated; an authorization code must never be (it is single-use) */
        Provider(config.Settings settings, Consumer<String> log, int retries) {
            this.settings = settings;
            this.http = new Http(settings, log, retries);
            try {
                var authority = settings.authority() + "/";
                // Instance discovery would cost a round trip to learn what the authority's host already says.
                msal = settings.confidential()
                        ? ConfidentialClientApplication.builder(settings.clientId(), credential())
                                .authority(authority).instanceDiscovery(false).disableInternalRetries().httpClient(http).build()
                        : PublicClientApplication.builder(settings.clientId())
                                .authority(authority).instanceDiscovery(false).disableInternalRetries().httpClient(http).build();
            } catch (MalformedURLException e) {
                throw new AssertionError(e); // Settings let it through
            }
        }

        private IClientCredential credential() {
            if (settings.clientCertificate().isEmpty())
                return ClientCredentialFactory.createFromSecret(settings.clientSecret().orElseThrow().reveal());
            try (var pkcs12 = Files.newInputStream(settings.clientCertificate().get())) {
                return ClientCredentialFactory.createFromCertificate(pkcs12, settings.certificatePassword().reveal());
            } catch (IOException | GeneralSecurityException e) {
                throw new config.Problem(config.Status.SETTINGS, "M365_CLIENT_CERTIFICATE " + settings.clientCertificate().get()
                        + " cannot be opened: " + e.getMessage(),
                        "it must be a PKCS#12 file (.p12, .pfx); its password goes into M365_CLIENT_CERTIFICATE_PASSWORD");
            }
        }

        /** The page on which {@code user} (or whoever, if null) signs in and consents. */
        URI authorizeUrl(Attempt attempt, String user) {
            var wanted = AuthorizationRequestUrlParameters.builder(attempt.redirect().toString(), settings.scopes())
                    .state(attempt.state()).codeChallenge(attempt.challenge()).codeChallengeMethod("S256");
            // The browser may be signed in as somebody else; a choice of account prevents a token for the wrong mailbox.
            if (user == null) wanted.prompt(Prompt.SELECT_ACCOUNT);
            else wanted.loginHint(user);
            // MSAL always asks for a form post, and a form post cannot be pasted.
            return URI.create(msal.getAuthorizationRequestUrl(wanted.build()).toString()
                    .replace("response_mode=form_post", "response_mode=query"));
        }

        Grant redeem(Attempt attempt, config.Secret code) {
            return await(msal.acquireToken(AuthorizationCodeParameters.builder(code.reveal(), attempt.redirect())
                    .scopes(settings.scopes()).codeVerifier(attempt.verifier().reveal()).build()), 60);
        }

        Grant renew(config.Secret refreshToken) {
            return await(msal.acquireToken(RefreshTokenParameters.builder(settings.scopes(), refreshToken.reveal()).build()), 20);
        }

        Grant redeemByDevice(Consumer<DeviceCode> invite, int timeout) {
            http.byDevice = true;
            return await(((PublicClientApplication) msal).acquireToken(
                    DeviceCodeFlowParameters.builder(settings.scopes(), invite).build()), timeout);
        }

        /** A token of the app itself (RFC 6749 section 4.4). Exchange gives it to one host name only. */
        Grant appOnly() {
            var host = URI.create(settings.scopes().iterator().next()).getHost();
            var scope = "https://" + (host.equals("outlook.office.com") ? "outlook.office365.com" : host) + "/.default";
            return await(((ConfidentialClientApplication) msal).acquireToken(ClientCredentialParameters.builder(Set.of(scope)).build()), 20);
        }

        private Grant await(CompletableFuture<IAuthenticationResult> answer, int seconds) {
            try {
                var result = answer.get(seconds, TimeUnit.SECONDS);
                var cache = msal.tokenCache().serialize();
                var cached = Cached.read(cache).orElseThrow(() -> new config.Problem(config.Status.LATER,
                        "the answer of " + settings.authority().getHost() + " carries no access token", "try again later"));
                var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
                names.add(cached.account());
                if (result.idToken() != null) names.addAll(namesIn(result.idToken()));
                return new Grant(cached.accessToken(), cached.expires(), cached.scopes(), cached.refreshToken(),
                        cached.account(), names, http.answered, new config.Secret(cache));
            } catch (ExecutionException e) {
                throw problem(e.getCause());
            } catch (TimeoutException e) {
                answer.cancel(true);
                if (http.byDevice) throw codeExpired();
                throw new config.Problem(config.Status.LATER, settings.authority().getHost() + " did not answer within " + seconds
                        + " s", "try again later");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new config.Problem(config.Status.LATER, "interrupted", "try again");
            }
        }

        private static Set<String> namesIn(String idToken) {
            var parts = idToken.split("\\.");
            var claims = parts.length < 2 ? Map.<String, Object>of() : fromJson(new String(decoded(parts[1]), UTF_8)).orElse(Map.of());
            return List.of("preferred_username", "upn", "email", "unique_name").stream().map(claims::get)
                    .filter(String.class::isInstance).map(String.class::cast).collect(Collectors.toSet());
        }

        private static byte[] decoded(String base64) {
            try {
                return Base64.getUrlDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                return new byte[0]; // no claims, then
            }
        }

        /** Why there is no token. Behaviour follows the OAuth error; Microsoft may change its AADSTS numbers at any time. */
        private config.Problem problem(Throwable failure) {
            for (var cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof config.Problem told) return told;
                if (cause instanceof IOException unreachable) return unreachable("sign-in", server(), settings.proxy().isEmpty(), unreachable);
                if (cause instanceof MsalClientException gaveUp && "code_expired".equals(gaveUp.errorCode())) return codeExpired();
                if (cause instanceof MsalServiceException && http.refusal.isPresent()) return refused(http.byDevice ? "device" : "token", http.refusal.get());
            }
            http.log.accept("* MSAL stumbles: " + failure.getClass().getSimpleName());
            return new config.Problem(config.Status.LATER, settings.authority().getHost() + " answered in a way that MSAL cannot read",
                    "try again later; --verbose shows more");
        }

        /** A page that refuses the code tells us nothing: to the end we only hear that the sign-in is pending. */
        private static config.Problem codeExpired() {
            return new config.Problem(config.Status.SIGN_IN, "the code expired before anybody signed in with it",
                    "if the page showed an error, look it up: jbang check_imap.java --explain AADSTS53003", failures.Cause.Signal.local("device-code-flow-blocked"));
        }

        private config.Server server() {
            return new config.Server(settings.authority().getHost(), settings.authority().getPort() < 0 ? 443 : settings.authority().getPort());
        }

        /** @param where as in failures.tsv: redirect, token or device */
        static config.Problem refused(String where, Refusal refusal) {
            var status = switch (refusal.error()) {
                case "temporarily_unavailable", "server_error" -> config.Status.LATER;
                case "invalid_client", "unauthorized_client", "invalid_scope", "invalid_resource", "invalid_request",
                        "unsupported_grant_type", "unsupported_response_type" -> config.Status.SETTINGS;
                default -> refusal.httpStatus() == 429 || refusal.httpStatus() >= 500 ? config.Status.LATER : config.Status.SIGN_IN;
            };
            var said = refusal.description().replaceFirst("(?s)\\s*Trace ID:.*", "").strip();
            return new config.Problem(status, "Microsoft refused: " + refusal.error()
                    + (refusal.suberror().isEmpty() ? "" : " (" + refusal.suberror() + ")") + (said.isEmpty() ? "" : ": " + said),
                    status == config.Status.SIGN_IN ? "sign in: jbang get_token.java" : "",
                    new failures.Cause.Signal(where, refusal.error(), refusal.suberror(), refusal.codes(), refusal.forTheLog()));
        }
    }

    /**
     * What keeps us from {@code server}, by the exception that Java gives it.
     *
     * @param purpose imap, smtp, pop or sign-in
     * @param direct  false if a proxy stands in between
     */
    static config.Problem unreachable(String purpose, config.Server server, boolean direct, IOException e) {
        Throwable root = e;
        while (root.getCause() != null) root = root.getCause();
        var reason = words(root);
        var said = words(e).contains(reason) ? words(e) : words(e) + " (" + reason + ")";
        var seen = failures.Cause.Signal.of("network", purpose + " " + e.getClass().getName() + ": " + said + ", " + root.getClass().getName()
                + " (" + server + ")");
        if (e instanceof UnknownHostException)
            return new config.Problem(config.Status.LATER, "the name " + server.host() + " cannot be resolved", "", seen).at(server);
        if (e instanceof SSLException)
            return new config.Problem(config.Status.SETTINGS, "TLS with " + server + " failed: " + said
                    + (direct && root instanceof GeneralSecurityException ? issuerShown(server).map(issuer -> "; its certificate comes from " + issuer).orElse("") : ""),
                    "", seen).at(server);
        if (said.contains("through proxy"))
            return new config.Problem(config.Status.SETTINGS, "the proxy in HTTPS_PROXY refused to connect to " + server + ": " + said, "", seen).at(server);
        return new config.Problem(config.Status.LATER, server + " cannot be reached: " + said, "", seen).at(server);
    }

    /** Java puts the class of an inner exception in front of its words. */
    private static String words(Throwable e) {
        return e.getMessage() == null ? "no reason given" : e.getMessage().replaceAll("(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error): ", "");
    }

    /** Ends whatever a connection is used for, from another thread. */
    static void closeAfter(int seconds, Socket socket) {
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(() -> {
            try {
                socket.close();
            } catch (IOException e) { /* it was broken already */ }
        });
    }

    /** Who signed the certificate that {@code server} shows. It is looked at only: the handshake always fails. */
    private static Optional<String> issuerShown(config.Server server) {
        var shown = new AtomicReference<String>();
        var looker = new X509TrustManager() {
            @Override public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
                shown.set(chain[chain.length - 1].getIssuerX500Principal().getName());
                throw new CertificateException("looked at, not trusted");
            }
            @Override public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
                throw new CertificateException("not asked for");
            }
            @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
        };
        try (var socket = new Socket()) {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {looker}, null);
            socket.connect(new InetSocketAddress(server.host(), server.port()), 3000);
            socket.setSoTimeout(3000);
            closeAfter(5, socket); // a byte every two seconds would never time out
            ((SSLSocket) context.getSocketFactory().createSocket(socket, server.host(), server.port(), true)).startHandshake();
        } catch (IOException | GeneralSecurityException e) { /* as it must */ }
        return Optional.ofNullable(shown.get()).map(config::quote);
    }

    /**
     * MSAL's requests, with deadlines, bounds and retries of our own: at most {@code retries} repetitions inside ten
     * seconds. Follows no redirects, so that a token cannot be sent anywhere but to the authority.
     */
    static final class Http implements IHttpClient {
        private static final int LONGEST_ANSWER = 1024 * 1024;
        private static final Duration PATIENCE = Duration.ofSeconds(10);

        private final config.Settings settings;
        private final Consumer<String> log;
        private final int retries;
        private long slowDownSeconds;
        volatile boolean byDevice;
        /** The last JSON error body; MSAL's exceptions carry less. */
        volatile Optional<Refusal> refusal = Optional.empty();
        volatile Optional<Instant> answered = Optional.empty();

        Http(config.Settings settings, Consumer<String> log, int retries) {
            this.settings = settings;
            this.log = log;
            this.retries = retries;
            // Java repeats a POST whose connection broke, and an authorization code redeemed twice is revoked (AADSTS54005).
            System.setProperty("sun.net.http.retryPost", "false");
            // Else it sends no Basic login to a proxy. Read once, at the first connection.
            System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        }

        @Override public IHttpResponse send(HttpRequest request) throws IOException, InterruptedException {
            if (slowDownSeconds > 0) TimeUnit.SECONDS.sleep(slowDownSeconds);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (int attempt = 0;; attempt++) {
                long pauseMillis = 500L << 2 * attempt;
                IOException failure = null;
                HttpResponse response = null;
                try {
                    response = exchange(request, deadline);
                    if (response.statusCode() != 429 && response.statusCode() < 500) return readable(response);
                    pauseMillis = Math.max(pauseMillis, retryAfterMillis(response));
                } catch (SSLException | UnknownHostException e) {
                    throw e; // will be the same in a second
                } catch (IOException e) {
                    failure = e;
                }
                if (attempt == retries || System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis) >= deadline) {
                    if (failure != null) throw failure;
                    throw busy(response);
                }
                log.accept("* trying again in " + pauseMillis + " ms");
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        }

        private HttpResponse exchange(HttpRequest request, long deadline) throws IOException {
            long started = System.nanoTime();
            log.accept("> " + request.httpMethod() + " " + request.url().getProtocol() + "://" + request.url().getAuthority()
                    + request.url().getPath() + "  " + names(request.body()));
            var connection = (HttpsURLConnection) (settings.proxy().isPresent() ? request.url().openConnection(proxy())
                    : request.url().openConnection(Proxy.NO_PROXY));
            try {
                connection.setSSLSocketFactory(config.trust(settings).getSocketFactory());
                connection.setInstanceFollowRedirects(false);
                int millis = (int) Math.max(1000, TimeUnit.NANOSECONDS.toMillis(deadline - started));
                connection.setConnectTimeout(Math.min(millis, 5000));
                connection.setReadTimeout(millis);
                authenticateAtProxy(connection);
                request.headers().forEach((name, value) -> { if (value != null) connection.setRequestProperty(name, value); });
                if (request.httpMethod() == HttpMethod.POST) {
                    connection.setDoOutput(true);
                    try (var body = connection.getOutputStream()) {
                        body.write(request.body().getBytes(UTF_8));
                    }
                }
                var response = new HttpResponse().statusCode(connection.getResponseCode());
                response.addHeaders(connection.getHeaderFields());
                if (connection.getDate() != 0) answered = Optional.of(Instant.ofEpochMilli(connection.getDate()));
                try (var body = response.statusCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                    response.body(body == null ? "" : read(body, started));
                }
                log.accept("< HTTP " + response.statusCode() + " after " + (System.nanoTime() - started) / 1_000_000 + " ms");
                return response;
            } finally {
                connection.disconnect();
            }
        }

        private static String names(String form) {
            return form == null ? "" : Arrays.stream(form.split("&")).map(pair -> pair.replaceFirst("=.*", "=••••")).collect(Collectors.joining(" "));
        }

        /** Bounded in size and in time: a server may send a gigabyte, or a byte every nine seconds. */
        private static String read(InputStream body, long started) throws IOException {
            var bytes = new ByteArrayOutputStream();
            var chunk = new byte[8192];
            for (int n; (n = body.read(chunk)) >= 0;) {
                bytes.write(chunk, 0, n);
                if (bytes.size() > LONGEST_ANSWER) throw new IOException("the answer is longer than any token answer");
                if (System.nanoTime() - started > 2 * PATIENCE.toNanos()) throw new SocketTimeoutException("the answer does not end");
            }
            return bytes.toString(UTF_8);
        }

        /** MSAL takes any body for JSON, so a captive portal's HTML is told apart here. */
        private HttpResponse readable(HttpResponse response) {
            var body = fromJson(response.body());
            if (body.isEmpty()) throw notFromMicrosoft(response);
            if (response.statusCode() == 200) return response;
            refusal = Optional.of(Refusal.of(response.statusCode(), body.get()));
            if (refusal.get().error().equals("slow_down")) { // RFC 8628 section 3.5; MSAL would give up
                slowDownSeconds += 5;
                response.body(response.body().replaceFirst("\"slow_down\"", "\"authorization_pending\""));
            }
            return response;
        }

        private config.Problem notFromMicrosoft(HttpResponse response) {
            var title = java.util.regex.Pattern.compile("(?is)<title[^>]*>(.{1,100}?)</title>").matcher(response.body());
            var location = response.headers() == null ? null : response.headers().get("Location");
            return new config.Problem(config.Status.LATER, settings.authority().getHost() + " answered HTTP " + response.statusCode()
                    + " without JSON" + (title.find() ? ", a page titled " + config.quote(title.group(1)) : "")
                    + (location != null ? ", redirecting to " + config.quote(location.get(0)) : ""),
                    "open https://" + settings.authority().getHost() + " in a browser: a network login page or a proxy may have answered",
                    failures.Cause.Signal.of("network", "<html> instead of JSON, HTTP " + response.statusCode()));
        }

        private config.Problem busy(HttpResponse response) {
            return new config.Problem(config.Status.LATER, settings.authority().getHost() + " is "
                    + (response.statusCode() == 429 ? "throttling us" : "unavailable") + " (HTTP " + response.statusCode() + ")",
                    "try again " + (retryAfterMillis(response) > 0 ? "in " + words(Duration.ofMillis(retryAfterMillis(response))) : "later"),
                    failures.Cause.Signal.of("token", "HTTP " + response.statusCode()));
        }

        /** RFC 9110 section 10.2.3, the form in seconds; 0 when there is none. */
        private static long retryAfterMillis(HttpResponse response) {
            var values = response.headers().entrySet().stream().filter(h -> "Retry-After".equalsIgnoreCase(h.getKey()))
                    .map(h -> h.getValue().get(0)).filter(v -> v.matches("[0-9]{1,5}")).findFirst();
            return values.map(v -> Long.parseLong(v) * 1000).orElse(0L);
        }

        private Proxy proxy() {
            var proxy = settings.proxy().orElseThrow();
            return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), proxy.getPort() < 0 ? 3128 : proxy.getPort()));
        }

        private void authenticateAtProxy(HttpURLConnection connection) {
            var userInfo = settings.proxy().map(URI::getUserInfo).orElse(null);
            if (userInfo == null) return;
            var parts = userInfo.split(":", 2);
            var once = new AtomicBoolean(); // Java would repeat a wrong password twenty times, and lock the account
            connection.setAuthenticator(new java.net.Authenticator() {
                @Override protected PasswordAuthentication getPasswordAuthentication() {
                    return getRequestorType() != RequestorType.PROXY || once.getAndSet(true) ? null
                            : new PasswordAuthentication(parts[0], parts.length < 2 ? new char[0] : parts[1].toCharArray());
                }
            });
        }
    }

    // ---- what comes back from the browser ------------------------------------------------------------------------

    /** What an address says that the browser was sent to at the end (RFC 6749 section 4.1.2). */
    sealed interface Redirect {
        record Code(config.Secret code) implements Redirect { }
        record Declined(String error, String description) implements Redirect { }
        /** Not an answer to this attempt; {@code why} is for the person who sent it. */
        record Stray(String why) implements Redirect { }

        /** @param state the one that belongs to this attempt; an answer with another is not ours, or forged */
        static Redirect read(String query, String state) {
            var parameters = parameters(query);
            if (parameters.isEmpty()) return new Stray("That address is malformed.");
            var found = parameters.get();
            if (!found.containsKey("code") && !found.containsKey("error"))
                return new Stray("That address carries neither a code nor an error. Copy it whole, from the address bar, after signing in.");
            if (!found.containsKey("state")) return new Stray("That address is incomplete: its state is missing. Copy it to the end.");
            if (!MessageDigest.isEqual(found.get("state").getBytes(UTF_8), state.getBytes(UTF_8)))
                return new Stray("That address belongs to another attempt to sign in. Use the newest one.");
            if (found.containsKey("error"))
                return new Declined(found.get("error"), found.getOrDefault("error_description", ""));
            return found.get("code").isBlank() ? new Stray("The code in that address is empty.") : new Code(new config.Secret(found.get("code")));
        }

        /** A person may paste the whole address, its query, or the code; quoted, wrapped, with spaces around. */
        static Redirect pasted(String line, String state) {
            var text = line.replaceAll("\\s+", "").replaceAll("^[\"'<`]++|(?<![\"'>`])[\"'>`]++$", "");
            if (text.isEmpty()) return new Stray("Nothing was pasted.");
            if (text.contains("/authorize?")) return new Stray("That is the address to open. Paste the one that the browser ends on, after signing in.");
            if (text.contains("code=") || text.contains("error=") || text.contains("state=")) {
                var query = text.substring(text.indexOf('?') + 1);
                return read(query.indexOf('#') < 0 ? query : query.substring(0, query.indexOf('#')), state);
            }
            if (line.contains("AADSTS")) return new Stray(config.explain(line, Map.of()));
            // The code alone carries no state; PKCE still ties it to this attempt (RFC 7636 section 1).
            if (text.matches("[A-Za-z0-9._~!*$-]{20,}")) return new Code(new config.Secret(text));
            return new Stray("That is not the address that the browser ends on after signing in: it carries no code.");
        }

        /** Empty if malformed: a broken escape, or a parameter given twice (RFC 6749 section 3.1). */
        private static Optional<Map<String, String>> parameters(String query) {
            var found = new LinkedHashMap<String, String>();
            try {
                for (var pair : query.split("&")) {
                    var parts = pair.split("=", 2);
                    var value = parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8);
                    if (found.put(URLDecoder.decode(parts[0], UTF_8), value) != null) return Optional.empty();
                }
                return Optional.of(found);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    /** What ends or disturbs the wait for the sign-in. */
    sealed interface Event {
        /** The browser's answer. It gets its page when the code has been redeemed, so that the page can tell the truth. */
        record Arrived(Redirect redirect, CompletableFuture<Page> page) implements Event { }
        record Pasted(String line) implements Event { }

        default void answer(Page page) { if (this instanceof Arrived arrived) arrived.page.complete(page); }
    }

    /** The page that the browser ends on. Nothing on it comes from elsewhere. */
    record Page(int status, String title, String text) {

        static Page signedIn(String account, config.TokenStore store) {
            return new Page(200, "Signed in", "You are signed in as " + account + ". The refresh token is in " + store
                    + ". You can close this page.");
        }

        static Page refused(config.Problem problem) {
            return new Page(200, "Not signed in", problem.getMessage() + " What to do next stands in the terminal.");
        }

        String html() {
            return """
                    <!DOCTYPE html>
                    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                    <title>%s</title>
                    <style>
                    body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; color: #222; background: #fff }
                    p { overflow-wrap: anywhere }
                    @media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b } }
                    </style></head>
                    <body><h1>%s</h1><p>%s</p></body></html>
                    """.formatted(escape(title), escape(title), escape(text));
        }

        private static String escape(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
        }
    }

    /**
     * Listens on loopback for the browser's return (RFC 8252 section 7.3), on 127.0.0.1 and ::1, since a browser may take
     * "localhost" for either.
     */
    static final class Callback implements AutoCloseable {
        private static final int LONGEST_BODY = 64 * 1024;

        final URI redirect;
        final Optional<String> fingerprint;
        private final List<HttpServer> servers = new ArrayList<>();
        private final ExecutorService threads = Executors.newCachedThreadPool(Callback::daemon);
        private final BlockingQueue<Event> events;
        private final AtomicBoolean answered = new AtomicBoolean();
        private final CountDownLatch told = new CountDownLatch(1);
        private String state;

        private Callback(URI redirect, Optional<String> fingerprint, BlockingQueue<Event> events) {
            this.redirect = redirect;
            this.fingerprint = fingerprint;
            this.events = events;
        }

        /** Takes the port of {@code wanted}, or any free one when it is taken: Microsoft ignores the port of a loopback redirect. */
        static Callback listen(URI wanted, BlockingQueue<Event> events, Consumer<String> say) {
            // Seconds. The server's own defaults let a client take forever over its request.
            System.setProperty("sun.net.httpserver.maxReqTime", "10");
            boolean tls = wanted.getScheme().equals("https");
            var certificate = tls ? Optional.of(LoopbackCertificate.make()) : Optional.<LoopbackCertificate>empty();
            var addresses = loopback(wanted.getHost());
            int port = Math.max(0, wanted.getPort());
            for (int attempt = 0;; attempt++) {
                try {
                    var servers = bind(addresses, port, certificate);
                    int taken = servers.get(0).getAddress().getPort();
                    if (port == 0 && wanted.getPort() > 0)
                        say.accept("Port " + wanted.getPort() + " is in use by another program, so port " + taken + " is used instead.");
                    var redirect = URI.create(wanted.getScheme() + "://" + wanted.getHost() + ":" + taken + wanted.getPath());
                    var callback = new Callback(redirect, certificate.map(LoopbackCertificate::fingerprint), events);
                    callback.servers.addAll(servers);
                    return callback;
                } catch (IOException e) {
                    port = 0;
                    if (attempt == 10) throw new config.Problem(config.Status.SETTINGS, "no port can be had on " + wanted.getHost()
                            + ": " + e.getMessage(), "check the loopback interface, or sign in with --device");
                }
            }
        }

        private static List<InetAddress> loopback(String host) {
            try {
                var four = InetAddress.getByName("127.0.0.1");
                var six = InetAddress.getByName("::1");
                return host.equals("localhost") && NetworkInterface.getByInetAddress(six) != null ? List.of(four, six) : List.of(four);
            } catch (IOException e) {
                throw new AssertionError(e); // numbers need no resolving
            }
        }

        /** One port on all {@code addresses}, or none: half a port would leave "localhost" to somebody else's server. */
        private static List<HttpServer> bind(List<InetAddress> addresses, int port, Optional<LoopbackCertificate> certificate)
                throws IOException {
            var servers = new ArrayList<HttpServer>();
            try {
                for (var address : addresses) {
                    var socket = new InetSocketAddress(address, servers.isEmpty() ? port : servers.get(0).getAddress().getPort());
                    var server = certificate.isPresent() ? HttpsServer.create(socket, 0) : HttpServer.create(socket, 0);
                    if (server instanceof HttpsServer https) https.setHttpsConfigurator(new HttpsConfigurator(certificate.get().context()));
                    servers.add(server);
                }
                return servers;
            } catch (IOException e) {
                servers.forEach(server -> server.stop(0));
                throw e;
            }
        }

        /** Starts to answer. Requests without {@code state} are strays, and change nothing. */
        void serve(String state) {
            this.state = state;
            for (var server : servers) {
                server.setExecutor(threads);
                server.createContext("/", this::handle);
                server.start();
            }
        }

        private void handle(HttpExchange exchange) throws IOException {
            try (exchange) {
                var query = query(exchange);
                var answer = query.isEmpty() ? new Redirect.Stray("") : Redirect.read(query.get(), state);
                if (query.isEmpty()) send(exchange, new Page(404, "Nothing here", "This is not the address of the sign-in."));
                else if (answer instanceof Redirect.Stray stray) send(exchange, new Page(400, "Not the answer to this sign-in", stray.why()));
                else if (!answered.compareAndSet(false, true))
                    send(exchange, new Page(409, "Already answered", "This sign-in has had its answer. See the terminal."));
                else {
                    var page = new CompletableFuture<Page>();
                    events.add(new Event.Arrived(answer, page));
                    send(exchange, page.join());
                    told.countDown();
                }
            }
        }

        /** The parameters, from a GET or a form post to the redirect URI on its own host; else empty. */
        private Optional<String> query(HttpExchange exchange) throws IOException {
            var host = exchange.getRequestHeaders().getFirst("Host");
            // Another host's name may have been made to resolve to loopback (DNS rebinding).
            if (host == null || !host.matches("(localhost|127\\.0\\.0\\.1|\\[::1])(:" + redirect.getPort() + ")?")) return Optional.empty();
            var path = redirect.getPath().isEmpty() ? "/" : redirect.getPath();
            if (!exchange.getRequestURI().getPath().equals(path)) return Optional.empty();
            switch (exchange.getRequestMethod()) {
                case "GET":
                    return Optional.of(String.valueOf(exchange.getRequestURI().getRawQuery()));
                case "POST":
                    var body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
                    return body.length > LONGEST_BODY ? Optional.empty() : Optional.of(new String(body, UTF_8));
                default:
                    return Optional.empty();
            }
        }

        private static void send(HttpExchange exchange, Page page) throws IOException {
            var html = page.html().getBytes(UTF_8);
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Type", "text/html; charset=utf-8");
            headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
            headers.set("Cache-Control", "no-store");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("Connection", "close");
            exchange.sendResponseHeaders(page.status(), html.length);
            exchange.getResponseBody().write(html);
        }

        /** Stops listening, once the browser that answered has had its page. */
        @Override public void close() {
            try {
                if (answered.get()) told.await(2, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            servers.forEach(server -> server.stop(0));
            threads.shutdownNow();
        }

        private static Thread daemon(Runnable work) {
            var thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }
    }

    /** A certificate for one sign-in, made by the JDK's keytool. Its key never outlives the process. */
    record LoopbackCertificate(SSLContext context, String fingerprint) {

        static LoopbackCertificate make() {
            Path folder = null;
            try {
                sweep();
                folder = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
                var file = folder.resolve("loopback.p12");
                var password = Attempt.random(16);
                var keytool = config.child(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                        "-alias", "loopback", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "1", "-dname", "CN=localhost",
                        "-ext", "SAN=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", file.toString(),
                        "-storepass:env", "STOREPASS", "-J-XX:TieredStopAtLevel=1", "-J-Xshare:auto"));
                keytool.environment().put("STOREPASS", password); // an argument would be seen by ps
                var process = keytool.redirectErrorStream(true).start();
                var said = new String(process.getInputStream().readAllBytes(), UTF_8);
                if (process.waitFor() != 0) throw new IOException(said.strip());
                var keys = KeyStore.getInstance(file.toFile(), password.toCharArray());
                var manager = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                manager.init(keys, password.toCharArray());
                var context = SSLContext.getInstance("TLS");
                context.init(manager.getKeyManagers(), null, null);
                return new LoopbackCertificate(context, fingerprint(keys.getCertificate("loopback")));
            } catch (IOException | GeneralSecurityException e) {
                throw new config.Problem(config.Status.SETTINGS, "the JDK's keytool made no certificate for https://localhost: " + e.getMessage(),
                        "use an http redirect URI if your app has one (M365_REDIRECT_URI=http://localhost:8745/), or sign in with --device");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new config.Problem(config.Status.LATER, "interrupted", "try again");
            } finally {
                if (folder != null) delete(folder.toFile());
            }
        }

        private static final String PREFIX = "get_token-";

        /** Deletes what a process left that was killed while keytool was at work. */
        private static void sweep() {
            var left = new File(System.getProperty("java.io.tmpdir")).listFiles(file -> file.getName().matches(PREFIX + "[0-9]{1,18}-[0-9]+"));
            for (var folder : left == null ? new File[0] : left)
                if (ProcessHandle.of(Long.parseLong(folder.getName().split("-")[1])).isEmpty()) delete(folder);
        }

        private static void delete(File folder) {
            new File(folder, "loopback.p12").delete();
            folder.delete();
        }

        private static String fingerprint(Certificate certificate) throws GeneralSecurityException {
            var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        }
    }

    /** Opens the person's own browser, if there is one here to see. */
    static final class Browser {
        private Browser() { }

        /** $BROWSER is honoured first, as xdg-open does: commands between colons, {@code %s} for the address. */
        static boolean open(URI address, Map<String, String> env) {
            for (var command : env.getOrDefault("BROWSER", "").split(File.pathSeparator))
                if (!command.isBlank() && start(words(command, address.toString()))) return true;
            if (env.containsKey("SSH_CONNECTION") || env.containsKey("SSH_TTY")) return false;
            var system = System.getProperty("os.name");
            if (system.startsWith("Windows")) return start(List.of("rundll32", "url.dll,FileProtocolHandler", address.toString()));
            if (system.startsWith("Mac")) return start(List.of("open", address.toString()));
            return (env.containsKey("DISPLAY") || env.containsKey("WAYLAND_DISPLAY")) && start(List.of("xdg-open", address.toString()));
        }

        private static List<String> words(String command, String address) {
            var words = new ArrayList<>(List.of(command.strip().split("\\s+")));
            if (!command.contains("%s")) words.add("%s");
            words.replaceAll(word -> word.replace("%s", address));
            return words;
        }

        private static boolean start(List<String> command) {
            try {
                // Its chatter would hide the address that we print.
                config.child(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /**
     * Reads what a person pastes. A terminal in its usual mode cuts a line at 1024 (macOS) or 4095 (Linux) characters, and
     * codes can be longer; so it is switched to hand over each character, and restored whatever happens.
     */
    static final class Terminal implements AutoCloseable {
        private static final int LONGEST_LINE = 64 * 1024;
        /** Who has more to say than that is no person, and would drown the browser's answer. */
        private static final int MOST_LINES = 200;
        /** So much of a line is echoed that one sees it arrive; what follows holds the code, and screens get logged. */
        private static final int SHOWN = 32;

        private final Optional<String> saved;
        private final Thread restore = new Thread(this::restore);
        private final PrintStream echo;

        private Terminal(Optional<String> saved, PrintStream echo) {
            this.saved = saved;
            this.echo = echo;
        }

        static Terminal open(BlockingQueue<Event> events, PrintStream echo) {
            var terminal = new Terminal(stty("-g"), echo);
            if (terminal.interactive()) {
                Runtime.getRuntime().addShutdownHook(terminal.restore);
                stty("-icanon", "-echo", "min", "1", "time", "0");
            }
            Callback.daemon(() -> terminal.read(System.in, events)).start();
            return terminal;
        }

        boolean interactive() { return saved.isPresent(); }

        private void read(InputStream in, BlockingQueue<Event> events) {
            var line = new StringBuilder();
            try {
                for (int c, lines = 0; lines < MOST_LINES && (c = in.read()) >= 0;) {
                    if (c == '\n' || c == '\r') {
                        lines++;
                        if (interactive()) echo.println();
                        events.add(new Event.Pasted(line.toString()));
                        line.setLength(0);
                    } else if (interactive() && (c == 0x7f || c == '\b')) {
                        if (line.isEmpty()) continue;
                        line.setLength(line.length() - 1);
                        if (line.length() <= SHOWN) echo.print("\b \b");
                    } else if (c >= ' ' && c < 0x7f && line.length() < LONGEST_LINE) {
                        line.append((char) c);
                        if (interactive() && line.length() <= SHOWN + 1) echo.print(line.length() <= SHOWN ? (char) c : '…');
                    }
                }
                if (!line.isEmpty()) events.add(new Event.Pasted(line.toString())); // piped in, without a line break
            } catch (IOException e) { /* no more to come; the browser may still answer */ }
        }

        @Override public void close() {
            if (interactive() && Runtime.getRuntime().removeShutdownHook(restore)) restore();
        }

        private void restore() { saved.ifPresent(settings -> stty(settings)); }

        /** What stty says; empty where standard input is no terminal, or a terminal without stty (Windows). */
        private static Optional<String> stty(String... words) {
            try {
                var command = new ArrayList<>(List.of("stty"));
                command.addAll(List.of(words));
                var process = config.child(command).redirectInput(ProcessBuilder.Redirect.INHERIT)
                        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
                if (!process.waitFor(2, TimeUnit.SECONDS)) { // in the background it would stop for good
                    process.destroyForcibly();
                    return Optional.empty();
                }
                return process.exitValue() == 0 ? Optional.of(new String(process.getInputStream().readAllBytes(), UTF_8).strip())
                        : Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    // ---- configurations for mail programs ------------------------------------------------------------------------

    private static final List<String> MAIL_PROGRAMS = List.of("offlineimap", "mbsync", "neomutt", "mutt", "msmtp", "getmail",
            "fetchmail", "aerc", "himalaya", "systemd");

    private void listMailPrograms() {
        for (var name : MAIL_PROGRAMS) out.printf("%-12s %s%n", name, template(name).lines().findFirst().orElseThrow().substring(2));
    }

    /** Prints a template from clients/, filled in. */
    private void configFor(String name) {
        if (!MAIL_PROGRAMS.contains(name))
            throw new config.Problem(config.Status.USAGE, "there is no configuration for " + config.quote(name),
                    "did you mean " + MAIL_PROGRAMS.stream().min(Comparator.comparing(known -> distance(name, known))).orElseThrow()
                            + "? get_token --config-for lists them all");
        var address = Optional.ofNullable(user).or(() -> Cached.of(store).map(Cached::account)).orElse("you@example.com");
        if (address.equals("you@example.com"))
            err.println("get_token: warning: nobody is signed in, so replace " + address + " by your address");
        var start = startAgain(env);
        notes(name, start).forEach(note -> out.println("# " + note));
        out.print(filledIn(template(name), values(address, start)));
    }

    private static String template(String name) {
        try (var template = get_token.class.getResourceAsStream("/clients/" + (name.equals("mutt") ? "neomutt" : name))) {
            return new String(template.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e); // it lies in our own jar
        }
    }

    /** Secrets are not printed: what is printed is kept in dotfiles, and those in public repositories. */
    private List<String> notes(String name, List<String> start) {
        var notes = new ArrayList<String>();
        for (var secret : List.of("M365_CLIENT_SECRET", "M365_CLIENT_CERTIFICATE_PASSWORD"))
            if (!env.getOrDefault(secret, "").isBlank())
                notes.add("A secret is not written here: set " + secret + " in the environment in which " + name + " runs"
                        + (secret.endsWith("SECRET") ? ", or CLIENT_SECRET in config.java." : "."));
        if (settings.proxy().filter(proxy -> proxy.getUserInfo() != null).isPresent())
            notes.add("A proxy with a password is not written here: set HTTPS_PROXY in the environment in which " + name + " runs.");
        if (!start.contains("-jar"))
            notes.addAll(List.of("The command goes through JBang and takes a second. An exported copy answers ten times as fast:",
                    "  jbang export portable -O ~/.local/lib/get_token/get_token.jar get_token.java",
                    "  java -jar ~/.local/lib/get_token/get_token.jar --config-for " + name));
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
        values.put("client_secret_line", List.of(settings.clientSecret().isEmpty() ? "oauth2_client_secret ="
                : "oauth2_client_secret_eval = __import__(\"os\").environ[\"M365_CLIENT_SECRET\"]"));
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
     * The words that start this copy again. An exported jar is alone on its class path. JBang puts a jar out of its cache in
     * front of the libraries, and tells a script nothing but JBANG_LAUNCH_CMD; so the script is looked for beside that
     * launcher (ours lies there) and in the current directory. Failing both, as for an alias out of a catalog, there is still
     * the class path, which lasts until JBang's cache is cleared.
     */
    static List<String> startAgain(Map<String, String> env) {
        var classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().normalize().toString()).toList();
        // Measured: the first compiler is enough, other collectors than the default start slower, the statistics file costs 3 ms.
        var java = List.of(java(env), "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");
        if (classPath.size() == 1 && classPath.get(0).endsWith(".jar")) return append(java, "-jar", classPath.get(0));
        var launcher = Path.of(env.getOrDefault("JBANG_LAUNCH_CMD", "jbang")).toAbsolutePath().normalize();
        for (var script : List.of(launcher.resolveSibling("get_token.java"), Path.of("get_token.java").toAbsolutePath()))
            for (var jbang : List.of(script.resolveSibling("jbang"), launcher))
                if (Files.isRegularFile(script) && Files.isRegularFile(jbang) && Files.isExecutable(jbang))
                    return List.of(jbang.toString(), script.toString());
        return append(java, "-cp", String.join(File.pathSeparator, classPath), "get_token");
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
            case "python tuple" -> words.stream().map(get_token::python).collect(Collectors.joining(", ", "(", ")"));
            case "python percent" -> words.stream().map(get_token::python).collect(Collectors.joining(", ", "[", "]")).replace("%", "%%");
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

    // ---- the command line ----------------------------------------------------------------------------------------

    /** Runs a picocli command and tells what went wrong with it. @return the exit status; only {@code main} exits */
    static int execute(String name, Callable<Integer> command, PrintStream out, PrintStream err, String... args) {
        var line = new CommandLine(command).setOut(new java.io.PrintWriter(out, true)).setErr(new java.io.PrintWriter(err, true));
        line.setParameterExceptionHandler((e, given) -> {
            err.print(new config.Problem(config.Status.USAGE, e.getMessage().replaceFirst("^Error: ", ""), name + " --help shows what there is").tell(name));
            return config.Status.USAGE.code;
        });
        line.setExecutionExceptionHandler((e, commandLine, parsed) -> {
            var problem = e instanceof config.Problem told ? told : bug(e);
            err.print(problem.tell(name));
            return problem.status.code;
        });
        try {
            return line.execute(args);
        } catch (Error e) { // picocli catches exceptions only, and Java would print a stack trace
            var problem = bug(e);
            err.print(problem.tell(name));
            return problem.status.code;
        }
    }

    /** A report without the exception's message, which could hold a secret. */
    static config.Problem bug(Throwable e) {
        var where = Arrays.stream(e.getStackTrace()).filter(f -> f.getClassName().matches("(get_token|check_imap|config)\\b.*"))
                .limit(4).map(f -> f.getMethodName() + ":" + f.getLineNumber()).collect(Collectors.joining(" < "));
        return new config.Problem(config.Status.BUG, "a bug: " + e.getClass().getSimpleName() + " at " + where,
                "please report this line; nothing of yours is in it");
    }
}
