//JAVA 17+
//SOURCES ../stand_in/FakeLogin.java

package support;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import stand_in.FakeLogin;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Finds the secrets of stand-ins in what was said: in full, in part or encoded. There are thousands of them at the end
 * of a run, so they are looked up by their first characters, and a text is gone through once.
 */
final class Leaks {
    private static final int HEAD = 8;

    private record Form(String secret, String text) { }

    private final List<FakeLogin> watched = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private final Map<String, List<Form>> byHead = new HashMap<>();
    private final List<Form> tooShort = new ArrayList<>();

    synchronized void watch(FakeLogin login) { watched.add(login); }

    /** The secrets that are in {@code text}, by their kind only. */
    synchronized List<String> in(String text) {
        watched.forEach(login -> login.secrets().stream().filter(known::add).forEach(this::learn));
        var found = new LinkedHashMap<String, String>();
        for (var form : tooShort) if (text.contains(form.text)) found.putIfAbsent(form.secret, form.text);
        for (int at = 0; at + HEAD <= text.length(); at++)
            for (var form : byHead.getOrDefault(text.substring(at, at + HEAD), List.of()))
                if (text.startsWith(form.text, at)) found.putIfAbsent(form.secret, form.text);
        return found.entrySet().stream().map(entry -> described(entry.getKey(), entry.getValue(), text)).toList();
    }

    private void learn(String secret) {
        forms(secret).distinct().map(text -> new Form(secret, text)).forEach(form -> {
            if (form.text.length() < HEAD) tooShort.add(form);
            else byHead.computeIfAbsent(form.text.substring(0, HEAD), head -> new ArrayList<>()).add(form);
        });
    }

    private static Stream<String> forms(String secret) {
        var whole = Stream.of(secret, URLEncoder.encode(secret, UTF_8),
            Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)));
        // Tokens begin alike, so only the middle and the end tell one from another.
        return secret.length() < 60 ? whole : Stream.concat(whole,
            Stream.of(secret.length() / 2, secret.length()).map(end -> secret.substring(end - 24, end)));
    }

    private static String described(String secret, String form, String text) {
        int at = text.indexOf(form);
        return form.length() + " characters of a secret of " + secret.length() + ", after \""
            + text.substring(Math.max(0, at - 40), at) + "\"";
    }
}
