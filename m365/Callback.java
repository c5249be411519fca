//SOURCES LoopbackCertificate.java
//SOURCES LoopbackRequest.java
//SOURCES LoopbackServer.java
//SOURCES LoopbackSockets.java
//SOURCES Page.java
//SOURCES Peer.java
//SOURCES RandomText.java
//SOURCES Redirect.java
//SOURCES SignInEvent.java

package m365;

import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Listens on loopback for the browser's return (RFC 8252 section 7.3), and puts the answer to this sign-in into a
 * queue. Whoever takes it from there decides which page the browser gets.
 *
 * <p>The state that an answer must carry is no secret from other users of this computer: it stands in the address that
 * the browser is started with, for ps to see. So would the path of a page of our own that leads there, and a private
 * file is not to be read by browsers in a sandbox of their own (snap, flatpak). Hence the system is asked whose program
 * an answer comes from.
 */
final class Callback implements AutoCloseable {
    /** Answers that may be anybody's, at once. */
    private static final int MOST_UNCERTAIN = 8;

    private final URI redirect;
    private final Optional<String> fingerprint;
    private final LoopbackServer server;
    private final BlockingQueue<SignInEvent> events;
    private final Consumer<String> say;
    private final AtomicBoolean answered = new AtomicBoolean(), warned = new AtomicBoolean();
    private final Set<CompletableFuture<Page>> pending = ConcurrentHashMap.newKeySet();
    /** At first one that nobody knows. */
    private volatile String state = RandomText.of(16);
    private volatile boolean secret;

    private Callback(URI redirect, Optional<LoopbackCertificate> certificate,
            List<ServerSocket> sockets, BlockingQueue<SignInEvent> events, Consumer<String> say) {
        this.redirect = redirect;
        this.fingerprint = certificate.map(LoopbackCertificate::fingerprint);
        this.server = new LoopbackServer(sockets, certificate.map(LoopbackCertificate::context), this::page);
        this.events = events;
        this.say = say;
    }

    /**
     * Takes the port of {@code wanted}, or any free one when it is taken: Microsoft ignores the port of a loopback
     * redirect.
     *
     * @param say told when it is another port, and when others try to answer
     */
    static Callback listen(URI wanted, BlockingQueue<SignInEvent> events, Consumer<String> say) {
        boolean tls = wanted.getScheme().equals("https");
        var certificate = tls ? Optional.of(LoopbackCertificate.make()) : Optional.<LoopbackCertificate>empty();
        var sockets = LoopbackSockets.bind(wanted);
        int port = sockets.get(0).getLocalPort();
        if (wanted.getPort() > 0 && port != wanted.getPort())
            say.accept("Port " + wanted.getPort() + " is in use by another program, so port " + port
                    + " is used instead.");
        var redirect = URI.create(wanted.getScheme() + "://" + wanted.getHost() + ":" + port + wanted.getRawPath());
        var callback = new Callback(redirect, certificate, sockets, events, say);
        callback.server.start();
        return callback;
    }

    /** Where the browser shall return to, with the port that was taken. */
    URI redirect() { return redirect; }

    /** Of the certificate that the browser will warn about; empty for http. */
    Optional<String> fingerprint() { return fingerprint; }

    /**
     * From now on this is the answer to wait for. Requests without {@code state} are strays, and change nothing.
     *
     * @param secret whether other users of this computer cannot know it
     */
    void expect(String state, boolean secret) {
        this.state = state;
        this.secret = secret;
        answered.set(false);
    }

    private Page page(LoopbackRequest request) {
        if (!isForUs(request)) return new Page(404, "Nothing here", "This is not the address of the sign-in.");
        var answer = Redirect.read(request.method().equals("POST") ? request.body() : request.query(), state);
        if (answer instanceof Redirect.Stray stray)
            return new Page(400, "Not the answer to this sign-in", stray.why());
        var peer = Peer.of(request.from());
        if (peer == Peer.ANOTHERS) return turnedAway();
        boolean certain = secret || peer == Peer.OURS;
        boolean first = certain ? answered.compareAndSet(false, true)
                : !answered.get() && pending.size() < MOST_UNCERTAIN;
        if (!first) return new Page(409, "Already answered", "This sign-in has had its answer. See the terminal.");
        if (certain) server.hangUpOnOthers(); // redeeming a code wants memory and a descriptor
        var page = new CompletableFuture<Page>();
        pending.add(page);
        events.add(new SignInEvent.Arrived(answer, page, certain));
        try {
            return page.join();
        } finally {
            pending.remove(page);
        }
    }

    /** A GET or a form post to the redirect URI on its own host. */
    private boolean isForUs(LoopbackRequest request) {
        // Another host's name may have been made to resolve to loopback (DNS rebinding).
        var ourNames = "(localhost|127\\.0\\.0\\.1|\\[::1])(:" + redirect.getPort() + ")?";
        var path = redirect.getRawPath().isEmpty() ? "/" : redirect.getRawPath();
        return request.headers().getOrDefault("host", "").matches(ourNames) && request.path().equals(path)
                && Set.of("GET", "POST").contains(request.method());
    }

    private Page turnedAway() {
        if (warned.compareAndSet(false, true))
            say.accept("Another user of this computer tried to answer in your place, and was turned away.");
        return new Page(403, "Not yours to answer", "This sign-in belongs to another user of this computer. If it is "
                + "yours all the same, copy this page's address and paste it in the terminal.");
    }

    /** Stops listening, once the browser that answered has had its page. */
    @Override public void close() {
        for (var page : pending)
            page.complete(new Page(409, "Already answered", "This sign-in is over. See the terminal."));
        server.close();
    }
}
