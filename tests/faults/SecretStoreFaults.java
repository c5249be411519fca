package faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import stand_in.FakeLogin;

import static faults.Checks.check;

/** A secret store that is used from a session and from elsewhere, where no session is: by cron, by ssh. */
final class SecretStoreFaults {
    private final Lab lab;

    SecretStoreFaults(Lab lab) { this.lab = lab; }

    private static Path store(Home home) { return home.path.resolve("store"); }

    private Home home() throws IOException {
        var home = lab.home(lab.login());
        Disk.write(store(home), home.freshToken());
        Disk.mode(Files.createDirectory(home.path.resolve("runtime")), "rwx------");
        return home;
    }

    private static Program elsewhere(Home home, String... words) {
        return home.get_token(words).with("M365_TOKEN_READ_COMMAND", "cat '" + store(home) + "'")
                .with("M365_TOKEN_WRITE_COMMAND", "dd status=none 'of=" + store(home) + "'");
    }

    private static Program inSession(Home home, String... words) {
        return elsewhere(home, words).with("XDG_RUNTIME_DIR", home.path.resolve("runtime"));
    }

    void everywhere(Fault fault) throws Exception {
        for (int n = 1; n <= lab.effort.times(8, 40); n++) fault.attempt("two renew at once, " + n, () -> {
            var home = home();
            try (var one = inSession(home, "--access-token").start();
                    var other = elsewhere(home, "--access-token").with("M365_TOKEN_FILE", "another").start()) {
                one.closeInput();
                other.closeInput();
                one.ends().printsToken();
                other.ends().printsToken();
            }
            check(Disk.read(store(home)).strip().equals(home.login.refreshToken(Lab.USER)), "", "an old token is back");
        });
        fault.attempt("signing out elsewhere", () -> {
            var home = home();
            inSession(home, "--access-token").run().printsToken();
            elsewhere(home, "--sign-out").run().exits(0);
            for (var option : new String[] {"--access-token", "--refresh-token", "--status"})
                inSession(home, option).run().exits(77);
        });
        fault.attempt("another account, signed in elsewhere", () -> {
            var home = home();
            inSession(home, "--access-token").run().printsToken();
            var second = home.login.issueRefreshToken("second@uva.example", FakeLogin.PUBLIC_APP, Lab.SCOPES);
            Disk.write(store(home), second);
            inSession(home, "--access-token", Lab.USER).run().exits(77);
            var token = inSession(home, "--access-token").run().printsToken().out.strip();
            var whose = home.login.access(token).orElseThrow().user().name();
            check(whose.equals("second@uva.example"), whose, "the token of the account before");
        });
        fault.attempt("a store that takes nothing from its input", () -> {
            var home = home();
            home.login.answerNext("token", 200, Map.of("Content-Type", "application/json"),
                    ProviderAnswerFaults.answer("0.A" + "n".repeat(200_000)));
            var before = Disk.read(store(home));
            inSession(home, "--access-token").with("M365_TOKEN_WRITE_COMMAND", "sleep 300").run().exits(75).within(50);
            check(Disk.read(store(home)).equals(before), "", "the token was changed");
        });
    }
}
