//SOURCES ClientConnection.java
//SOURCES Conversation.java
//SOURCES ExchangeScripts.java
//SOURCES MailListener.java
//SOURCES MailProtocol.java
//SOURCES MailScript.java
//SOURCES RoundTrips.java
//SOURCES ThrowawayCa.java

package stand_in;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * Mail servers that follow a script, for the ways Exchange Online (mis)behaves.
 *
 * <p>Choose a protocol or a ready-made personality, add lines with {@link #on}, {@link #start} it, run the client, and
 * look at {@link #heard}. IMAP and POP speak TLS from the first byte, SMTP after STARTTLS. Loopback only, port of the
 * system's choice; {@link #close} frees every connection, also the hanging ones.
 */
public final class FakeMail implements AutoCloseable {
    /** A reply that ends the connection instead of saying something. */
    public static final String HANG_UP = MailScript.HANG_UP;
    /** A reply that never comes: the connection stays open and silent until {@link #close}. */
    public static final String SILENCE = MailScript.SILENCE;

    private final MailScript script;
    private final Conversation conversation;
    private SSLContext context;
    private boolean tlsAtOnce;
    private MailListener listener;

    private FakeMail(SSLContext context, boolean tlsAtOnce, MailScript script, Conversation conversation) {
        this.context = context;
        this.tlsAtOnce = tlsAtOnce;
        this.script = script;
        this.conversation = conversation;
    }

    private static FakeMail following(MailScript script, ThrowawayCa ca, boolean tlsAtOnce) {
        return new FakeMail(ca.server(), tlsAtOnce, script, script);
    }

    /** An IMAP server that lets everybody in with XOAUTH2 and has one empty INBOX. */
    public static FakeMail imap(ThrowawayCa ca) {
        return following(ExchangeScripts.imap(), ca, true);
    }

    /** An SMTP submission server that wants STARTTLS, then lets everybody in with XOAUTH2; messages go nowhere. */
    public static FakeMail smtp(ThrowawayCa ca) {
        return following(ExchangeScripts.smtp(), ca, false);
    }

    /** A POP server that wants XOAUTH2 in two lines and has an empty mailbox. */
    public static FakeMail pop(ThrowawayCa ca) {
        return following(ExchangeScripts.pop(), ca, true);
    }

    /** A server that does as {@code conversation} says, for what no script can express. */
    public static FakeMail serving(SSLContext context, boolean tlsAtOnce, Conversation conversation) {
        return new FakeMail(context, tlsAtOnce, new MailScript(MailProtocol.OTHER), conversation);
    }

    // ------------------------------------------------------------------------------------------- personalities

    /** Says OK to the token and BAD to everything after it, as Exchange does when token and mailbox disagree. */
    public static FakeMail authenticatedButNotConnected(ThrowawayCa ca) {
        var bad = "BAD User is authenticated but not connected.";
        return imap(ca).on("LIST *", bad).on("SELECT *", bad).on("EXAMINE *", bad).on("STATUS *", bad);
    }

    /** Refuses the token with Exchange's bare NO, at once and without a reason. */
    public static FakeMail authenticateFailed(ThrowawayCa ca) {
        return imap(ca).onXoauth2("NO AUTHENTICATE failed.");
    }

    /** Greets, then hangs up with a BYE. */
    public static FakeMail byeAfterGreeting(ThrowawayCa ca) {
        return imap(ca).greeting("* OK The Microsoft Exchange IMAP4 service is ready.", "* BYE Connection closed. 14",
            HANG_UP);
    }

    /** Lets the client in, but answers the mailbox commands with throttling; the time is in milliseconds. */
    public static FakeMail throttled(ThrowawayCa ca, long milliseconds) {
        var no = "NO Request is throttled. Suggested Backoff Time: " + milliseconds + " milliseconds";
        return imap(ca).on("LIST *", no).on("SELECT *", no).on("EXAMINE *", no).on("STATUS *", no);
    }

    /** Refuses with a challenge in JSON that the client must acknowledge first: Google and Dovecot, not Exchange. */
    public static FakeMail jsonChallenge(ThrowawayCa ca) {
        var reason = "{\"status\":\"400\",\"schemes\":\"Bearer\",\"scope\":\"https://mail.google.com/\"}";
        var base64 = Base64.getEncoder().encodeToString(reason.getBytes(US_ASCII));
        return imap(ca).onXoauth2("+ " + base64, "NO AUTHENTICATE failed.");
    }

    /** An on-premises server, or something in between: no XOAUTH2 among its capabilities, and NO if tried. */
    public static FakeMail withoutXoauth2(ThrowawayCa ca) {
        return imap(ca).on("CAPABILITY", "* CAPABILITY IMAP4 IMAP4rev1 AUTH=NTLM AUTH=GSSAPI SASL-IR UIDPLUS IDLE",
            "OK CAPABILITY completed.").onXoauth2("NO Unsupported authentication mechanism.");
    }

    /** A trap: refuses the token but would take any password, so that falling back to LOGIN gives a client away. */
    public static FakeMail asksForLogin(ThrowawayCa ca) {
        return authenticateFailed(ca).on("LOGIN *", "OK LOGIN completed.")
            .on("AUTHENTICATE PLAIN", "+ ", "OK AUTHENTICATE completed.")
            .on("AUTHENTICATE PLAIN *", "OK AUTHENTICATE completed.");
    }

    /** Begins a greeting and goes on with it, ten bytes a second, so that no read ever times out. */
    public static FakeMail greetingNeverEnds(ThrowawayCa ca) {
        return imap(ca).greeting(client -> {
            client.write("* OK ".getBytes(US_ASCII));
            while (client.pause(100)) {
                client.write(new byte[] {'.'});
            }
        });
    }

    /** Answers CAPABILITY with one line of about so many bytes. */
    public static FakeMail hugeLine(ThrowawayCa ca, int bytes) {
        return imap(ca).on("CAPABILITY", client -> {
            client.write("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 X".getBytes(US_ASCII));
            var piece = new byte[8192];
            Arrays.fill(piece, (byte) 'X');
            for (int sent = 0; sent < bytes; sent += piece.length) {
                client.write(piece);
            }
            client.say("", client.tagged("OK CAPABILITY completed."));
        });
    }

    /** Announces a literal of almost two gigabytes (RFC 3501 section 4.3) in answer to a command; never sends it. */
    public static FakeMail literalBomb(ThrowawayCa ca, String command) {
        return imap(ca).on(command, "* LIST () \"/\" {2147483639}", SILENCE);
    }

    /** Accepts the connection and says nothing, not even TLS. */
    public static FakeMail hangsAfterAccept(ThrowawayCa ca) {
        return serving(ca.server(), false, ClientConnection::stayingSilent);
    }

    /** SMTP AUTH is switched off for the organisation, which hits OAuth too. */
    public static FakeMail smtpAuthDisabled(ThrowawayCa ca) {
        return smtp(ca).onXoauth2("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for "
            + "the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.");
    }

    /** Refuses the token. */
    public static FakeMail smtpRefused(ThrowawayCa ca) {
        return smtp(ca).onXoauth2("535 5.7.3 Authentication unsuccessful");
    }

    /** Somebody in between removed STARTTLS and offers AUTH in the clear instead. */
    public static FakeMail starttlsStripped(ThrowawayCa ca) {
        return smtp(ca)
            .on("EHLO *", "250-localhost Hello", "250-SIZE 157286400", "250-AUTH LOGIN PLAIN XOAUTH2", "250 8BITMIME")
            .on("STARTTLS", "502 5.3.3 Command not implemented");
    }

    /** Slips an answer in before TLS begins, in the same packet; a client must not take it for one given inside. */
    public static FakeMail starttlsResponseInjection(ThrowawayCa ca) {
        return smtp(ca).on("STARTTLS", client -> {
            client.write(("220 2.0.0 SMTP server ready\r\n250-injected.example Hello\r\n250 AUTH LOGIN PLAIN\r\n")
                .getBytes(US_ASCII));
            client.startTls();
        });
    }

    /** Exchange's rule: XOAUTH2 and its data in one line is a protocol error. Two lines are let in. */
    public static FakeMail popOneLineRefused(ThrowawayCa ca) {
        return pop(ca);
    }

    /** Refuses the token. */
    public static FakeMail popRefused(ThrowawayCa ca) {
        return pop(ca).onXoauth2("-ERR Authentication failure: unknown user name or bad password.");
    }

    // ------------------------------------------------------------------------------------------- the script

    /** Serves another certificate, e.g. {@code ca.expired()}. */
    public FakeMail certificate(SSLContext other) {
        context = other;
        return this;
    }

    /** Speaks no TLS at all, like a server on the wrong port. */
    public FakeMail withoutTls() {
        tlsAtOnce = false;
        return this;
    }

    /** What the server says first. */
    public FakeMail greeting(String... lines) {
        script.greeting(lines);
        return this;
    }

    /** What the server does first. */
    public FakeMail greeting(Conversation other) {
        script.greeting(other);
        return this;
    }

    /**
     * How to answer a command. The newest rule that fits wins, so personalities can be changed.
     *
     * @param pattern the command without IMAP tag, case ignored; a final {@code *} stands for any rest
     * @param replies lines to send. IMAP lines get the command's tag unless they begin with {@code *} or {@code +};
     *     after a continuation ({@code + }, {@code 334}, {@code 354}) the client's next line (or data) is read first
     */
    public FakeMail on(String pattern, String... replies) {
        script.on(pattern, replies);
        return this;
    }

    /** What to do at a command; see {@link #on(String, String...)}. */
    public FakeMail on(String pattern, Conversation reaction) {
        script.on(pattern, reaction);
        return this;
    }

    /** How to answer XOAUTH2, both with the data in the same line and in the next one. */
    public FakeMail onXoauth2(String... replies) {
        script.onXoauth2(replies);
        return this;
    }

    /** Begins to listen on a free port of 127.0.0.1. */
    public FakeMail start() {
        listener = new MailListener(context, tlsAtOnce, conversation);
        return this;
    }

    /** The port. */
    public int port() {
        return listener.port();
    }

    /** Every line any client sent, without line end, in order; bytes beyond ASCII as ISO 8859-1. */
    public List<String> heard() {
        return listener.heard();
    }

    /** Whether a client ever used this command (without tag), e.g. {@code heard("LOGIN")}. */
    public boolean heard(String command) {
        return heard().stream().map(script::withoutTag)
            .anyMatch(line -> line.regionMatches(true, 0, command, 0, command.length()));
    }

    /** How many connections were accepted. */
    public int connections() {
        return listener.connections();
    }

    /** How often its clients waited for an answer. */
    RoundTrips roundTrips() {
        return listener.roundTrips();
    }

    /** Ends every connection, whatever state it is in. */
    @Override public void close() {
        if (listener != null) {
            listener.close();
        }
    }
}
