package faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import stand_in.FakeLogin;

import static faults.Checks.check;
import static faults.ProviderWireFaults.SECONDS;

/** The identity provider misbehaves during a sign-in: no code is sent twice, and the old token stays until another. */
final class ProviderSignInFaults {

    private interface Break {
        void in(FakeLogin login);
    }

    private final Lab lab;

    ProviderSignInFaults(Lab lab) { this.lab = lab; }

    void misbehaves(Fault fault) throws Exception {
        var breaks = new LinkedHashMap<String, Break>();
        breaks.put("500", login -> login.answerNext("token", 500, Map.of(), "{}"));
        breaks.put("HTML", login -> login.answerNext("token", 200, Map.of(), "<html></html>"));
        breaks.put("hangs", login -> login.hangNext("token", Duration.ofSeconds(60)));
        breaks.put("hangs in the middle", login -> login.hangMidAnswerNext("token", Duration.ofSeconds(60)));
        breaks.put("redirects to http", login -> login.redirectNext("token", "http://localhost:1/"));
        breaks.put("half a header", login -> login.answerNext("token", 200, Map.of("Content-Length", "5"), ""));
        var work = new ArrayList<Callable<Void>>();
        breaks.forEach((what, breaking) -> work.add(() -> {
            fault.attempt(what + ", then the next sign-in works", () -> browser(breaking));
            return null;
        }));
        for (var endpoint : List.of("devicecode", "token"))
            work.add(() -> {
                fault.attempt("nonsense during a device sign-in, " + endpoint, () -> device(endpoint));
                return null;
            });
        SideBySide.run(work.size(), lab.effort.some(work));
    }

    private void browser(Break breaking) {
        var home = lab.home(lab.login()).signedIn();
        var before = home.contents();
        breaking.in(home.login);
        Person.signsIn(home).exits(75, 77, 78).within(SECONDS);
        home.isStill(before);
        int requests = home.login.requests("token").size();
        check(requests == 1, requests, "requests with one code");
        Person.signsIn(home).exits(0);
    }

    private void device(String endpoint) {
        var home = lab.home(lab.login()).signedIn();
        home.login.deviceInterval(1);
        var before = home.contents();
        var nonsense = "{\"interval\":-1,\"expires_in\":\"x\"}";
        for (int i = 0; i < 3; i++) home.login.answerNext(endpoint, 200, Map.of(), nonsense);
        home.get_token("--device", "--timeout", "20").run().exits(75, 77, 78).within(SECONDS);
        home.isStill(before);
    }
}
