package m365;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Whose program is at the other end of a connection inside this computer. Linux's own table of connections says so
 * (proc(5), /proc/net/tcp); elsewhere it is not known.
 */
enum Peer {
    /** A program of this user, or of the administrator, who can do everything anyway. */
    OURS,
    /** A program of another user; or one that has hung up, so that nobody can say any more whose it was. */
    ANOTHERS,
    UNKNOWN;

    private static final String ESTABLISHED = "01";

    static Peer of(Socket connection) {
        try {
            var rows = new ArrayList<String>();
            for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6"))
                if (Files.exists(Path.of(table))) rows.addAll(Files.readAllLines(Path.of(table), US_ASCII));
            int user = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return in(rows, end(connection.getInetAddress(), connection.getPort()),
                    end(connection.getLocalAddress(), connection.getLocalPort()), user);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return UNKNOWN;
        }
    }

    /**
     * Each end of a connection has a row. The other's is missing when its program does not run on this kernel, as a
     * browser of the Windows around a WSL does not; and a user can be believed only of one that is still connected:
     * what is left of a closed one belongs to nobody, which the table calls the administrator.
     */
    static Peer in(List<String> table, String theirs, String ours, int user) {
        boolean ourEndIsThere = false;
        Peer peer = UNKNOWN;
        for (var row : table) {
            var columns = row.strip().split("\\s+");
            if (columns.length < 8) continue;
            boolean connected = columns[3].equals(ESTABLISHED);
            if (named(columns[1], ours) && named(columns[2], theirs)) {
                if (!connected) return ANOTHERS;
                ourEndIsThere = true;
            } else if (named(columns[1], theirs) && named(columns[2], ours))
                peer = connected && (columns[7].equals("0") || columns[7].equals(String.valueOf(user))) ? OURS
                        : ANOTHERS;
        }
        return ourEndIsThere ? peer : UNKNOWN;
    }

    /** An IPv4 address may stand there as one of IPv6, with these digits in front (RFC 4291 section 2.5.5.2). */
    private static boolean named(String column, String end) {
        return column.equals(end) || column.equals(word(0) + word(0) + word(0xffff) + end);
    }

    /** As the table writes it: in words of 32 bits, each in this processor's own order. */
    static String end(InetAddress address, int port) {
        var text = new StringBuilder();
        var bytes = ByteBuffer.wrap(address.getAddress()).order(ByteOrder.nativeOrder());
        while (bytes.hasRemaining()) text.append("%08X".formatted(bytes.getInt()));
        return text.append(":%04X".formatted(port)).toString();
    }

    private static String word(int inNetworkOrder) {
        var bytes = ByteBuffer.allocate(4).putInt(0, inNetworkOrder).order(ByteOrder.nativeOrder());
        return "%08X".formatted(bytes.getInt(0));
    }
}
