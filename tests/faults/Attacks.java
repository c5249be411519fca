package faults;

import java.util.List;
import stand_in.FakeLogin;

import static faults.Checks.check;

/** Attacks on a sign-in that waits; after each the person still gets in. */
final class Attacks {

    interface Attack {
        /** @return whether the sign-in has succeeded meanwhile */
        boolean on(WaitingSignIn waiting) throws Exception;
    }

    final Lab lab;
    final FakeLogin login;

    Attacks(Lab lab) {
        this.lab = lab;
        login = lab.login();
        login.codeLength(200);
    }

    /** Over http and over https. */
    void survived(Fault fault, Attack attack) {
        for (var scheme : List.of("http", "https")) survived(fault, scheme, attack);
    }

    void survived(Fault fault, String scheme, Attack attack) {
        fault.attempt("the sign-in succeeds all the same, " + scheme, () -> {
            var home = lab.home(login);
            var redirect = scheme + "://localhost:0/";
            try (var run = home.get_token("--no-browser").with("M365_REDIRECT_URI", redirect).start()) {
                var waiting = new WaitingSignIn(lab, home, run);
                boolean succeeded = attack.on(waiting);
                check(succeeded || run.isAlive(), run.err(), "the attack ended the sign-in");
                if (!succeeded) waiting.comesBack();
                fault.note(waiting.requests + " requests over " + scheme);
            }
            home.get_token("--access-token").runHere().printsToken();
        });
    }
}
