package m365;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What a browser asks of the listener (RFC 9112), as far as a sign-in needs it: one request, of a size with an end to
 * it. What it means is for others to say.
 *
 * @param path    without the query
 * @param query   empty if there is none
 * @param headers by their names in small letters
 * @param from    the connection that it came by
 */
record LoopbackRequest(String method, String path, String query, Map<String, String> headers, String body,
        Socket from) {
    /** Codes have one or two thousand characters; the cookies of other programs on localhost may be some more. */
    private static final int LONGEST_HEAD = 64 * 1024, LONGEST_BODY = 64 * 1024;

    /** @throws IOException if it is malformed, too long, or ends early: then there is nobody to talk to */
    static LoopbackRequest read(InputStream from, Socket connection) throws IOException {
        var in = new BufferedInputStream(from);
        var lines = head(in).split("\r?\n");
        var words = lines.length == 0 ? lines : lines[0].split(" ");
        if (words.length != 3 || !words[1].startsWith("/") || !words[2].startsWith("HTTP/1."))
            throw new IOException("no request");
        var headers = headers(lines);
        int query = words[1].indexOf('?');
        return new LoopbackRequest(words[0], query < 0 ? words[1] : words[1].substring(0, query),
                query < 0 ? "" : words[1].substring(query + 1), headers, body(in, headers), connection);
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        for (int c, before = 0; head.size() < LONGEST_HEAD; before = c == '\r' ? before : c) {
            if ((c = in.read()) < 0) break;
            head.write(c);
            if (c == '\n' && before == '\n') return head.toString(ISO_8859_1);
        }
        throw new IOException("too long, or cut off");
    }

    private static Map<String, String> headers(String[] lines) throws IOException {
        var headers = new HashMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) throw new IOException("no header");
            var name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            boolean again = headers.put(name, lines[i].substring(colon + 1).strip()) != null;
            if (again && name.equals("host")) throw new IOException("two hosts");
        }
        return headers;
    }

    private static String body(InputStream in, Map<String, String> headers) throws IOException {
        var length = headers.getOrDefault("content-length", "0");
        if (!length.matches("[0-9]{1,5}") || Integer.parseInt(length) > LONGEST_BODY) throw new IOException("too long");
        return new String(in.readNBytes(Integer.parseInt(length)), UTF_8);
    }
}
