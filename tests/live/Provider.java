//SOURCES Answer.java

package live;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import m365.Json;
import m365.Secret;
import m365.Settings;
import m365.Trust;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Asks the identity provider, in requests of our own: MSAL would hide what is to be examined. Judges nothing. */
public final class Provider {
    private final Settings settings;
    private final HttpClient http;

    public Provider(Settings settings) {
        this.settings = settings;
        http = HttpClient.newBuilder().sslContext(Trust.context(settings)).connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    /** Everything that we sign in for, POP too, and what OpenID calls scopes. */
    String scopes() { return mailScopes() + " offline_access openid profile"; }

    /** The scopes of the mail servers alone. */
    String mailScopes() {
        var first = settings.scopes().iterator().next();
        var pop = first.substring(0, first.lastIndexOf('/')) + "/POP.AccessAsUser.All";
        var scopes = String.join(" ", settings.scopes());
        return first.endsWith("/.default") || settings.scopes().contains(pop) ? scopes : scopes + " " + pop;
    }

    /** The address that a person signs in at. */
    URI signInAddress(Map<String, String> fields) {
        var all = new LinkedHashMap<>(Map.of("client_id", settings.clientId(), "response_type", "code",
                "response_mode", "query", "scope", scopes(), "code_challenge_method", "S256"));
        all.putAll(fields);
        return URI.create(settings.authority() + "/oauth2/v2.0/authorize?" + form(all));
    }

    Answer token(Map<String, String> fields) throws IOException { return post(settings.authority(), "token", fields); }

    /** The same of another tenant. */
    Answer token(String tenant, Map<String, String> fields) throws IOException {
        return post(settings.authority().resolve("/" + tenant), "token", fields);
    }

    Answer deviceCode() throws IOException {
        return post(settings.authority(), "devicecode", Map.of("scope", scopes()));
    }

    private Answer post(URI authority, String endpoint, Map<String, String> fields) throws IOException {
        var all = new LinkedHashMap<>(fields);
        all.put("client_id", settings.clientId());
        settings.clientSecret().map(Secret::reveal).ifPresent(secret -> all.put("client_secret", secret));
        return send(HttpRequest.newBuilder(URI.create(authority + "/oauth2/v2.0/" + endpoint))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(all))));
    }

    private Answer send(HttpRequest.Builder request) throws IOException {
        try {
            var response = http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), Optional.of(response.body()).flatMap(Json::read).orElse(Map.of()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }
}
