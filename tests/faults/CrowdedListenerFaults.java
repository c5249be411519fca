package faults;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLException;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** More clients than a sign-in has memory, threads or descriptors for; the person's browser comes while they stay. */
final class CrowdedListenerFaults {
    private static final int DESCRIPTORS = 120;

    private final Lab lab;
    private final Attacks attacks;

    CrowdedListenerFaults(Lab lab) {
        this.lab = lab;
        attacks = new Attacks(lab);
    }

    void headers(Fault fault) {
        attacks.survived(fault, waiting -> crowd(waiting, 150, "GET / HTTP/1.1\r\n" + waiting.host()
                + ("X: " + "y".repeat(7_000) + "\r\n").repeat(53)));
    }

    void halves(Fault fault) {
        attacks.survived(fault, waiting -> crowd(waiting, 500, "GET / HTTP/1.1\r\n" + waiting.host() + "X: y"));
    }

    void descriptors(Fault fault) {
        for (var scheme : List.of("http", "https"))
            fault.attempt("out of descriptors, " + scheme, () -> {
                var home = lab.home(attacks.login);
                try (var run = home.get_token("--no-browser").with("M365_REDIRECT_URI", scheme + "://localhost:0/")
                        .through("prlimit", "--nofile=" + DESCRIPTORS + ":" + DESCRIPTORS).start()) {
                    var waiting = new WaitingSignIn(lab, home, run);
                    crowd(waiting, 300, "GET / HTTP/1.1\r\n" + waiting.host());
                }
                home.get_token("--access-token").runHere().printsToken();
            });
    }

    /** All of them at once, and the person among them. @return true: the sign-in has succeeded */
    private static boolean crowd(WaitingSignIn waiting, int clients, String each) throws Exception {
        var open = Collections.synchronizedList(new ArrayList<Socket>());
        try {
            SideBySide.times(8, clients, n -> {
                try {
                    var socket = n % 2 == 0 ? waiting.connect() : waiting.connectOnly();
                    open.add(socket);
                    socket.getOutputStream().write(each.getBytes(ISO_8859_1));
                } catch (SocketException | SSLException e) { /* it hung up */ }
            });
            int threads = threads(waiting.run.process.pid());
            check(threads < 120, threads, "threads");
            waiting.comesBack();
        } finally {
            for (var socket : open) socket.close();
        }
        return true;
    }

    private static int threads(long process) throws IOException {
        try (var tasks = Files.list(Path.of("/proc/" + process + "/task"))) {
            return (int) tasks.count();
        }
    }
}
