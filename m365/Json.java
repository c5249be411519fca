//DEPS com.microsoft.azure:msal4j:1.26.0
//SOURCES CleanOutput.java

package m365;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import com.azure.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Writes and reads JSON objects, with the library that MSAL brings. */
public final class Json {

    /** @param document maps, lists, text, numbers, booleans and null */
    public static String write(Map<String, ?> document) {
        var text = new ByteArrayOutputStream();
        try (JsonWriter writer = JsonProviders.createWriter(text)) {
            writer.writeUntyped(document);
        } catch (IOException e) {
            throw new AssertionError(e); // memory does not fail to be written
        }
        return escaped(text.toString(UTF_8));
    }

    /** JSON lets everything from U+0020 on stand as it is (RFC 8259 section 7), also what a terminal obeys. */
    private static String escaped(String json) {
        var escaped = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (CleanOutput.passes(c)) escaped.appendCodePoint(c);
            else for (var unit : Character.toChars(c)) escaped.append(String.format("\\u%04x", (int) unit));
        });
        return escaped.toString();
    }

    /** The only object in {@code json}; empty when it is not one. */
    public static Optional<Map<String, Object>> read(String json) {
        try (JsonReader reader = JsonProviders.createReader(json)) {
            return Optional.ofNullable(reader.readMap(JsonReader::readUntyped));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return Optional.empty();
        }
    }

    private Json() { }
}
