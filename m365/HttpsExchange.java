//DEPS com.microsoft.azure:msal4j:1.26.0
//SOURCES HttpProxy.java
//SOURCES Settings.java
//SOURCES Trust.java

package m365;

import com.microsoft.aad.msal4j.HttpMethod;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.HttpsURLConnection;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One request to the identity provider and its answer, bounded in size and in time. Follows no redirects, so that a
 * token cannot be sent anywhere but to the authority; what an answer is worth is for the caller to say.
 *
 * @param date when it was answered, by the server's clock; empty if it did not say
 */
record HttpsExchange(HttpResponse response, Optional<Instant> date) {
    /** For everything that one request of MSAL's may lead to, repetitions included. */
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST_CONNECT_MILLIS = 5000;
    private static final int LONGEST_ANSWER = 1024 * 1024;

    /**
     * Sends {@code request} and reads what comes back, whatever its status. The log gets names, never values.
     *
     * @param deadline by {@link System#nanoTime}; at least a second is given all the same
     */
    static HttpsExchange of(HttpRequest request, long deadline, Settings settings, Consumer<String> log)
            throws IOException {
        long started = System.nanoTime();
        var url = request.url();
        log.accept("> " + request.httpMethod() + " " + url.getProtocol() + "://" + url.getAuthority() + url.getPath()
                + "  " + names(request.body()));
        var trusted = Trust.context(settings).getSocketFactory();
        // A connection is born with the default one, and Java would read all the authorities it knows to make that.
        HttpsURLConnection.setDefaultSSLSocketFactory(trusted);
        var connection = (HttpsURLConnection) url.openConnection(HttpProxy.of(settings));
        try {
            connection.setSSLSocketFactory(trusted);
            connection.setInstanceFollowRedirects(false);
            int millis = (int) Math.max(1000, TimeUnit.NANOSECONDS.toMillis(deadline - started));
            connection.setConnectTimeout(Math.min(millis, LONGEST_CONNECT_MILLIS));
            connection.setReadTimeout(millis);
            HttpProxy.authenticate(connection, settings);
            write(request, connection);
            var response = response(connection, started);
            log.accept("< HTTP " + response.statusCode()
                    + " after " + (System.nanoTime() - started) / 1_000_000 + " ms");
            long date = connection.getDate();
            return new HttpsExchange(response, date == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(date)));
        } finally {
            connection.disconnect();
        }
    }

    private static String names(String form) {
        return form == null ? "" : Arrays.stream(form.split("&")).map(pair -> pair.replaceFirst("=.*", "=••••"))
                .collect(Collectors.joining(" "));
    }

    private static void write(HttpRequest request, HttpsURLConnection connection) throws IOException {
        request.headers().forEach((name, value) -> {
            if (value != null) connection.setRequestProperty(name, value);
        });
        if (request.httpMethod() != HttpMethod.POST) return;
        connection.setDoOutput(true);
        try (var body = connection.getOutputStream()) {
            body.write(request.body().getBytes(UTF_8));
        }
    }

    private static HttpResponse response(HttpsURLConnection connection, long started) throws IOException {
        var response = new HttpResponse().statusCode(connection.getResponseCode());
        response.addHeaders(connection.getHeaderFields());
        try (var body = response.statusCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            response.body(body == null ? "" : read(body, started));
        }
        return response;
    }

    /** Bounded in size and in time: a server may send a gigabyte, or a byte every nine seconds. */
    private static String read(InputStream body, long started) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var chunk = new byte[8192];
        for (int n; (n = body.read(chunk)) >= 0;) {
            bytes.write(chunk, 0, n);
            if (bytes.size() > LONGEST_ANSWER) throw new IOException("the answer is longer than any token answer");
            if (System.nanoTime() - started > 2 * PATIENCE.toNanos())
                throw new SocketTimeoutException("the answer does not end");
        }
        return bytes.toString(UTF_8);
    }
}
