package faults;

import java.util.List;
import java.util.Random;

/** Makes input that is nearly right out of input that is. */
final class Scrambler {
    static final String STATE = "c3RhdGUtb2YtdGhpcy1hdHRlbXB0";
    private static final List<String> ODD = List.of("\0", "\1", "\n", "\r\n", "\t", " ", "\u2028", "\u202e", "\uFEFF",
            "%", "%zz", "%00", "%0a", "%1b", "%ff", "%c3%28", "+", "&", "&&", "=", "?", "#", "\"", "'", "`", "<script>",
            ">", "{", "}", "[", "]", "\\", "\\u", "\\u0000", "\ud800", "\udc00", "\ud83d\ude00", "\u00e9", "\u0130",
            "../", "/", "//", ":", "@", ";", ",", "${HOME}", "$1", "%s%n", "\u001b[2J", "\u009b2J", "-1", "0",
            "99999999999999999999", "1e400", "null", "true", "{}", "[]", "x".repeat(1000), " ".repeat(1000),
            "\"".repeat(500), "a_".repeat(300), "state=" + STATE, "code=", "error=", "AADSTS50011", "eyJ", "user=",
            "{user}");

    private final Random random;

    Scrambler(Random random) { this.random = random; }

    <T> T one(List<T> of) { return of.get(random.nextInt(of.size())); }

    /** One of {@code seeds}, changed in up to eight places; now and then nothing but noise. */
    String of(List<String> seeds) {
        if (random.nextInt(20) == 0) return noise();
        var text = new StringBuilder(one(seeds));
        for (int n = random.nextInt(9); n > 0; n--) {
            int at = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), at + random.nextInt(20));
            switch (random.nextInt(7)) {
                case 0 -> text.insert(at, one(ODD));
                case 1 -> text.replace(at, to, one(ODD));
                case 2 -> text.delete(at, to);
                case 3 -> text.insert(at, text.substring(at, to));
                case 4 -> { if (at < text.length()) text.setCharAt(at, character(random.nextBoolean() ? 128 : 65536)); }
                case 5 -> text.setLength(random.nextInt(3) == 0 ? at : text.length());
                default -> { if (text.length() < 20_000) text.append(one(seeds)); }
            }
        }
        return text.toString();
    }

    private String noise() {
        var text = new StringBuilder();
        for (int n = random.nextInt(200); n > 0; n--)
            text.append(random.nextBoolean() ? one(ODD) : String.valueOf(character(65536)));
        return text.toString();
    }

    private char character(int bound) { return (char) random.nextInt(bound); }

    /** What can be shown of an input, in one line. */
    static String shown(String input) {
        var text = new StringBuilder();
        input.chars().limit(300).forEach(
                c -> text.append(c > ' ' && c < 127 ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        return text.toString();
    }
}
