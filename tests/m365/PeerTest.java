//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Peer.java

package m365;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Whose program is at the other end of a connection. */
class PeerTest {

    @Nested class In_the_table {
        static final String THEIRS = "0100007F:9C40", OURS = "0100007F:2229";

        static String row(String local, String remote, String state, int user) {
            return "   7: " + local + " " + remote + " " + state + " 00000000:00000000 00:00000000 00000000 " + user
                + "        0 12345 1 0000000000000000 20 4 30 10 -1";
        }

        static Peer peer(String... rows) { return Peer.in(List.of(rows), THEIRS, OURS, 1000); }

        @ParameterizedTest @CsvSource({"1000, OURS", "0, OURS", "1001, ANOTHERS", "100, ANOTHERS"})
        void a_connection_has_a_user(int user, Peer whose) {
            assertEquals(whose, peer(row(OURS, THEIRS, "01", 1000), row(THEIRS, OURS, "01", user)));
            assertEquals(whose, peer(row(THEIRS, OURS, "01", user), row(OURS, THEIRS, "01", 1000)));
        }

        @Test void who_has_hung_up_is_not_believed_though_the_rest_belongs_to_nobody() {
            for (var state : List.of("04", "05", "06"))
                assertEquals(Peer.ANOTHERS, peer(row(OURS, THEIRS, "08", 1000), row(THEIRS, OURS, state, 0)));
            assertEquals(Peer.ANOTHERS, peer(row(OURS, THEIRS, "08", 1000)));
        }

        @Test void who_does_not_run_on_this_kernel_is_not_known() {
            assertEquals(Peer.UNKNOWN, peer(row(OURS, THEIRS, "01", 1000)));
            assertEquals(Peer.UNKNOWN, peer());
            assertEquals(Peer.UNKNOWN, peer("", "  sl  local_address rem_address   st", "x y z"));
        }

        @Test void another_connection_between_the_same_ports_does_not_count() {
            assertEquals(Peer.UNKNOWN, peer(row(OURS, THEIRS, "01", 1000), row("0200007F:9C40", OURS, "01", 1000),
                row("0100007F:9C41", OURS, "01", 1000)));
        }

        @Test void an_IPv4_address_may_be_written_as_one_of_IPv6() {
            var mapped = "0000000000000000FFFF0000";
            assertEquals(Peer.ANOTHERS, peer(row(mapped + OURS, mapped + THEIRS, "01", 1000),
                row(mapped + THEIRS, mapped + OURS, "01", 1001)));
        }
    }

    @Nested class Of_a_real_connection {

        @BeforeEach void onLinux() {
            assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "this system has no table of connections");
        }

        @ParameterizedTest @ValueSource(strings = {"127.0.0.1", "::1"})
        void it_is_ours(String address) throws IOException {
            try (var listener = new ServerSocket(0, 1, InetAddress.getByName(address));
                    var browser = new Socket(InetAddress.getByName(address), listener.getLocalPort());
                    var connection = listener.accept()) {
                assertEquals(Peer.OURS, Peer.of(connection));
                browser.shutdownOutput();
                assertEquals(Peer.ANOTHERS, Peer.of(connection), "nobody can say any more");
            }
        }
    }
}
