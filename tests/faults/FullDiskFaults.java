package faults;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import stand_in.FakeLogin;

import static faults.Checks.check;

/** A disk without room, or that may not be written: it works, or the disk is blamed and nothing changed. */
final class FullDiskFaults {
    private final Lab lab;

    FullDiskFaults(Lab lab) { this.lab = lab; }

    void full(Fault fault) throws Exception {
        var login = lab.login();
        var disk = Files.createDirectory(lab.root.resolve("disk"));
        if (!lab.weAreRoot || !mount("-t", "tmpfs", "-o", "size=64k,nr_inodes=16,mode=700", "faults", disk)) {
            fullByLimit(fault, login);
            return;
        }
        try {
            var home = lab.home(disk, login).signedIn();
            home.get_token("--access-token").run().printsToken();
            for (int pages : lab.effort.some(List.of(0, 1, 2, 3, 4, 5, 6))) pagesFree(fault, home, pages);
            fault.attempt("no room for another name", () -> noRoomForNames(home));
            fault.attempt("room again", () -> {
                home.age();
                home.get_token("--access-token").run().printsToken();
                home.isTidy();
            });
            fault.attempt("read-only file system", () -> readOnly(home));
        } finally {
            Disk.system("umount", disk.toString());
        }
    }

    private static boolean mount(Object... words) {
        var command = new ArrayList<>(List.of("mount"));
        for (var word : words) command.add(word.toString());
        return Disk.system(command.toArray(String[]::new));
    }

    private static void pagesFree(Fault fault, Home home, int pages) {
        fault.attempt(pages + " pages free, renewing", () -> {
            home.age();
            filled(home, pages, () -> survives(home, home.get_token("--access-token").run()));
        });
        fault.attempt(pages + " pages free, signing in", () -> filled(home, pages, () -> {
            var outcome = Person.signsIn(home);
            survives(home, outcome);
            if (pages < 4) outcome.exits(75).asksNobody();
        }));
        fault.attempt(pages + " pages free, signing out", () -> {
            filled(home, pages, () -> home.get_token("--sign-out").run().exits(0, 75));
            home.signedIn();
            home.get_token("--access-token").run().printsToken();
        });
    }

    /** Does {@code work} while so many pages of the disk are free. */
    private static void filled(Home home, int pages, Fault.Attempt work) throws Exception {
        var filler = home.path.resolve("filler");
        try (var file = new RandomAccessFile(filler.toFile(), "rw")) {
            Disk.mode(filler, "rw-------");
            var page = new byte[4096];
            try {
                while (true) file.write(page);
            } catch (IOException full) { /* as it should be */ }
            file.setLength(Math.max(0, file.length() - 4096L * pages));
            work.make();
        } finally {
            Files.delete(filler);
        }
    }

    private static void survives(Home home, Outcome outcome) {
        outcome.exits(0, 75);
        if (outcome.status == 75) outcome.says("nothing was changed");
        home.isIntact();
        home.get_token("--refresh-token").runHere().exits(0);
    }

    private static void noRoomForNames(Home home) throws IOException {
        home.age();
        var names = new ArrayList<Path>();
        try {
            for (int i = 0; i < 20; i++) names.add(Files.createFile(home.path.resolve("file" + i)));
        } catch (IOException full) { /* as it should be */ }
        try {
            home.get_token("--access-token").run().exits(0, 75);
        } finally {
            for (var name : names) Files.delete(name);
        }
        home.isIntact();
    }

    private static void readOnly(Home home) {
        home.age();
        var before = home.contents();
        check(mount("-o", "remount,ro", home.path), home.path, "cannot be remounted");
        try {
            home.get_token("--access-token").run().exits(78).says("Read-only file system");
            home.get_token("--no-browser").run().exits(78);
            home.get_token("--sign-out").run().exits(78);
            home.get_token("--refresh-token").run().exits(0);
        } finally {
            mount("-o", "remount,rw", home.path);
        }
        home.isStill(before);
    }

    /** Without a disk of its own: the system refuses to let a file grow beyond some blocks. */
    private void fullByLimit(Fault fault, FakeLogin login) {
        var home = lab.home(login).signedIn();
        for (int blocks = 0; blocks <= 12; blocks++) {
            var limit = "ulimit -f " + blocks + "; exec \"$@\"";
            fault.attempt("files of " + blocks + " blocks", () -> {
                home.age();
                survives(home, home.get_token("--access-token").through("sh", "-c", limit, "sh").run());
            });
        }
        fault.note("by ulimit, for want of a tmpfs");
    }
}
