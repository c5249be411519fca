package m365;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What counts of a long log: each kind of line once and the last time, those that speak of a failure before others, and
 * of several attempts the last one. Knows nothing of causes.
 */
final class LogEssence {

    /** Of the lines' characters together. */
    private static final int ENOUGH = 24_000;
    private static final int LONGEST_LINE = 1_500;

    /** A line that speaks of a failure has one of these in it: looked for one by one, which is ten times as fast. */
    private static final List<String> FAILURE = List.of("aadsts", "err", "fail", "refus", "denied", "invalid", "unable",
            "cannot", "can't", "could not", "not ", "exception", "expired", "timeout", "timedout", "timed out",
            "time out", "reset", "closed", "revoked", "reject", "disabled", "blocked", "required", "warn", "fatal",
            "fehler", "fout", "b\u0142\u0105d");
    private static final Pattern REFUSAL = Pattern.compile("(?i)\\b(?:no|bad|bye)\\b|\\b[45]\\d\\d[ -]");
    private static final Pattern VARYING = Pattern.compile("[0-9]+|[0-9a-fA-F-]{16,}+");
    private static final Pattern SUCCESS = Pattern.compile("(?i)\\bOK (?:AUTHENTICATE|LOGIN|\\[?CAPABILITY.{0,300}\\] ?"
            + "(?:logged in|user authenticated))|\\b235 2\\.7\\.0|successfully authenticated"
            + "|\\b(?:imap|smtp|pop3?) login (?:ok|succe)|\\+OK (?:user )?(?:successfully|logged)"
            + "|authentication (?:was )?success"
            + "|token (?:was |has been )?(?:successfully )?(?:refreshed|renewed)\\b(?! fail)");

    /** Few enough to be searched at once, in their order. */
    static List<String> of(List<String> lines) {
        int total = 0;
        for (var line : lines) total += line.length() + 1;
        if (total <= ENOUGH) return lines;
        var pieces = new ArrayList<String>();
        for (var line : lines) cut(line, pieces);
        var kept = new boolean[pieces.size()];
        int left = keep(pieces, kept, ENOUGH, true);
        keep(pieces, kept, left, false);
        var essence = new ArrayList<String>();
        for (int i = 0; i < kept.length; i++) if (kept[i]) essence.add(pieces.get(i));
        return essence;
    }

    /** Backwards from the end, each kind of line once. @return how many more characters there may be */
    private static int keep(List<String> lines, boolean[] kept, int room, boolean failures) {
        var seen = new HashSet<String>();
        for (int i = lines.size() - 1; i >= 0 && room > 0; i--) {
            var line = lines.get(i);
            if (kept[i] || failures && !speaksOfFailure(line)) continue;
            if (!seen.add(VARYING.matcher(line).replaceAll("#").replaceAll("AADSTS#", numbers(line)))) continue;
            kept[i] = true;
            room -= line.length() + 1;
        }
        return room;
    }

    private static boolean speaksOfFailure(String line) {
        var small = line.toLowerCase(Locale.ROOT);
        for (var word : FAILURE) if (small.contains(word)) return true;
        return REFUSAL.matcher(line).find();
    }

    /** Microsoft's numbers are what makes two such lines differ. */
    private static String numbers(String line) {
        int at = line.indexOf("AADSTS");
        return at < 0 ? "" : line.substring(at, Math.min(line.length(), at + 14)).replaceAll("\\W.*", "");
    }

    /** A log may be one line; it is cut where a word ends. */
    private static void cut(String line, List<String> pieces) {
        int begin = 0;
        while (line.length() - begin > LONGEST_LINE) {
            int last = begin + LONGEST_LINE;
            int end = last;
            while (end > begin + LONGEST_LINE / 2 && line.charAt(end) != ' ' && line.charAt(end) != ',') end--;
            if (end == begin + LONGEST_LINE / 2) end = last;
            pieces.add(line.substring(begin, end));
            begin = end;
        }
        pieces.add(line.substring(begin));
    }

    /** What came after the last login that worked; all of it when there was none. */
    static List<String> lastAttempt(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--)
            if (SUCCESS.matcher(lines.get(i)).find()) return lines.subList(i, lines.size());
        return lines;
    }

    private LogEssence() { }
}
