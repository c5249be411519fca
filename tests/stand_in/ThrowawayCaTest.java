//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES FakeMail.java
//SOURCES Line.java
//SOURCES SharedAuthority.java
//SOURCES ThrowawayCa.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static stand_in.SharedAuthority.CA;
import static stand_in.SharedAuthority.TLS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, good and bad. */
@Timeout(60)
class ThrowawayCaTest {
    @Nested class A_certificate {
        @Test void is_accepted_for_localhost_and_the_loopback_address() throws Exception {
            for (var host : Set.of("localhost", "127.0.0.1")) {
                try (var server = FakeMail.imap(CA).start();
                     var socket = (SSLSocket) TLS.createSocket(host, server.port())) {
                    Line.checkName(socket);
                    socket.startHandshake();
                }
            }
        }

        @Test void that_is_bad_is_refused() throws Exception {
            for (var bad : Map.of("expired", CA.expired(), "name", CA.wrongHost("other.example"), "authority",
                CA.unknownAuthority()).entrySet()) {
                try (var server = FakeMail.imap(CA).certificate(bad.getValue()).start();
                     var socket = (SSLSocket) TLS.createSocket("localhost", server.port())) {
                    Line.checkName(socket);
                    assertThrows(SSLException.class, socket::startHandshake, bad.getKey());
                }
            }
        }

        @Test void leaves_no_private_key_behind(@TempDir Path elsewhere) throws Exception {
            var ca = ThrowawayCa.in(elsewhere);
            ca.server();
            assertEquals(List.of(ca.pemFile()), files(elsewhere));
            ca.close();
            assertEquals(List.of(ca.pemFile()), files(elsewhere));
            assertFalse(Files.readString(ca.pemFile()).contains("PRIVATE"));
        }

        private List<Path> files(Path where) throws IOException {
            try (var files = Files.list(where)) {
                return files.toList();
            }
        }
    }
}
