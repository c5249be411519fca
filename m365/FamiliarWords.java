//SOURCES Failures.java
//SOURCES Scrub.java

package m365;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Of a line that is sent on, shows what is known to be no secret: words that stand in failures/, codes, dates, ids of
 * requests and Microsoft's hosts. Programs write passwords down in more ways than anybody can list; so whatever else
 * stands there becomes dots, also a name or two that would have done no harm.
 */
final class FamiliarWords {
    /** White space and brackets part words, a password's own punctuation does not. */
    private static final Pattern WORD = Pattern.compile("[^\\s()\\[\\]{}<>\"',;]+");
    private static final Pattern ENDS = Pattern.compile("^[.:!?*`-]+|[.:!?*`]+$");
    private static final Pattern HARMLESS = Pattern.compile("(?i)AADSTS\\d{4,8}|0x[0-9a-f]{8}|[245]\\d\\d"
            + "|[245](?:\\.\\d{1,3}){2}|[a-z]|A\\d{1,4}"
            + "|\\d{4}-\\d\\d-\\d\\d(?:T[\\d:.]{5,12}Z?)?|\\d\\d:\\d\\d(?::\\d\\d)?(?:[.,]\\d{1,6})?Z?"
            + "|(?:https://)?[a-z0-9.-]{1,80}\\.(?:outlook|office(?:365)?|microsoft(?:online)?|exchangelabs)\\.com"
            + "(?::\\d{1,5})?");

    /** One of Microsoft's may be somebody's code, too. */
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** Secrets may look like ids, so it counts what stands before: Trace ID: …, application '…'. */
    private static final Pattern ID = Pattern.compile("(?i)(?<=(?:\\bid|identifier|application|app|tenant|resource)"
            + "[:=]?[ '\"({]{0,3})[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\\w-])");

    /** Where the server begins to speak; what stands before is a program's or a person's. */
    private static final Pattern SERVER = Pattern.compile("AADSTS\\d{4}|\\b[245]\\d\\d[ -]#?[245]\\.\\d{1,3}\\.\\d"
            + "|\\b[A-Za-z]{0,5}\\d{1,5} (?:NO|BAD) |\\* BYE |-ERR |\"error\"");

    /** {@code line} with dots for whatever might be a secret. */
    static String in(String line) {
        var hidden = new BitSet();
        var server = SERVER.matcher(line);
        int begin = server.find() ? server.start() : 0;
        for (var word = WORD.matcher(line); word.find();) {
            var bare = ENDS.matcher(word.group()).replaceAll("");
            boolean shown = HARMLESS.matcher(bare).matches() || Known.WORDS.contains(bare.toLowerCase(Locale.ROOT));
            if (!shown && !bare.isEmpty()) hidden.set(word.start(), word.end());
        }
        ID.matcher(line).results().forEach(id -> hidden.clear(id.start(), id.end()));
        hidden.set(0, line.substring(0, begin).stripTrailing().length());
        return Scrub.dotted(line, hidden);
    }

    /** Read once, and only when something has failed. */
    private static final class Known {
        static final Set<String> WORDS = new HashSet<>();

        static {
            for (var cause : Failures.all()) {
                add(cause.what());
                cause.why().forEach(Known::add);
                cause.steps().forEach(Known::add);
                cause.examples().forEach(Known::add);
            }
        }

        private static void add(String text) {
            for (var word = WORD.matcher(text); word.find();) {
                var bare = ENDS.matcher(word.group()).replaceAll("").toLowerCase(Locale.ROOT);
                if (!NUMBER.matcher(bare).matches()) WORDS.add(bare);
            }
        }
    }

    private FamiliarWords() { }
}
