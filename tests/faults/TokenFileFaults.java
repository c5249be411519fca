package faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import stand_in.FakeLogin;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Token files that are none are refused by every command, and odd ones are read as what they obviously are. */
final class TokenFileFaults {

    private interface Preparation {
        void of(Home home) throws IOException;
    }

    private final Lab lab;

    TokenFileFaults(Lab lab) { this.lab = lab; }

    void isNone(Fault fault) {
        var login = lab.login();
        var victim = lab.root.resolve("victim-of-token-files");
        Disk.write(victim, "precious");
        refused(fault, login, "a folder", home -> Files.createDirectories(home.token().resolve("inside")));
        refused(fault, login, "a dangling link", home -> link(home, home.path.resolve("nowhere")));
        refused(fault, login, "a link to another file", home -> link(home, victim));
        refused(fault, login, "a link to itself", home -> link(home, home.token()));
        refused(fault, login, "a link to /dev/zero", home -> link(home, Path.of("/dev/zero")));
        refused(fault, login, "a pipe", home -> Disk.makePipe(home.token()));
        refused(fault, login, "10 MB of letters", home -> Disk.write(home.token(), "x".repeat(10_000_000)));
        refused(fault, login, "binary", home -> Disk.write(home.token(), binary()));
        refused(fault, login, "two lines",
                home -> Disk.write(home.token(), home.freshToken() + "\n" + home.freshToken()));
        refused(fault, login, "a letter", home -> Disk.write(home.token(), "Dear token,\nhow are you?\n"));
        refused(fault, login, "UTF-16", home -> Disk.write(home.token(), home.freshToken().getBytes(UTF_16)));
        refused(fault, login, "a NUL inside",
                home -> Disk.write(home.token(), home.freshToken().replaceFirst("1", "\0")));
        if (lab.weAreRoot) refused(fault, login, "somebody else's", home -> {
            Disk.write(home.token(), home.freshToken());
            Disk.giveToNobody(home.token());
        });
        var places = List.of("/dev/null", "/dev/full", "/", "../home1", victim + "/below", "x".repeat(300));
        for (var special : lab.effort.some(places))
            fault.attempt("M365_TOKEN_FILE=" + special, () -> {
                var home = lab.home(login);
                home.get_token("--access-token").with("M365_TOKEN_FILE", special).run().exits(78);
                for (var command : List.of("--refresh-token", "--no-browser", "--sign-out"))
                    home.get_token(command).with("M365_TOKEN_FILE", home.path.resolve(special)).runHere().exits(78);
            });
        check(Disk.read(victim).equals("precious"), victim, "the victim was changed");
    }

    private static void link(Home home, Path target) throws IOException {
        Files.createSymbolicLink(home.token(), target);
    }

    static byte[] binary() {
        var bytes = new byte[5000];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private void refused(Fault fault, FakeLogin login, String what, Preparation preparation) {
        fault.attempt(what, () -> {
            var home = lab.home(login);
            preparation.of(home);
            var before = home.contents();
            int requests = login.requests().size();
            home.get_token("--access-token").run().exits(78).within(20);
            for (var command : List.of("--refresh-token", "--status", "--no-browser"))
                home.get_token(command).runHere().exits(78).within(20);
            home.check_imap(Lab.USER).runHere().exits(78);
            check(login.requests().size() == requests, "", "something was sent");
            home.isStill(before);
            var signedOut = home.get_token("--sign-out").runHere().exits(0, 78);
            if (signedOut.status == 78) home.isStill(before);
        });
    }

    void isOdd(Fault fault) {
        var login = lab.login();
        var written = List.of("%s\n", "%s\r\n", "\uFEFF%s", "\uFEFF%s\r\n", "%s   \t ", "  %s", "\n\n%s\n\n");
        for (var odd : lab.effort.some(written))
            fault.attempt("as in " + odd.replace("\uFEFF", "BOM ").replace("\r", "\\r").replace("\n", "\\n"), () -> {
                var home = lab.home(login);
                var token = home.freshToken();
                Disk.write(home.token(), odd.formatted(token).getBytes(UTF_8));
                var shown = home.get_token("--refresh-token").runHere().exits(0).out;
                check(shown.equals(token + "\n"), "", "another token");
                home.get_token("--access-token").run().printsToken();
                home.isIntact();
            });
        for (var nothing : lab.effort.some(List.of("", "\n", "\uFEFF\r\n", "   ")))
            fault.attempt("nothing but " + nothing.length() + " characters", () -> {
                var home = lab.home(login);
                Disk.write(home.token(), nothing.getBytes(UTF_8));
                home.get_token("--access-token").runHere().exits(77);
                Person.signsIn(home).exits(0);
                home.get_token("--access-token").run().printsToken();
            });
        for (var mode : lab.effort.some(List.of("rw-r--r--", "rw-rw-rw-", "rw----r--", "rw--w----")))
            fault.attempt("mode " + mode, () -> {
                var home = lab.home(login).signedIn();
                Disk.mode(home.token(), mode);
                var before = home.contents();
                for (var command : List.of("--access-token", "--refresh-token", "--status"))
                    home.get_token(command).runHere().exits(78).says("chmod 600");
                home.isStill(before);
            });
        fault.attempt("a cache that others can read is not believed, and closed again", () -> {
            var home = lab.home(login).signedIn();
            home.get_token("--access-token").run().printsToken();
            Disk.mode(home.cache(), "rw-rw-rw-");
            home.get_token("--access-token").run().printsToken();
            home.isIntact();
        });
    }
}
