package m365;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The plain lines of what somebody has pasted: without the colours of a terminal, the escapes of JSON, HTML, addresses
 * and mail, and without a mail's quotation marks. What the lines mean is left to others; throws on no input.
 */
final class PastedText {

    private static final Pattern TERMINAL = Pattern.compile("\\x1b\\[[0-?]*+[ -/]*+[@-~]"
            + "|\\x1b\\][^\\x07\\x1b]{0,200}(?:\\x07|\\x1b\\\\)|\\^\\[\\[[0-9;]{0,12}[A-Za-z]"
            + "|\\[(?:0?[01]|3[0-7]|9[0-7]|[0-9]{1,2};[0-9;]{1,9})?m(?![\\w])");
    private static final Pattern ENCODED = Pattern.compile("(?:%[0-9a-fA-F]{2})++");
    private static final Pattern ADDRESS_LIKE =
            Pattern.compile("[?&#](?:error|code|error_description)=|%20|%3[aA]|AADSTS\\d+\\+");
    private static final Pattern PLUSES = Pattern.compile("error_description=[^&\\s\"]{1,4000}");
    private static final Pattern UNICODE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");
    private static final Pattern TAG = Pattern.compile("(?i)</?(?:br|p|div|span|b|i|u|strong|em|a|td|th|tr|table|tbody"
            + "|li|ul|ol|pre|code|h[1-6]|font|body|head|title|meta|link|script|style|details|summary)\\b[^<>]{0,400}>");
    private static final Pattern BREAK = Pattern.compile("(?i)<(?:br ?/?|/p|/div|/li|/tr|/h[1-6])>");
    private static final Pattern ENTITY = Pattern.compile("&(quot|apos|lt|gt|amp|nbsp|#0?39|#x27|#34|#160);");
    private static final Map<String, String> ENTITIES = Map.of("quot", "\"", "apos", "'", "lt", "<", "gt", ">",
            "amp", "&", "nbsp", " ", "#39", "'", "#039", "'", "#x27", "'", "#34", "\"");
    /** What a program would have accepted is no error, however many of them it lists. */
    private static final Pattern EXPECTED = Pattern.compile("(?i)\\b(one of|supported|allowed|valid values?|any of)\\b"
            + "([^\\[({\\n]{0,40})[\\[({][^\\])}\\n,]{1,80},[^\\])}\\n]{1,2000}[\\])}]");

    /** Nobody quotes more often; each time all lines are looked at. */
    private static final int DEEPEST = 20;

    /** Never empty. */
    static List<String> lines(String pasted) {
        var text = TERMINAL.matcher(pasted.replace("\r\n", "\n").replace('\r', '\n')).replaceAll("");
        if (text.contains("=\n") && (text.contains("=3D") || text.contains("=20")))
            text = text.replace("=\n", "").replace("=3D", "=").replace("=20", " ");
        if (ADDRESS_LIKE.matcher(text).find()) text = decoded(text);
        text = plain(unescaped(unescaped(text)));
        if (text.contains("</") || text.contains("<br")) text = TAG.matcher(BREAK.matcher(text).replaceAll("\n"))
                .replaceAll("");
        text = ENTITY.matcher(text)
                .replaceAll(entity -> Matcher.quoteReplacement(ENTITIES.getOrDefault(entity.group(1), " ")));
        text = EXPECTED.matcher(text).replaceAll("$1$2");
        var lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        for (int depth = 0; depth < DEEPEST && quoted(lines); depth++)
            lines = lines.stream().map(PastedText::unquoted).toList();
        return lines.isEmpty() ? List.of("") : lines;
    }

    /** An answer that stands as a string in JSON, in a log, or in a string of a string. */
    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) return text;
        var unicode = UNICODE.matcher(text).replaceAll(escape ->
                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
        return unicode.replace("\\\"", "\"").replace("\\/", "/").replace("\\'", "'")
                .replaceAll("(?:\\\\r)?\\\\n(?![a-z])|\\\\r\\\\n", "\n").replaceAll("\\\\t(?![a-z])", " ")
                .replace("\\\\", "\\");
    }

    /** Typographers' quotation marks and spaces are plain ones. */
    private static String plain(String text) {
        return text.replace('\u2019', '\'').replace('\u2018', '\'').replace('\u201c', '"').replace('\u201d', '"')
                .replace('\u201e', '"').replace("\u00ab", "\"").replace("\u00bb", "\"")
                .replaceAll("[\\u00a0\\u202f\\u2007\\t\\x0b\\f]", " ")
                .replaceAll("[\\u200b-\\u200d\\ufeff\\u00ad]", "");
    }

    /** An address inside the text, part by part: a lone % sign spoils nothing. */
    private static String decoded(String text) {
        var spaced = PLUSES.matcher(text).replaceAll(value ->
                Matcher.quoteReplacement(value.group().replace('+', ' ')));
        return ENCODED.matcher(spaced).replaceAll(run -> Matcher.quoteReplacement(bytes(run)));
    }

    private static String bytes(MatchResult run) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < run.group().length(); i += 3)
            bytes.write(Integer.parseInt(run.group().substring(i + 1, i + 3), 16));
        return bytes.toString(UTF_8);
    }

    private static boolean quoted(List<String> lines) {
        long marked = lines.stream().filter(line -> line.matches("[>|](?: .*|$)")).count();
        return lines.size() > 1 && marked == lines.size();
    }

    private static String unquoted(String line) { return line.substring(1).strip(); }

    private PastedText() { }
}
