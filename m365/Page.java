//SOURCES Problem.java

package m365;

/** The page that the browser ends on, as HTML. Nothing on it comes from elsewhere. */
record Page(int status, String title, String text) {

    /** @param where the refresh token lies, in words */
    static Page signedIn(String account, String where) {
        return new Page(200, "Signed in", "You are signed in as " + account + ". The refresh token is in " + where
                + ". You can close this page.");
    }

    static Page refused(Problem problem) {
        return new Page(200, "Not signed in", problem.getMessage() + " What to do next stands in the terminal.");
    }

    String html() {
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%s</title>
                <style>
                body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; \
                color: #222; background: #fff }
                p { overflow-wrap: anywhere }
                @media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b } }
                </style></head>
                <body><h1>%s</h1><p>%s</p></body></html>
                """.formatted(escape(title), escape(title), escape(text));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                .replace("\"", "&quot;").replace("'", "&#39;");
    }
}
