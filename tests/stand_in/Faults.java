//SOURCES ErrorAnswers.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java

package stand_in;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a test wants to go wrong: each fault answers one request to its endpoint, in the order they were asked for. */
final class Faults {
    /** Answers a request in place of the endpoint. */
    interface Fault {
        void answer(HttpExchange exchange, Request request) throws IOException, InterruptedException;
    }

    private final ErrorAnswers errors;
    private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
    private final Queue<Refusal> endings = new ConcurrentLinkedQueue<>();

    Faults(ErrorAnswers errors) {
        this.errors = errors;
    }

    /** The fault that shall answer the next request to an endpoint; it happens once. */
    Optional<Fault> next(String endpoint) {
        return Optional.ofNullable(faults.get(endpoint)).map(Queue::poll);
    }

    /** What the next sign-in in a browser shall end with instead of a code; it happens once. */
    Optional<Refusal> nextEnding() {
        return Optional.ofNullable(endings.poll());
    }

    /** @param endpoint "redirect" for the end of a sign-in */
    void refuse(String endpoint, Refusal refusal) {
        if (endpoint.equals("redirect")) {
            endings.add(refusal);
        } else {
            add(endpoint, (exchange, request) -> errors.answer(request, refusal).send(exchange));
        }
    }

    void answer(String endpoint, Reply reply) {
        add(endpoint, (exchange, request) -> reply.send(exchange));
    }

    void hang(String endpoint, Duration silence) {
        add(endpoint, (exchange, request) -> Thread.sleep(silence.toMillis()));
    }

    void hangMidAnswer(String endpoint, Duration silence) {
        add(endpoint, (exchange, request) -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
            exchange.sendResponseHeaders(200, 4000);
            exchange.getResponseBody().write("{\"token_type\":\"Bea".getBytes(UTF_8));
            exchange.getResponseBody().flush();
            Thread.sleep(silence.toMillis());
        });
    }

    private void add(String endpoint, Fault fault) {
        faults.computeIfAbsent(endpoint, e -> new ConcurrentLinkedQueue<>()).add(fault);
    }
}
