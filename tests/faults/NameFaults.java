package faults;

import java.util.ArrayList;
import java.util.List;
import stand_in.FakeLogin;
import stand_in.FakeMail;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Names of users and mailboxes with which somebody wants to say more than a name: refused before anything is sent. */
final class NameFaults {
    private static final List<String> BAD = List.of("jan\1auth=Bearer x\1\1@uva.example", "jan@uva.example\1",
            "jan\n@uva.example", "jan@uva.example\r\nA1 LOGIN x y", "jan@uva.example\n", "\"jan\"@uva.example",
            "jan@uva.example\"", "jan@uva.example>", "<jan@uva.example>", "jan @uva.example", " jan@uva.example",
            "jan\t@uva.example", "j\u00e4n@uva.example", "jan@\u00fcva.example", "\u202ejan@uva.example",
            "\ud83d\ude00@uva.example", "jan\u001b[2J@uva.example", "jan\u007f@uva.example", "jan\u0085@uva.example",
            "j".repeat(1000) + "@uva.example", "jan@" + "u".repeat(1000), "x".repeat(1000), "jan", "@", "@uva.example",
            "jan@", "jan@uva@example", "../../etc/passwd@uva.example", "jan/../x@uva.example", "jan\\@uva.example",
            "(jan)@uva.example", "jan@uva.example,x@y", "jan;x@uva.example", "jan:x@uva.example", "");

    private final Lab lab;
    private final FakeLogin login;

    NameFaults(Lab lab) {
        this.lab = lab;
        login = lab.login();
    }

    void refused(Fault fault) {
        try (var imap = lab.imap().start(); var smtp = FakeMail.smtp(lab.ca).start()) {
            for (var name : BAD)
                for (var program : programs(name))
                    fault.attempt(Scrambler.shown(name),
                            () -> program.at("IMAP", imap).at("SMTP", smtp).runHere().exits(64));
            for (var name : lab.effort.some(BAD.subList(0, 13)))
                for (var locale : List.of("C", "C.UTF-8"))
                    if (name.length() < 100) fault.attempt(
                            Scrambler.shown(name) + " on a command line, LC_ALL=" + locale,
                            () -> lab.home(login).signedIn().check_imap("--mailbox", name, Lab.USER)
                                    .with("LC_ALL", locale).at("IMAP", imap).run().exits(64));
            fault.attempt("nothing was sent", () -> {
                check(login.requests().isEmpty(), login.requests(), "to the identity provider");
                check(imap.connections() + smtp.connections() == 0, imap.heard(), "to the mail servers");
            });
        }
        listsOfUsers(fault);
        fault.attempt("an argument is never a file of arguments", () -> {
            var home = lab.home(login).signedIn();
            var outcome = home.get_token("@" + home.token()).runHere().exits(64);
            var piece = home.stored().substring(100, 130);
            check(!(outcome.out + outcome.err).contains(piece), "", "the token was told");
        });
    }

    private List<Program> programs(String name) {
        var home = lab.home(login).signedIn();
        var programs = new ArrayList<>(List.of(home.get_token(name), home.get_token("--access-token", name),
                home.get_token("--device", name), home.check_imap(name),
                home.check_imap("--all", "--mailbox", name, Lab.USER), home.check_imap("--json", Lab.USER, name)));
        if (name.isBlank() || !name.equals(name.strip()) || name.contains("\n")) return programs;
        var users = home.path.resolve("users");
        Disk.write(users, ("# users\n" + name + "\n").getBytes(UTF_8));
        programs.add(home.check_imap("--users", users.toString()));
        return programs;
    }

    private void listsOfUsers(Fault fault) {
        fault.attempt("a list of users that is no text", () -> {
            var home = lab.home(login).signedIn();
            var users = home.path.resolve("users");
            Disk.write(users, "\u00ff\u00fe\0\u0080jan@uva.example\n");
            for (var list : List.of(users.toString(), "/", "/nowhere"))
                home.check_imap("--users", list).runHere().exits(64);
        });
    }
}
