package faults;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static faults.Checks.check;

/** This computer's clock and the provider's disagree, and the cache says any time: no ended token is printed. */
final class ClockFaults {
    private final Lab lab;

    ClockFaults(Lab lab) { this.lab = lab; }

    void disagree(Fault fault) {
        for (int minutes : lab.effort.some(List.of(1, 59, 61, 180, 1440, 10_000, -1, -59, -61, -180, -1440, -10_000)))
            fault.attempt("our clock is " + minutes + " minutes ahead, and is then put right", () -> {
                var home = lab.home(lab.login()).signedIn();
                home.login.letTimePass(Duration.ofMinutes(-minutes));
                home.get_token("--access-token").runHere().printsToken();
                home.get_token("--access-token").run().printsToken();
                home.login.letTimePass(Duration.ofMinutes(minutes));
                home.get_token("--access-token").run().printsToken();
                home.isIntact();
            });
        var now = Instant.now().getEpochSecond();
        for (var field : List.of("cached_at", "expires_on"))
            for (var time : lab.effort.some(List.of("0", "-1", "1", "" + Integer.MAX_VALUE, "" + (1L << 31),
                    "" + Long.MAX_VALUE, "" + Long.MIN_VALUE, "" + (now + 100_000), "" + (now - 100_000),
                    "" + 1000 * now, "1e9", "")))
                fault.attempt("the cache says " + field + " " + time, () -> says(field, time));
    }

    /** An hour and a half later, when the token has ended whatever the cache says. */
    private void says(String field, String time) {
        var home = lab.home(lab.login()).signedIn();
        home.login.letTimePass(Duration.ofMinutes(-90));
        home.get_token("--access-token").runHere().printsToken();
        home.login.letTimePass(Duration.ofMinutes(90));
        var cache = Disk.read(home.cache());
        var changed = cache.replaceFirst("\"" + field + "\":\"\\d+\"", "\"" + field + "\":\"" + time + "\"");
        check(!changed.equals(cache), field, "the cache does not say");
        Disk.write(home.cache(), changed);
        home.get_token("--access-token").run().printsToken();
        home.get_token("--status").runHere().exits(0);
    }
}
