//SOURCES Text.java

package m365;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * HTTPS_PROXY and NO_PROXY, as curl reads them: either case of the name, NO_PROXY as host suffixes or {@code *}. On the
 * way to a cached token: no regular expressions, lambdas or streams here.
 */
final class ProxyVariables {
    private static final int USUAL_PORT = 3128;

    /**
     * The proxy between us and {@code destination}, if there is to be one.
     *
     * @param destination null if it is not known
     * @throws IllegalArgumentException if HTTPS_PROXY is not an address
     */
    static Optional<URI> proxyFor(URI destination, Map<String, String> env) {
        var text = either(env, "HTTPS_PROXY", "https_proxy");
        if (text.isEmpty()) return Optional.empty();
        var proxy = URI.create(text.contains("://") ? text : "http://" + text);
        if (proxy.getHost() == null || !"http".equals(proxy.getScheme()) || proxy.getPort() > 65535)
            throw new IllegalArgumentException("not a proxy's address");
        var host = destination == null || destination.getHost() == null ? "" : destination.getHost();
        for (var exempt : Text.words(either(env, "NO_PROXY", "no_proxy").replace(',', ' '))) {
            var suffix = exempt.startsWith(".") ? exempt.substring(1) : exempt;
            if (suffix.equals("*") || !suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix)))
                return Optional.empty();
        }
        return Optional.of(proxy);
    }

    static int port(URI proxy) { return proxy.getPort() < 0 ? USUAL_PORT : proxy.getPort(); }

    private static String either(Map<String, String> env, String name, String otherName) {
        var value = env.getOrDefault(name, "").strip();
        return value.isEmpty() ? env.getOrDefault(otherName, "").strip() : value;
    }

    private ProxyVariables() { }
}
