package faults;

import java.util.List;
import java.util.concurrent.TimeUnit;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Another user of this computer has read the address out of {@code ps}, and answers in the person's place with the
 * right state: that must neither end the wait nor be shown, and the person still signs in.
 */
final class ForeignUserFaults {
    private static final String WORDS = "send money to evil.example";

    private final Lab lab;
    private final Attacks attacks;

    ForeignUserFaults(Lab lab) {
        this.lab = lab;
        attacks = new Attacks(lab);
    }

    void answers(Fault fault) {
        if (!lab.weAreRoot) {
            fault.note("needs root, to be somebody else");
            return;
        }
        for (var query : List.of("error=access_denied", "error=server_error&error_description="
                + WORDS.replace(" ", "+"), "code=1.AXYAkaforged0123456789"))
            for (boolean stays : List.of(true, false))
                fault.attempt(query.substring(0, 12) + (stays ? "" : ", and hangs up at once"), () -> {
                    var home = lab.home(attacks.login);
                    try (var run = home.get_token("--no-browser").start()) {
                        var waiting = new WaitingSignIn(lab, home, run);
                        for (int i = 0; i < 5; i++) asNobody(waiting, query + "&state=" + waiting.state, stays);
                        check(run.isAlive(), run.err(), "the wait was ended");
                        check(!run.err().contains("evil"), run.err(), "a stranger's words were shown");
                        check(stays == run.err().contains("Another user") || !stays, run.err(), "nothing was said");
                        waiting.comesBack();
                    }
                    check(home.login.requests("token").stream()
                            .noneMatch(sent -> sent.parameter("code").contains("forged")), query, "it was redeemed");
                });
    }

    /** @param stays to read the page; else it hangs up, so that nobody can see any more who it was */
    private static void asNobody(WaitingSignIn waiting, String query, boolean stays) throws Exception {
        var request = "GET /?" + query + " HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n";
        var script = "exec 3<>/dev/tcp/127.0.0.1/" + waiting.port() + "; printf '" + request.replace("%", "%%")
                + "' >&3; " + (stays ? "cat <&3" : "exec 3>&-");
        var nobody = new ProcessBuilder("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c",
                script).redirectErrorStream(true).start();
        var page = new String(nobody.getInputStream().readAllBytes(), UTF_8);
        check(nobody.waitFor(30, TimeUnit.SECONDS), page, "no answer");
        check(!stays || page.startsWith("HTTP/1.1 403"), page, "not turned away");
    }
}
