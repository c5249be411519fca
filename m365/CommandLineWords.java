package m365;

import java.util.ArrayList;
import java.util.List;

/** Splits a setting into the words of a command line, as a shell would without being one. */
final class CommandLineWords {

    /**
     * Quotes group, a backslash takes the next character as it is.
     *
     * @throws IllegalArgumentException if a quotation mark is never closed
     */
    static List<String> of(String line) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
                inWord = true;
            } else if (quote != 0 && c == quote) quote = 0;
            else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                inWord = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) words.add(word.toString());
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) words.add(word.toString());
        if (quote != 0) throw new IllegalArgumentException("open quotation mark");
        return List.copyOf(words);
    }

    private CommandLineWords() { }
}
