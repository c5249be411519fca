//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstFakeLogin.java
//SOURCES SharedAuthority.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static stand_in.SharedAuthority.TLS;

import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** What the identity provider remembers. */
class ReceptionTest extends AgainstFakeLogin {
    @Test void requests_and_connections_are_counted() throws Exception {
        refresh("x", "scope", "y");
        var before = login.connections();
        try (var socket = (SSLSocket) TLS.createSocket("localhost", login.port())) {
            socket.startHandshake();
        }
        assertEquals(before + 1, login.connections());
        assertEquals("y", login.requests("token").get(0).parameter("scope"));
        assertEquals("POST", login.requests().get(0).method());
    }
}
