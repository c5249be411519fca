package faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLDecoder;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import stand_in.ThrowawayCa;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** A sign-in that waits for its browser, and what a stranger on this machine can send to it. */
final class WaitingSignIn {
    final Running run;
    final URI redirect;
    final String state;
    final AtomicInteger requests = new AtomicInteger();
    private final Lab lab;
    private final Home home;
    private final String address;
    private final SSLContext trust;

    WaitingSignIn(Lab lab, Home home, Running run) {
        this.lab = lab;
        this.home = home;
        this.run = run;
        address = run.address();
        check(!address.isEmpty(), run.err(), "no address");
        redirect = URI.create(parameter("redirect_uri"));
        state = parameter("state");
        trust = isTls() ? ThrowawayCa.trustingOnly(run.says("fingerprint ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})")) : null;
    }

    private String parameter(String name) {
        for (var pair : URI.create(address).getRawQuery().split("&"))
            if (pair.startsWith(name + "=")) return URLDecoder.decode(pair.substring(name.length() + 1), UTF_8);
        throw new AssertionError("no " + name + " in the address");
    }

    private boolean isTls() { return redirect.getScheme().equals("https"); }

    int port() { return redirect.getPort(); }

    /** The header that a browser sends. */
    String host() { return "Host: localhost:" + port() + "\r\n"; }

    /** Signs in. @return the query with which the browser comes back */
    String answer() { return URI.create(home.login.signIn(address, Lab.USER)).getRawQuery(); }

    /** The browser of the one whom we wait for comes back. */
    Outcome comesBack() throws IOException {
        var page = get("/?" + answer());
        check(page.startsWith("HTTP/1.1 200") && page.contains("Signed in"), page, "the browser was not told");
        return run.ends().exits(0);
    }

    /** @param headers in place of the usual Host */
    String get(String pathAndQuery, String... headers) throws IOException {
        var more = headers.length == 0 ? host() : String.join("", headers);
        return exchange("GET " + pathAndQuery + " HTTP/1.1\r\n" + more + "\r\n");
    }

    String post(String body) throws IOException {
        return exchange("POST / HTTP/1.1\r\n" + host() + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Sends bytes and reads whatever comes back until the other side has had enough. */
    String exchange(String request) throws IOException {
        requests.incrementAndGet();
        try (var socket = connect()) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            var page = new String(readAll(socket), UTF_8);
            lab.emitted("page of the loopback listener", page);
            return page;
        } catch (SocketException | SSLException e) {
            return ""; // it hung up while we were still talking
        }
    }

    static byte[] readAll(Socket socket) throws IOException { return socket.getInputStream().readNBytes(1_000_000); }

    Socket connect() throws IOException {
        var socket = connectOnly();
        return isTls() ? trust.getSocketFactory().createSocket(socket, "localhost", port(), true) : socket;
    }

    /** Without a word of TLS. */
    Socket connectOnly() throws IOException {
        var socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port());
        socket.setSoTimeout(30_000);
        return socket;
    }
}
