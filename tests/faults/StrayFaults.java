package faults;

import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Requests that are not the answer which a sign-in waits for: strays, guesses, and those of a foreign web page. */
final class StrayFaults {
    private static final int STRAYS = 1000;
    private static final int GUESSES = 10_000;

    private final Lab lab;
    private final Attacks attacks;

    StrayFaults(Lab lab) {
        this.lab = lab;
        attacks = new Attacks(lab);
    }

    void strays(Fault fault) { attacks.survived(fault, this::strays); }

    private boolean strays(WaitingSignIn waiting) throws Exception {
        var state = "&state=" + waiting.state;
        var paths = List.of("/favicon.ico", "/", "/?", "/?code=", "/?code=x", "/?state=" + waiting.state, "/?error=x",
                "/robots.txt", "/?code=x&code=y" + state, "/?%", "/?code=%zz" + state, "/%00", "/..",
                "//evil.example/", "/?" + "&".repeat(1000), "/a/b/c?code=x" + state);
        var methods = List.of("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "CONNECT", "get", "\0", "");
        SideBySide.times(4, lab.effort.inputs(STRAYS), n -> {
            var method = methods.get(n % 7 == 0 ? n % methods.size() : 0);
            var origin = n % 3 == 0 ? "Origin: https://evil.example\r\n" : "";
            var page = waiting.exchange(method + " " + paths.get(n % paths.size()) + " HTTP/1.1\r\n" + waiting.host()
                    + origin + "Content-Length: 0\r\n\r\n");
            check(!page.contains("200 OK"), page, "a stray was welcomed");
            check(!page.toLowerCase(Locale.ROOT).contains("access-control-allow"), page, "other sites may read it");
        });
        malformed(waiting);
        return false;
    }

    private static void malformed(WaitingSignIn waiting) throws IOException {
        var post = "POST / HTTP/1.1\r\nHost: localhost\r\n";
        for (var raw : List.of("", "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000",
                "GET mailto:a@b HTTP/1.1\r\n" + waiting.host() + "\r\n",
                "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n", post + "Content-Length: -1\r\n\r\n",
                post + "Content-Length: x\r\n\r\n", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                "GET / HTTP/1.1\r\n: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"))
            try (var socket = waiting.connect()) {
                socket.getOutputStream().write(raw.getBytes(ISO_8859_1));
                socket.shutdownOutput();
                WaitingSignIn.readAll(socket);
            } catch (SocketException | SSLException e) { /* it hung up */ }
    }

    void guesses(Fault fault) { attacks.survived(fault, this::guesses); }

    private boolean guesses(WaitingSignIn waiting) throws Exception {
        var state = waiting.state;
        SideBySide.times(4, lab.effort.inputs(GUESSES), n -> {
            var guess = switch (n % 5) {
                case 0 -> "" + n;
                case 1 -> state.substring(1) + (char) ('A' + n % 26);
                case 2 -> state.substring(0, state.length() - 1);
                case 3 -> state + n;
                default -> state.toUpperCase(Locale.ROOT);
            };
            if (guess.equals(state)) return;
            var query = "code=guess" + n + "&state=" + guess;
            var page = n % 2 == 0 ? waiting.get("/?" + query) : waiting.post(query);
            check(page.startsWith("HTTP/1.1 400"), page, "guess " + n);
            check(!page.contains(state), page, "the state was told");
        });
        return false;
    }

    void rebinding(Fault fault) { attacks.survived(fault, StrayFaults::rebinding); }

    /** A name of the attacker's that resolves to 127.0.0.1: even the right answer must not be taken from there. */
    private static boolean rebinding(WaitingSignIn waiting) throws Exception {
        var right = "/?" + waiting.answer();
        var port = ":" + waiting.port();
        for (var host : List.of("evil.example", "evil.example" + port, "localhost.evil.example" + port,
                "127.0.0.1.evil.example", "localhost:1", "localhost" + port + "0", "evil.example@localhost" + port,
                "[::2]" + port, "0.0.0.0" + port, "127.0.0.2" + port, ""))
            check(waiting.get(right, "Host: " + host + "\r\n").startsWith("HTTP/1.1 4"), host, "was let in");
        check(!waiting.get(right, "X: y\r\n").startsWith("HTTP/1.1 2"), "no Host", "was let in");
        check(waiting.get(right).startsWith("HTTP/1.1 200"), "localhost", "was not let in");
        waiting.run.ends().exits(0);
        return true;
    }
}
