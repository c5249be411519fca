//bin/sh "$(dirname "$(readlink -f "$0")")/jbang" "$(readlink -f "$0")" "$@" ; exit $?
//JAVA 17+
//DEPS info.picocli:picocli:4.7.7
//JAVAC_OPTIONS -encoding UTF-8 -XDstringConcat=inline -proc:none -J-XX:TieredStopAtLevel=1
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData
//RUNTIME_OPTIONS -Xms20m -Xmn10m -XX:SurvivorRatio=2 -XX:TargetSurvivorRatio=90
//DESCRIPTION Logs in to the Microsoft 365 mail servers step by step and says what works, or why not and what to do.
//DOCS README.md
//GAV m365:check_imap:1.1.0
//SOURCES config.java
// What is known of failures names both commands, so both are there, however one was started or exported.
//SOURCES get_token.java
//SOURCES m365/CheckReport.java
//SOURCES m365/CheckRequest.java
//SOURCES m365/Checkup.java
//SOURCES m365/Checkups.java
//SOURCES m365/ExitStatus.java
//SOURCES m365/Explanation.java
//SOURCES m365/Invocation.java
//SOURCES m365/LongText.java
//SOURCES m365/MailAddress.java
//SOURCES m365/Problem.java
//SOURCES m365/ProblemReport.java
//SOURCES m365/Program.java
//SOURCES m365/Progress.java
//SOURCES m365/UserList.java

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import m365.CheckReport;
import m365.CheckRequest;
import m365.Checkup;
import m365.Checkups;
import m365.Explanation;
import m365.Invocation;
import m365.LongText;
import m365.MailAddress;
import m365.Problem;
import m365.ProblemReport;
import m365.Program;
import m365.Progress;
import m365.UserList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import static m365.ExitStatus.USAGE;

/**
 * Checks a login to Microsoft 365 step by step, or says why it fails. Renews the token and stores the new one; reads
 * mailboxes without changing them and never sends mail.
 */
@Command(name = "check_imap", version = "check_imap " + Program.VERSION, sortOptions = false,
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
            "77 a person must sign in, 78 settings are wrong. Of several users: the highest.",
            "--explain: 1 if nothing in the text is known."})
public final class check_imap implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "user", description = "whose token; several are checked side by side")
    List<String> users = new ArrayList<>();

    @Option(names = "--users", paramLabel = "FILE", description = "more users, one a line; - is standard input")
    Path usersFile;

    @Option(names = "--mailbox", paramLabel = "ADDRESS", description = "open this shared mailbox with user's token")
    String mailbox;

    @Option(names = "--smtp", description = "check SMTP as well, without sending")
    boolean smtp;

    @Option(names = "--pop", description = "check POP as well")
    boolean pop;

    @Option(names = "--all", description = "IMAP, and SMTP and POP where M365_SCOPES asks for them")
    boolean all;

    @Option(names = "--app-only",
            description = "for administrators: log in as the app itself, without a user's token")
    boolean appOnly;

    @Option(names = "--explain", paramLabel = "CODE-OR-TEXT", arity = "0..1", fallbackValue = "",
            description = "what an error means and what to do; offline")
    String explain;

    @Option(names = "--json", description = "the report for programs")
    boolean json;

    @Option(names = "--verbose", description = "show the protocols, secrets as dots")
    boolean verbose;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "show the version")
    boolean version;

    private final Invocation invocation;

    private check_imap(Invocation invocation) { this.invocation = invocation; }

    public static void main(String... args) { System.exit(run(System.getenv(), System.out, System.err, args)); }

    /** Does what {@code args} ask for. @return the exit status */
    public static int run(Map<String, String> env, PrintStream out, PrintStream err, String... args) {
        return run(env, System.in, out, err, args);
    }

    /** The same with another standard input. */
    public static int run(Map<String, String> env, InputStream in, PrintStream out, PrintStream err, String... args) {
        var invocation = new Invocation(env, in, out, err);
        return Program.run("check_imap", new check_imap(invocation), invocation, args);
    }

    @Override public Integer call() throws IOException, InterruptedException {
        if (explain != null) return explain();
        var everyone = UserList.of(users, usersFile, invocation.in());
        if (mailbox != null) MailAddress.checked(mailbox);
        if (everyone.isEmpty())
            throw new Problem(USAGE, "whose login is to be checked?",
                    "name the user: jbang check_imap.java jan@uva.nl");
        var request = new CheckRequest(config.values(), invocation, mailbox, smtp, pop, all, appOnly, verbose);
        var checkups = everyone.size() == 1 ? one(request, everyone.get(0)) : several(request, everyone);
        if (json) invocation.out().println(CheckReport.json(checkups));
        return CheckReport.exitStatus(checkups);
    }

    /** Tells each step as it is done. */
    private List<Checkup> one(CheckRequest request, String user) throws InterruptedException {
        var checkup = new Checkup(request, user, !json);
        var progress = Progress.begin(checkup::now);
        try {
            checkup.run();
        } finally {
            progress.end();
        }
        var err = invocation.err();
        if (!json) checkup.problem().ifPresent(p -> err.print(ProblemReport.tell(p, "check_imap", err.columns())));
        return List.of(checkup);
    }

    /** Tells a line of each when all are done. */
    private List<Checkup> several(CheckRequest request, List<String> everyone) throws InterruptedException {
        if (!appOnly) Checkups.demandTokenFileEach(request);
        var checkups = everyone.stream().map(user -> new Checkup(request, user, false)).toList();
        Checkups.run(checkups);
        if (!json) CheckReport.table(checkups, invocation.out());
        return checkups;
    }

    private int explain() throws IOException {
        try {
            if (explain.isEmpty()) explain = users.isEmpty() ? "" : users.remove(0); // another option stood between
            users.forEach(MailAddress::checked);
        } catch (Problem e) { // then these are words of the text, which was not quoted
            if (explain.equals("-")) throw e;
            explain += " " + String.join(" ", users);
            users = List.of();
        }
        if (explain.isBlank()) throw new Problem(USAGE, "--explain has nothing to explain",
                "give it a number such as AADSTS50011, an error text in quotes, or - to read it from stdin");
        var text = explain.equals("-") ? LongText.bothEnds(invocation.in()) : explain;
        var user = users.isEmpty() ? null : users.get(0);
        var explanation = new Explanation(text, config.values(), invocation.env(), user);
        if (json) invocation.out().println(explanation.json());
        else invocation.out().tell(explanation.text(invocation.out().columns()));
        return explanation.known() ? 0 : 1;
    }
}
