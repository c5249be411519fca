//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Symptom.java
//SOURCES ../support/BlackHole.java
//SOURCES ../support/ForwardProxy.java

package m365;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import m365.Symptom.Scene;
import stand_in.FakeMail;
import support.BlackHole;
import support.ForwardProxy;
import support.Result;
import support.Tool;

import static m365.Symptom.Kept.OLD;
import static m365.Symptom.Kept.RENEWED;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What goes wrong on the way to a server. */
final class NetworkSymptoms {
    private static Symptom login(String name, String cause, int status, Scene scene) {
        return new Symptom("sign-in: " + name, cause, status, OLD, scene);
    }

    private static Symptom mail(String name, String cause, int status, Scene scene) {
        return new Symptom("mail: " + name, cause, status, RENEWED, scene);
    }

    private static Result certificate(Desk desk, SSLContext shown) {
        var server = desk.keep(FakeMail.serving(shown, true, client -> client.readLine()).start());
        return desk.with("M365_AUTHORITY", "https://localhost:" + server.port() + "/common").check();
    }

    private static Result proxied(Desk desk, String... answer) throws IOException {
        var proxy = desk.keep(ForwardProxy.answering(answer));
        return desk.with("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()).check();
    }

    static List<Symptom> networks() {
        var ca = Tool.ca();
        return List.of(
            mail("a port that swallows everything", "mail-port-timeout", 75, desk -> {
                var hole = desk.keep(new BlackHole());
                return desk.with("M365_IMAP_HOST", "127.0.0.1").with("M365_IMAP_PORT", hole.port()).check();
            }),
            mail("a server that never says a word", "mail-port-timeout", 75, desk ->
                desk.imap(FakeMail.hangsAfterAccept(ca)).check()),
            mail("silence after the login", "mail-port-timeout", 75, desk ->
                desk.imap(FakeMail.imap(ca).on("LIST *", FakeMail.SILENCE)).check()),
            login("a port that swallows everything", "sign-in-host-timeout", 75, desk -> {
                var hole = desk.keep(new BlackHole());
                return desk.with("M365_AUTHORITY", "https://127.0.0.1:" + hole.port() + "/common").check();
            }),
            login("no answer", "sign-in-host-timeout", 75, desk -> {
                for (int i = 0; i < 3; i++) desk.login.hangNext("token", Duration.ofSeconds(30));
                return desk.check();
            }),
            login("nobody listens", "sign-in-host-refused", 75, desk ->
                desk.with("M365_AUTHORITY", "https://localhost:" + freePort() + "/common").check()),
            mail("nobody listens", "connection-refused", 75, desk -> desk.mail("IMAP", freePort()).check()),
            login("a name that nobody knows", "name-does-not-resolve", 75, desk ->
                desk.with("M365_AUTHORITY", "https://login.nowhere.invalid/common").check()),
            mail("a name that nobody knows", "name-does-not-resolve", 75, desk ->
                desk.with("M365_IMAP_HOST", "outlook.nowhere.invalid").check()),
            login("an expired certificate", "certificate-expired", 78, desk -> certificate(desk, ca.expired())),
            login("a certificate for another host", "certificate-wrong-host", 78, desk ->
                certificate(desk, ca.wrongHost("other.example"))),
            login("a certificate of an unknown authority", "certificate-issuer-unknown", 78, desk ->
                certificate(desk, ca.unknownAuthority())),
            mail("an expired certificate", "certificate-expired", 78, desk ->
                desk.imap(FakeMail.imap(ca).certificate(ca.expired())).check()),
            mail("a certificate for another host", "certificate-wrong-host", 78, desk ->
                desk.imap(FakeMail.imap(ca).certificate(ca.wrongHost("other.example"))).check()),
            mail("a certificate of an unknown authority", "certificate-issuer-unknown", 78, desk -> {
                var result = desk.imap(FakeMail.imap(ca).certificate(ca.unknownAuthority())).check();
                assertTrue(result.out().contains("CN=Some other test CA"),
                    () -> "the issuer is not named: " + result.out());
                return result;
            }),
            mail("an unknown authority after STARTTLS", "certificate-issuer-unknown", 78, desk ->
                desk.smtp(FakeMail.smtp(ca).certificate(ca.unknownAuthority())).check("--smtp")),
            mail("an expired certificate after STARTTLS", "certificate-expired", 78, desk ->
                desk.smtp(FakeMail.smtp(ca).certificate(ca.expired())).check("--smtp")),
            mail("no TLS where it should be", "plain-server-spoken-to-in-tls", 78, desk ->
                desk.imap(FakeMail.imap(ca).withoutTls()).check()),
            mail("the connection is cut", "connection-cut", 75, desk ->
                desk.imap(FakeMail.imap(ca).greeting(FakeMail.HANG_UP)).check()),
            login("a proxy that wants a login", "proxy-login-needed", 78, desk ->
                proxied(desk, "HTTP/1.1 407 Proxy Authentication Required",
                    "Proxy-Authenticate: Basic realm=\"proxy\"", "Content-Length: 0", "", "")),
            login("a proxy that answers with a page", "proxy-refused", 78, desk ->
                proxied(desk, "HTTP/1.1 403 Forbidden", "Content-Type: text/html", "Content-Length: 44", "",
                    "<html><title>Blocked by policy</title></html>")),
            login("a proxy that is not one", "connection-cut", 78, desk ->
                proxied(desk, "HTTP/1.1 200 OK", "", "<html><title>Welcome to HotelNet</title></html>")));
    }

    /** A port on which nobody listens. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private NetworkSymptoms() { }
}
