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

    /** One for each alternative; empty if one of them has none, so that the expression has to be tried. */
    private final List<String> words = new ArrayList<>();

    Foothold(String regex) {
        int begin = 0, depth = 0;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\') i++;
            else if (c == '[') i = endOfClass(regex, i);
            else if (c == '(') depth++;
            else if (c == ')') depth--;
            else if (c == '|' && depth == 0) {
                words.add(longest(regex.substring(begin, i)));
                begin = i + 1;
            }
        }
        words.add(longest(regex.substring(begin)));
        if (words.stream().anyMatch(word -> word.length() < SHORTEST)) words.clear();
    }

    /** Whether it is worth trying. @param small in small letters, {@link Locale#ROOT} */
    boolean in(String small) {
        if (words.isEmpty()) return true;
        for (var word : words) if (small.contains(word)) return true;
        return false;
    }

    /** The longest run of letters, digits and spaces outside of all brackets, none of which may be missing. */
    private static String longest(String alternative) {
        var longest = "";
        var run = new StringBuilder();
        int depth = 0;
        for (int i = 0; i <= alternative.length(); i++) {
            char c = i == alternative.length() ? '\0' : alternative.charAt(i);
            if (depth == 0 && c < 128 && (Character.isLetterOrDigit(c) || c == ' ')) {
                run.append(c);
                continue;
            }
            if (!run.isEmpty() && (c == '?' || c == '*' || c == '{')) run.setLength(run.length() - 1);
            if (run.length() > longest.length()) longest = run.toString();
            run.setLength(0);
            if (c == '\\') i++;
            else if (c == '[') i = endOfClass(alternative, i);
            else if (c == '(') depth++;
            else if (c == ')') depth--;
            else if (c == '{') i = alternative.indexOf('}', i);
        }
        return longest.toLowerCase(Locale.ROOT);
    }

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
