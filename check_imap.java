//bin/sh "$(dirname "$0")/jbang" "$0" "$@" ; exit $?
//JAVA 17+
//DEPS org.eclipse.angus:angus-mail:2.0.5
//SOURCES get_token.java

import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Checks a login to Microsoft 365 step by step, or says why it fails: everything that is said to the mail servers. Renews
 * the token through {@code get_token}; reads mailboxes without changing them and never sends mail.
 */
@Command(name = "check_imap", version = "check_imap " + config.VERSION, sortOptions = false, usageHelpAutoWidth = true,
        customSynopsis = {
            "check_imap user...  [--smtp] [--pop] [--mailbox ADDRESS]",
            "       check_imap --explain CODE-OR-TEXT"},
        header = "Check the login to a Microsoft 365 mailbox, step by step.%n",
        footer = {"",
            "Check that the mail program will get in:",
            "    $ jbang check_imap.java jan@uva.nl",
            "Check sending as well; nothing is sent:",
            "    $ jbang check_imap.java --smtp jan@uva.nl",
            "Look up an error, offline; - reads it from standard input:",
            "    $ jbang check_imap.java --explain AADSTS50011",
            "",
            "Exit status: 0 fine, 64 usage, 69 the mail server refused, 75 try again later,",
            "77 a person must sign in, 78 settings are wrong. Of several users: the highest."})
public final class check_imap implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "user", description = "whose token; several are checked side by side")
    List<String> users = new ArrayList<>();

    @Option(names = "--users", paramLabel = "FILE", description = "more users, one a line")
    Path usersFile;

    @Option(names = "--mailbox", paramLabel = "ADDRESS", description = "open this shared mailbox with user's token")
    String mailbox;

    @Option(names = "--smtp", description = "check SMTP as well, without sending")
    boolean smtp;

    @Option(names = "--pop", description = "check POP as well")
    boolean pop;

    @Option(names = "--all", description = "IMAP, and SMTP and POP where M365_SCOPES asks for them")
    boolean all;

    @Option(names = "--app-only", description = "for administrators: log in as the app itself, without a user's token")
    boolean appOnly;

    @Option(names = "--explain", paramLabel = "CODE-OR-TEXT", description = "what an error means and what to do; offline")
    String explain;

    @Option(names = "--json", description = "the report for programs")
    boolean json;

    @Option(names = "--verbose", description = "show the protocols, secrets as dots")
    boolean verbose;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "show the version")
    boolean version;

    private static final int SIDE_BY_SIDE = 8;

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;

    check_imap(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.err = err;
    }

    public static void main(String... args) { System.exit(run(System.getenv(), System.out, System.err, args)); }

    /** Does what {@code args} ask for. @return the exit status */
    static int run(Map<String, String> env, PrintStream out, PrintStream err, String... args) {
        return get_token.execute("check_imap", new check_imap(env, out, err), out, err, args);
    }

    @Override public Integer call() throws Exception {
        if (explain != null) return explain();
        var everyone = everyone();
        if (everyone.isEmpty())
            throw new config.Problem(config.Status.USAGE, "whose login is to be checked?", "name the user: check_imap jan@uva.nl");
        var single = everyone.size() == 1;
        if (!single && !appOnly) demandTokenFileEach();
        var checkups = everyone.stream().map(user -> new Checkup(user, single && !json ? out::println : line -> { })).toList();
        if (single) checkups.get(0).run();
        else sideBySide(checkups);
        if (json) out.println(get_token.toJson(document(checkups)));
        else if (single) checkups.get(0).problem.ifPresent(problem -> err.print(problem.tell("check_imap")));
        else table(checkups);
        return checkups.stream().mapToInt(Checkup::exitStatus).max().orElseThrow();
    }

    private int explain() throws IOException {
        if (json) throw new config.Problem(config.Status.USAGE, "--json does not go with --explain", "");
        try {
            users.forEach(config::address);
        } catch (config.Problem e) { // then these are words of the text, which was not quoted
            if (explain.equals("-")) throw e;
            explain += " " + String.join(" ", users);
            users = List.of();
        }
        var text = explain.equals("-") ? new String(System.in.readNBytes(config.LONGEST_TEXT), UTF_8) : explain;
        out.print(config.explain(text, factsFor(text)));
        return 0;
    }

    /** The settings fill in the advice; settings that are wrong need not hinder it. An app that the text names goes before ours. */
    private Map<String, String> factsFor(String text) {
        try {
            var facts = config.Settings.from(env).facts(users.isEmpty() ? null : users.get(0));
            var named = NAMED_APP.matcher(text);
            var ours = facts.get("client_id");
            if (named.find()) facts.replaceAll((name, value) -> value.replace(ours, named.group(1)));
            return facts;
        } catch (config.Problem e) {
            return Map.of();
        }
    }

    private static final Pattern NAMED_APP = Pattern.compile("(?i)\\b(?:app|application|client)\\b[^.\\n']{0,40}'([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'");

    /** The users on the command line and in the file, each once. */
    private List<String> everyone() throws IOException {
        var everyone = new ArrayList<>(users);
        if (usersFile != null) {
            String text;
            try (var file = Files.newInputStream(usersFile)) {
                text = new String(file.readNBytes(config.LONGEST_TEXT), UTF_8);
            } catch (IOException e) {
                throw new config.Problem(config.Status.USAGE, "--users names " + config.quote(usersFile.toString()) + ", which cannot be read", "");
            }
            text.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).forEach(everyone::add);
        }
        everyone.forEach(config::address);
        if (mailbox != null) config.address(mailbox);
        return everyone.stream().distinct().toList();
    }

    /** Said once and before anything runs, rather than of every user. */
    private void demandTokenFileEach() {
        config.Settings settings;
        try {
            settings = config.Settings.from(env);
        } catch (config.Problem e) {
            return; // told with each user
        }
        if (!settings.perUser())
            throw new config.Problem(config.Status.USAGE, "several users need a token file each", settings.readCommand().isEmpty()
                    ? "set M365_TOKEN_FILE=/path/{user}" : "put {user} into M365_TOKEN_READ_COMMAND and M365_TOKEN_WRITE_COMMAND");
    }

    /** Several users, at most eight at a time; a terminal shows how far it is. */
    private void sideBySide(List<Checkup> checkups) throws InterruptedException {
        var pool = Executors.newFixedThreadPool(Math.min(SIDE_BY_SIDE, checkups.size()));
        try {
            pool.invokeAll(checkups.stream().<Callable<Void>>map(checkup -> () -> {
                checkup.run();
                if (System.console() != null) err.print("\r" + finished(checkups) + " of " + checkups.size() + " checked");
                return null;
            }).toList());
            if (System.console() != null) err.println();
        } finally {
            pool.shutdown();
        }
    }

    private static long finished(List<Checkup> checkups) { return checkups.stream().filter(c -> c.finished).count(); }

    // ---- the report ----------------------------------------------------------------------------------------------

    private enum Mark { OK, NOTE, FAILED }

    /** One step of a checkup. @param cause the id of a row in failures.tsv, or empty */
    private record Step(String name, Mark mark, String words, long millis, String cause) {
        @Override public String toString() { return String.format("%-6s  %-15s %s  (%d ms)", mark, name, words, millis); }
    }

    private void table(List<Checkup> checkups) {
        int width = checkups.stream().mapToInt(c -> c.user.length()).max().orElseThrow();
        for (var checkup : checkups)
            out.printf("%-" + width + "s  %-6s  %s%n", checkup.user, checkup.problem.isEmpty() ? Mark.OK : Mark.FAILED,
                    checkup.problem.map(p -> checkup.now + ": " + p.getMessage().lines().findFirst().orElse("")).orElseGet(checkup::verdict));
        out.println(checkups.stream().filter(c -> c.problem.isEmpty()).count() + " of " + checkups.size() + " fine");
    }

    /** The fields are documented in README.md; a change of meaning raises schema_version. */
    private Map<String, Object> document(List<Checkup> checkups) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schema_version", 1);
        document.put("ok", checkups.stream().allMatch(c -> c.problem.isEmpty()));
        document.put("exit_status", checkups.stream().mapToInt(Checkup::exitStatus).max().orElseThrow());
        document.put("checks", checkups.stream().map(Checkup::document).toList());
        return document;
    }

    // ---- one checkup ---------------------------------------------------------------------------------------------

    /** The steps for one user, in order; the first that fails ends them. */
    private final class Checkup {
        final String user;
        final List<Step> steps = new ArrayList<>();
        volatile boolean finished;
        Optional<config.Problem> problem = Optional.empty();
        String now = "settings";
        private final Consumer<String> tell;
        private long begun;
        private config.Settings settings;
        private Token token;
        private String said = "";
        private boolean throughIpv4;
        private int folders, messages, unread;

        Checkup(String user, Consumer<String> tell) {
            this.user = user;
            this.tell = tell;
        }

        String mailbox() { return mailbox == null ? user : mailbox; }

        void run() {
            try {
                begin("settings");
                settings = config.Settings.from(env);
                Cloud.check(settings, servers());
                done(settingsInWords());
                token = appOnly ? appToken() : userToken();
                begin("access token");
                token.examine(this);
                imap();
                if (smtpToo()) smtp();
                else if (all) leftOut("SMTP", "SMTP.Send");
                if (popToo()) pop();
                else if (all) leftOut("POP", "POP.AccessAsUser.All");
                tell.accept(verdict());
            } catch (config.Problem e) {
                fail(e);
            } catch (RuntimeException | Error e) {
                fail(get_token.bug(e));
            }
            finished = true;
        }

        private boolean smtpToo() { return smtp || all && askedFor("SMTP.Send"); }

        private boolean popToo() { return pop || all && askedFor("POP.AccessAsUser.All"); }

        /** The app itself is given all it has, and {@code .default} asks for that. */
        private boolean askedFor(String scope) {
            return appOnly || Stream.of(scope, ".default").anyMatch(asked -> get_token.Grant.covers(settings.scopes(), asked));
        }

        private void leftOut(String protocol, String scope) {
            begin(protocol + " scope");
            note("not checked: M365_SCOPES does not ask for " + scope, "missing-mail-scope");
        }

        /** The mail servers that will be asked. */
        private List<config.Server> servers() {
            var servers = new ArrayList<>(List.of(settings.imap()));
            if (smtpToo()) servers.add(settings.smtp());
            if (popToo()) servers.add(settings.pop());
            return servers;
        }

        void begin(String step) {
            now = step;
            begun = System.nanoTime();
        }

        void done(String words) { add(Mark.OK, words, ""); }

        /** Something odd that need not be fatal: it is named here, and again should the login fail. */
        void note(String words, String cause) { add(Mark.NOTE, words, cause); }

        private void fail(config.Problem e) {
            problem = Optional.of(settings == null ? e : e.about(facts()));
            add(Mark.FAILED, e.getMessage().lines().findFirst().orElse(""), e.causeId());
        }

        private void add(Mark mark, String words, String cause) {
            var step = new Step(now, mark, words, (System.nanoTime() - begun) / 1_000_000, cause);
            steps.add(step);
            tell.accept(step.toString());
            begun = System.nanoTime();
        }

        private Map<String, String> facts() {
            var facts = settings.facts(user);
            facts.put("mailbox", mailbox());
            facts.put("sign_in", clients.signIn(env, user));
            if (!said.isEmpty()) facts.put("said", said);
            facts.put("not", token == null ? "Signing in" : String.join(", ", token.excluded(mailbox(), throughIpv4)));
            return facts;
        }

        int exitStatus() { return problem.map(p -> p.status.code).orElse(0); }

        String verdict() {
            return mailbox() + " has " + get_token.count(folders, "folder") + "; INBOX has " + messagesInWords();
        }

        /** Angus Mail says -1 if the server does not say how many are unread. */
        private String messagesInWords() { return get_token.count(messages, "message") + (unread < 0 ? "" : ", " + unread + " unread"); }

        Map<String, Object> document() {
            var document = new LinkedHashMap<String, Object>();
            document.put("user", user);
            document.put("mailbox", mailbox());
            document.put("ok", problem.isEmpty());
            document.put("exit_status", exitStatus());
            document.put("cause", problem.map(config.Problem::causeId).filter(id -> !id.isEmpty()).orElse(null));
            document.put("message", problem.map(Throwable::getMessage).orElse(null));
            document.put("folders", problem.isEmpty() ? folders : null);
            document.put("messages", problem.isEmpty() ? messages : null);
            document.put("unread", problem.isEmpty() && unread >= 0 ? unread : null);
            document.put("steps", steps.stream().map(step -> {
                var fields = new LinkedHashMap<String, Object>();
                fields.put("name", step.name());
                fields.put("mark", step.mark().name().toLowerCase(Locale.ROOT));
                fields.put("words", step.words());
                fields.put("millis", step.millis());
                fields.put("cause", step.cause().isEmpty() ? null : step.cause());
                return fields;
            }).toList());
            return document;
        }

        private String settingsInWords() {
            return (settings.confidential() ? "confidential" : "public") + " client " + settings.clientId() + " at "
                    + settings.authority().getHost() + "/" + settings.tenant();
        }

        // ---- the token

        private Token userToken() {
            begin("token file");
            var store = config.TokenStore.of(settings, user);
            store.load();
            done("in " + store);
            begin("renewal");
            var granted = store.locked(() -> get_token.renew(settings, store, log()));
            done("signed in as " + granted.account() + "; the new refresh token is stored");
            return new Token(granted, user);
        }

        private Token appToken() {
            begin("app token");
            var granted = get_token.appOnly(settings, log());
            done("the app itself is signed in to " + settings.tenant());
            return new Token(granted, null);
        }

        private Consumer<String> log() { return verbose ? err::println : line -> { }; }

        // ---- the mail servers, through Angus Mail

        private void imap() {
            begin("IMAP scope");
            token.needs(settings, "IMAP.AccessAsUser.All", "IMAP.AccessAsApp");
            var wire = new Wire(this, settings.imap(), true);
            try (var store = new XoauthOnly(session("imap", wire), wire)) {
                wire.resolve();
                store.connect(settings.imap().host(), settings.imap().port(), mailbox(), token.secret().reveal());
                done("XOAUTH2 as " + mailbox());
                begin("IMAP mailbox");
                // Exchange may accept a login and fail the next command, so only an opened INBOX proves it.
                folders = store.getDefaultFolder().list("*").length;
                var inbox = store.getFolder("INBOX");
                inbox.open(Folder.READ_ONLY);
                messages = inbox.getMessageCount();
                inbox.close(false);
                unread = inbox.getUnreadMessageCount(); // by STATUS; of an open folder by SEARCH, which names every message
                done(get_token.count(folders, "folder") + "; INBOX: " + messagesInWords());
            } catch (MessagingException e) {
                throw refused("imap", wire, e);
            } catch (RuntimeException e) {
                throw nonsense(wire, e);
            }
        }

        /** Logs in and names a sender, then takes it back: nothing is sent. */
        private void smtp() {
            begin("SMTP scope");
            token.needs(settings, "SMTP.Send", "SMTP.SendAsApp");
            var wire = new Wire(this, settings.smtp(), false);
            var session = session("smtp", wire);
            try (var transport = (SMTPTransport) session.getTransport("smtp")) {
                wire.resolve();
                transport.connect(settings.smtp().host(), settings.smtp().port(), mailbox(), token.secret().reveal());
                done("XOAUTH2 as " + mailbox() + ", after STARTTLS");
                begin("SMTP sender");
                transport.issueCommand("MAIL FROM:<" + mailbox() + ">", 250);
                transport.issueCommand("RSET", 250);
                done(mailbox() + " is accepted as sender; nothing was sent");
            } catch (MessagingException e) {
                throw refused("smtp", wire, e);
            } catch (RuntimeException e) {
                throw nonsense(wire, e);
            }
        }

        private void pop() {
            begin("POP scope");
            token.needs(settings, "POP.AccessAsUser.All", "POP.AccessAsApp");
            var wire = new Wire(this, settings.pop(), true);
            var session = session("pop3", wire);
            try (var store = session.getStore("pop3")) {
                wire.resolve();
                store.connect(settings.pop().host(), settings.pop().port(), mailbox(), token.secret().reveal());
                // Angus Mail takes a challenge for success.
                if (!wire.last().startsWith("+OK")) throw new MessagingException("no +OK");
                done("XOAUTH2 as " + mailbox());
                begin("POP mailbox");
                try (var inbox = store.getFolder("INBOX")) {
                    inbox.open(Folder.READ_ONLY);
                    done(get_token.count(inbox.getMessageCount(), "message"));
                }
            } catch (MessagingException e) {
                throw refused("pop", wire, e);
            } catch (RuntimeException e) {
                throw nonsense(wire, e);
            }
        }

        private Session session(String protocol, Wire wire) {
            var p = "mail." + protocol + ".";
            var properties = new Properties();
            properties.put(p + "socketFactory", wire.factory());
            properties.put(p + "socketFactory.fallback", "false"); // Angus would go on without the wire, in plain text
            properties.put(p + "timeout", Wire.PATIENCE_MILLIS);
            properties.put(p + "connectiontimeout", Wire.PATIENCE_MILLIS);
            properties.put(p + "auth.mechanisms", "XOAUTH2");
            properties.put(p + "auth.xoauth2.disable", "false");
            properties.put(p + "auth", "true");
            // Exchange wants POP's AUTH in two lines (Microsoft: "Authenticate an IMAP, POP or SMTP connection using OAuth").
            properties.put("mail.pop3.auth.xoauth2.two.line.authentication.format", "true");
            properties.put("mail.smtp.starttls.enable", "true");
            properties.put("mail.smtp.starttls.required", "true");
            properties.put("mail.smtp.ssl.socketFactory", config.trust(settings).getSocketFactory());
            properties.put("mail.smtp.ssl.checkserveridentity", "true");
            properties.put("mail.smtp.quitwait", "false"); // a connection reset after a refusal would hide it
            properties.put("mail.smtp.localhost", "localhost"); // else EHLO tells the server this machine's name
            var session = Session.getInstance(properties);
            if (verbose) {
                session.setDebugOut(err);
                session.setDebug(true);
            }
            return session;
        }

        /** Angus Mail stumbles, with one exception or another, over a server that does not keep to the protocol. */
        private config.Problem nonsense(Wire wire, RuntimeException e) {
            return e instanceof config.Problem told ? told : new config.Problem(config.Status.REFUSED,
                    wire.server + " does not speak the mail protocol as it should",
                    "check the host and port; --verbose shows what it said");
        }

        /** The server's refusal in its own words, what is known of it, and what can be ruled out. */
        private config.Problem refused(String protocol, Wire wire, MessagingException e) {
            for (Throwable cause = wire.broken == null ? e : wire.broken; cause != null; cause = cause.getCause()) {
                if (cause instanceof Wire.Failure failure) return failure.problem;
                if (cause instanceof SocketTimeoutException)
                    return new config.Problem(config.Status.LATER, wire.server + " stopped answering: " + cause.getMessage(), "",
                            failures.Cause.Signal.of("network", protocol + " timed out")).at(wire.server);
                if (cause instanceof SocketException cut && wire.refusal().isEmpty()) return get_token.unreachable(protocol, wire.server, true, cut);
                if (cause instanceof SSLException tls) return get_token.unreachable(protocol, wire.server, protocol.equals("imap") || protocol.equals("pop"), tls);
            }
            if ((wire.ended || "[EOF]".equals(e.getMessage())) && wire.refusal().isEmpty())
                return (now.equals("IMAP mailbox")
                        ? new config.Problem(config.Status.REFUSED, wire.server + " accepted the login, then closed the connection without a word",
                                "if a second try gets further, it was the network", failures.Cause.Signal.local("dropped-after-login"))
                        : new config.Problem(config.Status.LATER, wire.server + " closed the connection without a word", "",
                                failures.Cause.Signal.of("network", "Connection reset"))).at(wire.server);
            said = wire.refusal().orElseGet(() -> String.valueOf(e.getMessage()).strip()).replace(token.secret().reveal(), "••••");
            // Angus Mail's own words, made of the exception over which it stumbled.
            if (said.startsWith("* BYE Jakarta Mail Exception")) return nonsense(wire, new IllegalStateException(e));
            var challenge = wire.challenge();
            var seen = failures.Cause.Signal.of(protocol, challenge.orElse(said));
            var refusal = failures.Cause.of(seen).id();
            if (refusal.equals("smtp-credentials-incorrect")) { // is about passwords, and we send none
                seen = failures.Cause.Signal.local("smtp-token-refused");
                refusal = failures.Cause.of(seen).id();
            }
            boolean withoutReason = WITHOUT_A_REASON.contains(refusal) || refusal.startsWith("unknown-");
            if (WITHOUT_A_REASON.contains(refusal)) seen = token.reason(seen);
            throughIpv4 = wire.getInetAddress() instanceof Inet4Address;
            var later = failures.Cause.of(seen).act().equals("wait");
            return new config.Problem(later ? config.Status.LATER : config.Status.REFUSED, wire.server + " refused: " + said + challenge.map(json -> " after " + json).orElse(""),
                    later || !withoutReason ? "" : token.ruledOut(wire), seen).at(wire.server);
        }
    }

    /** Refusals that give no reason; what is known of the token may tell it. */
    private static final Set<String> WITHOUT_A_REASON = Set.of("imap-token-refused", "authenticated-but-not-connected", "pop-token-refused",
            "smtp-token-refused", "send-as-denied");

    /** Angus Mail would send the token as a password (LOGIN) to a server without XOAUTH2; this looks before it logs in. */
    private static final class XoauthOnly extends IMAPStore {
        private final Wire wire;

        XoauthOnly(Session session, Wire wire) {
            super(session, new URLName("imap", null, -1, null, null, null));
            this.wire = wire;
        }

        @Override protected void preLogin(IMAPProtocol server) throws ProtocolException {
            if (!server.hasCapability("AUTH=XOAUTH2"))
                throw new ProtocolException("", wire.failed(new config.Problem(config.Status.REFUSED, wire.server + " does not offer XOAUTH2, but: "
                        + String.join(" ", server.getCapabilities().keySet()), "", failures.Cause.Signal.local("xoauth2-not-offered"))));
            wire.checkup.done("offers XOAUTH2: " + config.quote(wire.greeting()));
            wire.checkup.begin("IMAP login");
        }

        /** A server that greets with PREAUTH would let anybody in, and has proved nothing. */
        @Override protected boolean protocolConnect(String host, int port, String user, String password) throws MessagingException {
            boolean connected = super.protocolConnect(host, port, user, password);
            if (wire.checkup.now.equals("IMAP greeting"))
                throw new MessagingException("", wire.failed(new config.Problem(config.Status.REFUSED, wire.server + " wants no login: " + config.quote(wire.greeting()), "check the host and port",
                        failures.Cause.Signal.local("xoauth2-not-offered"))));
            return connected;
        }
    }

    /**
     * The connection to a mail server: resolves, connects and agrees on TLS step by step, so that each can be told and
     * timed; then hands the stream to Angus Mail, bounded in size and time against a server gone mad.
     */
    private static final class Wire extends Socket {
        static final int PATIENCE_MILLIS = 15_000;
        private static final long LONGEST_MILLIS = 60_000;
        private static final long MOST_BYTES = 2 * 1024 * 1024;
        private static final int MOST_LINE = 256 * 1024;

        /** Carries a problem through Angus Mail. */
        static final class Failure extends IOException {
            private static final long serialVersionUID = 1;
            final transient config.Problem problem;

            Failure(config.Problem problem) {
                super(problem.getMessage());
                this.problem = problem;
            }
        }

        final config.Server server;
        private final Checkup checkup;
        private final boolean tlsFirst;
        private final String protocol;
        private Socket connected = new Socket();
        private List<InetAddress> addresses = List.of();
        private final StringBuilder heard = new StringBuilder();
        private InputStream in;
        /** Why reading ended. Angus Mail makes a BYE of it and forgets it. */
        private volatile IOException broken;
        private volatile boolean ended;

        /** @param tlsFirst false for STARTTLS, which Angus Mail then insists on */
        Wire(Checkup checkup, config.Server server, boolean tlsFirst) {
            this.checkup = checkup;
            this.server = server;
            this.tlsFirst = tlsFirst;
            this.protocol = server.equals(checkup.settings.imap()) ? "IMAP" : tlsFirst ? "POP" : "SMTP";
        }

        SocketFactory factory() {
            return new SocketFactory() {
                @Override public Socket createSocket() { return Wire.this; }
                @Override public Socket createSocket(String host, int port) { throw new AssertionError(); }
                @Override public Socket createSocket(String host, int port, InetAddress local, int localPort) { throw new AssertionError(); }
                @Override public Socket createSocket(InetAddress host, int port) { throw new AssertionError(); }
                @Override public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) { throw new AssertionError(); }
            };
        }

        void resolve() {
            checkup.begin(protocol + " name");
            try {
                addresses = List.of(InetAddress.getAllByName(server.host()));
                checkup.done(server.host() + " is " + addresses.stream().map(a -> a.getHostAddress()).collect(Collectors.joining(", ")));
            } catch (UnknownHostException e) {
                throw get_token.unreachable(protocol.toLowerCase(Locale.ROOT), server, true, e);
            }
        }

        /** Angus Mail has no say in where to: the server was resolved, and told, before. */
        @Override public void connect(SocketAddress ignored, int timeout) throws IOException {
            checkup.begin(protocol + " connection");
            var failures = new ArrayList<String>();
            IOException last = null;
            for (var address : addresses) {
                try {
                    connected = new Socket();
                    connected.connect(new InetSocketAddress(address, server.port()), 5000);
                    last = null;
                    break;
                } catch (IOException e) {
                    connected.close();
                    failures.add(address.getHostAddress() + ": " + e.getMessage());
                    last = e;
                }
            }
            if (last != null) throw new Failure(get_token.unreachable(protocol.toLowerCase(Locale.ROOT), server, true, last));
            var through = connected.getInetAddress() instanceof Inet6Address ? "IPv6" : "IPv4";
            if (failures.isEmpty()) checkup.done(server + " over " + through);
            else checkup.note(server + " over " + through + ", not " + String.join(", ", failures), "");
            // A byte now and then would keep every other deadline from passing, also while TLS is agreed on.
            var socket = connected;
            CompletableFuture.delayedExecutor(LONGEST_MILLIS, TimeUnit.MILLISECONDS).execute(() -> {
                if (socket.isClosed()) return;
                broken = new SocketTimeoutException("it talks for over a minute");
                try {
                    socket.close();
                } catch (IOException e) { /* it was broken already */ }
            });
            if (tlsFirst) agreeOnTls();
            in = new Bounded(connected.getInputStream());
            checkup.begin(protocol + (protocol.equals("IMAP") ? " greeting" : " login"));
        }

        private void agreeOnTls() throws IOException {
            checkup.begin(protocol + " TLS");
            try {
                connected.setSoTimeout(PATIENCE_MILLIS);
                var tls = (SSLSocket) config.trust(checkup.settings).getSocketFactory().createSocket(connected, server.host(), server.port(), true);
                var parameters = tls.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the host name, too, must be in the certificate
                tls.setSSLParameters(parameters);
                tls.startHandshake();
                var certificate = (X509Certificate) tls.getSession().getPeerCertificates()[0];
                checkup.done(tls.getSession().getProtocol() + ", certificate from " + issuer(certificate) + ", until "
                        + certificate.getNotAfter().toInstant().toString().substring(0, 10));
                connected = tls;
            } catch (IOException e) {
                if (broken != null) throw broken;
                connected.close();
                throw new Failure(get_token.unreachable(protocol.toLowerCase(Locale.ROOT), server, true, e));
            }
        }

        private static String issuer(X509Certificate certificate) {
            var name = certificate.getIssuerX500Principal().getName();
            return Stream.of(name.split(",")).filter(part -> part.startsWith("O=") || part.startsWith("CN=")).map(part -> part.substring(part.indexOf('=') + 1))
                    .findFirst().orElse(name);
        }

        /** Keeps a problem that Angus Mail would lose on its way. */
        Failure failed(config.Problem problem) {
            var failure = new Failure(problem);
            broken = failure;
            return failure;
        }

        /** What the server said first. */
        String greeting() {
            synchronized (heard) {
                return heard.toString().lines().findFirst().orElse("");
            }
        }

        /** What the server said last. */
        String last() {
            synchronized (heard) {
                return heard.toString().lines().reduce("", (before, line) -> line);
            }
        }

        /** The line with which the server refused: a tagged NO or BAD, a -ERR, else a BYE. Only Angus Mail hears what is said after STARTTLS. */
        Optional<String> refusal() {
            if (!tlsFirst) return Optional.empty();
            synchronized (heard) {
                var lines = heard.toString().lines().toList();
                return Stream.of("\\S+ (NO|BAD) .*|-ERR.*", "\\* BYE.*").flatMap(form -> lines.stream().filter(line -> line.matches("(?i)" + form)))
                        .findFirst().map(line -> line.replaceFirst("^A[0-9]+ ", ""));
            }
        }

        /** What a server says in base64 before it refuses; Exchange does not. */
        Optional<String> challenge() {
            synchronized (heard) {
                return heard.toString().lines().filter(line -> line.startsWith("+ eyJ")).findFirst().map(line -> {
                    try {
                        return new String(Base64.getDecoder().decode(line.substring(2).strip()), UTF_8);
                    } catch (IllegalArgumentException e) {
                        return line;
                    }
                });
            }
        }

        /** What the server says, with an end to it. */
        private final class Bounded extends FilterInputStream {
            private long bytes, line;

            Bounded(InputStream in) { super(in); }

            @Override public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override public int read(byte[] buffer, int offset, int length) throws IOException {
                try {
                    int n = super.read(buffer, offset, length);
                    if (n > 0) listen(new String(buffer, offset, n, ISO_8859_1));
                    ended = n < 0;
                    return n;
                } catch (IOException e) {
                    if (broken == null) broken = e;
                    throw e;
                }
            }

            private void listen(String text) throws IOException {
                bytes += text.length();
                line = text.indexOf('\n') < 0 ? line + text.length() : text.length() - text.lastIndexOf('\n');
                if (bytes > MOST_BYTES || line > MOST_LINE)
                    throw new Failure(new config.Problem(config.Status.REFUSED, server + " sends more than any mail server should",
                            "check the host and port in the settings"));
                synchronized (heard) {
                    heard.append(text);
                    if (heard.length() > 8192) heard.delete(0, heard.length() - 4096);
                }
            }
        }

        @Override public InputStream getInputStream() { return in; }
        @Override public OutputStream getOutputStream() throws IOException { return connected.getOutputStream(); }
        @Override public boolean isConnected() { return connected.isConnected(); }
        @Override public boolean isClosed() { return connected.isClosed(); }
        @Override public InetAddress getInetAddress() { return connected.getInetAddress(); }
        @Override public int getPort() { return connected.getPort(); }
        @Override public void setSoTimeout(int millis) throws SocketException { connected.setSoTimeout(millis); }
        @Override public int getSoTimeout() throws SocketException { return connected.getSoTimeout(); }
        @Override public void setTcpNoDelay(boolean on) throws SocketException { connected.setTcpNoDelay(on); }
        @Override public void close() throws IOException { connected.close(); }
    }

    /** Microsoft's clouds: a tenant's identity provider and its mailboxes are in the same one (Microsoft: "National clouds"). */
    private enum Cloud {
        GLOBAL("login.microsoftonline.com", "outlook.office.com", "outlook.office365.com", "smtp.office365.com", "smtp-mail.outlook.com"),
        US_GOVERNMENT("login.microsoftonline.us", "outlook.office365.us", "outlook-dod.office365.us", "smtp.office365.us"),
        CHINA("login.partner.microsoftonline.cn", "partner.outlook.cn");

        private final List<String> hosts;

        Cloud(String... hosts) { this.hosts = List.of(hosts); }

        private static Optional<Cloud> of(String host) { return Stream.of(values()).filter(cloud -> cloud.hosts.contains(host)).findFirst(); }

        /** Hosts that we do not know are taken as they come. */
        static void check(config.Settings settings, List<config.Server> servers) {
            var authority = settings.authority().getHost();
            var home = of(authority);
            var elsewhere = Stream.concat(servers.stream().map(config.Server::host),
                    settings.scopes().stream().map(scope -> URI.create(scope).getHost()))
                    .filter(host -> home.isPresent() && of(host).isPresent() && !of(host).equals(home)).collect(Collectors.toCollection(TreeSet::new));
            if (!elsewhere.isEmpty())
                throw new config.Problem(config.Status.SETTINGS, authority + " belongs to another cloud than " + String.join(", ", elsewhere),
                        "take authority, mail hosts and scopes from one row of the clouds in README.md; the app must be registered there too",
                        new failures.Cause.Signal("page", "", "", List.of("90038"), ""));
        }
    }

    /** An access token and what it says of itself: opaque by contract, but those of work accounts can be read (RFC 7519). */
    private static final class Token {
        private static final String GRAPH = "00000003-0000-0000-c000-000000000000";
        private static final Duration TOLERABLE = Duration.ofMinutes(2);

        private final get_token.Grant granted;
        private final String user;
        private final Map<String, Object> claims;

        /** @param user who is meant to be signed in; null for the app itself */
        Token(get_token.Grant granted, String user) {
            this.granted = granted;
            this.user = user;
            this.claims = get_token.claims(secret().reveal());
        }

        config.Secret secret() { return granted.accessToken(); }

        private String claim(String name) { return claims.get(name) instanceof String text ? text : ""; }

        /** The sign-in name in the token, or empty. */
        String holder() { return Stream.of("upn", "preferred_username", "unique_name").map(this::claim).filter(c -> !c.isEmpty()).findFirst().orElse(""); }

        /** Finds before the server does what will be refused, and says what is merely odd. */
        void examine(Checkup checkup) {
            var ahead = granted.answered().map(time -> Duration.between(time, Instant.now())).orElse(Duration.ZERO);
            if (ahead.abs().compareTo(TOLERABLE) > 0)
                checkup.note("this computer's clock is " + get_token.words(ahead.abs()) + (ahead.isNegative() ? " behind" : " ahead"), "clock-wrong");
            var lasts = "valid for " + get_token.words(Duration.between(Instant.now(), granted.expires()));
            if (claims.isEmpty()) {
                checkup.done("opaque, as those of personal accounts are; " + lasts);
                return;
            }
            if (claim("aud").contains("graph.microsoft.com") || claim("aud").equals(GRAPH))
                throw new config.Problem(config.Status.SETTINGS, "the access token is for Microsoft Graph, and mail servers refuse it",
                        "ask for https://outlook.office.com/IMAP.AccessAsUser.All in M365_SCOPES, then sign in again",
                        failures.Cause.Signal.local("graph-token"));
            if (user != null && !holder().isEmpty() && !holder().equalsIgnoreCase(user))
                checkup.note("the token belongs to " + holder() + ", not to " + user, "token-of-another-user");
            checkup.done((user == null ? "of the app" : "of " + holder()) + " for " + String.join(" ", permissions()) + ", " + lasts);
        }

        /** What speaks for another reason than the refusal {@code seen} gives; else that. */
        failures.Cause.Signal reason(failures.Cause.Signal seen) {
            if (user == null) return failures.Cause.Signal.local(seen.where().equals("smtp") ? "app-only-sending-refused"
                    : failures.Cause.of(seen).id().equals("authenticated-but-not-connected") ? "app-only-mailbox-refused" : "app-only-login-refused");
            return holder().isEmpty() || holder().equalsIgnoreCase(user) ? seen : failures.Cause.Signal.local("token-of-another-user");
        }

        /** Causes that are not: the words with which they begin in failures.tsv. */
        Set<String> excluded(String mailbox, boolean throughIpv4) {
            var not = new TreeSet<String>();
            if (user != null) not.add("Access without a user");
            if (user != null && mailbox.equalsIgnoreCase(user)) not.add("Shared mailbox");
            if (throughIpv4) not.add("IPv6");
            if (claims.isEmpty()) return not;
            not.addAll(List.of("Personal account", "IPv6", "The token"));
            if (user != null && holder().equalsIgnoreCase(user)) not.add("Another account");
            return not;
        }

        /** What is known of this token, for a refusal without a reason: each point is one cause less. */
        String ruledOut(Wire wire) {
            var facts = new ArrayList<String>();
            if (!claims.isEmpty()) {
                if (user != null && holder().equalsIgnoreCase(user)) facts.add("the token is " + user + "'s own");
                facts.add("it is for " + claim("aud") + ", carries " + String.join(" ", permissions()) + " and is valid for "
                        + get_token.words(Duration.between(Instant.now(), granted.expires())));
            }
            if (wire.getInetAddress() instanceof Inet4Address) facts.add("the connection goes over IPv4");
            return facts.isEmpty() ? "" : "checked, and not the cause: " + String.join("; ", facts);
        }

        private Set<String> permissions() {
            if (claims.isEmpty()) return granted.scopes();
            var roles = claims.get("roles") instanceof List<?> list ? list.stream().map(String::valueOf) : Stream.<String>of();
            return Stream.concat(Stream.of(claim("scp").split(" ")), roles).filter(p -> !p.isEmpty()).collect(Collectors.toCollection(TreeSet::new));
        }

        /** A token without the permission would be refused without a reason. */
        void needs(config.Settings settings, String scope, String role) {
            var wanted = user == null ? role : scope;
            if (get_token.Grant.covers(permissions(), wanted)) return;
            throw new config.Problem(config.Status.SETTINGS, "the access token lacks " + wanted, user == null
                    ? "add the application permission " + wanted + " to the app and grant admin consent"
                    : "add https://" + URI.create(settings.scopes().iterator().next()).getHost() + "/" + wanted + " to M365_SCOPES, then sign in again: jbang get_token.java " + user,
                    failures.Cause.Signal.local(user == null ? "app-only-role-missing" : "missing-"
                            + scope.substring(0, scope.indexOf('.')).toLowerCase(Locale.ROOT) + "-scope"));
        }
    }
}
