package m365;

import java.util.BitSet;
import java.util.regex.Pattern;

/**
 * Finds what a client answers in a logged login (RFC 4954, 9051 and 5034): after the server's challenge, after a bare
 * AUTH command, or as an IMAP literal. Such an answer carries no name and need not look like a secret.
 */
final class SaslDialogue {
    private static final Pattern ASKED = Pattern.compile(
            "(?:^|[^\\w.-])334(?: [A-Za-z0-9+/=]*)?(?:\\\\r\\\\n)?['\"]?\\s*$"
            + "|(?:^|[<>:'\"] ?)\\+ ?(?:VXNlcm5hbWU6|UGFzc3dvcmQ6|[A-Za-z0-9+/=]*)?(?:\\\\r\\\\n)?['\"]?\\s*$"
            + "|\\bAUTH(?:ENTICATE)? (?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER)(?:\\\\r\\\\n)?['\"]?\\s*$"
            + "|\\bLOGIN .*\\{\\d{1,5}\\+?\\}(?:\\\\r\\\\n)?['\"]?\\s*$");
    private static final Pattern ANSWERED = Pattern.compile("(?:^|[^\\w.-])(?:[245]\\d\\d[ -]|\\+OK|-ERR|BYE\\b"
            + "|\\w{1,9} (?:OK|NO|BAD)\\b)");
    private static final Pattern LAST_WORD = Pattern.compile("([^\\s'\"]{2,}?)(?:\\\\r\\\\n)?['\"]?\\s*$");
    /** An answer may be told twice, as sent and as read, and not be the next line. */
    private static final int SOON = 4;

    /** @return the characters that are secret */
    static BitSet secretsIn(String text) {
        var found = new BitSet();
        int watching = 0;
        for (int begin = 0, end; begin < text.length(); begin = end + 1) {
            int feed = text.indexOf('\n', begin);
            end = feed < 0 ? text.length() : feed;
            var line = text.substring(begin, Math.min(end, begin + 20_000));
            if (ASKED.matcher(line).find()) watching = SOON;
            else if (watching > 0 && ANSWERED.matcher(line).find()) watching = 0;
            else if (watching-- > 0) hideLastWord(line, begin, found);
        }
        return found;
    }

    private static void hideLastWord(String line, int begin, BitSet found) {
        int from = line.stripTrailing().lastIndexOf(' ') + 1;
        var word = LAST_WORD.matcher(line).region(from, line.length());
        if (word.find()) found.set(begin + word.start(1), begin + word.end(1));
    }

    private SaslDialogue() { }
}
