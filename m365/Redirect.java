//SOURCES ProblemReport.java
//SOURCES Secret.java

package m365;

import java.net.URLDecoder;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What the address says that the browser was sent to at the end (RFC 6749 section 4.1.2), as the browser asks for it
 * or a person pastes it. Believes no other attempt's state; leaves the code's redemption to others.
 */
public sealed interface Redirect {

    record Code(Secret code) implements Redirect { }

    /** The identity provider's error, or the person's No (RFC 6749 section 4.1.2.1). */
    record Declined(String error, String description) implements Redirect { }

    /** Not an answer to this attempt; {@code why} is for the person who sent it. */
    record Stray(String why) implements Redirect { }

    /** @param state the one that belongs to this attempt; an answer with another is not ours, or forged */
    static Redirect read(String query, String state) {
        var parameters = parameters(query);
        if (parameters.isEmpty()) return new Stray("That address is malformed.");
        var found = parameters.get();
        if (!found.containsKey("code") && !found.containsKey("error"))
            return new Stray("That address carries neither a code nor an error. "
                    + "Copy it whole, from the address bar, after signing in.");
        if (!found.containsKey("state"))
            return new Stray("That address is incomplete: its state is missing. Copy it to the end.");
        if (!MessageDigest.isEqual(found.get("state").getBytes(UTF_8), state.getBytes(UTF_8)))
            return new Stray("That address belongs to another attempt to sign in. Use the newest one.");
        if (found.containsKey("error"))
            return new Declined(found.get("error"), found.getOrDefault("error_description", ""));
        if (found.get("code").isBlank()) return new Stray("The code in that address is empty.");
        return new Code(new Secret(found.get("code")));
    }

    /** Empty if malformed: a broken escape, or a parameter given twice (RFC 6749 section 3.1). */
    private static Optional<Map<String, String>> parameters(String query) {
        var found = new LinkedHashMap<String, String>();
        try {
            for (var pair : query.split("&")) {
                var parts = pair.split("=", 2);
                var value = parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8);
                if (found.put(URLDecoder.decode(parts[0], UTF_8), value) != null) return Optional.empty();
            }
            return Optional.of(found);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * A person may paste the whole address or its query, quoted, wrapped, with spaces around; or the code.
     *
     * @param placeholders for the explanation of an error text, which people paste as well
     */
    static Redirect pasted(String line, String state, Map<String, String> placeholders) {
        var text = line.replaceAll("\\s+", "").replaceAll("^[\"'<`]++|(?<![\"'>`])[\"'>`]++$", "");
        if (text.isEmpty()) return new Stray("Nothing was pasted.");
        if (text.contains("/authorize?"))
            return new Stray("That is the address to open. Paste the one that the browser ends on, after signing in.");
        if (text.contains("code=") || text.contains("error=") || text.contains("state=")) {
            var query = text.substring(text.indexOf('?') + 1);
            return read(query.indexOf('#') < 0 ? query : query.substring(0, query.indexOf('#')), state);
        }
        if (line.contains("AADSTS")) return new Stray(ProblemReport.explain(line, placeholders));
        // The code alone carries no state; PKCE still ties it to this attempt (RFC 7636 section 1). Several words are
        // a remark.
        boolean oneWord = line.strip().chars().noneMatch(Character::isWhitespace);
        if (oneWord && text.matches("[A-Za-z0-9._~!*$-]{20,}") && text.matches(".*[0-9].*"))
            return new Code(new Secret(text));
        return new Stray("That is not the address that the browser ends on after signing in: it carries no code.");
    }
}
