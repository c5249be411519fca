//bin/sh "$(dirname "$0")/jbang" "$0" "$@" ; exit $?
//JAVA 17+
//DEPS com.microsoft.azure:msal4j:1.26.0
//DEPS info.picocli:picocli:4.7.7
//DEPS org.slf4j:slf4j-nop:1.7.36
//SOURCES config.java
//SOURCES browser.java
//SOURCES clients.java
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
import picocli.CommandLine.UnmatchedArgumentException;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Signs in to Microsoft 365 and keeps the tokens: everything that is said to the identity provider. Writes
 * {@code refresh_token} and {@code token_cache.json}; leaves the browser's side to {@code browser}, the configurations of
 * mail programs to {@code clients}, and the mail servers to {@code check_imap}.
 */
@Command(name = "get_token", version = "get_token " + config.VERSION, sortOptions = false, usageHelpAutoWidth = true,
        customSynopsis = {
            "get_token [user] [--device | --no-browser]   sign in",
            "       get_token --access-token                     print it, for mail programs",
            "       get_token --config-for NAME [user]           print a configuration",
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

    @Parameters(arity = "0..1", paramLabel = "user", description = "who signs in, or is signed in; another account is turned away")
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

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
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
        if (Arrays.equals(args, new String[] {"--access-token"}) && Cached.print(System.getenv(), System.out) && !System.out.checkError()) return;
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
        if ("".equals(instead.configFor)) clients.list(out);
        else {
            settings = config.Settings.from(env);
            try {
                act();
            } catch (config.Problem e) {
                throw e.about(facts());
            }
        }
        if (out.checkError()) throw new config.Problem(config.Status.LATER, "the answer could not be written to standard output", "");
        return 0;
    }

    private void act() {
        store = config.TokenStore.of(settings, user);
        if (instead.accessToken || instead.refreshToken || instead.status || instead.signOut) refuseAnotherUser();
        if (instead.accessToken) printAccessToken();
        else if (instead.refreshToken) out.println(store.load().reveal());
        else if (instead.status) status();
        else if (instead.signOut) signOut();
        else if (instead.configFor != null) printConfiguration(instead.configFor);
        else signIn();
    }

    private void printAccessToken() {
        var token = accessToken(settings, store, log());
        refuseAnotherUser(); // whom a renewal may have made known
        out.println(token.reveal());
    }

    /** What the advice is filled in with. */
    private Map<String, String> facts() {
        var facts = settings.facts(user);
        facts.put("sign_in", clients.signIn(env, user));
        facts.put("not", instead.accessToken ? "Signing in" : "Renewing");
        return facts;
    }

    /** Whoever is named must be the one whose token lies here, as far as that is known. Where each has a place, the name has chosen it. */
    private void refuseAnotherUser() {
        if (user == null || settings.perUser()) return;
        var account = signedIn().orElse(user);
        if (!account.equalsIgnoreCase(user))
            throw new config.Problem(config.Status.SIGN_IN, account + " is signed in here, not " + user,
                    "if both are the same mailbox, name " + account + "\nelse keep a token for each user: "
                            + (store.inSecretStore() ? "put {user} into M365_TOKEN_READ_COMMAND and M365_TOKEN_WRITE_COMMAND"
                            : "M365_TOKEN_FILE=" + config.shellQuote(store.file.resolveSibling("{user}"))));
    }

    /** Whose token lies here, if that is known. */
    private Optional<String> signedIn() { return cached().map(Cached::account).filter(name -> !name.isEmpty()); }

    /** The cache, if it belongs to the refresh token that lies here. A secret store need not be opened for that. */
    private Optional<Cached> cached() {
        if (store.inSecretStore()) return Cached.of(store);
        try {
            var refreshToken = Optional.of(store.load());
            return Cached.of(store).filter(c -> c.refreshToken().equals(refreshToken));
        } catch (config.Problem e) {
            return Optional.empty();
        }
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
        err.println(config.asTypedHere("Next: jbang check_imap.java " + granted.account()));
    }

    private Grant signInByBrowser() {
        var events = new LinkedBlockingQueue<browser.Event>();
        try (var callback = browser.Callback.listen(settings.redirect(), events, err::println)) {
            var attempt = Attempt.fresh(callback.redirect);
            callback.serve(attempt.state());
            var address = new Provider(settings, log(), 0).authorizeUrl(attempt, user);
            boolean opened = !noBrowser && browser.Browser.open(address, env);
            err.println(opened ? "Your browser opens to sign in. If it does not, visit this address:"
                    : "To sign in, visit this address in any browser:");
            err.println();
            err.println(address);
            err.println();
            callback.fingerprint.ifPresent(print -> err.println("Your browser will warn about the certificate of "
                    + callback.redirect + ": it was made a moment ago, here,\nand has the SHA-256 fingerprint " + print + ".\n"));
            try (var terminal = browser.Terminal.open(events, err)) {
                err.println("Waiting " + words(Duration.ofSeconds(patience())) + " for the browser. If it ends on an address that does "
                        + "not load,\ncopy that address, paste it here and press Enter:");
                return complete(attempt, events, terminal);
            }
        }
    }

    /** One wait, two ways to answer: what the browser sends, and what a person pastes. Whichever comes first counts. */
    private Grant complete(Attempt attempt, BlockingQueue<browser.Event> events, browser.Terminal terminal) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patience());
        config.Problem refused = null;
        for (browser.Event event; (event = next(events, deadline - System.nanoTime())) != null;) {
            var redirect = event instanceof browser.Event.Arrived arrived ? arrived.redirect()
                    : browser.Redirect.pasted(((browser.Event.Pasted) event).line(), attempt.state(), facts());
            if (redirect instanceof browser.Redirect.Stray stray) {
                err.println(stray.why() + "\nPaste the address that the browser ended on:");
                continue;
            }
            Grant granted;
            try {
                granted = redeem(attempt, redirect);
            } catch (config.Problem e) {
                event.answer(browser.Page.refused(e));
                if (event instanceof browser.Event.Arrived || redirect instanceof browser.Redirect.Declined || e.status != config.Status.SIGN_IN) throw e;
                // Too old, used, or of an earlier attempt: the right one can still be pasted.
                refused = e.about(facts());
                err.print(refused.tell("get_token"));
                err.println("\nSign in once more at the address above, and paste what the browser ends on:");
                continue;
            }
            try {
                accept(granted);
                event.answer(browser.Page.signedIn(granted.account(), store));
                return granted;
            } catch (config.Problem e) {
                event.answer(browser.Page.refused(e));
                throw e;
            }
        }
        throw refused != null ? refused : nobodyCame(events, terminal);
    }

    private static browser.Event next(BlockingQueue<browser.Event> events, long nanos) {
        try {
            return events.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private Grant redeem(Attempt attempt, browser.Redirect redirect) {
        if (redirect instanceof browser.Redirect.Code code)
            return new Provider(settings, log(), 0).redeem(attempt, code.code());
        if (redirect instanceof browser.Redirect.Declined declined)
            throw Provider.refused("redirect", new Refusal(0, declined.error(), "", declined.description(), List.of(), "", "", ""));
        throw new AssertionError(redirect);
    }

    /** Many refusals are drawn in the browser and never sent to us, so the person is asked for them. */
    private config.Problem nobodyCame(BlockingQueue<browser.Event> events, browser.Terminal terminal) {
        var what = "nobody signed in within " + words(Duration.ofSeconds(patience()));
        var problem = new config.Problem(config.Status.SIGN_IN, what, "if the page showed an error, look it up: "
                + "jbang check_imap.java --explain AADSTS50011", failures.Cause.Signal.local("nothing-came-back"));
        if (!terminal.interactive()) return problem;
        err.println("\nTime is up. Did the page show an error, like AADSTS50011? Type or paste it, or just press Enter:");
        var answer = next(events, TimeUnit.MINUTES.toNanos(1));
        if (answer instanceof browser.Event.Pasted pasted && !pasted.line().isBlank())
            return new config.Problem(config.Status.SIGN_IN, what, "", failures.Cause.Signal.read(pasted.line()));
        if (answer != null) answer.answer(browser.Page.refused(problem)); // the browser, too late
        return problem;
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

    private void status() {
        store.load(); // or else there is nothing to tell
        var cached = cached();
        var now = Instant.now();
        var renewed = cached.map(Cached::renewed).or(() -> modified(store));
        var days = renewed.map(then -> Duration.between(then, now).toDays());
        var warning = days.isEmpty() || days.get() < WARN_AFTER_DAYS ? "" : "the refresh token was last renewed " + days.get()
                + " days ago and dies after 90 without use; renew it now: jbang get_token.java --access-token";
        var facts = new LinkedHashMap<String, Object>();
        facts.put("account", signedIn().orElse(null));
        facts.put("tenant", cached.map(Cached::homeTenant).orElse(settings.tenant()));
        facts.put("client_id", settings.clientId());
        facts.put("client_kind", settings.confidential() ? "confidential" : "public");
        facts.put("scopes", cached.map(c -> String.join(" ", c.scopes())).orElse(String.join(" ", settings.scopes())));
        facts.put("access_token_expires", cached.map(c -> c.expires().toString()).orElse(null));
        facts.put("refresh_token_in", store.toString());
        facts.put("refresh_token_renewed", renewed.map(Instant::toString).orElse(null));
        facts.put("refresh_token_age_days", days.orElse(null));
        facts.put("warning", warning.isEmpty() ? null : warning);
        if (json) {
            out.println(toJson(facts));
            return;
        }
        out.println("account        " + signedIn().orElse("not known until the next renewal"));
        out.println("tenant         " + facts.get("tenant"));
        out.println("client         " + settings.clientId() + " (" + facts.get("client_kind") + ")");
        out.println("scopes         " + facts.get("scopes"));
        out.println("access token   " + cached.map(c -> c.expires().isAfter(now)
                ? "valid for " + words(Duration.between(now, c.expires())) + ", until " + local(c.expires())
                : "expired " + local(c.expires()) + ", renewed when next asked for").orElse("none yet, made when next asked for"));
        out.println("refresh token  in " + store + ", renewed "
                + days.map(n -> n == 0 ? "today" : n == 1 ? "yesterday" : n + " days ago").orElse("at a time that is not known"));
        if (!warning.isEmpty()) err.println("get_token: warning: " + config.asTypedHere(warning));
    }

    private void printConfiguration(String program) {
        var signedIn = signedIn();
        var account = Optional.ofNullable(user).or(() -> signedIn);
        out.print(new clients(env, settings, store, user).configurationFor(program, account.orElse("you@example.com")));
        if (account.isEmpty()) err.println("get_token: warning: nobody is signed in, so replace you@example.com by your address");
        else if (signedIn.isPresent() && !signedIn.get().equalsIgnoreCase(account.get()))
            err.println("get_token: warning: " + signedIn.get() + " is signed in here; that token opens the mailbox of " + account.get() + " only if they share it");
        else if (!store.inSecretStore() && !Files.exists(store.file))
            err.println("get_token: warning: there is no token in " + store + " yet; run this where you signed in, set M365_TOKEN_FILE, or sign in now: "
                    + config.asTypedHere(clients.signIn(env, user)));
    }

    private static final long WARN_AFTER_DAYS = 75;

    /** Empty in a secret store: the age of what is in there is not known. */
    private static Optional<Instant> modified(config.TokenStore store) {
        try {
            return store.inSecretStore() ? Optional.empty() : Optional.of(Files.getLastModifiedTime(store.file).toInstant());
        } catch (IOException e) {
            return Optional.empty(); // deleted a moment ago
        }
    }

    private void signOut() {
        if (store.<Boolean>locked(store::delete))
            err.println("Signed out: the tokens in " + store + " are deleted.\nMicrosoft still honours copies of them; to end those too, "
                    + "sign out everywhere at https://mysignins.microsoft.com");
        else err.println("There was nothing to delete in " + store + ".");
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

    /** What a JWT says of itself (RFC 7519); empty if it is none. Its signature is for those whom it is meant for. */
    static Map<String, Object> claims(String token) {
        try {
            var parts = token.split("\\.");
            return parts.length < 2 ? Map.of() : fromJson(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8)).orElse(Map.of());
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }

    /** What MSAL's cache says of its one account. The format is MSAL's, shared by all its languages. */
    record Cached(String clientId, String realm, config.Secret accessToken, Set<String> scopes,
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
            // Not the cache's "environment": MSAL puts an alias of the authority's host there (login.windows.net).
            boolean fits = settings.clientId().equals(c.clientId) && settings.tenant().equalsIgnoreCase(c.realm)
                    && c.coversAny(settings.scopes()) && c.expires.isAfter(Instant.now().plus(atLeast));
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
                if (!config.canBeToken(token)) return Optional.empty();
                var home = String.valueOf(account.get("home_account_id"));
                return Optional.of(new Cached((String) access.get("client_id"), (String) access.get("realm"), new config.Secret(token),
                        config.words((String) access.get("target")),
                        Instant.ofEpochSecond(Long.parseLong((String) access.get("expires_on"))),
                        Instant.ofEpochSecond(Long.parseLong((String) access.get("cached_at"))),
                        // One that could not be read again must not take the place of one that can.
                        refresh instanceof String text && config.canBeToken(text) ? Optional.of(new config.Secret(text)) : Optional.empty(),
                        account.get("username") instanceof String name ? name : "", home.substring(home.lastIndexOf('.') + 1)));
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

        static Attempt fresh(URI redirect) { return new Attempt(redirect, config.random(16), new config.Secret(config.random(32))); }

        /** RFC 7636 section 4.2, method S256. */
        String challenge() {
            try {
                return config.base64url(MessageDigest.getInstance("SHA-256").digest(verifier.reveal().getBytes(ISO_8859_1)));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e); // every Java platform has it
            }
        }

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
            var credential = settings.confidential() ? credential() : null;
            try {
                var authority = settings.authority() + "/";
                // Instance discovery would cost a round trip to learn what the authority's host already says.
                msal = settings.confidential()
                        ? ConfidentialClientApplication.builder(settings.clientId(), credential)
                                .authority(authority).instanceDiscovery(false).disableInternalRetries().httpClient(http).build()
                        : PublicClientApplication.builder(settings.clientId())
                                .authority(authority).instanceDiscovery(false).disableInternalRetries().httpClient(http).build();
            } catch (MalformedURLException e) {
                throw new AssertionError(e); // Settings let it through
            } catch (IllegalArgumentException e) { // MSAL takes some hosts and paths for another product, B2C
                throw new config.Problem(config.Status.SETTINGS, "M365_AUTHORITY is " + config.quote(settings.authority().toString())
                        + ", where nobody with a Microsoft 365 mailbox signs in", "the usual value is " + config.AUTHORITY);
            }
        }

        private IClientCredential credential() {
            if (settings.clientCertificate().isEmpty())
                return ClientCredentialFactory.createFromSecret(settings.clientSecret().orElseThrow().reveal());
            try (var pkcs12 = Files.newInputStream(settings.clientCertificate().get())) {
                var certificate = ClientCredentialFactory.createFromCertificate(pkcs12, settings.certificatePassword().reveal());
                // MSAL signs with RSA only (RS256, PS256), and would stumble over another key much later.
                if (!certificate.privateKey().getAlgorithm().equals("RSA")) throw new GeneralSecurityException("its key is not an RSA key");
                return certificate;
            } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
                var why = e.getMessage() == null || e.getMessage().contains("Der") ? "it is no PKCS#12 file" : e.getMessage();
                throw new config.Problem(config.Status.SETTINGS, "M365_CLIENT_CERTIFICATE " + settings.clientCertificate().get()
                        + " cannot be used: " + why, "it must be a PKCS#12 file (.p12, .pfx) with one RSA key and its certificate; "
                        + "its password goes into M365_CLIENT_CERTIFICATE_PASSWORD");
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
                if (http.outage.isPresent()) throw problem(http.outage.get());
                if (http.byDevice) throw new config.Problem(config.Status.SIGN_IN, "nobody signed in within " + words(Duration.ofSeconds(seconds)),
                        "start over and allow more time with --timeout; if the page showed an error, look it up: jbang check_imap.java --explain AADSTS53003");
                throw new config.Problem(config.Status.LATER, settings.authority().getHost() + " did not answer within " + seconds
                        + " s", "try again later");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new config.Problem(config.Status.LATER, "interrupted", "try again");
            }
        }

        private static Set<String> namesIn(String idToken) {
            var claims = claims(idToken);
            // Not "email": in another tenant its administrator may put there what he likes (Microsoft: "ID token claims reference").
            return List.of("preferred_username", "upn", "unique_name").stream().map(claims::get)
                    .filter(String.class::isInstance).map(String.class::cast).collect(Collectors.toSet());
        }

        /** Why there is no token. Behaviour follows the OAuth error; Microsoft may change its AADSTS numbers at any time. */
        private config.Problem problem(Throwable failure) {
            for (var cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof config.Problem told) return told;
                if (cause instanceof IOException e && settings.proxy().isPresent() && neverCame(e)) return proxyUnreachable(settings.proxy().get(), e);
                if (cause instanceof IOException unreachable) return unreachable("sign-in", server(), settings.proxy().isEmpty(), unreachable);
                if (cause instanceof MsalClientException gaveUp && "code_expired".equals(gaveUp.errorCode()))
                    return http.outage.isPresent() ? problem(http.outage.get()) : codeExpired();
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

        /** Whether not even a connection was made: behind a proxy, to the proxy. */
        private static boolean neverCame(IOException e) {
            return e instanceof UnknownHostException || e instanceof ConnectException || e instanceof SocketTimeoutException && e.getMessage().startsWith("Connect");
        }

        private static config.Problem proxyUnreachable(URI proxy, IOException e) {
            return new config.Problem(config.Status.LATER, "the proxy " + proxy.getHost() + ":" + Http.port(proxy) + " cannot be reached: "
                    + (e instanceof UnknownHostException ? "its name cannot be resolved" : words(e)), "correct HTTPS_PROXY, or unset it where there is a direct way");
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
            var seen = new failures.Cause.Signal(where, refusal.error(), refusal.suberror(), refusal.codes(), refusal.forTheLog());
            var act = failures.Cause.of(seen).act();
            if (act.equals("wait")) status = config.Status.LATER;
            return new config.Problem(status, "Microsoft refused: " + refusal.error()
                    + (refusal.suberror().isEmpty() ? "" : " (" + refusal.suberror() + ")") + (said.isEmpty() ? "" : ": " + said),
                    status == config.Status.SIGN_IN && act.equals("sign-in") ? "sign in: {sign_in}" : "", seen);
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
            return new config.Problem(said.matches("(?s).*HTTP/\\S+ 5\\d\\d.*") ? config.Status.LATER : config.Status.SETTINGS, "the proxy in HTTPS_PROXY refused to connect to " + server + ": " + said, "", seen).at(server);
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
        private volatile int outageSeconds;
        volatile boolean byDevice;
        /** The last JSON error body; MSAL's exceptions carry less. */
        volatile Optional<Refusal> refusal = Optional.empty();
        volatile Optional<Instant> answered = Optional.empty();
        /** Why the latest question whether somebody has signed in got no answer. */
        volatile Optional<Exception> outage = Optional.empty();

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
            TimeUnit.SECONDS.sleep(slowDownSeconds + outageSeconds);
            boolean polling = byDevice && request.url().getPath().endsWith("/token");
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (int attempt = 0;; attempt++) {
                long pauseMillis = 500L << 2 * attempt;
                IOException failure = null;
                HttpResponse response = null;
                try {
                    response = exchange(request, deadline);
                    if (response.statusCode() != 429 && response.statusCode() < 500) return readable(response);
                    pauseMillis = Math.max(pauseMillis, retryAfterMillis(response));
                } catch (IOException e) {
                    boolean refusedByProxy = e.getMessage() != null && e.getMessage().matches("(?s).*through proxy.*HTTP/\\S+ 4\\d\\d.*");
                    if (e instanceof SSLException || refusedByProxy || e instanceof UnknownHostException && !polling) throw e; // will be the same in a second
                    failure = e;
                }
                if (polling) return pending(failure != null ? failure : busy(response));
                if (attempt == retries || System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis) >= deadline) {
                    if (failure != null) throw failure;
                    throw busy(response);
                }
                log.accept("* trying again in " + pauseMillis + " ms");
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        }

        /** What cannot be asked now is asked again later, as long as the code is valid (RFC 8628 section 3.5). */
        private HttpResponse pending(Exception trouble) {
            outage = Optional.of(trouble);
            outageSeconds = Math.min(60, outageSeconds + 5);
            log.accept("* asking again in " + outageSeconds + " more seconds");
            var pending = new HttpResponse().statusCode(400).body("{\"error\":\"authorization_pending\",\"error_description\":\"for MSAL\"}");
            pending.addHeaders(Map.of("Content-Type", List.of("application/json")));
            return pending;
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
            outage = Optional.empty();
            outageSeconds = 0;
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
            var title = Pattern.compile("(?is)<title[^>]*>(.{1,100}?)</title>")
                    .matcher(response.body().substring(0, Math.min(4000, response.body().length()))); // a page may be made to keep a pattern busy
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
            return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port(proxy)));
        }

        static int port(URI proxy) { return proxy.getPort() < 0 ? 3128 : proxy.getPort(); }

        private void authenticateAtProxy(HttpURLConnection connection) {
            var userInfo = settings.proxy().map(URI::getUserInfo).orElse(null);
            if (userInfo == null) return;
            var parts = userInfo.split(":", 2);
            var once = new AtomicBoolean(); // Java would repeat a wrong password twenty times, and lock the account
            connection.setAuthenticator(new Authenticator() {
                @Override protected PasswordAuthentication getPasswordAuthentication() {
                    return getRequestorType() != RequestorType.PROXY || once.getAndSet(true) ? null
                            : new PasswordAuthentication(parts[0], parts.length < 2 ? new char[0] : parts[1].toCharArray());
                }
            });
        }
    }

    // ---- the command line ----------------------------------------------------------------------------------------

    /** Runs a picocli command and tells what went wrong with it. @return the exit status; only {@code main} exits */
    static int execute(String name, Callable<Integer> command, PrintStream out, PrintStream err, String... args) {
        var line = new CommandLine(command).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        line.setParameterExceptionHandler((e, given) -> {
            var meant = e instanceof UnmatchedArgumentException unknown ? unknown.getSuggestions() : List.<String>of();
            err.print(new config.Problem(config.Status.USAGE, e.getMessage().replaceFirst("^Error: ", ""),
                    (meant.isEmpty() ? "" : "did you mean " + meant.get(0) + "? ") + name + " --help shows what there is").tell(name));
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
        var where = Arrays.stream(e.getStackTrace()).filter(f -> f.getClassName().matches("(get_token|check_imap|config|browser|clients|failures)\\b.*"))
                .limit(4).map(f -> f.getMethodName() + ":" + f.getLineNumber()).collect(Collectors.joining(" < "));
        return new config.Problem(config.Status.BUG, "a bug: " + e.getClass().getSimpleName() + " at " + where,
                "please report this line; nothing of yours is in it");
    }
}
