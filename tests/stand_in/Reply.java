//SOURCES Json.java

package stand_in;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;

/**
 * An answer of the identity provider.
 *
 * @param type the Content-Type; null if {@code headers} say it, or nobody
 */
record Reply(int status, String type, Map<String, String> headers, String body) {
    static Reply json(int status, Map<String, ?> fields) {
        return new Reply(status, "application/json; charset=utf-8", Map.of(), Json.write(fields));
    }

    static Reply page(int status, String html) {
        return new Reply(status, "text/html; charset=utf-8", Map.of(), html);
    }

    static Reply redirect(String location) {
        return new Reply(302, "text/html; charset=utf-8", Map.of("Location", location),
            "<html><head><title>Object moved</title></head><body>Object moved</body></html>");
    }

    void send(HttpExchange exchange) throws IOException {
        var sent = exchange.getResponseHeaders();
        sent.set("Cache-Control", "no-store, no-cache");
        sent.set("Pragma", "no-cache");
        if (type != null) {
            sent.set("Content-Type", type);
        }
        headers.forEach(sent::set);
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
