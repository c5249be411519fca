package faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import stand_in.FakeLogin;

import static faults.Checks.check;

/** A folder in which one user's tool lives: its files, and what must hold of them whatever happened. */
final class Home {
    final Path path;
    final FakeLogin login;
    private final Lab lab;

    Home(Lab lab, Path path, FakeLogin login) {
        this.lab = lab;
        this.path = path;
        this.login = login;
    }

    Program get_token(String... words) { return new Program(lab, "get_token", this, words); }

    Program check_imap(String... words) { return new Program(lab, "check_imap", this, words); }

    Path token() { return path.resolve("refresh_token"); }

    Path cache() { return path.resolve("token_cache.json"); }

    Path lock() { return path.resolve("refresh_token_lock"); }

    /** Puts a valid refresh token there, as if somebody had signed in. */
    Home signedIn() {
        Disk.write(token(), freshToken());
        return this;
    }

    /** Another valid refresh token, which is nowhere yet. */
    String freshToken() { return login.issueRefreshToken(Lab.USER, FakeLogin.PUBLIC_APP, Lab.SCOPES); }

    /** The refresh token that lies there; empty if none does. */
    String stored() { return Files.exists(token()) ? Disk.read(token()) : ""; }

    /** Makes the cached access token look old, so that the next one who wants one must renew. */
    void age() {
        if (!Files.isRegularFile(cache(), LinkOption.NOFOLLOW_LINKS)) return;
        var expiry = "(\"(?:extended_)?expires_on\"\\s*:\\s*\")\\d+";
        Disk.write(cache(), Disk.read(cache()).replaceAll(expiry, "$11000000000"));
    }

    /** The names of what lies there, without the tool's temporary folder. */
    private Set<String> names() {
        try (var files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("tmp"))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is there, to see that nothing was destroyed: names, kinds, modes, contents; but the lock may come. */
    Map<String, String> contents() {
        var found = new TreeMap<String, String>();
        try (var all = Files.walk(path)) {
            for (var file : (Iterable<Path>) all::iterator) {
                var name = path.relativize(file).toString();
                if (name.isEmpty() || name.startsWith("tmp") || name.equals("refresh_token_lock")) continue;
                var owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS);
                found.put(name, Disk.mode(file) + owner + content(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static String content(Path file) throws IOException {
        var is = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (is.isSymbolicLink()) return "-> " + Files.readSymbolicLink(file);
        return is.isRegularFile() ? "" + Arrays.hashCode(Files.readAllBytes(file)) : "other";
    }

    /** Nothing is another than it was. */
    void isStill(Map<String, String> before) { check(contents().equals(before), contents(), "changed"); }

    /** One of the valid tokens, byte for byte, in a file that only its owner can read, as are those beside it. */
    void isIntact() { isIntact(Set.of()); }

    /** @param orElse what may lie there in place of a valid token */
    void isIntact(Set<String> orElse) {
        var stored = stored();
        check(orElse.contains(stored) || holdsValidToken(), stored.length() + " characters",
                "the token file holds no token that was issued");
        for (var name : names()) {
            var mode = Disk.mode(path.resolve(name));
            check(mode.equals("rw-------"), name + " is " + mode, "mode");
        }
    }

    boolean holdsValidToken() { return stored().startsWith("1.AXYA") && login.secrets().contains(stored()); }

    /** Nothing was left lying about. */
    void isTidy() {
        var stray = new HashSet<>(names());
        stray.removeAll(Set.of("refresh_token", "token_cache.json", "refresh_token_lock"));
        check(stray.isEmpty(), stray, "stray files");
    }
}
