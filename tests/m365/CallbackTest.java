//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/Callback.java
//SOURCES ../../m365/Page.java
//SOURCES ../../m365/Redirect.java
//SOURCES ../../m365/SignInEvent.java
//SOURCES ../support/Tool.java

package m365;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import support.Tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The listener for the browser's return. */
class CallbackTest {
    static final String STATE = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg";
    static final String CODE = "1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA.AgABBAIAAAD";

    final LinkedBlockingQueue<SignInEvent> events = new LinkedBlockingQueue<>();
    final List<String> told = Collections.synchronizedList(new ArrayList<>());
    Callback callback;

    Callback listen(String redirect) {
        callback = Callback.listen(URI.create(redirect), events, told::add);
        callback.expect(STATE, false);
        return callback;
    }

    @AfterEach void stopListening() { if (callback != null) callback.close(); }

    /** Sends exactly this, and returns all that comes back. */
    String ask(String host, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getByName(host), callback.redirect().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    String get(String path) throws IOException {
        return ask("127.0.0.1", "GET " + path + " HTTP/1.1\nHost: localhost:" + callback.redirect().getPort() + "\n\n");
    }

    /** Waits for the answer of a browser and lets it have its page. */
    Redirect arrived() throws InterruptedException {
        var event = assertInstanceOf(SignInEvent.Arrived.class, events.poll(20, TimeUnit.SECONDS));
        event.answer(new Page(200, "Signed in", "You are signed in."));
        return event.redirect();
    }

    @Nested class The_listener {

        @BeforeEach void listens() { listen("http://localhost:0/back"); }

        @Test void takes_the_code_of_a_GET_and_answers_when_all_is_done() throws Exception {
            var waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return get("/back?code=" + CODE + "&state=" + STATE);
                } catch (IOException e) {
                    return e.toString();
                }
            });
            var event = assertInstanceOf(SignInEvent.Arrived.class, events.poll(20, TimeUnit.SECONDS));
            assertFalse(waiting.isDone(), "the page came before it could know");
            event.answer(new Page(200, "Signed in", "You are signed in."));
            var page = waiting.get(20, TimeUnit.SECONDS);
            assertTrue(page.startsWith("HTTP/1.1 200") && page.contains("You are signed in."), page);
            assertEquals(CODE, assertInstanceOf(Redirect.Code.class, event.redirect()).code().reveal());
        }

        @Test void takes_the_code_of_a_form_post() throws Exception {
            var form = "code=" + CODE + "&state=" + STATE;
            var page = CompletableFuture.supplyAsync(() -> {
                try {
                    return ask("127.0.0.1", "POST /back HTTP/1.1\nHost: localhost\n"
                        + "Content-Type: application/x-www-form-urlencoded\n"
                        + "Content-Length: " + form.length() + "\n\n" + form);
                } catch (IOException e) {
                    return e.toString();
                }
            });
            assertInstanceOf(Redirect.Code.class, arrived());
            assertTrue(page.get(20, TimeUnit.SECONDS).startsWith("HTTP/1.1 200"));
        }

        @Test void lets_no_stray_request_end_the_wait() throws Exception {
            assertTrue(get("/favicon.ico").startsWith("HTTP/1.1 404"));
            assertTrue(get("/").startsWith("HTTP/1.1 404"));
            assertTrue(get("/back").startsWith("HTTP/1.1 400"));
            assertTrue(get("/back?code=" + CODE).startsWith("HTTP/1.1 400"));
            assertTrue(get("/back?code=" + CODE + "&state=other").startsWith("HTTP/1.1 400"));
            assertTrue(get("/back?error=access_denied&state=other").startsWith("HTTP/1.1 400"));
            assertTrue(get("/back/more?code=" + CODE + "&state=" + STATE).startsWith("HTTP/1.1 404"));
            assertTrue(ask("127.0.0.1", "DELETE /back?code=" + CODE + "&state=" + STATE
                + " HTTP/1.1\nHost: localhost\n\n").startsWith("HTTP/1.1 404"));
            assertTrue(events.isEmpty(), "a stray was taken for the answer");
        }

        @Test void does_not_answer_to_the_name_of_another_host() throws Exception {
            for (var host : List.of("Host: evil.example\n", "Host: localhost.evil.example\n", "Host: localhost:1\n",
                    ""))
                assertFalse(ask("127.0.0.1", "GET /back?code=" + CODE + "&state=" + STATE + " HTTP/1.1\n" + host + "\n")
                    .startsWith("HTTP/1.1 200"), host);
            assertTrue(events.isEmpty(), "it was taken for the answer");
        }

        @Test void refuses_a_form_of_a_megabyte() throws Exception {
            var start = "code=" + CODE + "&state=" + STATE + "&x=";
            try {
                var page = ask("127.0.0.1", "POST /back HTTP/1.1\nHost: localhost\nContent-Length: 1048576\n\n" + start
                    + "x".repeat(1_048_576 - start.length()));
                assertTrue(page.isEmpty() || page.startsWith("HTTP/1.1 404"), page);
            } catch (SocketException hungUp) { /* as good an answer */ }
            assertTrue(events.isEmpty(), "it was taken for the answer");
        }

        @Test void serves_the_browser_while_somebody_else_says_nothing() throws Exception {
            try (var silent = new Socket("127.0.0.1", callback.redirect().getPort());
                    var slow = new Socket("127.0.0.1", callback.redirect().getPort())) {
                var half = "POST /back HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nco";
                slow.getOutputStream().write(half.getBytes(UTF_8));
                assertTrue(silent.isConnected());
                assertTrue(get("/favicon.ico").startsWith("HTTP/1.1 404"));
            }
        }

        /** Each would hold a thread; the oldest give way, and the newest are still there. */
        @Test void serves_the_browser_while_500_have_sent_half_a_request() throws Exception {
            var crowd = new ArrayList<Socket>();
            try {
                for (int i = 0; i < 500; i++) {
                    crowd.add(new Socket("127.0.0.1", callback.redirect().getPort()));
                    crowd.get(i).getOutputStream().write("GET /back HTTP/1.1\r\nHost: localh".getBytes(UTF_8));
                }
                assertTrue(get("/favicon.ico").startsWith("HTTP/1.1 404"));
                assertTrue(isHungUp(crowd.get(0)), "the oldest is still there");
                assertFalse(isHungUp(crowd.get(499)), "the newest had to go");
            } finally {
                for (var socket : crowd) socket.close();
            }
        }

        static boolean isHungUp(Socket socket) throws IOException {
            socket.setSoTimeout(500);
            try {
                return socket.getInputStream().read() < 0;
            } catch (SocketTimeoutException e) {
                return false;
            } catch (SocketException e) {
                return true;
            }
        }

        @Test void hangs_up_on_headers_without_an_end() throws Exception {
            try {
                assertEquals("", ask("127.0.0.1", "GET /back HTTP/1.1\nHost: localhost\n" + "X: y\n".repeat(80_000)));
            } catch (SocketException hungUp) { /* as it should */ }
            assertTrue(get("/favicon.ico").startsWith("HTTP/1.1 404"));
        }

        @Test void lets_only_the_first_answer_count() throws Exception {
            var first = new Thread(() -> {
                try {
                    get("/back?code=" + CODE + "&state=" + STATE);
                } catch (IOException e) { /* seen by the assertions below */ }
            });
            first.start();
            arrived();
            first.join();
            assertTrue(get("/back?code=" + CODE + "2&state=" + STATE).startsWith("HTTP/1.1 409"));
            assertTrue(events.isEmpty());
        }

        @Test void lets_nobody_keep_or_frame_its_pages() throws Exception {
            var page = get("/favicon.ico").toLowerCase();
            for (var header : List.of("cache-control: no-store", "content-security-policy: default-src 'none'",
                "frame-ancestors 'none'", "referrer-policy: no-referrer"))
                assertTrue(page.contains(header), header);
        }

        @Test void is_on_loopback_only() throws Exception {
            for (var nic : Collections.list(NetworkInterface.getNetworkInterfaces()))
                for (var address : Collections.list(nic.getInetAddresses()))
                    if (!address.isLoopbackAddress())
                        assertThrows(ConnectException.class, () -> {
                            try (var socket = new Socket()) {
                                socket.connect(new InetSocketAddress(address, callback.redirect().getPort()), 2000);
                            }
                        }, address.toString());
        }

        @Test void is_on_IPv6_loopback_where_there_is_one() throws Exception {
            assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null,
                "this machine has no ::1");
            assertTrue(ask("::1", "GET / HTTP/1.1\nHost: localhost\n\n").startsWith("HTTP/1.1 404"));
        }
    }

    @Nested class The_port {

        @Test void is_any_free_one_when_the_wanted_one_is_taken_and_that_is_said() throws Exception {
            try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                listen("http://localhost:" + other.getLocalPort() + "/");
                assertNotEquals(other.getLocalPort(), callback.redirect().getPort());
                assertTrue(told.get(0).contains("Port " + other.getLocalPort() + " is in use"), told.toString());
                assertTrue(told.get(0).contains(String.valueOf(callback.redirect().getPort())), told.toString());
            }
        }

        @Test void is_the_wanted_one_when_it_is_free() throws Exception {
            int port = Tool.freePort();
            var wanted = "http://127.0.0.1:" + port + "/x";
            assertEquals(wanted, listen(wanted).redirect().toString());
            assertEquals(List.of(), told);
        }

        /** A process that another test starts just then may hold the listener's descriptor until it is a program. */
        @Test void is_free_again_afterwards() throws Exception {
            listen("http://localhost:" + Tool.freePort() + "/").close();
            assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
                while (!isFree(callback.redirect().getPort())) Thread.sleep(50);
            });
        }

        private boolean isFree(int port) {
            try (var next = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
                return next.isBound();
            } catch (IOException taken) {
                return false;
            }
        }
    }
}
