//SOURCES Encodings.java
//SOURCES Html.java
//SOURCES User.java

package stand_in;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** Does what a person in a browser does: opens the address, types name and password, accepts or cancels. */
final class ScriptedBrowser {
    private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]*)\"");
    private static final Pattern INPUT =
        Pattern.compile("<input[^>]* name=\"([^\"]+)\"[^>]*?(?: value=\"([^\"]*)\")?[^>]*>");

    private final URI base;
    private final HttpClient http;

    ScriptedBrowser(String base, SSLContext trusting) {
        this.base = URI.create(base);
        http = HttpClient.newBuilder().sslContext(trusting).connectTimeout(Duration.ofSeconds(10)).build();
    }

    /**
     * Signs {@code account} in.
     *
     * @return where the browser is sent in the end, not followed; for {@code form_post} the form's address and fields
     * @throws IllegalStateException with the words on the page if it comes to an error page instead
     */
    String browse(String address, User account, boolean accept) {
        var request = HttpRequest.newBuilder(URI.create(address)).GET();
        for (int pages = 0; pages < 5; pages++) {
            var response = load(request.timeout(Duration.ofSeconds(30)).build());
            if (response.statusCode() == 302) {
                return response.headers().firstValue("Location").orElseThrow();
            }
            var html = response.body();
            var form = FORM.matcher(html);
            if (!form.find()) {
                throw new IllegalStateException(text(html));
            }
            var fields = inputs(html);
            var action = Html.unescape(form.group(1));
            if (fields.containsKey("passwd")) {
                if (html.contains("role=\"alert\"")) {
                    throw new IllegalStateException(text(html));
                }
                fields.put("login", account.name());
                fields.put("passwd", account.password());
            } else if (html.contains("name=\"acceptConsent\"")) {
                fields.put("acceptConsent", String.valueOf(accept));
            } else {
                return action + "?" + Encodings.form(fields);
            }
            request = HttpRequest.newBuilder(base.resolve(action))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(Encodings.form(fields)));
        }
        throw new IllegalStateException("the sign-in never came to an end");
    }

    private HttpResponse<String> load(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> inputs(String html) {
        var fields = new LinkedHashMap<String, String>();
        var inputs = INPUT.matcher(html);
        while (inputs.find()) {
            fields.put(inputs.group(1), inputs.group(2) == null ? "" : Html.unescape(inputs.group(2)));
        }
        return fields;
    }

    private static String text(String html) {
        return Html.unescape(html.replaceAll("(?s)<(style|script|title).*?</\\1>", "").replaceAll("<[^>]+>", " ")
            .replaceAll("\\s+", " ").strip());
    }
}
