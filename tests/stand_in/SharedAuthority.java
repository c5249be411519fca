//SOURCES ThrowawayCa.java

package stand_in;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import javax.net.ssl.SSLSocketFactory;

/** One certificate authority for all tests of the stand-in, so that they can share clients and TLS sessions. */
final class SharedAuthority {
    static final ThrowawayCa CA = make();
    /** Sockets that trust {@link #CA}. */
    static final SSLSocketFactory TLS = CA.trusting().getSocketFactory();

    private SharedAuthority() { }

    private static ThrowawayCa make() {
        try {
            var folder = Files.createTempDirectory("stand_in");
            folder.toFile().deleteOnExit();
            var ca = ThrowawayCa.in(folder);
            ca.pemFile().toFile().deleteOnExit();
            return ca;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
