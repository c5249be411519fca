//SOURCES App.java

package stand_in;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/** Where a browser may be sent back to. */
final class RedirectUris {
    private RedirectUris() { }

    /** Whether the address fits one of those the application was registered with. */
    static boolean isRegistered(App app, String requested) {
        return app.redirectUris().stream().anyMatch(registered -> matches(registered, requested));
    }

    /**
     * Whether a redirect URI fits a registered one. Scheme, host, path and query must be equal, case included; for
     * loopback hosts the port is ignored ("Redirect URI restrictions and limitations", Localhost exceptions; RFC 8252
     * section 7.3). An empty path and "/" are the same address (RFC 3986 section 6.2.3, and that page returns one as
     * the other); beyond that a trailing slash counts.
     */
    static boolean matches(String registered, String requested) {
        try {
            var r = new URI(registered);
            var q = new URI(requested);
            var loopback = Set.of("localhost", "127.0.0.1").contains(String.valueOf(r.getHost()));
            return r.getScheme().equals(q.getScheme()) && String.valueOf(r.getHost()).equals(q.getHost())
                && (loopback || r.getPort() == q.getPort()) && q.getUserInfo() == null && q.getRawFragment() == null
                && pathOf(r).equals(pathOf(q))
                && String.valueOf(r.getRawQuery()).equals(String.valueOf(q.getRawQuery()));
        } catch (URISyntaxException | NullPointerException e) {
            return false;
        }
    }

    private static String pathOf(URI uri) {
        return uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    }
}
