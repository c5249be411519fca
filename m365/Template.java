//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Text.java

package m365;

import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A mail program's configuration with placeholders: {@code {value}} and {@code {value as notation}}. Knows how each
 * program writes a value down, not what the values are.
 */
final class Template {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)(?: as ([a-z ]+))?\\}");

    /**
     * Replaces the placeholders. A line with a value that is empty is left out.
     *
     * @param values several words are a command
     */
    static String filledIn(String template, Map<String, List<String>> values) {
        return template.lines()
                .filter(line -> PLACEHOLDER.matcher(line).results().noneMatch(p -> values.get(p.group(1)).isEmpty()))
                .map(line -> PLACEHOLDER.matcher(line).replaceAll(p -> Matcher.quoteReplacement(
                        written(values.get(p.group(1)), Optional.ofNullable(p.group(2)).orElse("")))) + "\n")
                .collect(Collectors.joining());
    }

    /**
     * {@code words} in the notation of a program: several words are a command line, for a shell unless it takes
     * vectors.
     */
    private static String written(List<String> words, String notation) {
        for (var word : words)
            if (!word.equals(Text.visible(word))) throw cannot(word, "has a control character in it");
        var text = words.size() > 1 ? shellLine(words) : words.get(0);
        return switch (notation) {
            case "" -> text;
            case "plain" -> plain(text);
            case "words" -> words.stream().map(Template::plain).collect(Collectors.joining(" "));
            case "backticks" -> '`' + without("`", text) + '`';
            case "path" -> path(text);
            case "path percent" -> path(text).replace("%", "%%");
            case "shell" -> Text.shellQuote(text);
            case "url" -> URLEncoder.encode(text, UTF_8);
            case "quotes" -> '"' + text + '"';
            case "escaped" -> escape(text, "\\\"");
            case "double" -> quoted(text);
            case "muttrc" -> '"' + escape(text, "\\\"$`") + '"';
            case "python tuple" -> words.stream().map(Template::python).collect(Collectors.joining(", ", "(", ")"));
            case "python percent" -> words.stream().map(Template::python).collect(Collectors.joining(", ", "[", "]"))
                    .replace("%", "%%");
            case "toml" -> words.stream().map(Template::quoted).collect(Collectors.joining(", ", "[", "]"));
            case "systemd" -> (words.get(0).contains("$") ? "env " : "") // in the first word it expands nothing
                    + words.stream().map(word -> quoted(word).replace("%", "%%").replace("$", "$$"))
                    .collect(Collectors.joining(" "));
            default -> throw new AssertionError(notation);
        };
    }

    /** For a place where nothing can be quoted: what no program takes for anything but itself. */
    private static String plain(String text) {
        if (text.matches("[A-Za-z0-9./-][A-Za-z0-9@._+='!~:/-]*")) return text;
        throw cannot(text, "has a character that cannot be quoted there");
    }

    private static String without(String special, String text) {
        if (text.contains(special)) throw cannot(text, "has " + special + " in it, which cannot be quoted there");
        return text;
    }

    /** Python's programs replace {@code $NAME} in a file's name, know no way to quote it, and cut spaces off. */
    private static String path(String text) {
        if (text.matches(".*\\$[\\w{].*")) throw cannot(text, "has $ in it, which cannot be quoted there");
        if (!text.equals(text.strip())) throw cannot(text, "begins or ends with a space, which would be cut off");
        return text;
    }

    private static Problem cannot(String value, String why) {
        return new Problem(ExitStatus.SETTINGS, "this cannot be written into that program's configuration: "
                + Text.quote(value) + " " + why, "give it another value or name; what is in the settings file need not "
                + "be written: jbang get_token.java --save-settings");
    }

    /** The words of a command as a shell reads them. */
    static String shellLine(List<String> words) {
        return words.stream().map(Text::shellQuote).collect(Collectors.joining(" "));
    }

    private static String quoted(String text) { return '"' + escape(text, "\\\"") + '"'; }

    private static String escape(String text, String special) {
        return text.chars().mapToObj(c -> (special.indexOf(c) < 0 ? "" : "\\") + (char) c)
                .collect(Collectors.joining());
    }

    /** A literal in ASCII, for a configuration file that is read in whatever the locale's encoding is. */
    private static String python(String text) {
        return escape(text, "\\\"").codePoints()
                .mapToObj(c -> c < 127 ? Character.toString(c) : String.format("\\U%08x", c))
                .collect(Collectors.joining("", "\"", "\""));
    }

    private Template() { }
}
