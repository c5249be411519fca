package m365;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads what MSAL's cache is made of, objects and plain strings; anything else is an exception. The JSON reader that
 * MSAL brings reads more, but its jar is signed, and to verify that takes a cold JVM longer than all the rest together.
 */
final class MsalCacheReader {
    private final String json;
    private int at;

    private MsalCacheReader(String json) { this.json = json; }

    /** @throws RuntimeException of one kind or another if {@code json} is not what MSAL usually writes */
    static Map<String, Object> read(String json) {
        var reader = new MsalCacheReader(json);
        var all = reader.object(3);
        if (reader.next() != 0) throw new IllegalArgumentException();
        return all;
    }

    private Map<String, Object> object(int depth) {
        var object = new LinkedHashMap<String, Object>();
        expect('{');
        while (next() != '}') {
            if (!object.isEmpty()) expect(',');
            var name = string();
            expect(':');
            object.put(name, depth > 1 && next() == '{' ? object(depth - 1) : string());
        }
        at++;
        return object;
    }

    private String string() {
        expect('"');
        int end = json.indexOf('"', at);
        var text = json.substring(at, end);
        if (text.indexOf('\\') >= 0) throw new IllegalArgumentException();
        at = end + 1;
        return text;
    }

    private void expect(char wanted) {
        if (next() != wanted) throw new IllegalArgumentException();
        at++;
    }

    /** The next character that is no white space; 0 at the end. */
    private char next() {
        while (at < json.length() && json.charAt(at) <= ' ') at++;
        return at < json.length() ? json.charAt(at) : 0;
    }
}
