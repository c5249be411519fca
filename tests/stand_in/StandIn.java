//SOURCES Admission.java
//SOURCES FakeLogin.java
//SOURCES FakeMail.java
//SOURCES ImapLogin.java
//SOURCES MailLogin.java
//SOURCES Mailboxes.java
//SOURCES PopLogin.java
//SOURCES RoundTrips.java
//SOURCES SentMessage.java
//SOURCES SmtpLogin.java
//SOURCES ThrowawayCa.java
//SOURCES User.java

package stand_in;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Microsoft 365 on loopback: an identity provider and the mailboxes its tokens open.
 *
 * <p>{@link FakeLogin} issues the tokens. Logins by IMAP, POP (TLS) and SMTP (STARTTLS) let in exactly the
 * unexpired tokens that are meant for Outlook, carry the protocol's scope and belong to the mailbox's user or delegate;
 * they greet and refuse in Exchange Online's words. A process under test finds everything through {@link #environment}.
 */
public final class StandIn implements AutoCloseable {
    private final ThrowawayCa ca;
    private final boolean ownsCa;
    private final FakeLogin login;
    private final Mailboxes mailboxes = new Mailboxes();
    private final List<SentMessage> sent = new CopyOnWriteArrayList<>();
    private final Admission admission;
    private final FakeMail imap;
    private final FakeMail pop;
    private final FakeMail smtp;

    private StandIn(ThrowawayCa ca, boolean ownsCa) {
        this.ca = ca;
        this.ownsCa = ownsCa;
        login = FakeLogin.start(ca);
        login.users().forEach(this::addMailboxes);
        admission = new Admission(login, mailboxes);
        imap = FakeMail.serving(ca.server(), true, new ImapLogin(admission, mailboxes)).start();
        pop = FakeMail.serving(ca.server(), true, new PopLogin(admission, mailboxes)).start();
        smtp = FakeMail.serving(ca.server(), false, new SmtpLogin(admission, mailboxes, sent::add)).start();
    }

    /** Starts everything with a certificate authority of its own, whose {@code ca.pem} goes into {@code folder}. */
    public static StandIn start(Path folder) {
        return new StandIn(ThrowawayCa.in(folder), true);
    }

    /** Starts everything with certificates of {@code ca}, which stays open. */
    public static StandIn start(ThrowawayCa ca) {
        return new StandIn(ca, false);
    }

    /** The identity provider, to register apps and users, inject faults and look at requests. */
    public FakeLogin login() {
        return login;
    }

    /** The certificate authority, for clients' trust and for further servers. */
    public ThrowawayCa ca() {
        return ca;
    }

    /** The settings of the toolkit that point a process at this stand-in. */
    public Map<String, String> environment() {
        var environment = new LinkedHashMap<String, String>();
        environment.put("M365_AUTHORITY", login.authority());
        environment.put("M365_CA_FILE", ca.pemFile().toAbsolutePath().toString());
        environment.put("M365_IMAP_HOST", "localhost");
        environment.put("M365_IMAP_PORT", String.valueOf(imap.port()));
        environment.put("M365_SMTP_HOST", "localhost");
        environment.put("M365_SMTP_PORT", String.valueOf(smtp.port()));
        environment.put("M365_POP_HOST", "localhost");
        environment.put("M365_POP_PORT", String.valueOf(pop.port()));
        return environment;
    }

    /** Port of IMAP over TLS. */
    public int imapPort() {
        return imap.port();
    }

    /** Port of POP3 over TLS. */
    public int popPort() {
        return pop.port();
    }

    /** Port of SMTP submission with STARTTLS. */
    public int smtpPort() {
        return smtp.port();
    }

    /** Every login that was tried, in order. */
    public List<MailLogin> logins() {
        return admission.logins();
    }

    /** Every message handed to SMTP, in order, also those to addresses outside. */
    public List<SentMessage> sent() {
        return List.copyOf(sent);
    }

    /**
     * What happens to a good token for a mailbox its owner may not open. False (at first): IMAP and POP refuse it.
     * True: IMAP says OK and fails the next command with {@code BAD User is authenticated but not connected.}; Exchange
     * has been seen to do both.
     */
    public void letsStrangersIn(boolean on) {
        admission.letsStrangersIn(on);
    }

    /** Adds an account with a filled mailbox. */
    public void add(User user) {
        login.add(user);
        addMailboxes(user);
    }

    private void addMailboxes(User user) {
        mailboxes.add(user.name());
        user.shared().forEach(mailboxes::add);
    }

    /** Delivers a short message to an INBOX, unread. */
    public void deliver(String mailbox, String subject) {
        mailboxes.deliver(mailbox, subject);
    }

    /** The number of messages in a folder, e.g. INBOX. */
    public int count(String mailbox, String folder) {
        return mailboxes.count(mailbox, folder);
    }

    /** Lets the mail servers take their time, so that {@link #roundTrips} counts what a client waits for. */
    public void answersAfter(long milliseconds) {
        mailServers().forEach(each -> each.answersAfter(milliseconds));
    }

    /** How often the mail servers' clients waited for an answer; greetings and TLS are not counted. */
    public int roundTrips() {
        return mailServers().mapToInt(RoundTrips::count).sum();
    }

    private Stream<RoundTrips> mailServers() {
        return Stream.of(imap, pop, smtp).map(FakeMail::roundTrips);
    }

    /** Stops everything. */
    @Override public void close() {
        imap.close();
        pop.close();
        smtp.close();
        login.close();
        if (ownsCa) {
            ca.close();
        }
    }
}
