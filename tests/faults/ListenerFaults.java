//JAVA 17+
//SOURCES faults.java

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** The listener that waits for the browser is attacked, and after each attack the person still gets in. */
final class faults_listener {
    private static final int STRAYS = 1000, GUESSES = 10_000;
    private static final String SCRIPT = "<script>alert(1)</script>'\"><img src=x onerror=alert(2)>";

    private final faults suite;
    private final faults_lab lab;

    faults_listener(faults suite) {
        this.suite = suite;
        this.lab = suite.lab;
    }

    /** An attack on a sign-in that waits. @return whether the sign-in has succeeded meanwhile */
    private interface Attack {
        boolean on(Waiting waiting) throws Exception;
    }

    /** A sign-in that waits for its browser. */
    private final class Waiting {
        final faults_lab.Home home;
        final faults_lab.Running run;
        final String address;
        final URI redirect;
        final String state;
        final AtomicInteger requests = new AtomicInteger();
        private final SSLContext trust;

        Waiting(faults_lab.Home home, faults_lab.Running run) {
            this.home = home;
            this.run = run;
            address = run.address();
            faults_lab.check(!address.isEmpty(), run.err(), "no address");
            redirect = URI.create(parameter(address, "redirect_uri"));
            state = parameter(address, "state");
            trust = isTls() ? throwaway_ca.trustingOnly(run.says("fingerprint ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})")) : null;
        }

        boolean isTls() { return redirect.getScheme().equals("https"); }

        int port() { return redirect.getPort(); }

        /** Where the browser ends after the sign-in: the redirect URI with a code. */
        String answer() { return home.login.signIn(address, faults_lab.USER); }

        String get(String pathAndQuery, String... headers) throws IOException {
            var more = headers.length == 0 ? "Host: localhost:" + port() + "\r\n" : String.join("", headers);
            return exchange("GET " + pathAndQuery + " HTTP/1.1\r\n" + more + "\r\n");
        }

        /** Sends bytes and reads whatever comes back until the other side has had enough. */
        String exchange(String request) throws IOException {
            requests.incrementAndGet();
            try (var socket = connect()) {
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                var page = new String(readAll(socket.getInputStream()), UTF_8);
                lab.emitted("page of the loopback listener", page);
                return page;
            } catch (SocketException | SSLException e) {
                return ""; // it hung up while we were still talking
            }
        }

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

        /** The browser of the one whom we wait for comes back. */
        faults_lab.Outcome comesBack() throws IOException {
            var answer = URI.create(answer());
            var page = get("/?" + answer.getRawQuery());
            faults_lab.check(page.startsWith("HTTP/1.1 200") && page.contains("Signed in"), page, "the browser was not told");
            return run.ends().exits(0);
        }
    }

    private static byte[] readAll(InputStream in) throws IOException { return in.readNBytes(1_000_000); }

    private static String parameter(String address, String name) {
        for (var pair : URI.create(address).getRawQuery().split("&"))
            if (pair.startsWith(name + "=")) return URLDecoder.decode(pair.substring(name.length() + 1), UTF_8);
        throw new AssertionError("no " + name + " in the address");
    }

    /** A whole sign-in with everything in order, whatever comes of it. */
    static faults_lab.Outcome signIn(faults_lab.Home home, faults_lab.Running run) {
        var address = run.address();
        if (!address.isEmpty()) {
            var answer = URI.create(home.login.signIn(address, faults_lab.USER));
            try (var socket = new Socket("127.0.0.1", answer.getPort())) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write(("GET /?" + answer.getRawQuery() + " HTTP/1.1\r\nHost: localhost:" + answer.getPort() + "\r\n\r\n").getBytes(ISO_8859_1));
                readAll(socket.getInputStream());
            } catch (IOException e) { /* the outcome will show it */ }
        }
        return run.ends();
    }

    void all() {
        var login = lab.login();
        login.codeLength(200);
        suite.fault("listener: 1,000 stray requests", fault -> survives(fault, login, this::strays));
        suite.fault("listener: 10,000 guessed states", fault -> survives(fault, login, this::guesses));
        suite.fault("listener: clients that never finish", fault -> survives(fault, login, this::slowClients));
        suite.fault("listener: 10 MB of everything", fault -> survives(fault, login, this::huge));
        suite.fault("listener: another Host (DNS rebinding)", fault -> survives(fault, login, this::rebinding));
        suite.fault("listener: who speaks no TLS to it", fault -> survives(fault, "https", login, this::withoutTls));
        suite.fault("listener: a valid state with an error", fault -> declined(fault, login));
        suite.fault("listener: scripts in every parameter", fault -> scripts(fault, login));
        suite.fault("listener: two browsers answer", fault -> twoBrowsers(fault, login));
        suite.fault("listener: the port is somebody else's", fault -> portTaken(fault, login));
        suite.fault("listener: from another address", fault -> survives(fault, login, this::fromOutside));
        suite.fault("listener: nonsense on standard input", fault -> nonsenseOnInput(fault, login));
    }

    /** Attacks a waiting sign-in; afterwards it must succeed. */
    private void survives(faults.Fault fault, fake_login login, Attack attack) {
        for (var scheme : List.of("http", "https")) survives(fault, scheme, login, attack);
    }

    private void survives(faults.Fault fault, String scheme, fake_login login, Attack attack) {
        fault.attempt("the sign-in succeeds all the same, " + scheme, () -> {
            var home = lab.home(login);
            try (var run = home.get_token("--no-browser").with("M365_REDIRECT_URI", scheme + "://localhost:0/").start()) {
                var waiting = new Waiting(home, run);
                boolean succeeded = attack.on(waiting);
                faults_lab.check(succeeded || run.process.isAlive(), run.err(), "the attack ended the sign-in");
                if (!succeeded) waiting.comesBack();
                fault.note(waiting.requests + " requests over " + scheme);
            }
            home.get_token("--access-token").run().printsToken();
        });
    }

    private boolean strays(Waiting waiting) throws Exception {
        var paths = List.of("/favicon.ico", "/", "/?", "/?code=", "/?code=x", "/?state=" + waiting.state, "/?error=x", "/robots.txt", "/?code=x&code=y&state=" + waiting.state,
                "/?%", "/?code=%zz&state=" + waiting.state, "/%00", "/..", "//evil.example/", "/?" + "&".repeat(1000), "/a/b/c?code=x&state=" + waiting.state);
        var methods = List.of("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "CONNECT", "get", "\0", "");
        work(4, STRAYS, n -> {
            var page = waiting.exchange(methods.get(n % 7 == 0 ? n % methods.size() : 0) + " " + paths.get(n % paths.size()) + " HTTP/1.1\r\nHost: localhost:" + waiting.port()
                    + (n % 3 == 0 ? "\r\nOrigin: https://evil.example" : "") + "\r\nContent-Length: 0\r\n\r\n");
            faults_lab.check(!page.contains("200 OK"), page, "a stray was welcomed");
            faults_lab.check(!page.toLowerCase(Locale.ROOT).contains("access-control-allow"), page, "other sites may read it");
        });
        for (var raw : List.of("", "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u0016\u0003\u0001\u0002\u0000", "GET mailto:a@b HTTP/1.1\r\nHost: localhost:" + waiting.port() + "\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"))
            try (var socket = waiting.connect()) {
                socket.getOutputStream().write(raw.getBytes(ISO_8859_1));
                socket.shutdownOutput();
                readAll(socket.getInputStream());
            } catch (SocketException | SSLException e) { /* it hung up */ }
        return false;
    }

    private interface Numbered {
        void make(int number) throws Exception;
    }

    private static void work(int width, int times, Numbered work) throws Exception {
        var next = new AtomicInteger();
        var workers = new ArrayList<Callable<Void>>();
        for (int i = 0; i < width; i++)
            workers.add(() -> {
                for (int n; (n = next.getAndIncrement()) < times;) work.make(n);
                return null;
            });
        faults.sideBySide(width, workers);
    }

    private boolean guesses(Waiting waiting) throws Exception {
        work(4, GUESSES, n -> {
            var guess = switch (n % 5) {
                case 0 -> "" + n;
                case 1 -> waiting.state.substring(1) + (char) ('A' + n % 26);
                case 2 -> waiting.state.substring(0, waiting.state.length() - 1);
                case 3 -> waiting.state + n;
                default -> waiting.state.toUpperCase(Locale.ROOT);
            };
            if (guess.equals(waiting.state)) return;
            var query = "code=guess" + n + "&state=" + guess;
            var page = n % 2 == 0 ? waiting.get("/?" + query)
                    : waiting.exchange("POST / HTTP/1.1\r\nHost: localhost:" + waiting.port() + "\r\nContent-Length: " + query.length() + "\r\n\r\n" + query);
            faults_lab.check(page.startsWith("HTTP/1.1 400"), page, "guess " + n);
            faults_lab.check(!page.contains(waiting.state), page, "the state was told");
        });
        return false;
    }

    /** They stay until the sign-in has succeeded; who sends nothing for ten seconds may be thrown out. */
    private boolean slowClients(Waiting waiting) throws Exception {
        var open = Collections.synchronizedList(new ArrayList<Socket>());
        var pool = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 400; i++) {
                var socket = i % 2 == 0 ? waiting.connect() : waiting.connectOnly();
                open.add(socket);
                var part = List.of("", "G", "GET /", "GET / HTTP/1.1\r\nHost: localhost", "POST / HTTP/1.1\r\nHost: localhost:" + waiting.port() + "\r\nContent-Length: 1000\r\n\r\nco").get(i % 5);
                socket.getOutputStream().write(part.getBytes(ISO_8859_1));
            }
            var dripping = pool.submit(() -> {
                for (int i = 0; i < 6; i++, faults_lab.sleep(500))
                    for (var socket : List.copyOf(open)) try { socket.getOutputStream().write('x'); } catch (IOException e) { /* thrown out */ }
            });
            waiting.comesBack(); // while they are all there
            dripping.get();
        } finally {
            pool.shutdown();
            for (var socket : open) socket.close();
        }
        return true;
    }

    private boolean huge(Waiting waiting) throws Exception {
        var much = "x".repeat(10_000_000);
        var host = "Host: localhost:" + waiting.port() + "\r\n";
        waiting.exchange("GET /?" + much + " HTTP/1.1\r\n" + host + "\r\n");
        waiting.exchange("GET / HTTP/1.1\r\n" + host + "X: " + much + "\r\n\r\n");
        waiting.exchange("GET / HTTP/1.1\r\n" + host + "X: y\r\n".repeat(1_000_000) + "\r\n");
        waiting.exchange("GET / HTTP/1.1\r\n" + host + "Cookie: " + "a=b; ".repeat(2_000_000) + "\r\n\r\n");
        waiting.exchange(much);
        for (var query : List.of(much, "code=" + much + "&state=" + waiting.state, "&".repeat(10_000_000), "code=x&state=" + much))
            waiting.exchange("POST / HTTP/1.1\r\n" + host + "Content-Length: " + query.length() + "\r\n\r\n" + query);
        waiting.exchange("POST / HTTP/1.1\r\n" + host + "Content-Length: 1000000000000\r\n\r\n" + much);
        waiting.exchange("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n" + ("ffff\r\n" + "y".repeat(65535) + "\r\n").repeat(150));
        // All at once: five times ten megabytes do not fit into 64.
        work(5, 5, n -> waiting.exchange("GET /?" + much + " HTTP/1.1\r\n" + host + "\r\n"));
        return false;
    }

    /** Plain HTTP, noise, half a handshake, a handshake that never ends: all to a listener that wants TLS. */
    private boolean withoutTls(Waiting waiting) throws Exception {
        var pieces = List.of("GET / HTTP/1.1\r\nHost: localhost:" + waiting.port() + "\r\n\r\n", "\0", "\u0016\u0003\u0001", "\u0016\u0003\u0001\u00ff\u00ff", "\u0016\u0003\u0003\0\u0004\u0001\0\0\0",
                "\u0015\u0003\u0003\0\u0002\u0002\u0028", "\u0080\u002e\u0001\u0003\u0001", "x".repeat(100_000), "* OK ready\r\n", "");
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
                socket.getOutputStream().write(pieces.get(0).getBytes(ISO_8859_1));
                var plain = new String(readAll(socket.getInputStream()), ISO_8859_1);
                faults_lab.check(!plain.contains("HTTP/"), plain, "plain HTTP was answered");
            } catch (SocketException e) { /* it hung up */ }
            waiting.comesBack(); // while the others are there
        } finally {
            for (var socket : open) socket.close();
        }
        return true;
    }

    /** A name of the attacker's that resolves to 127.0.0.1: even the right answer must not be taken from there. */
    private boolean rebinding(Waiting waiting) throws Exception {
        var answer = URI.create(waiting.answer());
        for (var host : List.of("evil.example", "evil.example:" + waiting.port(), "localhost.evil.example:" + waiting.port(), "127.0.0.1.evil.example", "localhost:1", "localhost:" + waiting.port() + "0",
                "evil.example@localhost:" + waiting.port(), "[::2]:" + waiting.port(), "0.0.0.0:" + waiting.port(), "127.0.0.2:" + waiting.port(), ""))
            faults_lab.check(waiting.get("/?" + answer.getRawQuery(), "Host: " + host + "\r\n").startsWith("HTTP/1.1 4"), host, "was let in");
        faults_lab.check(!waiting.get("/?" + answer.getRawQuery(), "X: y\r\n").startsWith("HTTP/1.1 2"), "no Host", "was let in");
        faults_lab.check(waiting.get("/?" + answer.getRawQuery()).startsWith("HTTP/1.1 200"), "localhost", "was not let in");
        waiting.run.ends().exits(0);
        return true;
    }

    private void declined(faults.Fault fault, fake_login login) {
        for (var error : List.of("error=access_denied", "error=access_denied&code=x", "error=", "error=%1b%5D0;x%07&error_description=%1b%5B2J%0aget_token:%20fine", "error=server_error&error_description=" + "AADSTS".repeat(1000)))
            fault.attempt(error.length() > 60 ? error.substring(0, 60) : error, () -> {
                var home = lab.home(login).signedIn();
                var before = home.contents();
                try (var run = home.get_token("--no-browser").start()) {
                    var waiting = new Waiting(home, run);
                    var page = waiting.get("/?state=" + waiting.state + "&" + error);
                    faults_lab.check(page.contains("Not signed in"), page, "the browser was not told");
                    run.ends().exits(75, 77, 78);
                }
                faults_lab.check(home.contents().equals(before), home.contents(), "changed");
                signIn(home, home.get_token("--no-browser").start()).exits(0);
            });
    }

    private void scripts(faults.Fault fault, fake_login login) {
        var script = URLEncoder.encode(SCRIPT, UTF_8);
        for (var query : List.of("error=" + script + "&error_description=" + script, "error=access_denied&error_description=" + script + "&error_uri=" + script, "code=" + script))
            fault.attempt(query.substring(0, 20), () -> {
                var home = lab.home(login);
                try (var run = home.get_token("--no-browser").start()) {
                    var waiting = new Waiting(home, run);
                    for (var stray : List.of("/" + script, "/?" + script + "=" + script, "/?code=" + script + "&state=" + script, "/?state=" + script + "&error=" + script))
                        harmless(waiting.get(stray));
                    harmless(waiting.get("/", "Host: " + SCRIPT + "\r\nReferer: " + SCRIPT + "\r\nX-Forwarded-Host: " + SCRIPT + "\r\n"));
                    harmless(waiting.get("/?state=" + waiting.state + "&" + query + "&session_state=" + script + "&client_info=" + script));
                    run.ends().exits(75, 77, 78);
                }
                signIn(home, home.get_token("--no-browser").start()).exits(0);
            });
    }

    private static void harmless(String page) {
        faults_lab.check(!page.contains("<script") && !page.contains("<img") && !page.contains("onerror=alert(2)>"), page, "a script got through");
        faults_lab.check(!page.contains("<html") || page.contains("default-src 'none'"), page, "no content security policy");
    }

    private void twoBrowsers(faults.Fault fault, fake_login login) {
        for (int n = 0; n < 5; n++)
            fault.attempt("pair " + n, () -> {
                var home = lab.home(login);
                try (var run = home.get_token("--no-browser").start()) {
                    var waiting = new Waiting(home, run);
                    var answers = List.of(URI.create(waiting.answer()), URI.create(waiting.answer()));
                    var pages = Collections.synchronizedList(new ArrayList<String>());
                    work(2, 2, i -> pages.add(waiting.get("/?" + answers.get(i).getRawQuery())));
                    faults_lab.check(pages.stream().filter(page -> page.startsWith("HTTP/1.1 200") && page.contains("Signed in")).count() == 1, pages, "not one was told so");
                    faults_lab.check(pages.stream().filter(page -> page.startsWith("HTTP/1.1 409") || page.isEmpty()).count() == 1, pages, "not one was turned away");
                    run.ends().exits(0);
                } catch (ConnectException late) { /* the second found the listener closed */ }
                home.get_token("--access-token").run().printsToken();
            });
    }

    private void portTaken(faults.Fault fault, fake_login login) throws Exception {
        for (var owner : List.of("127.0.0.1", "::1", "0.0.0.0", "::"))
            for (var host : List.of("localhost", "127.0.0.1"))
                fault.attempt("somebody has it on " + owner + ", we want it on " + host, () -> {
                    ServerSocket taken;
                    try {
                        taken = new ServerSocket(0, 50, InetAddress.getByName(owner));
                    } catch (SocketException noIpv6) {
                        return;
                    }
                    var overheard = new AtomicInteger();
                    faults_lab.daemon(() -> {
                        try {
                            while (true) { taken.accept().close(); overheard.incrementAndGet(); }
                        } catch (IOException closed) { /* the end */ }
                    });
                    var home = lab.home(login);
                    try (taken; var run = home.get_token("--no-browser").with("M365_REDIRECT_URI", "http://" + host + ":" + taken.getLocalPort() + "/").start()) {
                        var waiting = new Waiting(home, run);
                        boolean inTheWay = !owner.equals("::1") || host.equals("localhost");
                        faults_lab.check(inTheWay == (waiting.port() != taken.getLocalPort()), waiting.redirect, "another port is needed exactly if theirs is in the way");
                        faults_lab.check(!inTheWay || run.err().contains("in use"), run.err(), "nothing was said of it");
                        waiting.comesBack();
                        faults_lab.check(overheard.get() == 0, overheard, "somebody else was asked");
                    }
                });
    }

    private boolean fromOutside(Waiting waiting) throws Exception {
        var tried = new ArrayList<InetAddress>();
        for (var device : Collections.list(NetworkInterface.getNetworkInterfaces()))
            for (var address : Collections.list(device.getInetAddresses()))
                if (device.isUp() && !address.isLoopbackAddress() && (address instanceof Inet4Address || address instanceof Inet6Address)) tried.add(address);
        // A machine without a network has other loopback addresses at least, and we listen on none of those.
        tried.add(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}));
        for (var address : tried)
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, waiting.port()), 3000);
                faults_lab.check(false, address, "was let in");
            } catch (IOException refused) { /* as it should be */ }
        // What listens where, as the system sees it.
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6"))
            faults_lab.read(Path.of(table)).lines().map(line -> line.strip().split("\\s+")).filter(cells -> cells.length > 3 && cells[3].equals("0A")
                    && cells[1].endsWith(String.format(":%04X", waiting.port()))).forEach(cells -> faults_lab.check(
                    List.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000").contains(cells[1].split(":")[0]), cells[1], "listens elsewhere"));
        return false;
    }

    private void nonsenseOnInput(faults.Fault fault, fake_login login) {
        for (var input : List.of("\n", "x\n", "\0\n", "code=x&state=y\n", "https://localhost/?code=" + "x".repeat(50_000) + "&state=\n", "\"\n", "AADSTS50011\n"))
            fault.attempt("10 MB of " + input.substring(0, Math.min(10, input.length())).strip(), () -> {
                var home = lab.home(login);
                try (var run = home.get_token("--no-browser").start()) {
                    var waiting = new Waiting(home, run);
                    faults_lab.daemon(() -> {
                        for (int sent = 0; sent < 10_000_000 && run.process.isAlive(); sent += Math.max(10_000, input.length())) run.types(input.length() > 10_000 ? input : input.repeat(10_000 / input.length()));
                        run.closeInput();
                    });
                    faults_lab.sleep(1000);
                    waiting.get("/?" + URI.create(waiting.answer()).getRawQuery());
                    faults_lab.check(run.process.waitFor(60, TimeUnit.SECONDS), run.err().length(), "drowned");
                    faults_lab.check(run.process.exitValue() == 0, run.err().length(), "did not sign in: " + run.process.exitValue());
                }
                home.get_token("--access-token").run().printsToken();
            });
    }
}
