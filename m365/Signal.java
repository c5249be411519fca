//SOURCES LongText.java

package m365;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What was seen of a failure. Finds the numbers and ids in its text; what they mean is for {@link Failures} to say.
 * {@code null} is taken for empty.
 *
 * @param where where it showed up, one of the places of failures/ or empty when that is not known
 * @param error the OAuth error (RFC 6749 section 5.2), like invalid_grant
 * @param suberror what Microsoft adds to the error, like bad_token
 * @param codes AADSTS numbers, the decisive one first; when none are given they are looked for in the text
 * @param text  what was said; of a very long one, both ends
 */
public record Signal(String where, String error, String suberror, List<String> codes, String text) {

    private static final int LONGEST = 32_000;
    /** Each is looked for in the whole knowledge, so there must not be too many. */
    private static final int MOST_CODES = 9;

    private static final String GUID = "([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})";
    private static final Pattern NUMBER = Pattern.compile("(?i)"
            + "(?:AADSTS[\\s:-]{0,2}|login\\.\\S{3,40}/error\\?code=)(\\d{4,8})"
            + "|(?:(?<!socket )error[ _]?codes?|fehlercode|foutcode|code d.erreur|c[o\u00f3]digo d[eo] erro\\w{0,3}"
            + "|codice (?:di )?errore|kod b\u0142\u0119du)[\"']?(?: missing| is| was)?"
            + "\\s{0,3}[:=]?\\s{0,3}\\[?\\s{0,9}((?!800[4-9])\\d{5,8})\\b"
            + "|^\\s{0,99}#?(\\d{5,8})\\.?\\s{0,99}$");
    private static final Pattern CORRELATION = Pattern.compile("(?i)correlation[ _-]?id[\"']?[ :=]{1,3}[\"']?" + GUID);
    private static final Pattern TRACE = Pattern.compile("(?i)(?:trace|request)[ _-]?id[\"']?[ :=]{1,3}[\"']?" + GUID);
    private static final Pattern TIMESTAMP = Pattern.compile("(?i)timestamp[\"']?[ :=]{1,3}[\"']?"
            + "(\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z?)");
    private static final Pattern SPACES = Pattern.compile("\\s+|\\\\[nrt](?=[ A-Z\\\\])");

    public Signal {
        where = where == null ? "" : where;
        error = error == null ? "" : error;
        suberror = suberror == null ? "" : suberror;
        text = LongText.withoutPiles(bounded(text == null ? "" : text));
        var all = codes == null || codes.isEmpty() ? numbers(text) : codes;
        codes = all.stream().distinct().limit(MOST_CODES).toList();
    }

    /** A line of a server or the text of an exception. */
    public static Signal of(String where, String text) { return new Signal(where, "", "", List.of(), text); }

    /** A condition that this program itself has found, by its name in failures/. */
    public static Signal local(String name) { return of("local", name); }

    /** The AADSTS number or else the OAuth error, as it should be quoted; empty when there is neither. */
    public String code() { return codes.isEmpty() ? error : "AADSTS" + codes.get(0); }

    /** By which an administrator finds the sign-in in the log; empty when the text has none. */
    public String correlationId() { return first(CORRELATION, text); }

    /** Microsoft's number of the one request; empty when the text has none. */
    public String traceId() { return first(TRACE, text); }

    /** When it happened, as Microsoft wrote it; empty when the text does not say. */
    public String timestamp() { return first(TIMESTAMP, text); }

    /** Without the line breaks of JSON; a typographer's apostrophe is a plain one. */
    static String inOneLine(String text) {
        return SPACES.matcher(text).replaceAll(" ").strip().replace('\u2019', '\'');
    }

    /** Whoever pastes a whole log has the error at its beginning or at its end. */
    static String bounded(String text) {
        return text.length() <= LONGEST ? text
                : text.substring(0, LONGEST / 2) + "\n" + text.substring(text.length() - LONGEST / 2);
    }

    /** What group 1 of {@code pattern} finds first; empty if nothing. */
    static String first(Pattern pattern, String text) {
        var match = pattern.matcher(text);
        return match.find() ? match.group(1) : "";
    }

    /** Microsoft's numbers in the order in which they stand there; bare ones only if none has its AADSTS. */
    static List<String> numbers(String text) {
        var found = NUMBER.matcher(text).results().toList();
        boolean named = found.stream().anyMatch(match -> match.group(1) != null);
        return found.stream().filter(match -> !named || match.group(1) != null).map(match -> match.group(1) != null
                ? match.group(1) : match.group(2) != null ? match.group(2) : match.group(3)).toList();
    }
}
