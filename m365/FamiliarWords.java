//SOURCES Failures.java
//SOURCES NamedFacts.java
//SOURCES Scrub.java

package m365;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
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
    private static final Pattern HARMLESS = Pattern.compile("(?i)AADSTS\\d{4,8}|0x8[0-9a-f]{7}|[245]\\d\\d"
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

    /** Beside these anything may be a secret, an ordinary word too; then only known sentences are shown. */
    private static final Pattern CUE = Pattern.compile("(?i)passw|pass ?phrase|\\bpass\\b|\\bpwd?\\b|\\bpin\\b"
            + "|kennwort|wachtwoord|mot de passe|contrase|senha|has\u0142o|secret|geheim|\\bkey\\b|\\bcode\\b"
            + "|\\b(?:typed|entered|tried)\\b|\\bI\\b|\\bmy\\b|\\bmein|\\bmijn\\b|\\bmon\\b|\\b(?:it|which) is\\b"
            + "|\\bLOGIN (?!failed|command|disabled)\\w|\\S@\\S");
    /** People take days for passwords; what a server says has a time with it. */
    private static final Pattern DAY = Pattern.compile("[\\d-]{10}");
    /** So many words in a row that stand in an example are a sentence. */
    private static final int ROW = 3;

    /** {@code line} with dots for whatever might be a secret. */
    static String in(String line) {
        var hidden = new BitSet();
        var server = SERVER.matcher(line);
        int begin = server.find() ? server.start() : 0;
        var words = WORD.matcher(line).results().toList();
        var bare = words.stream().map(word -> bare(word.group())).toList();
        var sentences = CUE.matcher(line).find() ? sentences(bare) : null;
        for (int i = 0; i < words.size(); i++) {
            var word = bare.get(i);
            boolean shown = sentences == null ? HARMLESS.matcher(word).matches() || Known.WORDS.contains(word)
                    : HARMLESS.matcher(word).matches() && !DAY.matcher(word).matches() || sentences.get(i);
            if ((!shown || spelled(bare, i)) && !word.isEmpty()) hidden.set(words.get(i).start(), words.get(i).end());
        }
        ID.matcher(line).results().filter(id -> !NamedFacts.secretsOwn(line, id.start()))
                .forEach(id -> hidden.clear(id.start(), id.end()));
        hidden.set(0, line.substring(0, begin).stripTrailing().length());
        return Scrub.dotted(line, hidden);
    }

    /** Letters one by one may be a password's, as of Java's char[]. */
    private static boolean spelled(List<String> words, int i) {
        return words.get(i).length() == 1 && (i > 0 && words.get(i - 1).length() == 1
                || i + 1 < words.size() && words.get(i + 1).length() == 1);
    }

    private static String bare(String word) { return ENDS.matcher(word).replaceAll("").toLowerCase(Locale.ROOT); }

    /** Which of the words are part of a row that an example has. */
    private static BitSet sentences(List<String> words) {
        var known = new BitSet();
        for (int i = 0; i + ROW <= words.size(); i++)
            if (Known.ROWS.contains(String.join(" ", words.subList(i, i + ROW)))) known.set(i, i + ROW);
        return known;
    }

    /** Read once, and only when something has failed. */
    private static final class Known {
        static final Set<String> WORDS = new HashSet<>();
        static final Set<String> ROWS = new HashSet<>();

        static {
            for (var cause : Failures.all()) {
                add(cause.what());
                cause.why().forEach(Known::add);
                cause.steps().forEach(Known::add);
                cause.examples().forEach(Known::add);
                cause.examples().forEach(Known::addRows);
            }
        }

        private static void addRows(String example) {
            var words = WORD.matcher(example).results().map(word -> bare(word.group())).toList();
            for (int i = 0; i + ROW <= words.size(); i++) ROWS.add(String.join(" ", words.subList(i, i + ROW)));
        }

        private static void add(String text) {
            for (var word = WORD.matcher(text); word.find();) {
                var bare = bare(word.group());
                if (!NUMBER.matcher(bare).matches()) WORDS.add(bare);
            }
        }
    }

    private FamiliarWords() { }
}
