//SOURCES KnownSecrets.java

package m365;

import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What a mail server said, of a long talk the end. What we say to it, the token among it, is not written down, and
 * hidden where the server repeats it.
 */
final class Transcript {
    private final KnownSecrets secrets;
    private final StringBuilder heard = new StringBuilder();

    Transcript(KnownSecrets secrets) { this.secrets = secrets; }

    synchronized void add(String text) {
        heard.append(text);
        if (heard.length() > 8192) heard.delete(0, heard.length() - 4096);
    }

    private synchronized String heard() { return heard.toString(); }

    private Stream<String> lines() { return secrets.hide(heard()).lines(); }

    /** What the server said first. */
    String greeting() { return lines().findFirst().orElse(""); }

    /** What the server said last. */
    String last() { return lines().reduce("", (before, line) -> line); }

    /** The line with which the server refused: a tagged NO or BAD, a -ERR, else a BYE. */
    Optional<String> refusal() {
        var lines = lines().toList();
        return Stream.of("\\S+ (NO|BAD) .*|-ERR.*", "\\* BYE.*")
                .flatMap(form -> lines.stream().filter(line -> line.matches("(?i)" + form)))
                .findFirst().map(line -> line.replaceFirst("^[A-Z]+[0-9]+ ", ""));
    }

    /** What a server says in base64 before it refuses; Exchange does not. */
    Optional<String> challenge() {
        return heard().lines().filter(line -> line.startsWith("+ eyJ")).findFirst().map(line -> {
            try {
                return new String(Base64.getDecoder().decode(line.substring(2).strip()), UTF_8);
            } catch (IllegalArgumentException e) {
                return line;
            }
        }).map(secrets::hide);
    }
}
