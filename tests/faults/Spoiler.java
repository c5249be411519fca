package faults;

import java.util.List;
import java.util.Random;

/**
 * Makes one field of what a server says something else: a number at the edge of what one can be, a depth, a length, a
 * cut, what the client has said, letters that turn a line around. What it becomes is drawn by lot.
 */
final class Spoiler {
    /** In the place of what the client has said. */
    static final String ECHO = "\1";
    private static final List<String> VALUES = List.of("2147483647", "2147483648", "2147483649", "4294967295",
            "4294967296", "9223372036854775808", "-1", "-2147483648", "0", "00000000000000000000001", "99999999999e9",
            "{2147483647}", "{2147483648}", "{-1}", "{4294967296}", "{0}", "{5+}", "{99999999999999999999}",
            "1:300000000", "(".repeat(90_000), "[".repeat(90_000), "(((\"\" ".repeat(9000), "\"".repeat(999),
            "\\".repeat(999), "x".repeat(70_000), "x".repeat(3_000_000), "AB ".repeat(9000), "\u202e\u2066\u200f",
            "\u009b2J\u0007\u001b[2J", "\0", "\r", "\t\t", "", "=".repeat(99), "+", "*", "{", "}", "\"", "NIL", "BYE",
            "OK", "NO", "BAD", "PREAUTH", "[ALERT]", "\u00ff\u00fe\u00c3\u0028");

    /**
     * A line of an answer.
     *
     * @param cut   whether the answer ends here
     * @param times how often it comes
     */
    record Line(String text, boolean cut, int times) { }

    private final Random random;

    Spoiler(Random random) { this.random = random; }

    /** Spoils what stands there between two places. */
    Line spoil(String line, int from, int to) {
        int kind = random.nextInt(10);
        var value = kind == 0 ? ECHO : VALUES.get(random.nextInt(VALUES.size()));
        if (kind == 1) return new Line(line.substring(0, to), true, 1);
        return new Line(line.substring(0, kind == 2 ? to : from) + value + line.substring(to), false,
                kind == 3 ? 2001 : 1);
    }
}
