//bin/sh "$(dirname "$(readlink -f "$0")")/jbang" "$(readlink -f "$0")" "$@" ; exit $?
//DESCRIPTION Signs in to Microsoft 365 and keeps the token for mail programs
//DOCS README.md
//GAV m365:get_token:1.1.0
//JAVA 17+
//JAVAC_OPTIONS -encoding UTF-8 -XDstringConcat=inline -proc:none -J-XX:TieredStopAtLevel=1
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData
//DEPS info.picocli:picocli:4.7.7
// What is known of failures names both commands, so both are there, however one was started or exported.
//SOURCES check_imap.java
//SOURCES config.java
//SOURCES m365/AccessTokens.java
//SOURCES m365/CleanOutput.java
//SOURCES m365/ExitStatus.java
//SOURCES m365/Grant.java
//SOURCES m365/Invocation.java
//SOURCES m365/MailAddress.java
//SOURCES m365/MailPrograms.java
//SOURCES m365/Outcome.java
//SOURCES m365/Placeholders.java
//SOURCES m365/Problem.java
//SOURCES m365/Program.java
//SOURCES m365/SavedSettings.java
//SOURCES m365/Settings.java
//SOURCES m365/SettingsReader.java
//SOURCES m365/SignIn.java
//SOURCES m365/SignInNotice.java
//SOURCES m365/SignedInUser.java
//SOURCES m365/StartCommand.java
//SOURCES m365/StatusReport.java
//SOURCES m365/Text.java
//SOURCES m365/TokenRequest.java
//SOURCES m365/TokenStore.java
//SOURCES m365/TokenStores.java

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import m365.AccessTokens;
import m365.CleanOutput;
import m365.Grant;
import m365.Invocation;
import m365.MailAddress;
import m365.MailPrograms;
import m365.Outcome;
import m365.Placeholders;
import m365.Problem;
import m365.Program;
import m365.SavedSettings;
import m365.Settings;
import m365.SettingsReader;
import m365.SignIn;
import m365.SignInNotice;
import m365.SignedInUser;
import m365.StartCommand;
import m365.StatusReport;
import m365.Text;
import m365.TokenRequest;
import m365.TokenStore;
import m365.TokenStores;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import static m365.ExitStatus.LATER;
import static m365.ExitStatus.USAGE;

/**
 * Signs in to Microsoft 365 and keeps the tokens: the options of {@code get_token}, and what each of them does. Writes
 * {@code refresh_token} and {@code token_cache.json}; leaves the mail servers to {@code check_imap}.
 */
@Command(name = "get_token", version = "get_token " + Program.VERSION, sortOptions = false,
        customSynopsis = {
            "get_token [user] [--device | --no-browser]   sign in",
            "       get_token --access-token                     print it, for mail programs",
            "       get_token --config-for NAME [user]           print a configuration",
            "       get_token --status | --sign-out | --refresh-token | --save-settings"},
        header = "Sign in to Microsoft 365 and keep the token for your mail programs.%n",
        footer = {"",
            "Sign in, in the browser or by pasting the address that the browser ends on:",
            "    $ jbang get_token.java jan@uva.nl",
            "Sign in with a code, typed on another device:",
            "    $ jbang get_token.java --device",
            "Print a valid access token; renews it when needed and never asks:",
            "    $ jbang get_token.java --access-token",
            "",
            "The settings are in config.java, in ~/.config/m365/settings and in the environment;",
            "docs/settings.md explains them.",
            "Exit status: 0 fine, 64 usage, 75 try again later, 77 a person must sign in, 78 settings are wrong."})
public final class get_token implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "user",
            description = "who signs in, or is signed in; another account is turned away")
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
        @Option(names = "--save-settings",
                description = "keep the M365_ settings of this terminal in the settings file")
        boolean saveSettings;
    }

    @Option(names = "--no-browser", description = "print the address, do not open it")
    boolean noBrowser;

    @Option(names = "--timeout", paramLabel = "SECONDS",
            description = "how long to wait for the sign-in (default: 300; with --device as long as the code is valid)")
    Integer timeout;

    @Option(names = "--json", description = "with --status: for programs")
    boolean json;

    @Option(names = "--with-secret", description = "with --save-settings: the client's secret as well")
    boolean withSecret;

    @Option(names = "--verbose", description = "show what is sent and received, secrets as dots")
    boolean verbose;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "show the version")
    boolean version;

    private final Invocation invocation;
    private final CleanOutput out;
    private final CleanOutput err;
    private Settings settings;
    private TokenStore store;
    private SignedInUser signedIn;

    private get_token(Invocation invocation) {
        this.invocation = invocation;
        this.out = invocation.out();
        this.err = invocation.err();
    }

    public static void main(String... args) {
        var request = TokenRequest.of(args);
        if (request.isPresent() && request.get().answer(config.values(), System.getenv(), System.out)
                && !System.out.checkError()) return;
        System.exit(run(System.getenv(), System.out, System.err, args));
    }

    /** Does what {@code args} ask for. @return the exit status */
    public static int run(Map<String, String> env, PrintStream out, PrintStream err, String... args) {
        return run(env, System.in, out, err, args);
    }

    /** The same for whoever types into another stream than {@code System.in}. */
    public static int run(Map<String, String> env, InputStream in, PrintStream out, PrintStream err, String... args) {
        var invocation = new Invocation(env, in, out, err);
        var command = new get_token(invocation);
        var request = TokenRequest.of(args);
        if (request.isEmpty()) return Program.run("get_token", command, invocation, args);
        command.user = request.get().user();
        command.instead.refreshToken = request.get().refresh();
        command.instead.accessToken = !request.get().refresh();
        return Outcome.of("get_token", command, invocation.err());
    }

    @Override public Integer call() {
        if (user != null) MailAddress.checked(user);
        if (timeout != null && timeout < 1)
            throw new Problem(USAGE, "--timeout is " + timeout, "give seconds, at least 1");
        if (json && !instead.status)
            throw new Problem(USAGE, "--json goes with --status", "type: jbang get_token.java --status --json");
        if (withSecret && !instead.saveSettings)
            throw new Problem(USAGE, "only --save-settings takes --with-secret",
                    "type: jbang get_token.java --save-settings --with-secret");
        if (user != null && instead.saveSettings)
            throw new Problem(USAGE, "--save-settings keeps them for every user, and " + user + " was named",
                    "leave the name out; {user} in M365_TOKEN_FILE gives each user a token file");
        if ("".equals(instead.configFor)) MailPrograms.list(out);
        else if (instead.saveSettings)
            err.print(new SavedSettings(config.values(), invocation.env(), withSecret).write());
        else {
            settings = SettingsReader.read(config.values(), invocation.env());
            try {
                act();
            } catch (Problem e) {
                var excluded = instead.accessToken ? "Signing in" : "Renewing";
                e.about(Placeholders.of(settings, invocation.env(), user, excluded));
                if (instead.accessToken) new SignInNotice(settings, store, user).send(e).ifPresent(this::warn);
                throw e;
            }
        }
        if (out.checkError()) throw new Problem(LATER, "the answer could not be written to standard output", "");
        return 0;
    }

    private void act() {
        store = TokenStores.of(settings, user);
        signedIn = new SignedInUser(settings, store);
        if (instead.status || instead.signOut) signedIn.mustBe(user);
        if (instead.accessToken) out.println(AccessTokens.valid(settings, store, user, log()).reveal());
        else if (instead.refreshToken) out.println(AccessTokens.refreshToken(settings, store, user, log()).reveal());
        else if (instead.status) status();
        else if (instead.signOut) signOut();
        else if (instead.configFor != null) printConfiguration(instead.configFor);
        else signIn();
    }

    private void signIn() {
        Consumer<String> log = log();
        var signIn = new SignIn(settings, store, invocation, log, user, timeout);
        Grant granted = instead.device ? signIn.byDevice() : signIn.byBrowser(!noBrowser);
        err.println();
        err.println("Signed in as " + granted.account() + ".");
        err.println("The refresh token is in " + store + ".");
        var missing = granted.missing(settings);
        if (!missing.isEmpty())
            err.println("Not granted: " + String.join(" ", missing) + ". Mail programs that need it will be refused.");
        var forgotten = settings.places().forgotten();
        if (!forgotten.isEmpty())
            err.println(StartCommand.asTypedHere("Set in this terminal only, and forgotten with it: "
                    + String.join(", ", forgotten) + ".\nTo keep them: jbang get_token.java --save-settings"));
        err.println(StartCommand.asTypedHere("Next: jbang check_imap.java " + granted.account()));
    }

    private void status() {
        var report = new StatusReport(settings, store);
        if (json) out.println(report.json());
        if (report.signedOut().isPresent()) throw report.signedOut().get();
        if (json) return;
        out.tell(report.text());
        report.warning().ifPresent(this::warn);
    }

    private void signOut() {
        if (store.<Boolean>locked(store::delete))
            err.say("Signed out: the tokens in " + store + " are deleted.\nMicrosoft still honours copies of them; "
                    + "to end those too, sign out everywhere at https://mysignins.microsoft.com");
        else err.println("There was nothing to delete in " + store + ".");
    }

    private void printConfiguration(String program) {
        var whose = signedIn.account();
        var account = Optional.ofNullable(user).or(() -> whose);
        var mailPrograms = new MailPrograms(invocation.env(), settings, store, user);
        out.print(mailPrograms.configurationFor(program, account.orElse("you@example.com")));
        if (account.isEmpty()) warn("nobody is signed in, so replace you@example.com by your address");
        else if (whose.isPresent() && !Text.sameName(whose.get(), account.get()))
            warn(whose.get() + " is signed in here; that token opens the mailbox of " + account.get()
                    + " only if they share it");
        else if (!store.inSecretStore() && !Files.exists(store.file()))
            warn("there is no token in " + store + " yet; run this where you signed in, set M365_TOKEN_FILE, "
                    + "or sign in now: " + StartCommand.signIn(invocation.env(), user));
    }

    private void warn(String warning) { err.println("get_token: warning: " + StartCommand.asTypedHere(warning)); }

    private Consumer<String> log() { return verbose ? err::println : line -> { }; }
}
