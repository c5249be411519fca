//SOURCES Cause.java
//SOURCES Failures.java
//SOURCES Signal.java

package m365;

import java.net.URLDecoder;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Makes the most of what somebody has pasted: a number, an error text, a redirect address, an answer in JSON, a log
 * line or a server's line. Throws on no input.
 */
public final class PastedError {

    private static final Pattern ENCODED =
            Pattern.compile("[?&](?:error|code|error_description)=|%20|AADSTS\\d+%3[aA]");
    private static final Pattern ERROR = Pattern.compile("(?i)(?<![a-z_])[\"']?error[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?"
            + "([a-z]{4,20}(?:_[a-z]{3,20}){1,4})\\b");
    private static final Pattern SUBERROR =
            Pattern.compile("(?i)suberror[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?([a-z_]{4,60})");
    private static final Pattern WORDS = Pattern.compile("(?<![\\w.])[a-z]{3,20}(?:_[a-z]{2,20}){1,4}(?![\\w.])");

    /** What it means; the id of a cause leads to that cause. */
    public static Cause explain(String pasted) {
        var id = pasted == null ? "" : pasted.strip();
        return Failures.all().stream().filter(cause -> cause.id().equals(id)).findFirst()
                .orElseGet(() -> Failures.of(read(pasted)));
    }

    /** What can be seen in it. {@code local NAME} is a condition that this program finds by itself. */
    public static Signal read(String pasted) {
        var text = Signal.bounded(pasted == null ? "" : pasted);
        if (text.startsWith("local ")) return Signal.local(text.substring(6).strip());
        if (ENCODED.matcher(text).find()) text = decoded(text);
        var error = Signal.first(ERROR, text);
        var suberror = Signal.first(SUBERROR, text);
        if (error.isEmpty()) error = mentioned("error", text);
        if (suberror.isEmpty() && error.isEmpty()) suberror = mentioned("suberror", text);
        return new Signal("", error, suberror, List.of(), text);
    }

    /** The first word of the text that failures/ knows as an error or suberror. */
    private static String mentioned(String kind, String text) {
        var known = names(kind);
        return WORDS.matcher(text).results().map(MatchResult::group).filter(known::contains).findFirst().orElse("");
    }

    private static Set<String> names(String kind) {
        return Failures.all().stream().flatMap(cause -> Stream.of(cause.recognised().split(" (?:&&|\\|\\|) ")))
                .filter(condition -> condition.startsWith(kind + " "))
                .flatMap(condition -> Stream.of(condition.split(" ")).skip(1)).collect(Collectors.toSet());
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a lone % sign
        }
    }

    private PastedError() { }
}
