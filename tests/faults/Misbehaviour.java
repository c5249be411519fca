package faults;

import java.io.IOException;
import java.util.Locale;
import stand_in.ClientConnection;
import stand_in.Conversation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** What a server can do wrong on the wire, in pieces that trials put together. */
final class Misbehaviour {
    static final Conversation SILENCE = client -> client.pause(600_000);
    static final Conversation HANGING_UP = client -> { };
    private static final byte[] LETTERS = "x".repeat(8192).getBytes(ISO_8859_1);

    /** Reads an HTTP request, then sends these pieces and hangs up. */
    static Conversation answering(String... pieces) {
        return client -> {
            readRequest(client);
            for (var piece : pieces) write(client, piece);
        };
    }

    /** Reads an HTTP request, then sends {@code first}, and {@code piece} again and again. */
    static Conversation endlessly(String first, String piece, int pauseMillis) {
        return client -> {
            readRequest(client);
            write(client, first);
            var bytes = piece.getBytes(ISO_8859_1);
            while (pauseMillis == 0 || client.pause(pauseMillis)) client.write(bytes);
        };
    }

    /** Reads an HTTP request to its end, as far as a trial needs it. */
    static void readRequest(ClientConnection client) throws IOException {
        int length = 0;
        for (var line = client.readLine(); line != null && !line.isEmpty(); line = client.readLine())
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                length = Integer.parseInt(line.substring(15).strip());
        client.in().readNBytes(length);
    }

    /** The beginning of a TLS handshake (RFC 8446 section 5.1), and then a byte now and then. */
    static void dripHandshake(ClientConnection client) throws IOException {
        client.write(new byte[] {22, 3, 3, 64, 0});
        while (client.pause(500)) client.write(new byte[] {2});
    }

    static void write(ClientConnection client, String text) throws IOException {
        client.write(text.getBytes(ISO_8859_1));
    }

    static void writeLetters(ClientConnection client, long count) throws IOException {
        for (long sent = 0; sent < count; sent += LETTERS.length) client.write(LETTERS);
    }

    private Misbehaviour() { }
}
