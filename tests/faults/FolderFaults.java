package faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import stand_in.FakeLogin;

import static faults.Checks.check;

/** What lies beside the token file is not what it should be, or the folder itself is unfriendly. */
final class FolderFaults {

    private interface Placement {
        void at(Path file) throws IOException;
    }

    private final Lab lab;

    FolderFaults(Lab lab) { this.lab = lab; }

    void hostileNeighbours(Fault fault) {
        var login = lab.login();
        var victim = lab.root.resolve("victim-of-neighbours");
        Disk.write(victim, "precious");
        for (var name : lab.effort.some(List.of("token_cache.json", "refresh_token_lock", "refresh_token_new",
                "token_cache.json_new"))) {
            beside(fault, login, name, "a folder", file -> Files.createDirectories(file.resolve("inside")));
            beside(fault, login, name, "an empty folder", Files::createDirectory);
            beside(fault, login, name, "a link to another file", file -> Files.createSymbolicLink(file, victim));
            beside(fault, login, name, "a dangling link",
                    file -> Files.createSymbolicLink(file, file.resolveSibling("nowhere")));
            beside(fault, login, name, "a link to the token",
                    file -> Files.createSymbolicLink(file, Path.of("refresh_token")));
            beside(fault, login, name, "a pipe", Disk::makePipe);
            beside(fault, login, name, "binary", file -> Files.write(file, TokenFileFaults.binary()));
            beside(fault, login, name, "10 MB", file -> Files.write(file, new byte[10_000_000]));
            if (lab.weAreRoot) beside(fault, login, name, "somebody else's", file -> {
                Files.writeString(file, "{}");
                Disk.giveToNobody(file);
            });
        }
        check(Disk.read(victim).equals("precious"), victim, "the victim was changed");
    }

    /** It works all the same, or is refused in words; the token stays one that is valid. */
    private void beside(Fault fault, FakeLogin login, String name, String what, Placement placement) {
        fault.attempt(name + " is " + what, () -> {
            var home = lab.home(login).signedIn();
            placement.at(home.path.resolve(name));
            var outcome = home.get_token("--access-token").run().exits(0, 78).within(20);
            if (outcome.status == 0) outcome.printsToken();
            else outcome.says(home.path.resolve(name).toString());
            boolean isFile = Files.isRegularFile(home.token(), LinkOption.NOFOLLOW_LINKS);
            check(isFile, home.token(), "the token file is gone");
            check(home.holdsValidToken(), "", "the token is not one that was issued");
            check(!Files.exists(home.path.resolve("nowhere")), "nowhere", "was made through a link");
            home.get_token("--refresh-token").runHere().exits(0);
        });
    }

    void isUnfriendly(Fault fault) {
        var login = lab.login();
        fault.attempt("it does not exist", () -> {
            var home = lab.home(login);
            for (var command : List.of("--access-token", "--no-browser"))
                home.get_token(command).with("M365_TOKEN_FILE", "missing/refresh_token").run().exits(77, 78);
        });
        fault.attempt("it may not be written", () -> mayNotBeWritten(nobodys(lab.home(login).signedIn())));
        fault.attempt("it may not be entered", () -> {
            var home = nobodys(lab.home(login).signedIn());
            var below = Files.createDirectory(home.path.resolve("below"));
            Disk.mode(below, "---------");
            for (var command : List.of("--access-token", "--refresh-token", "--no-browser", "--status"))
                home.get_token(command).asNobody().with("M365_TOKEN_FILE", "below/refresh_token").run()
                        .exits(78).says("permission");
            Disk.mode(below, "rwx------"); // else we could not delete it
        });
        if (lab.weAreRoot) fault.attempt("everything in it is root's", () -> {
            var home = lab.home(login).signedIn();
            Disk.mode(home.path, "rwxr-xr-x");
            for (var command : List.of("--access-token", "--refresh-token", "--no-browser"))
                home.get_token(command).asNobody().run().exits(78);
            home.isIntact();
        });
    }

    private static void mayNotBeWritten(Home home) throws IOException {
        home.get_token("--access-token").asNobody().run().printsToken();
        home.age();
        var before = home.contents();
        Disk.mode(home.path, "r-xr-xr-x");
        home.get_token("--refresh-token").asNobody().run().exits(0);
        var renewed = home.get_token("--access-token").asNobody().run().exits(0, 78);
        if (renewed.status == 78) renewed.says("permission");
        home.get_token("--no-browser").asNobody().run().exits(78).says("permission").asksNobody();
        home.get_token("--sign-out").asNobody().run().exits(78).says("permission");
        Disk.mode(home.path, "rwx------");
        home.isStill(before);
    }

    /** Hands a home to the user whom file modes concern. */
    private Home nobodys(Home home) {
        if (lab.weAreRoot) Disk.giveToNobody(home.path);
        return home;
    }
}
