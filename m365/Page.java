//SOURCES Problem.java

package m365;

import java.net.URI;
import java.util.Optional;

/**
 * The page that the browser ends on, as HTML. Nothing on it comes from elsewhere.
 *
 * @param mark what can be seen from across the room
 * @param next where the browser shall go on by itself
 */
record Page(int status, Mark mark, String title, String text, Optional<URI> next) {

    /** Told apart by shape and colour. */
    enum Mark {
        DONE("✓", "#0a7d32"), FAILED("✗", "#c0261b"), NEITHER("", "#888");

        private final String sign, colour;

        Mark(String sign, String colour) {
            this.sign = sign;
            this.colour = colour;
        }
    }

    Page(int status, String title, String text) { this(status, Mark.NEITHER, title, text, Optional.empty()); }

    /** @param where the refresh token lies, in words */
    static Page signedIn(String account, String where) {
        return new Page(200, Mark.DONE, "Signed in", "You are signed in as " + account + ". The refresh token is in "
                + where + ". You can close this page.", Optional.empty());
    }

    static Page refused(Problem problem) {
        return failed("Not signed in", sentence(problem.getMessage()) + " What to do next stands in the terminal.");
    }

    static Page cancelled() {
        return failed("You cancelled", "Nobody was signed in, and nothing was changed. You can close this page.");
    }

    private static Page failed(String title, String text) {
        return new Page(200, Mark.FAILED, title, text, Optional.empty());
    }

    /** The sign-in is not over: it goes on at {@code address}. */
    static Page onwards(URI address) {
        return new Page(303, Mark.NEITHER, "One more step", "The sign-in goes on by itself. If it does not, the "
                + "terminal has the address.", Optional.of(address));
    }

    private static String sentence(String text) {
        var words = text.strip();
        if (words.isEmpty()) return words;
        return (words.matches("\\S+@.*") ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1))
                + (words.matches("(?s).*[.!?…]") ? "" : ".");
    }

    String html() {
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%1$s</title>
                <style>
                body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; \
                color: #222; background: #fff }
                main { border-left: .4rem solid %2$s; padding-left: 1.5rem }
                p { overflow-wrap: anywhere }
                h1::before { content: "%3$s "; color: %2$s }
                @media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b } }
                </style></head>
                <body><main><h1>%1$s</h1><p>%4$s</p></main></body></html>
                """.formatted(escape(title), mark.colour, mark.sign, escape(text));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                .replace("\"", "&quot;").replace("'", "&#39;");
    }
}
