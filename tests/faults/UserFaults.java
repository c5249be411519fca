package faults;

import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import stand_in.FakeLogin;
import stand_in.User;

import static faults.Checks.check;

/** Users whose names are made to meet each other's files, or to be taken for each other. */
final class UserFaults {
    /** Each is the name of a file beside another one's token, or was. */
    private static final List<String> NEIGHBOURS = List.of("jan@uva.example", "jan@uva.example.new",
            "jan@uva.example.lock", "jan@uva.example.new.lock", "jan@uva.example.json", "jan@uva.example.token.new",
            "jan@uva.example-new", "jan.lock@uva.example");

    private final Lab lab;

    UserFaults(Lab lab) { this.lab = lab; }

    void meet(Fault fault) {
        var patterns = List.of("{user}", "{user}.token", "token.{user}", "{user}.new", "{user}.lock");
        for (var pattern : lab.effort.some(patterns))
            fault.attempt("M365_TOKEN_FILE=" + pattern, () -> neighbours(pattern));
        for (var alike : lab.effort.some(List.of("m\u0131ke@uva.example", "mi\u212ae@uva.example",
                "\u217fike@uva.example", "mike@uva.exampl\u0435", "mike@uva.example.")))
            for (var option : List.of("--access-token", "--refresh-token"))
                fault.attempt(option + " of " + Scrambler.shown(alike), () -> {
                    var home = lab.home(lab.login());
                    home.login.add(new User(alike, "unguessed", false, Set.of()));
                    Disk.write(home.token(), home.login.issueRefreshToken(alike, FakeLogin.PUBLIC_APP, Lab.SCOPES));
                    for (int call = 0; call < 2; call++) {
                        var outcome = home.get_token(option, "mike@uva.example")
                                .java("-Duser.language=tr", "-Duser.country=TR").run().exits(77);
                        check(outcome.out.isEmpty(), outcome, "something was printed");
                    }
                });
    }

    private void neighbours(String pattern) {
        var home = lab.home(lab.login());
        for (var name : NEIGHBOURS) {
            if (!name.equals(Lab.USER)) home.login.add(new User(name, "unguessed", false, Set.of()));
            Disk.write(home.path.resolve(pattern.replace("{user}", name)),
                    home.login.issueRefreshToken(name, FakeLogin.PUBLIC_APP, Lab.SCOPES));
        }
        for (int round = 0; round < 2; round++)
            for (var name : NEIGHBOURS) {
                home.login.expireAccessTokens();
                for (var each : NEIGHBOURS)
                    Disk.deleteIfExists(home.path.resolve(pattern.replace("{user}", each) + ".token_cache.json"));
                var token = home.get_token("--access-token", name)
                        .with("M365_TOKEN_FILE", home.path.resolve(pattern)).runHere().printsToken().out.strip();
                var whose = home.login.access(token).orElseThrow().user().name();
                check(whose.equals(name), whose, "the token of another than " + name);
            }
        home.get_token("--sign-out", Lab.USER).with("M365_TOKEN_FILE", home.path.resolve(pattern)).runHere().exits(0);
        for (var name : NEIGHBOURS.subList(1, NEIGHBOURS.size()))
            check(Files.exists(home.path.resolve(pattern.replace("{user}", name))), name, "signed out as well");
    }
}
