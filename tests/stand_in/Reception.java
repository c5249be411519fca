//SOURCES Endpoints.java
//SOURCES ErrorAnswers.java
//SOURCES Faults.java
//SOURCES Platform.java
//SOURCES Refusal.java
//SOURCES Reply.java
//SOURCES Request.java
//SOURCES RequestReader.java

package stand_in;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Takes each request as it arrives, remembers it and what was secret in it, and has a fault or the endpoint answer. */
final class Reception {
    private final Platform platform;
    private final ErrorAnswers errors;
    private final Faults faults;
    private final Function<Request, Reply> endpoints;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    Reception(Platform platform, ErrorAnswers errors, Faults faults, Function<Request, Reply> endpoints) {
        this.platform = platform;
        this.errors = errors;
        this.faults = faults;
        this.endpoints = endpoints;
    }

    void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var endpoint = Endpoints.name(exchange.getRequestURI().getPath());
            Request request;
            try {
                request = RequestReader.read(exchange, endpoint);
            } catch (Refusal unreadable) {
                var bare = RequestReader.withoutParameters(exchange, endpoint);
                requests.add(bare);
                errors.answer(bare, unreadable).send(exchange);
                return;
            }
            requests.add(request);
            platform.secrets().addFrom(request);
            var fault = faults.next(endpoint);
            if (fault.isPresent()) {
                fault.get().answer(exchange, request);
            } else {
                endpoints.apply(request).send(exchange);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            e.printStackTrace();
            throw e;
        }
    }

    /** Every request so far, in order of arrival. */
    List<Request> requests() {
        return List.copyOf(requests);
    }

    void forgetRequests() {
        requests.clear();
    }
}
