package faults;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Finds any 24 characters in a row of any secret, plain, percent-encoded or in base64; of short secrets, all of them.
 * The first characters of tokens are alike in all and tell nothing, so they do not count.
 */
final class Needles {
    private static final int LENGTH = 24;
    private static final int ALIKE = 72;
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{32,}");

    private final Set<String> pieces = new HashSet<>();
    private final Set<Integer> hashes = new HashSet<>();
    private final Set<String> whole = new HashSet<>();

    Needles(Set<String> secrets) {
        for (var secret : secrets) {
            if (secret.length() < LENGTH) whole.add(secret);
            for (int at = secret.length() > 2 * ALIKE ? ALIKE : 0; at + LENGTH <= secret.length(); at += LENGTH / 2)
                pieces.add(secret.substring(at, at + LENGTH));
        }
        pieces.forEach(piece -> hashes.add(piece.hashCode()));
    }

    /** @return what was found where; never the secret */
    Optional<String> in(String text) {
        var forms = new ArrayList<>(List.of(text));
        if (text.contains("%")) try {
            forms.add(URLDecoder.decode(text.replaceAll("%(?![0-9a-fA-F]{2})", "%25"), UTF_8));
        } catch (IllegalArgumentException e) { /* it was not encoded so */ }
        BASE64.matcher(text).results().map(run -> run.group().replace('-', '+').replace('_', '/'))
                .forEach(run -> Stream.of(0, 1, 2, 3).map(run::substring)
                        .map(part -> part.substring(0, part.length() / 4 * 4))
                        .forEach(part -> forms.add(new String(Base64.getDecoder().decode(part), ISO_8859_1))));
        return forms.stream().flatMap(form -> find(form).stream()).findFirst();
    }

    /** With String's own hash, rolled along the text. */
    private Optional<String> find(String text) {
        for (var secret : whole) if (text.contains(secret)) return Optional.of("a short secret");
        int power = 1;
        int hash = 0;
        for (int i = 0; i < LENGTH; i++) power *= 31;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * 31 + text.charAt(i) - (i < LENGTH ? 0 : power * text.charAt(i - LENGTH));
            int from = i + 1 - LENGTH;
            if (from >= 0 && hashes.contains(hash) && pieces.contains(text.substring(from, i + 1)))
                return Optional.of("a secret after \"…" + text.substring(Math.max(0, i - 120), from) + "\"");
        }
        return Optional.empty();
    }
}
