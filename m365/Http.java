//DEPS com.microsoft.azure:msal4j:1.26.0
//SOURCES ExitStatus.java
//SOURCES HttpsExchange.java
//SOURCES Json.java
//SOURCES KnownSecrets.java
//SOURCES Phrases.java
//SOURCES Problem.java
//SOURCES Progress.java
//SOURCES Refusal.java
//SOURCES Settings.java
//SOURCES Signal.java
//SOURCES Text.java

package m365;

import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

import static m365.ExitStatus.LATER;

/**
 * MSAL's requests, with deadlines and retries of our own: at most {@code retries} repetitions inside ten seconds, and
 * no end through an outage while a sign-in on another device is awaited. Remembers what MSAL does not pass on.
 */
final class Http implements IHttpClient {
    private final Settings settings;
    private final Consumer<String> log;
    private final int retries;
    private volatile boolean waitingForDevice;
    private long slowDownSeconds;
    private volatile int outageSeconds;
    private volatile Optional<Refusal> refusal = Optional.empty();
    private volatile Optional<Exception> outage = Optional.empty();
    private volatile Optional<Instant> date = Optional.empty();

    Http(Settings settings, Consumer<String> log, int retries) {
        this.settings = settings;
        this.log = log;
        this.retries = retries;
        // Java repeats a POST whose connection broke, and a code that is redeemed twice is revoked (AADSTS54005).
        System.setProperty("sun.net.http.retryPost", "false");
        // One request is all, and of many users each has a connection of its own, which would stay open.
        System.setProperty("http.keepAlive", "false");
        // Else it sends no Basic login to a proxy. Read once, at the first connection.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    /** From now on a token is asked for again and again, until somebody has signed in on another device (RFC 8628). */
    void waitForDevice() { waitingForDevice = true; }

    boolean isWaitingForDevice() { return waitingForDevice; }

    /** The last JSON error body; MSAL's exceptions carry less. */
    Optional<Refusal> lastRefusal() { return refusal; }

    /** Why the latest question whether somebody has signed in got no answer; empty if it got one. */
    Optional<Exception> outage() { return outage; }

    /** When the last answer was given, by the identity provider's clock. */
    Optional<Instant> lastDate() { return date; }

    @Override public IHttpResponse send(HttpRequest request) throws Exception {
        TimeUnit.SECONDS.sleep(slowDownSeconds + outageSeconds);
        boolean polling = waitingForDevice && request.url().getPath().endsWith("/token");
        long deadline = System.nanoTime() + HttpsExchange.PATIENCE.toNanos();
        for (int attempt = 0;; attempt++) {
            long pauseMillis = 500L << 2 * attempt;
            Exception trouble;
            try {
                var response = exchange(request, deadline);
                if (response.statusCode() != 429 && response.statusCode() < 500) {
                    var answer = readable(request, response);
                    return asksForDeviceCode(request) ? withInterval(answer) : answer;
                }
                trouble = busy(response);
                pauseMillis = Math.max(pauseMillis, retryAfterMillis(response));
            } catch (IOException e) {
                if (isForGood(e, polling)) throw e;
                trouble = e;
            }
            if (polling) return pending(trouble);
            boolean inTime = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis) < deadline;
            if (attempt == retries || !inTime) throw trouble;
            log.accept("* trying again in " + pauseMillis + " ms");
            pause(pauseMillis, trouble);
        }
    }

    private void pause(long millis, Exception trouble) throws InterruptedException {
        var why = trouble instanceof Problem told ? told.getMessage()
                : settings.authority().getHost() + " does not answer";
        var progress = Progress.begin(why + "; trying again in " + Phrases.duration(Duration.ofMillis(millis + 500)));
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } finally {
            progress.end();
        }
    }

    private HttpResponse exchange(HttpRequest request, long deadline) throws IOException {
        var exchange = HttpsExchange.of(request, deadline, settings, log);
        if (exchange.date().isPresent()) date = exchange.date();
        return exchange.response();
    }

    /** Whether it will be the same in a second. A name may be known again before the other device's code expires. */
    private static boolean isForGood(IOException e, boolean polling) {
        return e instanceof SSLException || e instanceof UnknownHostException && !polling
                || e.getMessage() != null && e.getMessage().matches("(?s).*through proxy.*HTTP/\\S+ 4\\d\\d.*");
    }

    /** What cannot be asked now is asked again later, as long as the code is valid (RFC 8628 section 3.5). */
    private HttpResponse pending(Exception trouble) {
        outage = Optional.of(trouble);
        outageSeconds = Math.min(60, outageSeconds + 5);
        log.accept("* asking again in " + outageSeconds + " more seconds");
        var pending = new HttpResponse().statusCode(400)
                .body("{\"error\":\"authorization_pending\",\"error_description\":\"for MSAL\"}");
        pending.addHeaders(Map.of("Content-Type", List.of("application/json")));
        return pending;
    }

    /** MSAL takes any body for JSON, so a captive portal's HTML is told apart here. */
    private HttpResponse readable(HttpRequest request, HttpResponse response) {
        outage = Optional.empty();
        outageSeconds = 0;
        var body = Json.read(response.body());
        if (body.isEmpty()) throw notFromMicrosoft(response);
        if (response.statusCode() == 200) return response;
        var secrets = KnownSecrets.ofForm(request.body()); // it may repeat what it did not like
        var answer = new LinkedHashMap<>(body.get());
        answer.replaceAll((name, value) -> value instanceof String text ? secrets.hide(text) : value);
        var refused = Refusal.of(response.statusCode(), answer);
        refusal = Optional.of(refused);
        if (refused.error().equals("slow_down")) { // RFC 8628 section 3.5; MSAL would give up
            slowDownSeconds += 5;
            response.body(response.body().replaceFirst("\"slow_down\"", "\"authorization_pending\""));
        }
        return response;
    }

    private static boolean asksForDeviceCode(HttpRequest request) {
        return request.url().getPath().endsWith("/devicecode");
    }

    /** "If no value is provided, clients MUST use 5 as the default" (RFC 8628 section 3.2); MSAL would not wait. */
    private static HttpResponse withInterval(HttpResponse response) {
        var fields = Json.read(response.body()).orElseThrow();
        boolean given = fields.get("interval") instanceof Number seconds && seconds.longValue() > 0;
        if (!given) {
            fields.put("interval", 5);
            response.body(Json.write(fields));
        }
        return response;
    }

    private Problem notFromMicrosoft(HttpResponse response) {
        // A page may be made to keep a pattern busy.
        var beginning = response.body().substring(0, Math.min(4000, response.body().length()));
        var title = Pattern.compile("(?is)<title[^>]*>(.{1,100}?)</title>").matcher(beginning);
        var location = response.headers() == null ? null : response.headers().get("Location");
        var host = settings.authority().getHost();
        return new Problem(LATER, host + " answered HTTP " + response.statusCode() + " without JSON"
                + (title.find() ? ", a page titled " + Text.quote(title.group(1)) : "")
                + (location != null ? ", redirecting to " + Text.quote(location.get(0)) : ""),
                "open https://" + host + " in a browser: a network login page or a proxy may have answered",
                Signal.of("network", "<html> instead of JSON, HTTP " + response.statusCode()));
    }

    private Problem busy(HttpResponse response) {
        long millis = retryAfterMillis(response);
        var state = response.statusCode() == 429 ? "throttling us" : "unavailable";
        return new Problem(LATER,
                settings.authority().getHost() + " is " + state + " (HTTP " + response.statusCode() + ")",
                "try again " + (millis > 0 ? "in " + Phrases.duration(Duration.ofMillis(millis)) : "later"),
                Signal.of("token", "HTTP " + response.statusCode()));
    }

    /** RFC 9110 section 10.2.3, the form in seconds; 0 when there is none. */
    private static long retryAfterMillis(HttpResponse response) {
        return response.headers().entrySet().stream().filter(header -> "Retry-After".equalsIgnoreCase(header.getKey()))
                .map(header -> header.getValue().get(0)).filter(value -> value.matches("[0-9]{1,5}")).findFirst()
                .map(value -> Long.parseLong(value) * 1000).orElse(0L);
    }
}
