package faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import stand_in.FakeLogin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** The person who signs in, and their browser. */
final class Person {

    /** A whole sign-in with everything in order, whatever comes of it. */
    static Outcome signsIn(Home home) {
        var run = home.get_token("--no-browser").start();
        answers(run, home.login);
        run.closeInput();
        return run.ends();
    }

    /** Signs in at the address that the program tells, and lets the browser go where it is sent to. */
    static void answers(Running run, FakeLogin login) {
        var address = run.address();
        if (address.isEmpty()) return;
        try {
            var answer = URI.create(login.signIn(address, Lab.USER));
            get(answer.getPort(), "/?" + answer.getRawQuery());
        } catch (IOException | RuntimeException e) { /* the program is gone; its outcome will show it */ }
    }

    private static void get(int port, String pathAndQuery) throws IOException {
        try (var socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
            socket.setSoTimeout(60_000);
            var request = "GET " + pathAndQuery + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getInputStream().readNBytes(1_000_000);
        }
    }

    private Person() { }
}
