//SOURCES AccessTokens.java
//SOURCES CheckRequest.java
//SOURCES Cloud.java
//SOURCES ExitStatus.java
//SOURCES MailLogins.java
//SOURCES MailProtocol.java
//SOURCES MailToken.java
//SOURCES MailboxCounts.java
//SOURCES MarkedLine.java
//SOURCES Opening.java
//SOURCES Outcome.java
//SOURCES Placeholders.java
//SOURCES Problem.java
//SOURCES ProblemReport.java
//SOURCES Settings.java
//SOURCES Steps.java
//SOURCES TokenStores.java

package m365;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkup for one user: all steps in order; the first that fails ends them. The new refresh token is stored; what
 * is asked of the mail servers is the work of {@link MailLogins}.
 */
public final class Checkup {
    private final CheckRequest request;
    private final String user;
    private final boolean told;
    private final Steps steps;
    private volatile boolean finished;
    private Optional<Problem> problem = Optional.empty();
    private Optional<MailboxCounts> counts = Optional.empty();
    private Settings settings;
    private MailToken token;
    /** Nobody waits for the token before going to the server. */
    private Opening imap;

    /** @param told whether each step is told when it is done, and the verdict if all went well */
    public Checkup(CheckRequest request, String user, boolean told) {
        this.request = request;
        this.user = user;
        this.told = told;
        this.steps = new Steps(step -> {
            if (told) MarkedLine.print(request.invocation().out(), step);
        });
    }

    /** Throws nothing: what went wrong is {@link #problem}. */
    public void run() throws InterruptedException {
        try {
            checkSettings();
            token = request.appOnly() ? appToken() : userToken();
            steps.begin("access token");
            token.examine(steps);
            var logins = new MailLogins(settings, steps, mailbox(), token, request.protocolLog());
            counts = Optional.of(logins.imap(imap));
            if (includes(MailProtocol.SMTP)) logins.smtp();
            else if (request.all()) leaveOut(MailProtocol.SMTP);
            if (includes(MailProtocol.POP)) logins.pop();
            else if (request.all()) leaveOut(MailProtocol.POP);
            if (told) request.invocation().out().tell(verdict() + "\n");
        } catch (Problem e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(Outcome.bug(e));
        } finally {
            if (imap != null) imap.close();
        }
        imap = null; // of five hundred users, neither sockets nor tokens nor settings are kept
        token = null;
        settings = null;
        finished = true;
    }

    private void checkSettings() {
        steps.begin("settings");
        settings = request.settings();
        Cloud.check(settings, Stream.of(MailProtocol.values()).filter(this::includes)
                .map(protocol -> protocol.server(settings)).toList());
        steps.done((settings.confidential() ? "confidential" : "public") + " client " + settings.clientId() + " at "
                + settings.authority().getHost() + "/" + settings.tenant());
    }

    private boolean includes(MailProtocol protocol) { return request.includes(protocol, settings); }

    private MailToken userToken() {
        steps.begin("token file");
        var store = TokenStores.of(settings, user);
        store.load();
        steps.done("in " + store);
        steps.begin("renewal");
        var granted = store.locked(() -> {
            imap = new Opening(MailProtocol.IMAP, settings);
            return AccessTokens.renew(settings, store, request.log());
        });
        steps.done("signed in as " + granted.account() + "; the new refresh token is stored");
        return new MailToken(granted, user);
    }

    private MailToken appToken() {
        steps.begin("app token");
        imap = new Opening(MailProtocol.IMAP, settings);
        var granted = AccessTokens.ofTheApp(settings, request.log());
        steps.done("the app itself is signed in to " + settings.tenant());
        return new MailToken(granted, null);
    }

    private void leaveOut(MailProtocol protocol) {
        steps.begin(protocol + " scope");
        steps.note("not checked: M365_SCOPES does not ask for " + protocol.scope, "missing-mail-scope");
    }

    private void fail(Problem e) {
        problem = Optional.of(settings == null ? e : e.about(placeholders()));
        steps.failed(firstLine(e), ProblemReport.causeId(e));
    }

    private Map<String, String> placeholders() {
        var excluded = token == null ? "Signing in" : String.join(", ", token.excluded(mailbox(), false));
        var placeholders = Placeholders.of(settings, request.invocation().env(), user, excluded);
        placeholders.put("mailbox", mailbox());
        return placeholders;
    }

    private static String firstLine(Problem e) { return e.getMessage().lines().findFirst().orElse(""); }

    public String user() { return user; }

    String mailbox() { return request.mailboxFor(user); }

    public boolean finished() { return finished; }

    /** What ended the checkup; empty when all is fine. */
    public Optional<Problem> problem() { return problem; }

    public int exitStatus() { return problem.map(Problem::status).orElse(ExitStatus.FINE).code; }

    /** All that matters in one line: what the mailbox holds, or which step failed and why. */
    public String verdict() {
        return problem.map(e -> steps.now() + ": " + firstLine(e)).orElseGet(() -> mailbox() + " has "
                + counts.orElseThrow().foldersInWords() + "; INBOX has " + counts.orElseThrow().inboxInWords());
    }

    /** Empty unless all is fine. */
    Optional<MailboxCounts> counts() { return problem.isEmpty() ? counts : Optional.empty(); }

    Steps steps() { return steps; }

    /** The step that is being done; empty before the first. */
    public String now() { return steps.now(); }
}
