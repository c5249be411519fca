package stand_in;

/** The frame and the parts of every page a person sees. */
final class Html {
    // Enter presses a form's first button, so the affirmative one comes first and is only drawn last.
    private static final String STYLE = """
        body { margin: 0; min-height: 100vh; display: flex; align-items: center; justify-content: center;
               background: #eef1f5; color: #1b1b1b;
               font: 16px/1.45 "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
        main { box-sizing: border-box; width: min(30rem, 94vw); margin: 2rem 0; padding: 2.5rem 2.75rem;
               background: #fff; border-radius: 4px; box-shadow: 0 2px 12px #0003; overflow-wrap: anywhere; }
        header { display: flex; align-items: center; gap: .6rem; color: #51565c; font-size: .9rem; font-weight: 600; }
        header i { width: 1.1rem; height: 1.1rem; border-radius: 3px; background: #2f6fab; }
        h1 { margin: 1.1rem 0 .9rem; font-size: 1.5rem; font-weight: 600; line-height: 1.25; }
        h2 { margin: 1.6rem 0 .4rem; font-size: 1rem; }
        label { display: block; margin-top: 1rem; font-size: .9rem; color: #51565c; }
        input[type=text], input[type=password] { box-sizing: border-box; width: 100%; padding: .5rem 0; border: 0;
               border-bottom: 1px solid #6b7177; font: inherit; background: transparent; }
        input:focus { outline: 0; border-bottom: 2px solid #2f6fab; }
        .buttons { display: flex; flex-direction: row-reverse; gap: .6rem; margin-top: 2rem; }
        button { min-width: 7rem; padding: .55rem 1rem; border: 0; background: #d9dde2; color: inherit; font: inherit;
               cursor: pointer; }
        button.yes { background: #24598c; color: #fff; }
        button:focus-visible { outline: 2px solid #1b1b1b; outline-offset: 2px; }
        ul { padding-left: 1.2rem; } li { margin: .35rem 0; }
        .who { margin: 0; color: #51565c; }
        [role=alert] { color: #b0151e; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .9rem; margin: 0; font-size: .88rem; }
        dt { color: #51565c; } dd { margin: 0; }
        footer { margin-top: 2.2rem; font-size: .8rem; color: #6b7177; }
        """;

    private Html() { }

    /** A whole page. @param body HTML */
    static String page(String title, String body) {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title) + "</title>"
            + "<meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\">"
            + "<style>" + STYLE + "</style></head>\n<body><main><header><i></i>Test sign-in</header><h1>"
            + escape(title) + "</h1>\n" + body + "\n<footer>A stand-in for Microsoft 365. Nothing leaves this "
            + "computer.</footer></main></body></html>\n";
    }

    /** Fields for name and password. @param complaint what was wrong with those typed before, or "" */
    static String credentials(String name, String complaint) {
        return alert(complaint) + "<label for=\"login\">Account</label><input type=\"text\" id=\"login\" name=\"login\""
            + " autocomplete=\"username\"" + (name.isEmpty() ? " autofocus" : "") + " value=\"" + escape(name) + "\">"
            + "<label for=\"passwd\">Password</label><input type=\"password\" id=\"passwd\" name=\"passwd\""
            + " autocomplete=\"off\"" + (name.isEmpty() ? "" : " autofocus") + ">";
    }

    /** The buttons under what a person is asked to agree to; the form's field is {@code acceptConsent}. */
    static String agreement(String yes) {
        return "<div class=\"buttons\"><button class=\"yes\" name=\"acceptConsent\" value=\"true\">" + yes + "</button>"
            + "<button name=\"acceptConsent\" value=\"false\">Cancel</button></div>";
    }

    /** The only button of a form. */
    static String button(String label) {
        return "<div class=\"buttons\"><button class=\"yes\">" + label + "</button></div>";
    }

    static String alert(String complaint) {
        return complaint.isEmpty() ? "" : "<p role=\"alert\">" + escape(complaint) + "</p>";
    }

    static String hidden(String name, String value) {
        return "<input type=\"hidden\" name=\"" + escape(name) + "\" value=\"" + escape(value) + "\">";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    static String unescape(String html) {
        return html.replace("&quot;", "\"").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
    }
}
