package faults;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.UTF_8;

/** The browser brings an answer with the right state and something wrong in it, or two browsers bring one each. */
final class BrowserFaults {
    private static final String SCRIPT = "<script>alert(1)</script>'\"><img src=x onerror=alert(2)>";

    private final Lab lab;
    private final Attacks attacks;

    BrowserFaults(Lab lab) {
        this.lab = lab;
        attacks = new Attacks(lab);
    }

    void declined(Fault fault) {
        for (var error : lab.effort.some(List.of("error=access_denied", "error=access_denied&code=x", "error=",
                "error=%1b%5D0;x%07&error_description=%1b%5B2J%0aget_token:%20fine",
                "error=server_error&error_description=" + "AADSTS".repeat(1000))))
            fault.attempt(error.length() > 60 ? error.substring(0, 60) : error, () -> {
                var home = lab.home(attacks.login).signedIn();
                var before = home.contents();
                try (var run = home.get_token("--no-browser").start()) {
                    var waiting = new WaitingSignIn(lab, home, run);
                    var page = waiting.get("/?state=" + waiting.state + "&" + error);
                    check(page.contains("Not signed in")
                            || page.contains("You cancelled"), page, "the browser was not told");
                    run.ends().exits(75, 77, 78);
                }
                home.isStill(before);
                Person.signsIn(home).exits(0);
            });
    }

    void scripts(Fault fault) {
        var script = URLEncoder.encode(SCRIPT, UTF_8);
        var described = "&error_description=" + script;
        for (var query : lab.effort.some(List.of("error=" + script + described,
                "error=access_denied" + described + "&error_uri=" + script, "code=" + script)))
            fault.attempt(query.substring(0, 20), () -> {
                var home = lab.home(attacks.login);
                try (var run = home.get_token("--no-browser").start()) {
                    var waiting = new WaitingSignIn(lab, home, run);
                    for (var stray : List.of("/" + script, "/?" + script + "=" + script,
                            "/?code=" + script + "&state=" + script, "/?state=" + script + "&error=" + script))
                        harmless(waiting.get(stray));
                    harmless(waiting.get("/", "Host: " + SCRIPT + "\r\nReferer: " + SCRIPT + "\r\nX-Forwarded-Host: "
                            + SCRIPT + "\r\n"));
                    harmless(waiting.get("/?state=" + waiting.state + "&" + query + "&session_state=" + script
                            + "&client_info=" + script));
                    run.ends().exits(75, 77, 78);
                }
                Person.signsIn(home).exits(0);
            });
    }

    private static void harmless(String page) {
        boolean clean = !page.contains("<script") && !page.contains("<img") && !page.contains("onerror=alert(2)>");
        check(clean, page, "a script got through");
        check(!page.contains("<html") || page.contains("default-src 'none'"), page, "no content security policy");
    }

    void two(Fault fault) {
        for (int n = 0; n < lab.effort.times(5, 5); n++)
            fault.attempt("pair " + n, () -> {
                var home = lab.home(attacks.login);
                try (var run = home.get_token("--no-browser").start()) {
                    var waiting = new WaitingSignIn(lab, home, run);
                    var answers = List.of(waiting.answer(), waiting.answer());
                    var pages = Collections.synchronizedList(new ArrayList<String>());
                    SideBySide.times(2, 2, i -> pages.add(page(waiting, answers.get(i))));
                    long told = pages.stream()
                            .filter(page -> page.startsWith("HTTP/1.1 200") && page.contains("Signed in")).count();
                    long turnedAway = pages.stream()
                            .filter(page -> page.startsWith("HTTP/1.1 409") || page.isEmpty()).count();
                    check(told == 1, pages, "not one was told so");
                    check(turnedAway == 1, pages, "not one was turned away");
                    run.ends().exits(0);
                }
                home.get_token("--access-token").runHere().printsToken();
            });
    }

    private static String page(WaitingSignIn waiting, String query) throws IOException {
        try {
            return waiting.get("/?" + query);
        } catch (ConnectException late) {
            return ""; // the second found the listener closed
        }
    }
}
