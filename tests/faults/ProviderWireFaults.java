package faults;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import stand_in.Conversation;
import stand_in.FakeLogin;
import stand_in.FakeMail;

import static faults.Checks.check;
import static faults.Misbehaviour.HANGING_UP;
import static faults.Misbehaviour.SILENCE;
import static faults.Misbehaviour.answering;
import static faults.Misbehaviour.dripHandshake;
import static faults.Misbehaviour.endlessly;
import static faults.Misbehaviour.readRequest;
import static faults.Misbehaviour.write;
import static faults.Misbehaviour.writeLetters;

/** The identity provider misbehaves on the wire while a token is renewed. Bounded in time, and in memory by -Xmx64m. */
final class ProviderWireFaults {
    /** What a renewal may take at most, with some for a busy machine. */
    static final int SECONDS = 45;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

    private interface Renewal {
        void check(Outcome outcome);
    }

    private final Lab lab;
    /** Only to hand out tokens. */
    private final FakeLogin login;
    private final List<Callable<Void>> work = new ArrayList<>();

    ProviderWireFaults(Lab lab) {
        this.lab = lab;
        login = lab.login();
    }

    void misbehaves(Fault fault) throws Exception {
        connection(fault);
        framing(fault);
        statuses(fault);
        redirects(fault);
        work.add(() -> {
            fault.attempt("refuses", () -> {
                int closed;
                try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                    closed = socket.getLocalPort();
                }
                renew(closed, outcome -> outcome.exits(75));
            });
            return null;
        });
        SideBySide.run(20, lab.effort.some(work)); // most of them wait
    }

    private void connection(Fault fault) {
        clear(fault, "hangs after accept", SILENCE, 75);
        clear(fault, "hangs up after accept", HANGING_UP, 75, 78);
        clear(fault, "speaks no TLS", client -> client.say("220 mail.example ESMTP"), 78);
        clear(fault, "drips its TLS handshake", Misbehaviour::dripHandshake, 75, 78);
        var ca = lab.ca;
        var answer = answering(OK);
        trial(fault, "another host's certificate", FakeMail.serving(ca.wrongHost("other.example"), true, answer), 78);
        trial(fault, "a stranger's certificate", FakeMail.serving(ca.unknownAuthority(), true, answer), 78);
        trial(fault, "an old certificate", FakeMail.serving(ca.expired(), true, answer), 78);
        tls(fault, "hangs before the answer", client -> {
            readRequest(client);
            client.pause(600_000);
        }, 75);
        tls(fault, "hangs up before the answer", answering(), 75);
    }

    private void framing(Fault fault) {
        var letters = "x".repeat(8192);
        tls(fault, "half a header, then hangs up", answering("HTTP/1.1 200 O"), 75);
        tls(fault, "half a header, then hangs", endlessly("HTTP/1.1 200 O", "", 1000), 75);
        tls(fault, "drips its header", endlessly("HTTP/1.1 200 OK\r\nX: ", "x", 500), 75);
        tls(fault, "drips its body", endlessly(OK + "\r\n{\"a\":\"", "x", 500), 75);
        tls(fault, "a header without end", endlessly("HTTP/1.1 200 OK\r\nX: ", letters, 0), 75);
        tls(fault, "headers without end", endlessly("HTTP/1.1 200 OK\r\n", "X: y\r\n".repeat(1000), 0), 75);
        tls(fault, "continues without end", endlessly("", "HTTP/1.1 100 Continue\r\n\r\n".repeat(100), 0), 75);
        tls(fault, "1 GB", client -> {
            readRequest(client);
            write(client, OK + "Content-Length: 1073741824\r\n\r\n{\"access_token\":\"");
            writeLetters(client, 1L << 30);
        }, 75);
        tls(fault, "1 GB in chunks", endlessly(CHUNKED, "2000\r\n" + letters + "\r\n", 0), 75);
        tls(fault, "a chunk of 16 EB", answering(CHUNKED + "7fffffffffffffff\r\n{}"), 75);
        tls(fault, "a negative length", answering(OK + "Content-Length: -5\r\n\r\n{}"), 75);
        tls(fault, "less than announced", answering(OK + "Content-Length: 4000\r\n\r\n{\"access_token\":\"a"), 75);
        tls(fault, "no HTTP", answering("* OK IMAP4rev1 ready\r\n"), 75);
        tls(fault, "bytes", client -> {
            readRequest(client);
            client.write(new byte[100_000]);
        }, 75);
    }

    private void statuses(Fault fault) {
        tls(fault, "status 999", answering("HTTP/1.1 999 What\r\nContent-Length: 2\r\n\r\n{}"), 75);
        tls(fault, "status -1", answering("HTTP/1.1 -1 What\r\nContent-Length: 2\r\n\r\n{}"), 75);
        tls(fault, "wants a login of HTTP's", answering("HTTP/1.1 401 No\r\n"
                + "WWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"), 75);
    }

    /** Who is sent elsewhere must not go there, least of all in the clear. */
    private void redirects(Fault fault) {
        for (var scheme : List.of("http", "https")) {
            var there = answering(OK + "Content-Length: 2\r\n\r\n{}");
            var elsewhere = FakeMail.serving(lab.ca.server(), scheme.equals("https"), there).start();
            for (var status : List.of("301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect")) {
                var redirect = answering("HTTP/1.1 " + status + "\r\nLocation: " + scheme + "://localhost:"
                        + elsewhere.port() + "/token\r\nContent-Length: 0\r\n\r\n");
                trial(fault, status + " to " + scheme, server(true, redirect), outcome -> {
                    outcome.exits(75);
                    check(elsewhere.connections() == 0, elsewhere.heard(), "the redirect was followed");
                });
            }
        }
    }

    private FakeMail server(boolean tls, Conversation conversation) {
        return FakeMail.serving(lab.ca.server(), tls, conversation);
    }

    private void clear(Fault fault, String what, Conversation conversation, int... statuses) {
        trial(fault, what, server(false, conversation), statuses);
    }

    private void tls(Fault fault, String what, Conversation conversation, int... statuses) {
        trial(fault, what, server(true, conversation), statuses);
    }

    private void trial(Fault fault, String what, FakeMail server, int... statuses) {
        trial(fault, what, server, outcome -> outcome.exits(statuses));
    }

    private void trial(Fault fault, String what, FakeMail server, Renewal renewal) {
        work.add(() -> {
            try (var started = server.start()) {
                fault.attempt(what, () -> renew(started.port(), renewal));
            }
            return null;
        });
    }

    /** Whatever comes of it, the old token must stay. */
    private void renew(int port, Renewal renewal) {
        var home = lab.home(login).signedIn();
        var before = home.contents();
        var authority = "https://localhost:" + port + "/common";
        var outcome = home.get_token("--access-token").with("M365_AUTHORITY", authority).run();
        renewal.check(outcome);
        home.isStill(before);
        outcome.within(SECONDS);
    }
}
