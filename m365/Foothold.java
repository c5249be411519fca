package m365;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The plain characters without which a regular expression cannot match. Looking for them takes a hundredth of the time
 * that trying the expression takes, and most of the hundreds that are known fit no text that is at hand.
 */
final class Foothold {
    /** Shorter ones stand in most texts. */
    private static final int SHORTEST = 3;
    private static final String PLAIN = " '\"-_:,/@#=<>!&%;~";

    private final String regex;
    private int at;
    /** Any of them; empty if the expression can match without, so that it has to be tried. */
    private final List<String> words;

    Foothold(String regex) {
        this.regex = regex;
        words = alternatives();
    }

    /** Whether it is worth trying. @param small in small letters, {@link Locale#ROOT} */
    boolean in(String small) {
        if (words.isEmpty()) return true;
        for (var word : words) if (small.contains(word)) return true;
        return false;
    }

    /** The alternatives of an expression, each an expression. */
    static List<String> split(String regex) {
        var parts = new ArrayList<String>();
        int begin = 0, depth = 0;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\') i++;
            else if (c == '[') i = endOfClass(regex, i);
            else if (c == '(') depth++;
            else if (c == ')') depth--;
            else if (c == '|' && depth == 0) {
                parts.add(regex.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(regex.substring(begin));
        return parts;
    }

    /** Of each alternative what may not be missing; nothing if one of them can do without. */
    private List<String> alternatives() {
        var all = new ArrayList<String>();
        boolean each = true;
        while (true) {
            var words = sequence();
            each &= !words.isEmpty();
            all.addAll(words);
            if (at == regex.length() || regex.charAt(at) != '|') return each ? all : List.of();
            at++;
        }
    }

    /** Up to the next alternative or closing bracket: the longest run, or what a group has for each of its own. */
    private List<String> sequence() {
        List<String> best = List.of();
        var run = new StringBuilder();
        while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            char c = regex.charAt(at);
            if (isPlain(c)) {
                at += c == '\\' ? 2 : 1;
                char plain = regex.charAt(at - 1);
                boolean once = !isQuantifier();
                if (once || !mayBeMissing()) run.append(plain);
                if (once) continue;
                best = better(best, List.of(run.toString().toLowerCase(Locale.ROOT)));
                run.setLength(0);
                skipQuantifier();
            } else {
                best = better(best, List.of(run.toString().toLowerCase(Locale.ROOT)));
                run.setLength(0);
                var group = c == '(' ? group() : other(c);
                if (!mayBeMissing()) best = better(best, group);
                skipQuantifier();
            }
        }
        return better(best, List.of(run.toString().toLowerCase(Locale.ROOT)));
    }

    /** What looks ahead or behind is no part of the match. */
    private List<String> group() {
        boolean look = regex.startsWith("(?=", at) || regex.startsWith("(?!", at) || regex.startsWith("(?<", at);
        at = regex.startsWith("(?", at) && !look ? regex.indexOf(':', at) + 1 : at + 1;
        var words = alternatives();
        at++;
        return look ? List.of() : words;
    }

    private List<String> other(char c) {
        if (c == '[') at = endOfClass(regex, at);
        at += c == '\\' ? 2 : 1;
        return List.of();
    }

    private boolean isPlain(char c) {
        return c < 128 && Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0
                || c == '\\' && !Character.isLetterOrDigit(regex.charAt(at + 1));
    }

    private boolean isQuantifier() { return at < regex.length() && "?*+{".indexOf(regex.charAt(at)) >= 0; }

    private boolean mayBeMissing() {
        return isQuantifier() && (regex.charAt(at) == '?' || regex.charAt(at) == '*' || regex.startsWith("{0", at));
    }

    private void skipQuantifier() {
        for (; isQuantifier(); at++) if (regex.charAt(at) == '{') at = regex.indexOf('}', at);
    }

    private static List<String> better(List<String> one, List<String> other) {
        return shortest(other) >= SHORTEST && shortest(other) > shortest(one) ? other : one;
    }

    private static int shortest(List<String> words) { return words.stream().mapToInt(String::length).min().orElse(0); }

    /** A class of characters may hold another. */
    private static int endOfClass(String regex, int begin) {
        int depth = 0;
        for (int i = begin; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\') i++;
            else if (c == '[') depth++;
            else if (c == ']' && --depth == 0) return i;
        }
        return regex.length() - 1;
    }
}
