package faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import static faults.Checks.check;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Files byte by byte, their modes, and what only the system's own commands can do to them. */
final class Disk {

    static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    static String read(Path path) {
        try {
            return Files.readString(path, ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path path, String text) { write(path, text.getBytes(ISO_8859_1)); }

    /** Writes a file that only we can read. */
    static void write(Path path, byte[] bytes) {
        var ownersAlone = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            if (!Files.exists(path)) Files.createFile(path, ownersAlone);
            Files.write(path, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteIfExists(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void giveToNobody(Path path) { check(system("chown", "-R", "65534:65534", path.toString()), path, "chown"); }

    static void makePipe(Path path) { check(system("mkfifo", path.toString()), path, "no pipe"); }

    /** Runs a system command. @return whether it went well */
    static boolean system(String... command) {
        try {
            var process = new ProcessBuilder(command).directory(new File(System.getProperty("java.io.tmpdir")))
                    .redirectErrorStream(true).start();
            process.getOutputStream().close();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Disk() { }
}
