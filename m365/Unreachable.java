//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Server.java
//SOURCES ShownCertificate.java
//SOURCES Signal.java

package m365;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;

import static m365.ExitStatus.LATER;
import static m365.ExitStatus.SETTINGS;

/**
 * Says what keeps us from a server, by the exception that Java gives it. After a failure of TLS it looks once more at
 * the server's certificate; advice is left to the knowledge in failures/.
 */
final class Unreachable {

    private Unreachable() { }

    /**
     * @param purpose imap, smtp, pop or sign-in
     * @param direct  false if a proxy stands in between
     */
    static Problem problem(String purpose, Server server, boolean direct, IOException e) {
        Throwable root = e;
        while (root.getCause() != null) root = root.getCause();
        var reason = words(root);
        var words = words(e).contains(reason) ? words(e) : words(e) + " (" + reason + ")";
        var seen = Signal.of("network", purpose + " " + e.getClass().getName() + ": " + words + ", "
                + root.getClass().getName() + inEnglish(root) + " (" + server + ")");
        if (e instanceof UnknownHostException)
            return new Problem(LATER, "the name " + server.host() + " cannot be resolved", "", seen).at(server);
        if (e instanceof SSLException)
            return new Problem(isCut(root) && (direct || !purpose.equals("sign-in")) ? LATER : SETTINGS,
                    "TLS with " + server + " failed: " + words
                    + (direct && root instanceof GeneralSecurityException ? issuer(server) : ""), "", seen).at(server);
        if (words.contains("through proxy")) {
            var status = words.matches("(?s).*HTTP/\\S+ 5\\d\\d.*") ? LATER : SETTINGS;
            return new Problem(status, "the proxy in HTTPS_PROXY refused to connect to " + server + ": " + words, "",
                    seen).at(server);
        }
        return new Problem(LATER, server + " cannot be reached: " + words, "", seen).at(server);
    }

    /** The system's words are in the user's language; the exception's class is not. */
    private static String inEnglish(Throwable e) {
        boolean told = words(e).contains("timed out");
        return e instanceof NoRouteToHostException ? ": No route to host"
                : e instanceof ConnectException && !told ? ": Connection refused" : "";
    }

    /** No setting mends that, unless it names a proxy that is none. */
    private static boolean isCut(Throwable e) { return e instanceof EOFException || e instanceof SocketException; }

    /** It was reached, and says no more. */
    static Problem silent(String purpose, Server server, IOException e) {
        return new Problem(LATER, server + " stopped answering: " + e.getMessage(), "",
                Signal.of("network", purpose + " timed out")).at(server);
    }

    private static String issuer(Server server) {
        return ShownCertificate.issuer(server).map(issuer -> "; its certificate comes from " + issuer).orElse("");
    }

    /** What an exception says. Java puts the class of an inner exception in front of its words. */
    static String words(Throwable e) {
        return e.getMessage() == null ? "no reason given"
                : e.getMessage().replaceAll("(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error): ", "");
    }
}
