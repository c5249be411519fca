//FILES failures/token.md=../failures/token.md
//FILES failures/refresh-token.md=../failures/refresh-token.md
//FILES failures/app-secret.md=../failures/app-secret.md
//FILES failures/web-service.md=../failures/web-service.md
//FILES failures/sign-in-page.md=../failures/sign-in-page.md
//FILES failures/tenant.md=../failures/tenant.md
//FILES failures/app-and-consent.md=../failures/app-and-consent.md
//FILES failures/password.md=../failures/password.md
//FILES failures/organisation-rules.md=../failures/organisation-rules.md
//FILES failures/device-code.md=../failures/device-code.md
//FILES failures/imap.md=../failures/imap.md
//FILES failures/smtp.md=../failures/smtp.md
//FILES failures/pop.md=../failures/pop.md
//FILES failures/browser.md=../failures/browser.md
//FILES failures/network.md=../failures/network.md
//FILES failures/this-machine.md=../failures/this-machine.md
//FILES failures/token-programs.md=../failures/token-programs.md
//FILES failures/installed-programs.md=../failures/installed-programs.md
//FILES failures/mail-programs.md=../failures/mail-programs.md
//FILES failures/unknown.md=../failures/unknown.md
//SOURCES Cause.java
//SOURCES Condition.java
//SOURCES FailuresReader.java
//SOURCES Finding.java
//SOURCES Fit.java
//SOURCES Recognition.java
//SOURCES Signal.java

package m365;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Finds the cause of a failure in failures/, which is read when something has failed and not before. Knows nothing of
 * settings, tokens or servers, and throws on no input.
 */
public final class Failures {

    /** Read in this order: of two causes that fit equally well the first decides. */
    static final List<String> FILES = List.of("token.md", "refresh-token.md", "app-secret.md", "web-service.md",
            "sign-in-page.md", "tenant.md", "app-and-consent.md", "password.md", "organisation-rules.md",
            "device-code.md", "imap.md", "smtp.md", "pop.md", "browser.md", "network.md", "this-machine.md",
            "token-programs.md", "installed-programs.md", "mail-programs.md", "unknown.md");

    /** Every cause, in the order that decides between equals; the last one fits whatever nothing else does. */
    public static List<Cause> all() { return Known.CAUSES; }

    /** The cause that explains {@code seen} best; there always is one. A number decides only if the list knows it. */
    public static Cause of(Signal seen) { return find(seen).cause(); }

    /** The same, with the line that decided. */
    static Finding find(Signal seen) {
        var recognition = new Recognition(seen);
        Cause best = all().get(all().size() - 1);
        var highest = Fit.NONE;
        for (var cause : all()) {
            var fit = recognition.of(cause, highest.tier());
            if (fit.compareTo(highest) <= 0) continue;
            highest = fit;
            best = cause;
        }
        return new Finding(best, seen, highest.tier(), decisive(seen, highest), Map.of());
    }

    /** A number and an OAuth error know no line: it is the last one in which they stand. */
    private static String decisive(Signal seen, Fit fit) {
        var lines = seen.text().lines().toList();
        var word = fit.tier() == Fit.Tier.NUMBER && fit.line() > -seen.codes().size()
                ? seen.codes().get(-fit.line()) : fit.tier() == Fit.Tier.ERROR ? seen.error()
                : fit.tier() == Fit.Tier.SUBERROR ? seen.suberror() : "";
        if (word.isEmpty()) return fit.line() < lines.size() ? lines.get(Math.max(fit.line(), 0)) : seen.text();
        for (int i = lines.size() - 1; i >= 0; i--) if (lines.get(i).contains(word)) return lines.get(i);
        return seen.text();
    }

    /** All that is known of a kind of {@link Condition}, as OAuth errors are. */
    static Set<String> names(String kind) {
        return Known.NAMES.computeIfAbsent(kind, any -> all().stream()
                .flatMap(cause -> Condition.alternatives(cause).stream()).flatMap(List::stream)
                .filter(condition -> condition.kind.equals(kind))
                .flatMap(condition -> condition.names().stream()).collect(Collectors.toSet()));
    }

    /** Its own class, so that it is read when the first question is asked. */
    private static final class Known {
        static final List<Cause> CAUSES = causes();
        static final Map<String, Set<String>> NAMES = new ConcurrentHashMap<>();

        /** A user is helped in the middle of a failure as well as can be; what is wrong the tests have told us. */
        private static List<Cause> causes() {
            try {
                return FailuresReader.read(texts());
            } catch (IOException | UncheckedIOException | IllegalArgumentException missingOrBroken) {
                return List.of(new Cause("unknown-text", List.of("local"), "text ^", "none",
                        "The list of causes (failures/) is missing from this program.",
                        List.of("It was not packed completely."), List.of("Install it again."), List.of("failures/")));
            }
        }
    }

    /** Name and content of each file. */
    static Map<String, String> texts() throws IOException {
        var texts = new LinkedHashMap<String, String>();
        for (var name : FILES)
            try (var file = Failures.class.getResourceAsStream("/failures/" + name)) {
                if (file == null) throw new IOException("failures/" + name + " is not on the class path");
                texts.put(name, new String(file.readAllBytes(), UTF_8));
            }
        return texts;
    }

    private Failures() { }
}
