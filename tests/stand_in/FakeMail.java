//JAVA 17+
//SOURCES throwaway_ca.java

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Mail servers that follow a script, for the ways Exchange Online (mis)behaves.
 *
 * <p>Choose a protocol or a ready-made personality, add lines with {@link #on}, {@link #start} it, run the client, and
 * look at {@link #heard}. IMAP and POP speak TLS from the first byte, SMTP after STARTTLS. Loopback only, port of the
 * system's choice; {@link #close} frees every connection, also the hanging ones.
 */
public class fake_mail implements AutoCloseable {
    /** A reply that ends the connection instead of saying something. */
    public static final String HANG_UP = "\0hang up";
    /** A reply that never comes: the connection stays open and silent until {@link #close}. */
    public static final String SILENCE = "\0silence";

    private enum Protocol { IMAP, SMTP, POP, OTHER }

    /** What happens on one connection, from the first byte to the last. */
    public interface Conversation {
        /** Talks to the client until one side has had enough; leaving by return or exception closes the connection. */
        void with(Connection client) throws IOException;
    }

    private record Rule(String pattern, Conversation reaction) {
        boolean fits(String command) {
            var star = pattern.indexOf('*');
            return star < 0 ? command.equalsIgnoreCase(pattern)
                : command.regionMatches(true, 0, pattern, 0, star) && command.length() > star;
        }
    }

    private final Protocol protocol;
    private final List<Rule> rules = new ArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private SSLContext context;
    private boolean tlsAtOnce;
    private Conversation greeting;
    private Conversation conversation = this::followScript;
    private ServerSocket server;

    private fake_mail(Protocol protocol, SSLContext context, boolean tlsAtOnce) {
        this.protocol = protocol;
        this.context = context;
        this.tlsAtOnce = tlsAtOnce;
    }

    /** An IMAP server that lets everybody in with XOAUTH2 and has one empty INBOX. */
    public static fake_mail imap(throwaway_ca ca) {
        return new fake_mail(Protocol.IMAP, ca.server(), true)
            .greeting("* OK The Microsoft Exchange IMAP4 service is ready. [dGVzdA==]")
            .on("CAPABILITY", "* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT "
                + "CHILDREN IDLE NAMESPACE LITERAL+", "OK CAPABILITY completed.")
            .onXoauth2("OK AUTHENTICATE completed.")
            .on("AUTHENTICATE PLAIN", "+ ", "NO AUTHENTICATE failed.")
            .on("AUTHENTICATE PLAIN *", "NO AUTHENTICATE failed.")
            .on("LOGIN *", "NO LOGIN failed.")
            .on("LIST *", "* LIST (\\HasNoChildren) \"/\" INBOX", "OK LIST completed.")
            .on("SELECT *", "* 0 EXISTS", "* 0 RECENT", "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)",
                "* OK [UIDVALIDITY 14] UIDVALIDITY value", "* OK [UIDNEXT 1] The next unique identifier value",
                "OK [READ-WRITE] SELECT completed.")
            .on("EXAMINE *", "* 0 EXISTS", "* 0 RECENT", "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)",
                "* OK [UIDVALIDITY 14] UIDVALIDITY value", "* OK [UIDNEXT 1] The next unique identifier value",
                "OK [READ-ONLY] EXAMINE completed.")
            .on("STATUS *", "* STATUS INBOX (MESSAGES 0 UNSEEN 0)", "OK STATUS completed.")
            .on("NOOP", "OK NOOP completed.")
            .on("ID *", "* ID NIL", "OK ID completed")
            .on("CLOSE", "OK CLOSE completed.")
            .on("LOGOUT", "* BYE Microsoft Exchange Server IMAP4 server signing off.", "OK LOGOUT completed.", HANG_UP);
    }

    /** An SMTP submission server that wants STARTTLS, then lets everybody in with XOAUTH2; messages go nowhere. */
    public static fake_mail smtp(throwaway_ca ca) {
        return new fake_mail(Protocol.SMTP, ca.server(), false)
            .greeting("220 localhost Microsoft ESMTP MAIL Service ready")
            .on("EHLO *", fake_mail::greetSmtpClient)
            .on("STARTTLS", client -> {
                client.say("220 2.0.0 SMTP server ready");
                client.startTls();
            })
            .onXoauth2("235 2.7.0 Authentication successful")
            .on("AUTH LOGIN*", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.")
            .on("AUTH PLAIN*", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.")
            .on("MAIL FROM:*", "250 2.1.0 Sender OK")
            .on("RCPT TO:*", "250 2.1.5 Recipient OK")
            .on("DATA", "354 Start mail input; end with <CRLF>.<CRLF>", "250 2.0.0 OK")
            .on("RSET", "250 2.0.0 Resetting")
            .on("NOOP", "250 2.0.0 OK")
            .on("QUIT", "221 2.0.0 Service closing transmission channel", HANG_UP);
    }

    /** A POP server that wants XOAUTH2 in two lines and has an empty mailbox. */
    public static fake_mail pop(throwaway_ca ca) {
        return new fake_mail(Protocol.POP, ca.server(), true)
            .greeting("+OK The Microsoft Exchange POP3 service is ready. [dGVzdA==]")
            .on("CAPA", "+OK", "TOP", "UIDL", "SASL PLAIN XOAUTH2", "USER", ".")
            .onXoauth2("+OK User successfully authenticated.")
            .on("AUTH XOAUTH2 *", "-ERR Protocol error. Connection is closed. 10", HANG_UP)
            .on("USER *", "+OK")
            .on("PASS *", "-ERR Logon failure: unknown user name or bad password.")
            .on("STAT", "+OK 0 0")
            .on("LIST", "+OK", ".")
            .on("NOOP", "+OK")
            .on("QUIT", "+OK Microsoft Exchange Server POP3 server signing off.", HANG_UP);
    }

    /** A server that does as {@code conversation} says, for what no script can express. */
    public static fake_mail serving(SSLContext context, boolean tlsAtOnce, Conversation conversation) {
        var mail = new fake_mail(Protocol.OTHER, context, tlsAtOnce);
        mail.conversation = conversation;
        return mail;
    }

    // ------------------------------------------------------------------------------------------- personalities

    /** Says OK to the token and BAD to everything after it, as Exchange does when token and mailbox disagree. */
    public static fake_mail authenticatedButNotConnected(throwaway_ca ca) {
        var bad = "BAD User is authenticated but not connected.";
        return imap(ca).on("LIST *", bad).on("SELECT *", bad).on("EXAMINE *", bad).on("STATUS *", bad);
    }

    /** Refuses the token with Exchange's bare NO, at once and without a reason. */
    public static fake_mail authenticateFailed(throwaway_ca ca) {
        return imap(ca).onXoauth2("NO AUTHENTICATE failed.");
    }

    /** Greets, then hangs up with a BYE. */
    public static fake_mail byeAfterGreeting(throwaway_ca ca) {
        return imap(ca).greeting("* OK The Microsoft Exchange IMAP4 service is ready.", "* BYE Connection closed. 14",
            HANG_UP);
    }

    /** Lets the client in, but answers the mailbox commands with throttling; the time is in milliseconds. */
    public static fake_mail throttled(throwaway_ca ca, long milliseconds) {
        var no = "NO Request is throttled. Suggested Backoff Time: " + milliseconds + " milliseconds";
        return imap(ca).on("LIST *", no).on("SELECT *", no).on("EXAMINE *", no).on("STATUS *", no);
    }

    /** Refuses with a challenge in JSON that the client must acknowledge first: Google and Dovecot, not Exchange. */
    public static fake_mail jsonChallenge(throwaway_ca ca) {
        var reason = "{\"status\":\"400\",\"schemes\":\"Bearer\",\"scope\":\"https://mail.google.com/\"}";
        var base64 = Base64.getEncoder().encodeToString(reason.getBytes(StandardCharsets.US_ASCII));
        return imap(ca).onXoauth2("+ " + base64, "NO AUTHENTICATE failed.");
    }

    /** An on-premises server, or something in between: no XOAUTH2 among its capabilities, and NO if tried. */
    public static fake_mail withoutXoauth2(throwaway_ca ca) {
        return imap(ca).on("CAPABILITY", "* CAPABILITY IMAP4 IMAP4rev1 AUTH=NTLM AUTH=GSSAPI SASL-IR UIDPLUS IDLE",
            "OK CAPABILITY completed.").onXoauth2("NO Unsupported authentication mechanism.");
    }

    /** A trap: refuses the token but would take any password, so a client that falls back to LOGIN gives itself away. */
    public static fake_mail asksForLogin(throwaway_ca ca) {
        return authenticateFailed(ca).on("LOGIN *", "OK LOGIN completed.")
            .on("AUTHENTICATE PLAIN", "+ ", "OK AUTHENTICATE completed.")
            .on("AUTHENTICATE PLAIN *", "OK AUTHENTICATE completed.");
    }

    /** Begins a greeting and goes on with it, ten bytes a second, so that no read ever times out. */
    public static fake_mail greetingNeverEnds(throwaway_ca ca) {
        return imap(ca).greeting(client -> {
            client.write("* OK ".getBytes(StandardCharsets.US_ASCII));
            while (client.pause(100)) {
                client.write(new byte[] {'.'});
            }
        });
    }

    /** Answers CAPABILITY with one line of about so many bytes. */
    public static fake_mail hugeLine(throwaway_ca ca, int bytes) {
        return imap(ca).on("CAPABILITY", client -> {
            client.write("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 X".getBytes(StandardCharsets.US_ASCII));
            var piece = new byte[8192];
            Arrays.fill(piece, (byte) 'X');
            for (int sent = 0; sent < bytes; sent += piece.length) {
                client.write(piece);
            }
            client.say("", client.tagged("OK CAPABILITY completed."));
        });
    }

    /** Announces a literal of almost two gigabytes (RFC 3501 section 4.3) in answer to a command, and never sends it. */
    public static fake_mail literalBomb(throwaway_ca ca, String command) {
        return imap(ca).on(command, "* LIST () \"/\" {2147483639}", SILENCE);
    }

    /** Accepts the connection and says nothing, not even TLS. */
    public static fake_mail hangsAfterAccept(throwaway_ca ca) {
        return serving(ca.server(), false, Connection::stayingSilent);
    }

    /** SMTP AUTH is switched off for the organisation, which hits OAuth too. */
    public static fake_mail smtpAuthDisabled(throwaway_ca ca) {
        return smtp(ca).onXoauth2("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
            + "Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.");
    }

    /** Refuses the token. */
    public static fake_mail smtpRefused(throwaway_ca ca) {
        return smtp(ca).onXoauth2("535 5.7.3 Authentication unsuccessful");
    }

    /** Somebody in between removed STARTTLS and offers AUTH in the clear instead. */
    public static fake_mail starttlsStripped(throwaway_ca ca) {
        return smtp(ca)
            .on("EHLO *", "250-localhost Hello", "250-SIZE 157286400", "250-AUTH LOGIN PLAIN XOAUTH2", "250 8BITMIME")
            .on("STARTTLS", "502 5.3.3 Command not implemented");
    }

    /** Slips an answer in before TLS begins, in the same packet; a client must not take it for one given inside. */
    public static fake_mail starttlsResponseInjection(throwaway_ca ca) {
        return smtp(ca).on("STARTTLS", client -> {
            client.write(("220 2.0.0 SMTP server ready\r\n250-injected.example Hello\r\n250 AUTH LOGIN PLAIN\r\n")
                .getBytes(StandardCharsets.US_ASCII));
            client.startTls();
        });
    }

    /** Exchange's rule: XOAUTH2 and its data in one line is a protocol error. Two lines are let in. */
    public static fake_mail popOneLineRefused(throwaway_ca ca) {
        return pop(ca);
    }

    /** Refuses the token. */
    public static fake_mail popRefused(throwaway_ca ca) {
        return pop(ca).onXoauth2("-ERR Authentication failure: unknown user name or bad password.");
    }

    // ------------------------------------------------------------------------------------------- the script

    /** Serves another certificate, e.g. {@code ca.expired()}. */
    public fake_mail certificate(SSLContext other) {
        context = other;
        return this;
    }

    /** Speaks no TLS at all, like a server on the wrong port. */
    public fake_mail withoutTls() {
        tlsAtOnce = false;
        return this;
    }

    /** What the server says first. */
    public fake_mail greeting(String... lines) {
        return greeting(client -> {
            for (var line : lines) {
                react(client, line);
            }
        });
    }

    /** What the server does first. */
    public fake_mail greeting(Conversation other) {
        greeting = other;
        return this;
    }

    /**
     * How to answer a command. The newest rule that fits wins, so personalities can be changed.
     *
     * @param pattern the command without IMAP tag, case ignored; a final {@code *} stands for any rest
     * @param replies lines to send. IMAP lines get the command's tag unless they begin with {@code *} or {@code +};
     *     after a continuation ({@code + }, {@code 334}, {@code 354}) the client's next line (or data) is read first
     */
    public fake_mail on(String pattern, String... replies) {
        return on(pattern, client -> {
            for (var reply : replies) {
                react(client, reply);
            }
        });
    }

    /** What to do at a command; see {@link #on(String, String...)}. */
    public fake_mail on(String pattern, Conversation reaction) {
        rules.add(0, new Rule(pattern, reaction));
        return this;
    }

    /** How to answer XOAUTH2, both with the data in the same line and in the next one. */
    public fake_mail onXoauth2(String... replies) {
        var command = protocol == Protocol.IMAP ? "AUTHENTICATE XOAUTH2" : "AUTH XOAUTH2";
        var asking = new ArrayList<>(List.of(replies));
        asking.add(0, protocol == Protocol.SMTP ? "334 " : "+ ");
        on(command, asking.toArray(String[]::new));
        return protocol == Protocol.POP ? this : on(command + " *", replies);
    }

    /** Begins to listen on a free port of 127.0.0.1. */
    public fake_mail start() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("accept", () -> {
            while (true) {
                var socket = server.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                daemon("client", () -> attend(socket));
            }
        });
        return this;
    }

    /** The port. */
    public int port() {
        return server.getLocalPort();
    }

    /** Every line any client sent, without line end, in order; bytes beyond ASCII as ISO 8859-1. */
    public List<String> heard() {
        return List.copyOf(heard);
    }

    /** Whether a client ever used this command (without tag), e.g. {@code heard("LOGIN")}. */
    public boolean heard(String command) {
        return heard.stream().map(line -> protocol == Protocol.IMAP ? line.replaceFirst("^\\S+ ", "") : line)
            .anyMatch(line -> line.regionMatches(true, 0, command, 0, command.length()));
    }

    /** How many connections were accepted. */
    public int connections() {
        return connections.get();
    }

    /** Ends every connection, whatever state it is in. */
    @Override public void close() {
        closed.countDown();
        quietly(server);
        sockets.forEach(fake_mail::quietly);
    }

    private void followScript(Connection client) throws IOException {
        greeting.with(client);
        for (var line = client.readLine(); line != null; line = client.readLine()) {
            var space = line.indexOf(' ');
            client.tag = protocol != Protocol.IMAP ? "" : space < 0 ? line : line.substring(0, space);
            var command = protocol != Protocol.IMAP ? line : line.substring(space + 1);
            var rule = rules.stream().filter(r -> r.fits(command)).findFirst();
            if (rule.isPresent()) {
                rule.get().reaction().with(client);
            } else {
                client.say(switch (protocol) {
                    case IMAP -> client.tagged("BAD Command Error. 10");
                    case SMTP -> "500 5.3.3 Unrecognized command";
                    default -> "-ERR Protocol error. 14";
                });
            }
        }
    }

    private void react(Connection client, String reply) throws IOException {
        if (reply.equals(HANG_UP)) {
            throw new IOException("hanging up");
        }
        if (reply.equals(SILENCE)) {
            client.stayingSilent();
        }
        var needsTag = protocol == Protocol.IMAP && !reply.startsWith("*") && !reply.startsWith("+");
        client.say(needsTag ? client.tagged(reply) : reply);
        if (protocol == Protocol.SMTP && reply.startsWith("354")) {
            client.readData();
        } else if (protocol == Protocol.SMTP && reply.startsWith("334")
            || protocol == Protocol.POP && reply.startsWith("+ ") || protocol == Protocol.IMAP && reply.startsWith("+")) {
            client.readLine();
        }
    }

    private static void greetSmtpClient(Connection client) throws IOException {
        client.say("250-localhost Hello [127.0.0.1]", "250-SIZE 157286400", "250-PIPELINING", "250-DSN",
            "250-ENHANCEDSTATUSCODES", client.isSecure() ? "250-AUTH LOGIN XOAUTH2" : "250-STARTTLS", "250 8BITMIME");
    }

    // ------------------------------------------------------------------------------------------- connections

    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(String name, Work work) {
        var thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException over) {
                // The client or close() ended it; what was said is in heard().
            }
        }, "fake_mail " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void attend(Socket socket) throws IOException {
        try (socket; var client = new Connection(socket)) {
            socket.setTcpNoDelay(true);
            if (tlsAtOnce) {
                client.startTls();
            }
            conversation.with(client);
        } finally {
            sockets.remove(socket);
        }
    }

    private static void quietly(AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            // It was broken already.
        }
    }

    /** One client. */
    public final class Connection implements AutoCloseable {
        private Socket socket;
        private InputStream in;
        private OutputStream out;
        private String tag = "";

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            // Unbuffered: bytes beyond a STARTTLS line belong to TLS (or are an attack), and must not be read here.
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        /** Becomes the server side of a TLS connection. */
        public void startTls() throws IOException {
            var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            tls.setUseClientMode(false);
            tls.startHandshake();
            socket = tls;
            in = new BufferedInputStream(tls.getInputStream());
            out = tls.getOutputStream();
        }

        /** Whether TLS has begun. */
        public boolean isSecure() {
            return socket instanceof SSLSocket;
        }

        /** The bytes from the client; not recorded. */
        public InputStream in() {
            return in;
        }

        /** The bytes to the client. */
        public OutputStream out() {
            return out;
        }

        /** The client's next line without line end, recorded; null at the end. */
        public String readLine() throws IOException {
            var line = new ByteArrayOutputStream();
            int b = in.read();
            if (b < 0) {
                return null;
            }
            for (; b >= 0 && b != '\n'; b = in.read()) {
                line.write(b);
            }
            var text = line.toString(StandardCharsets.ISO_8859_1);
            text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            heard.add(text);
            return text;
        }

        /** A message up to the line with the single dot, dots unstuffed (RFC 5321 section 4.5.2), recorded. */
        public String readData() throws IOException {
            var message = new StringBuilder();
            for (var line = readLine(); line != null && !line.equals("."); line = readLine()) {
                message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            }
            return message.toString();
        }

        /** Sends lines in one go. */
        public void say(String... lines) throws IOException {
            write((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Sends bytes as they are. */
        public void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** The reply with the tag of the command that is being answered. */
        public String tagged(String reply) {
            return tag.isEmpty() ? reply : tag + " " + reply;
        }

        /** Waits; false if the server was closed meanwhile. */
        public boolean pause(long milliseconds) {
            try {
                return !closed.await(milliseconds, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private void stayingSilent() throws IOException {
            while (pause(60_000)) {
                continue;
            }
            throw new IOException("closed");
        }

        @Override public void close() throws IOException {
            socket.close();
        }

        @Override public String toString() {
            return "connection from " + String.valueOf(socket.getRemoteSocketAddress()).toLowerCase(Locale.ROOT);
        }
    }
}
