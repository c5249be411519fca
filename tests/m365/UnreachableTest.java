//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/ProblemReport.java ../../m365/Unreachable.java

package m365;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Java repeats what the system says, in the user's language. */
class UnreachableTest {

    static Stream<Arguments> elsewhere() {
        return Stream.of(arguments(new ConnectException("Verbindungsaufbau abgelehnt"), "connection-refused"),
            arguments(new ConnectException("Ba\u011flant\u0131 reddedildi"), "connection-refused"),
            arguments(new ConnectException("Connection refused"), "connection-refused"),
            arguments(new NoRouteToHostException("Keine Route zum Zielrechner"), "network-unreachable"),
            arguments(new NoRouteToHostException("No route to host"), "network-unreachable"));
    }

    @ParameterizedTest @MethodSource("elsewhere")
    void is_told_apart_in_any_language(IOException e, String cause) {
        var problem = Unreachable.problem("imap", new Server("mail.example", 993), true, e);
        assertEquals(cause, ProblemReport.causeId(problem));
    }

    /** What was cut may work the next time; a proxy that is none will not. */
    @Test void a_connection_that_was_cut_is_no_matter_of_settings_but_a_proxy_is() {
        var cut = new SSLHandshakeException("Remote host terminated the handshake");
        cut.initCause(new EOFException("SSL peer shut down incorrectly"));
        var server = new Server("mail.example", 587);
        assertEquals(ExitStatus.LATER, Unreachable.problem("smtp", server, false, cut).status());
        assertEquals(ExitStatus.SETTINGS, Unreachable.problem("sign-in", server, false, cut).status());
    }
}
