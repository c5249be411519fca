//SOURCES Failures.java
//SOURCES Signal.java

package m365;

import java.net.URLDecoder;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Makes the most of what somebody has pasted: a code, an address, JSON, a log. What it means is for Failures to say. */
final class PastedError {
    private static final Pattern ENCODED =
            Pattern.compile("[?&](?:error|code|error_description)=|%20|AADSTS\\d+%3[aA]");
    private static final Pattern ERROR = Pattern.compile("(?i)(?<![a-z_])[\"']?error[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?"
            + "([a-z]{4,20}(?:_[a-z]{3,20}){1,4})\\b");
    private static final Pattern SUBERROR =
            Pattern.compile("(?i)suberror[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?([a-z_]{4,60})");
    private static final Pattern WORDS = Pattern.compile("(?<![\\w.])[a-z]{3,20}(?:_[a-z]{2,20}){1,4}(?![\\w.])");

    static Signal read(String pasted) {
        var text = Signal.bounded(pasted == null ? "" : pasted);
        if (text.startsWith("local ")) return Signal.local(text.substring(6).strip());
        if (ENCODED.matcher(text).find()) text = decoded(text);
        var error = Signal.first(ERROR, text);
        var suberror = Signal.first(SUBERROR, text);
        if (error.isEmpty()) error = mentioned(Failures.errors(), text);
        if (suberror.isEmpty() && error.isEmpty()) suberror = mentioned(Failures.suberrors(), text);
        return new Signal("", error, suberror, List.of(), text);
    }

    /** The first word of the text that is one of {@code known}. */
    private static String mentioned(Set<String> known, String text) {
        return WORDS.matcher(text).results().map(MatchResult::group).filter(known::contains).findFirst().orElse("");
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
