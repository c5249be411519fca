//SOURCES MailWire.java

package m365;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;

/**
 * The connection as Angus Mail wants it. It is no SSLSocket, with or without TLS: of one Angus Mail would ask for TLS
 * itself, and {@link Connection} has seen to that.
 */
final class MailSocket extends Socket {
    private final MailWire wire;

    MailSocket(MailWire wire) { this.wire = wire; }

    /** Angus Mail has no say in where to: the server was called before. */
    @Override public void connect(SocketAddress ignored) { }
    @Override public void connect(SocketAddress ignored, int timeout) { }
    @Override public int getPort() { return wire.server().port(); }
    @Override public InputStream getInputStream() { return wire.in(); }
    @Override public OutputStream getOutputStream() { return wire.out(); }
    @Override public void close() { wire.close(); }
}
