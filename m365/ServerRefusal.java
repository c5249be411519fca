//DEPS org.eclipse.angus:angus-mail:2.0.5
//SOURCES CarriedProblem.java
//SOURCES Connection.java
//SOURCES ExitStatus.java
//SOURCES Failures.java
//SOURCES MailToken.java
//SOURCES Problem.java
//SOURCES Server.java
//SOURCES Signal.java
//SOURCES Unreachable.java

package m365;

import jakarta.mail.MessagingException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

import static m365.ExitStatus.LATER;
import static m365.ExitStatus.REFUSED;

/**
 * Why a mail server did not let us in: the server's own words, what is known of them, and what can be ruled out. Makes
 * one problem of what Angus Mail throws, of the connection and of the token; asks the server nothing more.
 */
final class ServerRefusal {
    /** Refusals that give no reason; what is known of the token may tell it. */
    private static final Set<String> WITHOUT_A_REASON = Set.of("imap-token-refused", "authenticated-but-not-connected",
            "pop-token-refused", "smtp-token-refused", "send-as-denied");

    private final Connection connection;
    private final MailToken token;
    private final String mailbox;
    private final String step;

    /** @param step the one that failed */
    ServerRefusal(Connection connection, MailToken token, String mailbox, String step) {
        this.connection = connection;
        this.token = token;
        this.mailbox = mailbox;
        this.step = step;
    }

    /** Angus Mail stumbles, with one exception or another, over a server that does not keep to the protocol. */
    static Problem nonsense(Server server, RuntimeException e) {
        return e instanceof Problem told ? told : new Problem(REFUSED,
                server + " does not speak the mail protocol as it should",
                "check the host and port; --verbose shows what it said");
    }

    Problem problem(MessagingException e) {
        return broken(e).or(() -> closed(e)).orElseGet(() -> refused(e));
    }

    /** The connection failed, not the login. */
    private Optional<Problem> broken(MessagingException e) {
        var server = connection.server();
        var place = connection.protocol().place();
        Throwable cause = e;
        if (connection.broken().isPresent()) cause = connection.broken().get();
        for (; cause != null; cause = cause.getCause()) {
            if (cause instanceof CarriedProblem carried) return Optional.of(carried.problem);
            if (cause instanceof SocketTimeoutException)
                return Optional.of(new Problem(LATER, server + " stopped answering: " + cause.getMessage(), "",
                        Signal.of("network", place + " timed out")).at(server));
            if (cause instanceof SocketException cut && connection.refusal().isEmpty())
                return Optional.of(Unreachable.problem(place, server, true, cut));
            if (cause instanceof SSLException tls)
                return Optional.of(Unreachable.problem(place, server, connection.protocol().tlsFirst, tls));
        }
        return Optional.empty();
    }

    /** The server hung up and gave no reason. */
    private Optional<Problem> closed(MessagingException e) {
        var server = connection.server();
        if (!connection.ended() && !"[EOF]".equals(e.getMessage()) || connection.refusal().isPresent())
            return Optional.empty();
        var problem = step.equals("IMAP mailbox")
                ? new Problem(REFUSED, server + " accepted the login, then closed the connection without a word",
                        "if a second try gets further, it was the network", Signal.local("dropped-after-login"))
                : new Problem(LATER, server + " closed the connection without a word", "",
                        Signal.of("network", "Connection reset"));
        return Optional.of(problem.at(server));
    }

    private Problem refused(MessagingException e) {
        var server = connection.server();
        var words = connection.refusal().orElseGet(() -> connection.hide(String.valueOf(e.getMessage()).strip()));
        // Angus Mail's own words, made of the exception over which it stumbled.
        if (words.startsWith("* BYE Jakarta Mail Exception")) return nonsense(server, new IllegalStateException(e));
        var challenge = connection.heard().challenge();
        var seen = Signal.of(connection.protocol().place(), challenge.orElse(words));
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
