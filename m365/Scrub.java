package m365;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes text fit to be shown or sent on: what opens a mailbox becomes dots, and what a terminal would obey becomes a
 * space. Everything of unknown origin comes through here on its way to the user.
 */
public final class Scrub {

    /** Everything that opens a mailbox becomes dots. {@code null} is taken for empty. */
    public static String secrets(String text) {
        var clean = text == null ? "" : text;
        for (var secret : SECRETS) clean = secret.matcher(clean).replaceAll("$1••••");
        return clean;
    }

    /** One line: control characters must not reach a terminal, and white space is one space. */
    public static String controls(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
    }

    /** The lines stay. A server's words may hold what a terminal would obey. */
    public static String printableLines(String text) {
        return text.lines().map(line -> line.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+", " ").strip())
                .collect(Collectors.joining("\n"));
    }

    /** Group 1 stays. First what has a name, then what gives itself away by its shape. No pattern can run wild. */
    private static final List<Pattern> SECRETS = Stream.of(
            // 'client_secret': '…', refresh_token=…, oauth2_refresh_token = …, %3D for an address inside an address
            "(?i)((?:secret|(?:refresh|access|id)_token|assertion|code_verifier|device_code|password|passwd"
                    + "|passphrase|remotepass)(?:_?value)?[\"']?\\s{0,9}(?:[:=]|%3d)\\s{0,9})"
                    + "(?:\"[^\"\\n]*+\"|'[^'\\n]*+'|[^\\s\"'&,;]++)",
            "(?i)((?:(?<![a-z_])|(?<=%3f|%26))code(?:=|%3d))[^\\s\"'&]{12,}+",
            "(?i)((?<![a-z_])[\"']code[\"']\\s{0,9}:\\s{0,9}[\"'])[^\"'\\s]{40,}+",
            "(?i)(\\bbearer\\s{1,9})(?=[^\\s]{0,99}\\d)[\\w~+/.=-]{8,}+",
            "(\\bAUTH(?:ENTICATE)? {1,9}(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|NTLM) {1,9})[^\\s'\"]{4,}+",
            "(?m)(^(?:[CS]: ?|[<>] ?)?\\w{1,9} LOGIN (?!failed)(?:\"[^\"\\n]*+\"|\\S++) )\\S.*+$",
            "(?m)(^(?:[CS]: ?|[<>] ?)?PASS )\\S.*+$",
            // base64 of user= and n,a= ; a JWT, but not a server's {"status"…}; Microsoft's own formats
            "()\\b(?:dXNlcj[0-3]|bixhP)[A-Za-z0-9+/=]{8,}+",
            "()\\beyJ(?!zdGF0dXMi)[\\w-]{12,}+(?:\\.[\\w-]*+){0,4}",
            "()\\bEw[A-Z][\\w+/=%-]{24,}+",
            "()(?<![\\w.])[01]\\.A[\\w.-]{20,}+",
            "()\\bM\\.[A-Z]\\d{1,4}[_.][\\w.!*$%-]{12,}+",
            "()(?<![\\w.~-])[\\w.~-]{3}\\dQ~[\\w.~-]{30,}+",
            // any other long run in which digits, small and capital letters mix
            "()(?<![\\w+/=-])(?=[a-z0-9+/_=-]*+[A-Z])(?=[A-Za-z+/_=-]*+\\d)(?=[A-Z0-9+/_=-]*+[a-z])"
                    + "[\\w+/=-]{60,}+").map(Pattern::compile).toList();

    private Scrub() { }
}
