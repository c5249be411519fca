package live;

import java.io.IOException;
import java.net.URI;

/** Who signs in, with a browser. */
public interface Person {
    /**
     * Signs in there.
     *
     * @param redirect where the browser is to come back to
     * @return the address that the browser ended on, or the words of the page if it shows an error; empty to go on
     *         without
     */
    String signIn(URI address, URI redirect) throws IOException;
}
