//SOURCES Refusal.java
//SOURCES Request.java

package stand_in;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads what a client sent, and refuses what cannot be read. */
final class RequestReader {
    private RequestReader() { }

    static Request read(HttpExchange exchange, String endpoint) throws IOException, Refusal {
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        var bare = withoutParameters(exchange, endpoint);
        var query = exchange.getRequestURI().getRawQuery();
        var isForm = bare.header("content-type").startsWith("application/x-www-form-urlencoded");
        var parameters = new LinkedHashMap<String, String>();
        for (var part : List.of(query == null ? "" : query, isForm ? body : "")) {
            for (var pair : part.split("&")) {
                if (!pair.isEmpty()) {
                    add(parameters, pair);
                }
            }
        }
        return new Request(endpoint, bare.method(), bare.path(), bare.headers(),
            Collections.unmodifiableMap(parameters));
    }

    /** The request without what may be unreadable. */
    static Request withoutParameters(HttpExchange exchange, String endpoint) {
        var headers = new TreeMap<String, String>();
        exchange.getRequestHeaders().forEach((name, values) ->
            headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        return new Request(endpoint, exchange.getRequestMethod(), exchange.getRequestURI().getPath(), headers,
            Map.of());
    }

    private static void add(Map<String, String> parameters, String pair) throws Refusal {
        var equals = pair.indexOf('=');
        var name = decode(equals < 0 ? pair : pair.substring(0, equals));
        if (parameters.put(name, decode(equals < 0 ? "" : pair.substring(equals + 1))) != null) {
            throw new Refusal("invalid_request", 9000411,
                "The request is not properly formatted. The parameter '" + name + "' is duplicated.");
        }
    }

    /** Undoes percent-encoding. */
    static String decode(String text) throws Refusal {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.malformed("invalid_request");
        }
    }
}
