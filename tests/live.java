//JAVAC_OPTIONS -encoding UTF-8 -J-XX:TieredStopAtLevel=1
//JAVA 17+
//DEPS com.microsoft.azure:msal4j:1.26.0
//DEPS org.slf4j:slf4j-nop:1.7.36
//SOURCES ../config.java
//SOURCES ../m365/ExitStatus.java ../m365/Json.java ../m365/MailAddress.java ../m365/Problem.java
//SOURCES ../m365/RandomText.java ../m365/Scrub.java ../m365/SettingsReader.java ../m365/Trust.java
//SOURCES live/*.java

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import live.Answer;
import live.AtTheTerminal;
import live.Clean;
import live.Code;
import live.Devices;
import live.Findings;
import live.Mail;
import live.Person;
import live.Provider;
import live.Redemptions;
import live.Renewals;
import live.SignIns;
import live.Tokens;
import m365.ExitStatus;
import m365.MailAddress;
import m365.Problem;
import m365.Settings;
import m365.SettingsReader;
import m365.Trust;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Holds our picture of Microsoft 365 against the real one: {@code ./jbang tests/live.java jan@uva.nl}. Signs in three
 * times, sends and reads no mail, keeps no token. Prints each assumption and whether it held, and writes a report
 * without secrets, addresses or names of tenants, {@code live-report.md}, that can be attached to an issue.
 */
public final class live {
    private final Settings settings;
    private final Person person;
    private final Clean clean = new Clean();
    private final Findings findings;
    private final String user;

    private live(Settings settings, Person person, PrintStream out, String user) {
        this.settings = settings;
        this.person = person;
        this.user = user;
        findings = new Findings(out, clean);
    }

    public static void main(String... args) {
        var out = new PrintStream(System.out, true, UTF_8);
        System.exit(run(System.getenv(), new AtTheTerminal(System.in, out), out, Path.of("live-report.md"), args));
    }

    /** @return 0 if everything that was tried held, 1 if not */
    static int run(Map<String, String> env, Person person, PrintStream out, Path report, String... args) {
        try {
            if (args.length != 1) throw new Problem(ExitStatus.USAGE, "who?", "give the address that signs in");
            return new live(SettingsReader.read(config.values(), env), person, out, MailAddress.checked(args[0]))
                    .examine(out, report);
        } catch (Problem e) {
            out.println("live: error: " + e.getMessage());
            return e.status().code;
        } catch (IOException e) {
            out.println("live: error: cannot write " + report);
            return ExitStatus.LATER.code;
        }
    }

    private void signIns(Provider provider) throws IOException {
        var signIns = new SignIns(provider, person, findings, clean, user);
        var redemptions = new Redemptions(provider, findings);
        Optional<Code> http = signIns.overHttp();
        Optional<Answer> tokens = http.isPresent() ? Optional.of(redemptions.twice(http.get())) : Optional.empty();
        Optional<Code> https = signIns.overHttps();
        if (https.isPresent()) tokens = Optional.of(redemptions.afterMistakes(https.get()));
        signIns.toAnotherPath();
        if (tokens.filter(Answer::ok).isPresent()) withTokens(provider, tokens.get());
        else findings.notTried("everything that needs a token", "nobody signed in");
    }

    private void withTokens(Provider provider, Answer tokens) {
        findings.group("What a sign-in brings", () -> new Tokens(provider, findings, clean).examine(tokens, user));
        findings.group("Renewing", () -> new Renewals(provider, findings, clean).examine(tokens));
        var mail = new Mail(settings, Trust.context(settings), findings, user, tokens.text("access_token"));
        findings.group("IMAP", mail::imap);
        findings.group("POP", mail::pop);
        findings.group("SMTP", mail::smtp);
    }

    private int examine(PrintStream out, Path report) throws IOException {
        clean.never(user);
        clean.never(user.substring(user.indexOf('@') + 1));
        clean.never(user.substring(0, user.indexOf('@')));
        var provider = new Provider(settings);
        findings.group("Signing in", () -> signIns(provider));
        findings.group("Another device", () -> new Devices(provider, findings, clean).examine());
        out.println();
        out.println(findings.summary());
        Files.writeString(report, findings.report("Seen on " + LocalDate.now() + "."));
        out.println("The report is in " + report + "; read it before you send it to anybody.");
        return findings.allHeld() ? 0 : 1;
    }
}
