//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Connection.java
//SOURCES ../../m365/ExitStatus.java
//SOURCES ../../m365/Failures.java
//SOURCES ../../m365/MailProtocol.java
//SOURCES ../../m365/Problem.java
//SOURCES ../../m365/ServerRefusal.java
//SOURCES ../support/TestSettings.java

package m365;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import support.TestSettings;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Whom a mail server that says nothing is blamed on. */
class ServerRefusalTest {

    @Test void silence_on_a_port_for_reading_is_no_firewalls_when_mail_is_to_be_sent() {
        assertCause("sending-on-a-reading-port", ExitStatus.SETTINGS, MailProtocol.SMTP, 993);
        assertCause("sending-on-a-reading-port", ExitStatus.SETTINGS, MailProtocol.SMTP, 995);
    }

    @Test void silence_on_a_port_of_another_protocol_is_none_when_mail_is_to_be_read() {
        assertCause("reading-on-another-port", ExitStatus.SETTINGS, MailProtocol.IMAP, 995);
        assertCause("reading-on-another-port", ExitStatus.SETTINGS, MailProtocol.POP, 993);
        assertCause("reading-on-another-port", ExitStatus.SETTINGS, MailProtocol.IMAP, 587);
    }

    @Test void silence_on_its_own_port_or_an_unusual_one_is_the_networks() {
        assertCause("mail-port-timeout", ExitStatus.LATER, MailProtocol.SMTP, 587);
        assertCause("mail-port-timeout", ExitStatus.LATER, MailProtocol.IMAP, 1993);
    }

    private static void assertCause(String cause, ExitStatus status, MailProtocol protocol, int port) {
        var problem = refusal(protocol, port, new SocketTimeoutException("Read timed out"));
        assertEquals(cause, Failures.of(problem.signal().orElseThrow()).id(), protocol + " on " + port);
        assertEquals(status, problem.status());
        if (status == ExitStatus.SETTINGS) assertEquals(cause,
                Failures.of(refusal(protocol, port, new EOFException()).signal().orElseThrow()).id());
    }

    private static Problem refusal(MailProtocol protocol, int port, IOException e) {
        var settings = TestSettings.settings("M365_" + protocol + "_PORT", String.valueOf(port));
        try (var connection = new Connection(protocol, settings)) {
            return new ServerRefusal(connection, null, "jan@uva.nl", null).problem(protocol + " greeting", e);
        }
    }
}
