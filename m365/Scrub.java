//SOURCES LabelledSecrets.java
//SOURCES SaslDialogue.java
//SOURCES SecretRuns.java
//SOURCES Unwrapped.java

package m365;

import java.util.BitSet;
import java.util.stream.Collectors;

/**
 * Makes text fit to be shown or sent on: what opens a mailbox becomes dots, and what a terminal would obey becomes a
 * space. Everything of unknown origin comes through here on its way to the user.
 */
public final class Scrub {

    /**
     * Everything that opens a mailbox becomes dots, known by the name before it, by its place in a dialogue or by its
     * looks, also where it was wrapped. Line after line of the answer corresponds to {@code text}'s.
     *
     * @param text {@code null} is taken for empty
     */
    public static String secrets(String text) {
        var given = text == null ? "" : text;
        var secret = in(given);
        for (var view : Unwrapped.views(given)) secret.or(view.original(in(view.text())));
        return dotted(given, secret);
    }

    private static BitSet in(String text) {
        var secret = LabelledSecrets.in(text);
        secret.or(SaslDialogue.secretsIn(text));
        secret.or(SecretRuns.in(text));
        return secret;
    }

    /** {@code text} with dots in the place of each run of {@code hidden} characters. Line breaks stay. */
    static String dotted(String text, BitSet hidden) {
        var shown = new StringBuilder(text.length());
        boolean dots = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean hide = hidden.get(i) && c != '\n';
            if (!hide) shown.append(c);
            else if (!dots) shown.append("••••");
            dots = hide;
        }
        return shown.toString();
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

    private Scrub() { }
}
