//JAVA 17+
//SOURCES faults.java

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

/** What goes in: fuzzed input, hostile names, and what the programs that we start are told. */
final class faults_input {
    private static final String STATE = "c3RhdGUtb2YtdGhpcy1hdHRlbXB0";
    private static final String CODE = "1.AXYAcodecodecode-" + "abcdEFGH0123_".repeat(20);
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\x80-\\x9f\\u202a-\\u202e\\u2028\\u2029]");
    /** No line that a person pastes, and no setting, may take more of a processor. */
    private static final long MOST_MILLIS = 3000;
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private final faults suite;
    private final faults_lab lab;

    faults_input(faults suite) {
        this.suite = suite;
        this.lab = suite.lab;
    }

    void all() {
        suite.fault("names: of users and mailboxes", this::names);
        suite.fault("told: to children, and with --verbose", this::told);
        suite.fault("told: to the disk, as strace sees it", this::written);
        suite.fault("told: of a bug of ours", this::bug);
        suite.fault("fuzz: what is pasted", fault -> fuzz(fault, 5_000, PASTED, this::pasted));
        suite.fault("fuzz: what the browser sends", fault -> fuzz(fault, 20_000, SENT, this::sent));
        suite.fault("fuzz: the cache", this::cache);
        suite.fault("fuzz: the settings", this::settings);
        suite.fault("fuzz: --explain", fault -> fuzz(fault, 400, EXPLAINED, this::explained));
        suite.fault("fuzz: the provider's answers", this::answers);
        suite.fault("fuzz: a mail server's answers", this::mail);
    }

    // ---- generators --------------------------------------------------------------------------------------------------

    private static final List<String> ODD = List.of("\0", "\1", "\n", "\r\n", "\t", " ", "\u2028", "\u202e", "\uFEFF", "%", "%zz", "%00", "%0a", "%1b", "%ff", "%c3%28", "+", "&", "&&",
            "=", "?", "#", "\"", "'", "`", "<script>", ">", "{", "}", "[", "]", "\\", "\\u", "\\u0000", "\ud800", "\udc00", "\ud83d\ude00", "\u00e9", "\u0130", "../", "/", "//", ":", "@", ";",
            ",", "${HOME}", "$1", "%s%n", "\u001b[2J", "\u009b2J", "-1", "0", "99999999999999999999", "1e400", "null", "true", "{}", "[]", "x".repeat(1000), " ".repeat(1000), "\"".repeat(500),
            "a_".repeat(300), "state=" + STATE, "code=", "error=", "AADSTS50011", "eyJ", "user=", "{user}");

    private final class Scrambler {
        private final Random random;

        Scrambler(Random random) { this.random = random; }

        <T> T one(List<T> of) { return of.get(random.nextInt(of.size())); }

        /** One of {@code seeds}, changed in up to eight places; now and then nothing but noise. */
        String of(List<String> seeds) {
            if (random.nextInt(20) == 0) return noise();
            var text = new StringBuilder(one(seeds));
            for (int n = random.nextInt(9); n > 0; n--) {
                int at = random.nextInt(text.length() + 1), to = Math.min(text.length(), at + random.nextInt(20));
                switch (random.nextInt(7)) {
                    case 0 -> text.insert(at, one(ODD));
                    case 1 -> text.replace(at, to, one(ODD));
                    case 2 -> text.delete(at, to);
                    case 3 -> text.insert(at, text.substring(at, to));
                    case 4 -> { if (at < text.length()) text.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 65536)); }
                    case 5 -> text.setLength(random.nextInt(3) == 0 ? at : text.length());
                    default -> { if (text.length() < 20_000) text.append(one(seeds)); }
                }
            }
            return text.toString();
        }

        private String noise() {
            var text = new StringBuilder();
            for (int n = random.nextInt(200); n > 0; n--) text.append(random.nextBoolean() ? one(ODD) : String.valueOf((char) random.nextInt(65536)));
            return text.toString();
        }
    }

    private interface Property {
        void of(String input);
    }

    private void fuzz(faults.Fault fault, int times, List<String> seeds, Property property) {
        var scrambler = new Scrambler(new Random(suite.seed));
        int good = 0;
        for (int n = 0; n < often(times); n++) {
            var input = scrambler.of(seeds);
            try {
                soon(() -> property.of(input));
                good++;
            } catch (RuntimeException | StackOverflowError | AssertionError e) {
                fault.attempt("input " + n + " " + shown(input), () -> { throw new AssertionError(e + " at " + List.of(e.getStackTrace()).stream().limit(4).toList()); });
                if (n - good > 5) break; // the first ones will do
            }
        }
        fault.count(good);
    }

    private int often(int times) { return suite.lengthy ? 20 * times : times; }

    private static void soon(Runnable work) {
        long started = CLOCK.getCurrentThreadCpuTime();
        work.run();
        long millis = (CLOCK.getCurrentThreadCpuTime() - started) / 1_000_000;
        faults_lab.check(millis < MOST_MILLIS, millis, "milliseconds");
    }

    private static String shown(String input) {
        var text = new StringBuilder();
        input.chars().limit(300).forEach(c -> text.append(c > ' ' && c < 127 ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        return text.toString();
    }

    // ---- the readers -------------------------------------------------------------------------------------------------

    private static final List<String> PASTED = List.of("https://localhost:8745/?code=" + CODE + "&state=" + STATE + "&session_state=x", "code=" + CODE + "&state=" + STATE, CODE,
            "https://localhost:8745/?error=access_denied&error_description=AADSTS65004%3a+User+declined&state=" + STATE, "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x",
            "AADSTS50011: The redirect URI does not match", "'http://localhost/?state=" + STATE + "&code=" + CODE + "#'", "", "\"".repeat(60_000) + "x", " ".repeat(60_000) + "x");

    private void pasted(String line) {
        var read = browser.Redirect.pasted(line, STATE, Map.of());
        if (read instanceof browser.Redirect.Stray stray) clean(stray.why());
        else if (read instanceof browser.Redirect.Declined) faults_lab.check(line.replaceAll("\\s", "").contains("state"), "", "declined without a state");
        else faults_lab.check(config.printable(((browser.Redirect.Code) read).code().reveal()) || line.replaceAll("\\s", "").contains("state"), "", "a code that cannot be one");
    }

    private static final List<String> SENT = List.of("code=" + CODE + "&state=" + STATE, "state=" + STATE + "&error=access_denied&error_description=no", "code=" + CODE, "null", "", "state=" + STATE,
            "code=" + CODE + "&state=" + STATE + "&state=" + STATE, "c%6fde=x&st%61te=" + STATE);

    private void sent(String query) {
        var read = browser.Redirect.read(query, STATE);
        if (read instanceof browser.Redirect.Stray stray) clean(stray.why());
        else faults_lab.check(query.contains("state") || query.contains("%"), "", "taken without its state");
        faults_lab.check(browser.Redirect.read(query, STATE + "x") instanceof browser.Redirect.Stray || query.contains(STATE + "x"), "", "taken for another attempt");
    }

    private static final List<String> EXPLAINED = List.of("AADSTS50011", "50011", "AADSTS700016: Application with identifier 'x' was not found\r\nTrace ID: 11111111-2222-3333-4444-555555555555\r\nTimestamp: 2024-01-01",
            "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70008: expired\",\"error_codes\":[70008],\"suberror\":\"bad_token\"}", "A1 NO AUTHENTICATE failed.",
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled", "https://localhost/?error=access_denied&error_description=AADSTS65004%3a+x&state=y",
            "javax.net.ssl.SSLHandshakeException: PKIX path building failed", "Connection refused", "", "local token-file-missing", "a_".repeat(15_000), " ".repeat(31_000), "eyJ".repeat(10_000),
            "AUTH ".repeat(6_000), "error=".repeat(5_000), "\"".repeat(30_000));

    private void explained(String text) {
        var told = config.explain(text, Map.of());
        faults_lab.check(!told.isBlank(), "", "nothing was explained");
        clean(told);
    }

    private static void clean(String told) {
        faults_lab.check(!CONTROL.matcher(told).find(), shown(told), "a control character");
        faults_lab.check(told.length() < 20_000, told.length(), "characters");
    }

    private void cache(faults.Fault fault) {
        var login = lab.login();
        var home = lab.home(login).signedIn();
        home.get_token("--access-token").runHere().printsToken();
        var real = faults_lab.read(home.cache());
        var seeds = List.of(real, real, "{}", "{\"AccessToken\":{}}", real.replace("{", "{\n  "), real.replaceAll("\"expires_on\":\"\\d+\"", "\"expires_on\":\"31556889864403199\""),
                real.replaceAll("\"(expires_on|cached_at)\":\"\\d+\"", "\"$1\":\"-31557014167219200\""), "[".repeat(100_000), "{\"a\":".repeat(20_000));
        fuzz(fault, 5_000, seeds, text -> get_token.Cached.read(text)
                .ifPresent(cached -> faults_lab.check(config.printable(cached.accessToken().reveal()), "", "a token that cannot be one")));
        var scrambler = new Scrambler(new Random(suite.seed + 1));
        for (int i = 0; i < often(40); i++) {
            int n = i;
            var text = n < seeds.size() ? seeds.get(n) : scrambler.of(seeds);
            fault.attempt("cache file " + n, () -> {
                Files.write(home.cache(), text.getBytes(n % 5 == 4 ? UTF_16 : UTF_8));
                home.get_token("--status").runHere().exits(0);
                home.get_token("--status", "--json").runHere().exits(0);
                home.get_token("--access-token").runHere().exits(0);
                faults_lab.check(login.secrets().contains(home.stored()), "", "the token was lost");
            });
        }
    }

    /** Each setting with a usual value and some that are nearly right; the rest is up to the scrambler. */
    private void settings(faults.Fault fault) {
        var secret = lab.secret("Zq8~planted-secret-of_the-fuzzer");
        var password = lab.secret("planted-proxy-password");
        var seeds = new HashMap<String, List<String>>();
        seeds.put("M365_CLIENT_ID", List.of(config.CLIENT_ID, "9e5f94bc"));
        seeds.put("M365_CLIENT_SECRET", List.of(secret, ""));
        seeds.put("M365_AUTHORITY", List.of(config.AUTHORITY, "https://login.microsoftonline.com/adfs", "https://localhost:99999/common", "https://a.b2clogin.com/tfp", "https://a.ciamlogin.com/x",
                "https://[::1]/common", "https://u:p@host/x", "https://host/", "https://host", "https://host/..", "https://host/a/b", "mailto:x", "https://host:/x", "https://host:-1/x"));
        seeds.put("M365_SCOPES", List.of(config.SCOPES, "https://outlook.office.com/.default", "offline_access", "https://a/b https://c/d", "https://h/%00", "https://h:99999/x"));
        seeds.put("M365_REDIRECT_URI", List.of(config.REDIRECT_URI, "http://127.0.0.1", "http://localhost:0/", "https://localhost:65536/", "http://localhost:-5/", "http://[::1]/", "http:localhost"));
        seeds.put("M365_TOKEN_FILE", List.of("refresh_token", "{user}.token", "~/x", "/", "..", ".", "a/b/c", "~/", "x".repeat(5000)));
        seeds.put("M365_TOKEN_READ_COMMAND", List.of("cat x", "pass show 'a b'", "\"", "'", "\\", "a {user}"));
        seeds.put("M365_TOKEN_WRITE_COMMAND", List.of("tee x", "\\\""));
        for (var server : List.of("IMAP", "SMTP", "POP")) {
            seeds.put("M365_" + server + "_HOST", List.of("outlook.office365.com", "::1", "-", ".", ":"));
            seeds.put("M365_" + server + "_PORT", List.of("993", "0", "65536", "00993", "\u0661\u0662"));
        }
        seeds.put("M365_CA_FILE", List.of("/etc/hostname", "/", lab.ca.pemFile().toString(), "/dev/null"));
        seeds.put("M365_CLIENT_CERTIFICATE", List.of("/etc/hostname", lab.ca.pemFile().toString()));
        seeds.put("HTTPS_PROXY", List.of("http://proxy:3128", "http://u:" + password + "@proxy", "proxy", "socks5://proxy", "http://u:" + password + "@pro xy", "http://proxy:99999"));
        seeds.put("NO_PROXY", List.of("*", ".example", ",,", "login.microsoftonline.com"));
        seeds.put("XDG_RUNTIME_DIR", List.of("/tmp", "/nowhere", "\0"));
        seeds.put("HOME", List.of("/root", "\0", ""));
        var names = new ArrayList<>(new java.util.TreeSet<>(seeds.keySet()));
        var random = new Random(suite.seed + 2);
        var scrambler = new Scrambler(random);
        fuzz(fault, 6_000, List.of(""), ignored -> {
            var env = new HashMap<String, String>();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                var name = scrambler.one(names);
                env.put(name, random.nextInt(3) == 0 ? scrambler.of(seeds.get(name)) : scrambler.one(seeds.get(name)));
            }
            try {
                usable(env, env.containsKey("M365_AUTHORITY") || random.nextInt(20) == 0);
            } catch (config.Problem problem) {
                var told = problem.tell("get_token");
                clean(told);
                faults_lab.check(problem.status != config.Status.BUG, told, "a bug");
                faults_lab.check(!told.contains(secret.substring(4)) && !told.contains(password), "", "a secret was told");
            } catch (RuntimeException e) {
                throw new AssertionError(e + " with " + shown(env.toString()) + " at " + List.of(e.getStackTrace()).stream().limit(5).toList());
            }
        });
    }

    /** What the settings let through must do for what comes after them. */
    private static void usable(Map<String, String> env, boolean wholly) {
        var settings = config.Settings.from(env);
        config.TokenStore.of(settings, "jan@uva.nl");
        get_token.Cached.print(env, new PrintStream(new ByteArrayOutputStream()));
        if (wholly) new get_token.Provider(settings, line -> { }, 0).authorizeUrl(get_token.Attempt.fresh(settings.redirect()), null);
    }

    /** The identity provider's answer to a renewal, scrambled. Whatever it is, there is a valid token in the file afterwards. */
    private void answers(faults.Fault fault) {
        var login = lab.login();
        var access = lab.secret("eyJ0eXAi.fuzzedaccess" + "token0123456789ABCDEF".repeat(9) + ".x");
        var refresh = lab.secret("0.Afuzzedrefresh" + "token0123456789ABCDEF".repeat(9));
        var seeds = List.of("{\"token_type\":\"Bearer\",\"scope\":\"https://outlook.office.com/IMAP.AccessAsUser.All\",\"expires_in\":3600,\"ext_expires_in\":3600,\"access_token\":\"" + access
                + "\",\"refresh_token\":\"" + refresh + "\",\"id_token\":\"e30.eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJqYW5AdXZhLmV4YW1wbGUiLCJvaWQiOiJvIiwidGlkIjoidCIsInN1YiI6InMifQ.x\",\"client_info\":\"eyJ1aWQiOiJ1IiwidXRpZCI6InQifQ\"}",
                "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70000: no\",\"error_codes\":[70000],\"suberror\":\"bad_token\",\"trace_id\":\"x\"}");
        var scrambler = new Scrambler(new Random(suite.seed + 3));
        var home = lab.home(login).signedIn();
        var token = home.stored();
        for (int n = 0; n < often(150); n++) {
            var body = scrambler.of(seeds);
            int status = List.of(200, 200, 200, 400, 401).get(n % 5);
            fault.attempt("answer " + status + " " + shown(body), () -> {
                faults_lab.write(home.token(), token);
                Files.deleteIfExists(home.cache());
                login.answerNext("token", status, Map.of("Content-Type", "application/json"), body);
                var outcome = home.get_token("--access-token").runHere().exits(0, 75, 77, 78);
                faults_lab.check(home.stored().equals(token) || outcome.status == 0 && config.printable(home.stored()), outcome, "the token was lost");
            });
        }
    }

    /** A mail server whose lines are scrambled. */
    private void mail(faults.Fault fault) {
        var login = lab.login();
        var scrambler = new Scrambler(new Random(suite.seed + 4));
        var lines = List.of("* OK ready", "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR", "A0 OK CAPABILITY completed.", "A1 OK AUTHENTICATE completed.", "* LIST (\\HasNoChildren) \"/\" INBOX",
                "* LIST () \"/\" {5}\r\nINBOX", "A2 OK LIST completed.", "* 3 EXISTS", "* OK [UIDVALIDITY 14] x", "* FLAGS (\\Seen)", "A3 OK [READ-ONLY] EXAMINE completed.", "* STATUS INBOX (UNSEEN 1)",
                "+ ", "+ eyJzdGF0dXMiOiI0MDAifQ==", "* BYE", "A1 NO failed", "A2 BAD no", "* SEARCH 1 2 3", "* NAMESPACE ((\"\" \"/\")) NIL NIL");
        for (int n = 0; n < often(60); n++) {
            var greeting = n % 4 == 0 ? scrambler.of(lines) : "* OK ready";
            var answers = new ArrayList<String>();
            for (int i = 0; i < 40; i++) answers.add(i % 3 == 0 ? scrambler.of(lines) : scrambler.one(lines));
            boolean capable = n % 4 != 1;
            try (var server = fake_mail.serving(lab.ca.server(), true, client -> {
                client.say(greeting);
                int next = 0;
                for (var line = client.readLine(); line != null; line = client.readLine()) {
                    var tag = line.split(" ")[0];
                    if (capable && line.endsWith("CAPABILITY")) client.say("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR", tag + " OK done");
                    else if (capable && next == 0) { client.say(tag + " OK in"); next++; }
                    else {
                        for (int i = 0; i < 3; i++) client.say(answers.get(next++ % answers.size()).replaceAll("^A\\d", tag));
                        client.say(tag + " OK done");
                    }
                    if (next > 40) return;
                }
            }).start()) {
                fault.attempt("server " + n, () -> lab.home(login).signedIn().check_imap(faults_lab.USER).with("M365_IMAP_HOST", "localhost").with("M365_IMAP_PORT", server.port())
                        .runHere().exits(0, 69, 75));
            }
        }
    }

    // ---- names -------------------------------------------------------------------------------------------------------

    private void names(faults.Fault fault) {
        var login = lab.login();
        var bad = List.of("jan\1auth=Bearer x\1\1@uva.example", "jan@uva.example\1", "jan\n@uva.example", "jan@uva.example\r\nA1 LOGIN x y", "jan@uva.example\n", "\"jan\"@uva.example", "jan@uva.example\"",
                "jan@uva.example>", "<jan@uva.example>", "jan @uva.example", " jan@uva.example", "jan\t@uva.example", "j\u00e4n@uva.example", "jan@\u00fcva.example", "\u202ejan@uva.example", "\ud83d\ude00@uva.example",
                "jan\u001b[2J@uva.example", "jan\u007f@uva.example", "jan\u0085@uva.example", "j".repeat(1000) + "@uva.example", "jan@" + "u".repeat(1000), "x".repeat(1000), "jan", "@", "@uva.example", "jan@", "jan@uva@example",
                "../../etc/passwd@uva.example", "jan/../x@uva.example", "jan\\@uva.example", "(jan)@uva.example", "jan@uva.example,x@y", "jan;x@uva.example", "jan:x@uva.example", "");
        try (var imap = lab.imap().start(); var smtp = fake_mail.smtp(lab.ca).start()) {
            for (var name : bad) {
                var home = lab.home(login).signedIn();
                var here = new ArrayList<faults_lab.Program>(List.of(home.get_token(name), home.get_token("--access-token", name), home.get_token("--device", name), home.check_imap(name),
                        home.check_imap("--all", "--mailbox", name, faults_lab.USER), home.check_imap("--json", faults_lab.USER, name)));
                if (!name.isBlank() && name.equals(name.strip()) && !name.contains("\n")) {
                    faults_lab.write(home.path.resolve("users"), "");
                    write(home.path.resolve("users"), "# users\n" + name + "\n");
                    here.add(home.check_imap("--users", home.path.resolve("users").toString()));
                }
                for (var program : here)
                    fault.attempt(shown(name), () -> program.with("M365_IMAP_HOST", "localhost").with("M365_IMAP_PORT", imap.port()).with("M365_SMTP_HOST", "localhost")
                            .with("M365_SMTP_PORT", smtp.port()).runHere().exits(64));
            }
            for (var name : bad.subList(0, 13))
                for (var locale : List.of("C", "C.UTF-8"))
                    if (name.length() < 100) fault.attempt(shown(name) + " on a command line, LC_ALL=" + locale, () -> lab.home(login).signedIn().check_imap("--mailbox", name, faults_lab.USER)
                            .with("LC_ALL", locale).with("M365_IMAP_HOST", "localhost").with("M365_IMAP_PORT", imap.port()).run().exits(64));
            fault.attempt("nothing was sent", () -> {
                faults_lab.check(login.requests().isEmpty(), login.requests(), "to the identity provider");
                faults_lab.check(imap.connections() + smtp.connections() == 0, imap.heard(), "to the mail servers");
            });
        }
        fault.attempt("a list of users that is no text", () -> {
            var home = lab.home(login).signedIn();
            faults_lab.write(home.path.resolve("users"), "\u00ff\u00fe\0\u0080jan@uva.example\n");
            home.check_imap("--users", home.path.resolve("users").toString()).runHere().exits(64);
            home.check_imap("--users", "/").runHere().exits(64);
            home.check_imap("--users", "/nowhere").runHere().exits(64);
        });
        fault.attempt("an argument is never a file of arguments", () -> {
            var home = lab.home(login).signedIn();
            var outcome = home.get_token("@" + home.token()).runHere().exits(64);
            faults_lab.check(!(outcome.out + outcome.err).contains(home.stored().substring(100, 130)), "", "the token was told");
        });
    }

    private static void write(Path file, String text) {
        try {
            Files.write(file, text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // ---- what others are told ------------------------------------------------------------------------------------------

    /** Browser, stty, keytool and a secret store: none is given a secret, but the store through its pipe. */
    private void told(faults.Fault fault) throws IOException {
        var login = lab.login();
        var home = lab.home(login);
        var dump = home.path.resolve("dump");
        var tell = "#!/bin/sh\n{ echo \"$0 $*\"; env; } >>" + dump + "\n";
        script(home, "browser", tell);
        script(home, "stty", tell + "exec /usr/bin/env PATH=/usr/bin:/bin stty \"$@\"\n");
        script(home, "read", tell + "cat " + home.path.resolve("store") + " 2>/dev/null || echo signed-out\n");
        script(home, "write", tell + "umask 077; cat >" + home.path.resolve("store") + "\n");
        var runtime = Files.createDirectory(home.path.resolve("runtime"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        interface With {
            faults_lab.Program settings(faults_lab.Program program);
        }
        With confidential = program -> program.with("M365_CLIENT_ID", fake_login.CONFIDENTIAL_APP).with("M365_CLIENT_SECRET", fake_login.CONFIDENTIAL_SECRET)
                .with("M365_CLIENT_CERTIFICATE_PASSWORD", lab.secret("a password that must not be passed on")).with("M365_REDIRECT_URI", "https://localhost:0/")
                .with("PATH", home.path + ":" + System.getenv("PATH")).with("BROWSER", home.path.resolve("browser")).with("XDG_RUNTIME_DIR", runtime)
                .with("M365_TOKEN_READ_COMMAND", home.path.resolve("read")).with("M365_TOKEN_WRITE_COMMAND", home.path.resolve("write"));
        fault.attempt("a sign-in", () -> {
            try (var run = confidential.settings(home.get_token("--verbose")).watched().start()) {
                var address = run.address();
                faults_lab.check(!address.isEmpty(), run.err(), "no address");
                run.types(login.signIn(address, faults_lab.USER) + "\n");
                run.ends().exits(0);
            }
        });
        fault.attempt("afterwards", () -> {
            confidential.settings(home.get_token("--verbose", "--access-token")).run().printsToken();
            confidential.settings(home.get_token("--status", "--json")).run().exits(0);
            for (var program : List.of("offlineimap", "mbsync", "neomutt", "msmtp")) confidential.settings(home.get_token("--config-for", program)).run().exits(0);
        });
        try (var imap = lab.imap().start(); var refusing = fake_mail.authenticateFailed(lab.ca).start(); var smtp = fake_mail.smtp(lab.ca).start()) {
            for (var server : List.of(imap, refusing))
                fault.attempt("a checkup with everything shown", () -> {
                    for (var options : List.of(List.of("--verbose"), List.of("--verbose", "--json"), List.of("--json"), List.<String>of())) {
                        var words = new ArrayList<>(options);
                        words.addAll(List.of("--smtp", faults_lab.USER));
                        confidential.settings(home.check_imap(words.toArray(String[]::new))).with("M365_IMAP_HOST", "localhost").with("M365_IMAP_PORT", server.port())
                                .with("M365_SMTP_HOST", "localhost").with("M365_SMTP_PORT", smtp.port()).run().exits(server == imap ? 0 : 69);
                    }
                });
        }
        fault.attempt("none was given a secret", () -> {
            var told = faults_lab.read(dump);
            for (var program : List.of("browser", "stty", "read", "write")) faults_lab.check(told.contains(home.path.resolve(program) + " "), program, "was never started");
            lab.emitted("arguments and environment of our children", told);
            faults_lab.check(!told.contains("M365_CLIENT_SECRET") && !told.contains("CERTIFICATE_PASSWORD"), "", "the client's secret was passed on");
            var found = new faults_lab.Needles(lab.secrets()).in(told);
            faults_lab.check(found.isEmpty(), found, "a child was given a secret");
            faults_lab.check(Files.list(runtime).allMatch(file -> faults_lab.mode(file).equals("rw-------")), runtime, "others can read it");
            for (var file : Files.list(runtime).toList())
                faults_lab.check(!faults_lab.read(file).contains(faults_lab.read(home.path.resolve("store")).strip()), file, "the refresh token has left its store");
        });
    }

    /** Everything that the system was asked to write, and whatever was started: secrets go to the two files and to stdout, and nowhere else. */
    private void written(faults.Fault fault) throws IOException {
        var login = lab.login();
        var home = lab.home(login);
        try (var imap = lab.imap().start()) {
            var signingIn = traced(home.get_token("--verbose", "--no-browser").with("M365_REDIRECT_URI", "https://localhost:0/")); // keytool writes a temporary file
            var printing = traced(home.get_token("--verbose", "--access-token"));
            var checking = traced(home.check_imap("--verbose", "--json", faults_lab.USER).with("M365_IMAP_HOST", "localhost").with("M365_IMAP_PORT", imap.port()));
            for (var program : List.of(signingIn, printing, checking)) {
                program.with("M365_CLIENT_ID", fake_login.CONFIDENTIAL_APP).with("M365_CLIENT_SECRET", fake_login.CONFIDENTIAL_SECRET);
                fault.attempt(program.toString(), () -> {
                    home.age(); // so that each of them writes
                    try (var run = program.start()) {
                        if (program == signingIn) run.types(login.signIn(run.address(), faults_lab.USER) + "\n");
                        run.closeInput();
                        run.ends().exits(0);
                    }
                    var places = places(faults_lab.read(home.path.resolve("strace")));
                    var expected = new ArrayList<>(List.of("refresh_token.new", "token_cache.json.new"));
                    if (program == printing) expected.add("stdout");
                    faults_lab.check(places.equals(new TreeSet<>(expected)), places, "secrets were written to");
                });
            }
        }
    }

    private static faults_lab.Program traced(faults_lab.Program program) {
        return program.through("strace", "-f", "--seccomp-bpf", "-qq", "-y", "-v", "-s", "1000000", "-o", "strace",
                "-e", "trace=execve,write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendfile,copy_file_range,splice,rename,link,symlink,mkdir");
    }

    /** Where secrets were written to, by a file's name; what has no name by the whole call. */
    private TreeSet<String> places(String trace) {
        var needles = new faults_lab.Needles(lab.secrets());
        var target = Pattern.compile("write\\((\\d+)<([^>]*)>");
        var places = new TreeSet<String>();
        // The client's secret reaches the program itself in its environment, and for a moment the JDK's helper has a copy of that.
        var ourselves = Pattern.compile("execve\\(\"[^\"]*/(java|jspawnhelper)\"");
        trace.lines().filter(line -> !ourselves.matcher(line).find() && needles.in(line).isPresent()).forEach(line -> {
            var to = target.matcher(line);
            places.add(!to.find() ? shown(line) : to.group(1).equals("1") && to.group(2).startsWith("pipe:") ? "stdout" : to.group(2).replaceAll(".*/", ""));
        });
        return places;
    }

    private static void script(faults_lab.Home home, String name, String text) throws IOException {
        var file = home.path.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** Status 70, a line or two, and nothing of the exception's message. */
    private void bug(faults.Fault fault) {
        var secret = lab.secret("1.AXYAsecret-in-an-exception-message-" + "0123456789abcdefGHIJ".repeat(10));
        for (var thrown : List.of(new IllegalStateException(secret), new AssertionError(secret), new StackOverflowError(secret), new OutOfMemoryError(secret), new ExceptionInInitializerError(secret)))
            for (var program : List.of("get_token", "check_imap"))
                fault.attempt(program + " meets " + thrown.getClass().getSimpleName(), () -> {
                    var broken = new HashMap<String, String>() {
                        private static final long serialVersionUID = 1;
                        @Override public String getOrDefault(Object name, String otherwise) {
                            if (thrown instanceof Error error) throw error;
                            throw (RuntimeException) thrown;
                        }
                    };
                    var out = new ByteArrayOutputStream();
                    var err = new ByteArrayOutputStream();
                    int status = program.equals("get_token") ? get_token.run(broken, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), "--access-token")
                            : check_imap.run(broken, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), faults_lab.USER);
                    var told = out.toString(UTF_8) + err.toString(UTF_8);
                    lab.emitted("report of a bug", told);
                    faults_lab.check(status == 70, status, "status");
                    faults_lab.check(told.lines().count() <= 12 && !told.contains("\tat ") && told.contains("report"), told, "not a short report");
                    faults_lab.check(!told.contains(secret.substring(20, 60)), "", "the exception's message was told");
                });
    }
}
