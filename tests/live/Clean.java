package live;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import m365.Scrub;

/**
 * Makes words of a server fit for a report that everybody may read. First goes what is known: tokens, the address and
 * its domain, the tenant, names; then everything that looks like such a thing.
 */
public final class Clean {
    private static final Pattern LOOKS_PRIVATE = Pattern.compile("[^\\s<>()\"']{1,64}@[\\w.-]+" // an address
            + "|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}" // a tenant, a trace
            + "|\\[[^\\]]*\\]" // a server's name
            + "|[\\w+/=~*!$-]{30,}+" // a token, or a piece of one
            + "|\\b(?:[\\w-]+\\.){2,}[a-zA-Z]{2,}\\b"); // a host

    private final Set<String> known = new LinkedHashSet<>();

    /** Never to be shown from now on; what is shorter than three characters would take too much with it. */
    public void never(String text) {
        if (text != null && text.length() > 2) known.add(text.toLowerCase(Locale.ROOT));
    }

    /** One line, at most 160 characters long. */
    String of(String text) {
        var clean = Scrub.secrets(Scrub.controls(text));
        for (var secret : known)
            clean = Pattern.compile(Pattern.quote(secret), Pattern.CASE_INSENSITIVE).matcher(clean).replaceAll("…");
        clean = LOOKS_PRIVATE.matcher(clean).replaceAll("…");
        return clean.length() <= 160 ? clean : clean.substring(0, 159) + "…";
    }
}
