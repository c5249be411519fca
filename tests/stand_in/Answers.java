//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package stand_in;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What a client of the identity provider sends and gets, written and read. */
final class Answers {
    private Answers() { }

    static Map<String, String> parameters(String... namesAndValues) {
        var map = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    static String form(String... namesAndValues) {
        return form(parameters(namesAndValues));
    }

    static String form(Map<String, String> parameters) {
        return String.join("&", parameters.entrySet().stream()
            .map(p -> p.getKey() + "=" + URLEncoder.encode(p.getValue(), UTF_8)).toList());
    }

    /** The parameters of an address. */
    static Map<String, String> query(String address) {
        var map = new LinkedHashMap<String, String>();
        for (var pair : URI.create(address).getRawQuery().split("&")) {
            map.put(pair.split("=", 2)[0], URLDecoder.decode(pair.split("=", 2)[1], UTF_8));
        }
        return map;
    }

    static String field(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":(?:\"([^\"]*)\"|(\\d+))").matcher(json);
        assertTrue(found.find(), () -> "no " + name + " in " + json);
        return found.group(1) != null ? found.group(1) : found.group(2);
    }

    static String claims(String jwt) {
        return decode(jwt.split("\\.")[1]);
    }

    static String decode(String base64url) {
        return new String(Base64.getUrlDecoder().decode(base64url), UTF_8);
    }

    static void assertRefused(int status, String error, int aadsts, HttpResponse<String> answer) {
        assertEquals(error, field(answer.body(), "error"), answer.body());
        assertTrue(field(answer.body(), "error_description").startsWith("AADSTS" + aadsts + ": "), answer.body());
        assertEquals(status, answer.statusCode());
    }

    static void assertBetween(int least, int most, int actual) {
        assertTrue(least <= actual && actual <= most, () -> actual + " is not within " + least + "–" + most);
    }
}
