package faults;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** A sign-in that waits is kept busy: by clients that never finish, by megabytes, by noise. Its memory is -Xmx64m. */
final class FloodFaults {
    private final Attacks attacks;

    FloodFaults(Lab lab) { attacks = new Attacks(lab); }

    void slowClients(Fault fault) { attacks.survived(fault, FloodFaults::slowClients); }

    /** They stay until the sign-in has succeeded; who sends nothing for ten seconds may be thrown out. */
    private static boolean slowClients(WaitingSignIn waiting) throws Exception {
        var parts = List.of("", "G", "GET /", "GET / HTTP/1.1\r\nHost: localhost",
                "POST / HTTP/1.1\r\n" + waiting.host() + "Content-Length: 1000\r\n\r\nco");
        var open = Collections.synchronizedList(new ArrayList<Socket>());
        var pool = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 400; i++) {
                var socket = i % 2 == 0 ? waiting.connect() : waiting.connectOnly();
                open.add(socket);
                socket.getOutputStream().write(parts.get(i % 5).getBytes(ISO_8859_1));
            }
            var dripping = pool.submit(() -> {
                for (int i = 0; i < 6; i++, Checks.sleep(500)) drip(List.copyOf(open));
            });
            waiting.comesBack(); // while they are all there
            dripping.get();
        } finally {
            pool.shutdown();
            for (var socket : open) socket.close();
        }
        return true;
    }

    private static void drip(List<Socket> sockets) {
        for (var socket : sockets)
            try {
                socket.getOutputStream().write('x');
            } catch (IOException e) { /* thrown out */ }
    }

    void huge(Fault fault) { attacks.survived(fault, FloodFaults::huge); }

    private static boolean huge(WaitingSignIn waiting) throws Exception {
        var much = "x".repeat(10_000_000);
        var get = "GET / HTTP/1.1\r\n" + waiting.host();
        var post = "POST / HTTP/1.1\r\n" + waiting.host();
        waiting.get("/?" + much);
        waiting.exchange(get + "X: " + much + "\r\n\r\n");
        waiting.exchange(get + "X: y\r\n".repeat(1_000_000) + "\r\n");
        waiting.exchange(get + "Cookie: " + "a=b; ".repeat(2_000_000) + "\r\n\r\n");
        waiting.exchange(much);
        for (var query : List.of(much, "code=" + much + "&state=" + waiting.state, "&".repeat(10_000_000),
                "code=x&state=" + much))
            waiting.post(query);
        waiting.exchange(post + "Content-Length: 1000000000000\r\n\r\n" + much);
        waiting.exchange(post + "Transfer-Encoding: chunked\r\n\r\n"
                + ("ffff\r\n" + "y".repeat(65535) + "\r\n").repeat(150));
        // All at once: five times ten megabytes do not fit into 64.
        SideBySide.times(5, 5, n -> waiting.get("/?" + much));
        return false;
    }

    void withoutTls(Fault fault) { attacks.survived(fault, "https", FloodFaults::withoutTls); }

    /** Plain HTTP, noise, half a handshake, a handshake that never ends: all to a listener that wants TLS. */
    private static boolean withoutTls(WaitingSignIn waiting) throws Exception {
        var plain = "GET / HTTP/1.1\r\n" + waiting.host() + "\r\n";
        var pieces = List.of(plain, "\0", "\u0016\u0003\u0001", "\u0016\u0003\u0001\u00ff\u00ff",
                "\u0016\u0003\u0003\0\u0004\u0001\0\0\0", "\u0015\u0003\u0003\0\u0002\u0002\u0028",
                "\u0080\u002e\u0001\u0003\u0001", "x".repeat(100_000), "* OK ready\r\n", "");
        var open = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 200; i++) {
                var socket = waiting.connectOnly();
                open.add(socket);
                try {
                    socket.getOutputStream().write(pieces.get(i % pieces.size()).getBytes(ISO_8859_1));
                    if (i % 4 == 0) socket.close();
                } catch (SocketException e) { /* it hung up */ }
            }
            try (var socket = waiting.connectOnly()) {
                socket.getOutputStream().write(plain.getBytes(ISO_8859_1));
                var answer = new String(WaitingSignIn.readAll(socket), ISO_8859_1);
                check(!answer.contains("HTTP/"), answer, "plain HTTP was answered");
            } catch (SocketException e) { /* it hung up */ }
            waiting.comesBack(); // while the others are there
        } finally {
            for (var socket : open) socket.close();
        }
        return true;
    }

    void nonsenseOnInput(Fault fault) {
        for (var input : attacks.lab.effort.some(List.of("\n", "x\n", "\0\n", "code=x&state=y\n",
                "https://localhost/?code=" + "x".repeat(50_000) + "&state=\n", "\"\n", "AADSTS50011\n")))
            fault.attempt("10 MB of " + input.substring(0, Math.min(10, input.length())).strip(), () -> {
                var home = attacks.lab.home(attacks.login);
                try (var run = home.get_token("--no-browser").start()) {
                    var waiting = new WaitingSignIn(attacks.lab, home, run);
                    Checks.daemon(() -> pour(input, run));
                    Checks.sleep(1000);
                    waiting.get("/?" + waiting.answer());
                    int told = run.err().length();
                    check(run.process.waitFor(60, TimeUnit.SECONDS), told, "drowned");
                    check(run.process.exitValue() == 0, told, "did not sign in: " + run.process.exitValue());
                }
                home.get_token("--access-token").runHere().printsToken();
            });
    }

    private static void pour(String input, Running run) {
        var piece = input.length() > 10_000 ? input : input.repeat(10_000 / input.length());
        for (int sent = 0; sent < 10_000_000 && run.isAlive(); sent += Math.max(10_000, input.length()))
            run.types(piece);
        run.closeInput();
    }
}
