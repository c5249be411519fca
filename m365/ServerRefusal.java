//SOURCES Connection.java
//SOURCES ExitStatus.java
//SOURCES Failures.java
//SOURCES KnownSecrets.java
//SOURCES MailProtocol.java
//SOURCES MailRefusal.java
//SOURCES MailToken.java
//SOURCES Problem.java
//SOURCES Server.java
//SOURCES Signal.java
//SOURCES Unreachable.java

package m365;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Set;

import static m365.ExitStatus.LATER;
import static m365.ExitStatus.REFUSED;
import static m365.ExitStatus.SETTINGS;

/**
 * Why a mail server did not let us in: the server's own words, what is known of them, and what can be ruled out. Makes
 * one problem of what went wrong, of the connection and of the token; asks the server nothing more.
 */
final class ServerRefusal {
    /** Refusals that give no reason; what is known of the token may tell it. */
    private static final Set<String> WITHOUT_A_REASON = Set.of("imap-token-refused", "authenticated-but-not-connected",
            "pop-token-refused", "smtp-token-refused", "send-as-denied");

    private static final String MAILBOX = "IMAP mailbox";

    private final Connection connection;
    private final Server server;
    private final MailProtocol protocol;
    private final MailToken token;
    private final String mailbox;
    private final KnownSecrets secrets;

    ServerRefusal(Connection connection, MailToken token, String mailbox, KnownSecrets secrets) {
        this.connection = connection;
        this.server = connection.server();
        this.protocol = connection.protocol();
        this.token = token;
        this.mailbox = mailbox;
        this.secrets = secrets;
    }

    /** @param step the one that failed */
    Problem problem(String step, IOException e) {
        if (e instanceof MailRefusal refusal) return refused(refusal);
        if (protocol.isAnothersPort(server.port())) return wrongPort();
        if (e instanceof SocketTimeoutException) return Unreachable.silent(protocol.place(), server, e);
        if (e instanceof EOFException || step.equals(MAILBOX) && hungUp(e)) return closed(step);
        return Unreachable.problem(protocol.place(), server, protocol.tlsFirst, e);
    }

    /** Each waits there for the other to begin, or does not understand it: no firewall's fault. */
    private Problem wrongPort() {
        return new Problem(SETTINGS, server + " does not speak " + protocol + ": the port is another protocol's",
                "", Signal.local(protocol == MailProtocol.SMTP ? "sending-on-a-reading-port"
                        : "reading-on-another-port")).at(server);
    }

    /** Who writes to a connection that is closed learns it in another way than who reads. */
    private static boolean hungUp(Throwable e) {
        return e instanceof SocketException || e.getCause() != null && hungUp(e.getCause());
    }

    /** The server hung up and gave no reason. */
    private Problem closed(String step) {
        var problem = step.equals(MAILBOX)
                ? new Problem(REFUSED, server + " accepted the login, then closed the connection without a word",
                        "if a second try gets further, it was the network", Signal.local("dropped-after-login"))
                : new Problem(LATER, server + " closed the connection without a word", "",
                        Signal.of("network", "Connection reset"));
        return problem.at(server);
    }

    private Problem refused(MailRefusal refusal) {
        var words = secrets.hide(refusal.words);
        var challenge = refusal.challenge.map(secrets::hide);
        var seen = Signal.of(protocol.place(), challenge.orElse(words));
        // It speaks of credentials, which means passwords, and we send none.
        if (Failures.of(seen).id().equals("smtp-credentials-incorrect")) seen = Signal.local("smtp-token-refused");
        var cause = Failures.of(seen).id();
        boolean withoutReason = WITHOUT_A_REASON.contains(cause);
        if (withoutReason) seen = token.reason(seen);
        var later = Failures.of(seen).act().equals("wait");
        boolean unknown = cause.startsWith("unknown-");
        return new Problem(later ? LATER : REFUSED, server + " refused: " + words
                + challenge.map(json -> " after " + json).orElse(""),
                !later && (withoutReason || unknown) ? token.ruledOut(connection.throughIpv4()) : "", seen)
                .with(Map.of("host", server.host(), "port", String.valueOf(server.port()), "server_words", words,
                        "excluded", String.join(", ", token.excluded(mailbox, connection.throughIpv4()))));
    }
}
