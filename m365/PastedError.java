//SOURCES AboutMicrosoft.java
//SOURCES Cause.java
//SOURCES Denials.java
//SOURCES Description.java
//SOURCES Failures.java
//SOURCES Finding.java
//SOURCES Fit.java
//SOURCES Likeness.java
//SOURCES LogEssence.java
//SOURCES OtherService.java
//SOURCES PastedText.java
//SOURCES Signal.java
//SOURCES WithoutNumber.java

package m365;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes the most of what somebody has pasted: a number, an error text, a redirect address, an answer in JSON, a log
 * line or a server's line. Throws on no input.
 */
public final class PastedError {

    private static final Pattern ERROR = Pattern.compile("(?i)(?<![a-z_])[\"']?error[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?"
            + "([a-z]{4,20}(?:_[a-z]{3,20}){1,4})\\b");
    private static final Pattern SUBERROR =
            Pattern.compile("(?i)suberror[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?([a-z_]{4,60})");
    private static final Pattern WORDS = Pattern.compile("(?<![\\w.])(?<!error_category=\"?)"
            + "[a-z]{3,20}(?:_[a-z]{2,20}){1,4}(?![\\w.]\\w)");

    private static final int LONGEST = 400_000;
    /** Up to here somebody tells; what is longer is a log. */
    private static final int PARAGRAPH = 700;
    private static final int ALIKE = 3;

    /** What it means; the id of a cause leads to that cause. */
    public static Cause explain(String pasted) { return find(pasted).cause(); }

    /** What can be seen in it. {@code local NAME} is a condition that this program finds by itself. */
    public static Signal read(String pasted) { return find(pasted).seen(); }

    /** The cause, and what of the text decided. */
    static Finding find(String pasted) {
        var text = pasted == null ? "" : bounded(pasted).strip();
        if (text.startsWith("local ")) return Failures.find(Signal.local(text.substring(6).strip()));
        for (var cause : Failures.all())
            if (cause.id().equals(text))
                return new Finding(cause, signal(List.of(text)), Fit.Tier.NUMBER, text, Map.of());
        var lines = LogEssence.of(PastedText.lines(text)).stream().map(Denials::without).toList();
        var last = LogEssence.lastAttempt(lines);
        var found = Failures.find(signal(last));
        if (found.tier().compareTo(Fit.Tier.FRAME) <= 0 && last.size() < lines.size())
            found = Failures.find(signal(lines));
        return alike(aboutMicrosoft(byDescription(bySentence(found))));
    }

    /** Of more than a log of thousands of lines, both ends. */
    private static String bounded(String text) {
        return text.length() <= LONGEST ? text
                : text.substring(0, LONGEST / 2) + "\n" + text.substring(text.length() - LONGEST / 2);
    }

    /** What nothing else explains may be one of Microsoft's sentences without its number. */
    private static Finding bySentence(Finding found) {
        if (!found.cause().id().startsWith("unknown-")) return found;
        return WithoutNumber.in(found.seen().text()).map(cause -> new Finding(cause, found.seen(), Fit.Tier.NUMBER,
                found.line(), Map.of())).orElse(found);
    }

    /** What shows no more than that something failed may be described by what else is said. */
    private static Finding byDescription(Finding found) {
        var text = found.seen().text();
        boolean bare = found.tier().compareTo(Fit.Tier.DESCRIBED) < 0
                || text.length() < PARAGRAPH
                && found.cause().id().matches("(?:imap|pop|smtp)-token-refused|pop-password-refused");
        if (!bare || !AboutMicrosoft.names(text) && !AboutMicrosoft.speaksOfMail(text)) return found;
        return Description.in(text).map(cause -> new Finding(cause, found.seen(), Fit.Tier.DESCRIBED, found.line(),
                Map.of())).orElse(found);
    }

    /** What is not about Microsoft 365 is said to be something else, unless one of Microsoft's own numbers decided. */
    private static Finding aboutMicrosoft(Finding found) {
        if (found.tier() == Fit.Tier.NUMBER) return found;
        var text = found.seen().text();
        var other = OtherService.in(found.tier() == Fit.Tier.LAST_RESORT ? text : found.line(), text);
        if (found.cause().id().matches("unknown-.*|relay-refused")) other = other.or(() -> OtherService.named(text));
        if (found.tier().compareTo(Fit.Tier.WORDS_NOT_KNOWN) <= 0)
            other = other.or(() -> AboutMicrosoft.elsewhere(text));
        if (other.isEmpty()) return found;
        var facts = new HashMap<>(Map.of("service", other.get()));
        if (found.tier().compareTo(Fit.Tier.TEXT) >= 0)
            facts.put("remark", "At Microsoft 365 the same words would mean: " + found.cause().what());
        return new Finding(Failures.of(Signal.local("about-something-else")), found.seen(), Fit.Tier.LAST_RESORT,
                found.line(), facts);
    }

    /** Of what nobody knows the causes are named that are worded like it, unless that is just what it denies. */
    private static Finding alike(Finding found) {
        if (!found.nothing() || found.cause().id().equals("about-something-else")
                || found.seen().text().contains(Denials.GAP)) return found;
        return new Finding(found.cause(), found.seen(), found.tier(), found.line(), found.facts(),
                Likeness.nearest(found.seen().text(), ALIKE));
    }

    /** The last number, error and suberror go first: of several attempts the last counts, and a frame comes first. */
    private static Signal signal(List<String> lines) {
        var text = String.join("\n", lines);
        var error = last(ERROR, text);
        var suberror = last(SUBERROR, text);
        if (!Failures.names("error").contains(error)) error = mentioned("error", text);
        if (suberror.isEmpty() && error.isEmpty()) suberror = mentioned("suberror", text);
        var codes = new ArrayList<>(Signal.numbers(text));
        Collections.reverse(codes);
        return new Signal("", error, suberror, codes.stream().distinct().limit(9).toList(), text);
    }

    private static String last(Pattern pattern, String text) {
        var last = "";
        for (var match = pattern.matcher(text); match.find();) last = match.group(1).toLowerCase(Locale.ROOT);
        return last;
    }

    /** The last word of the text that failures/ knows as an error or suberror. */
    private static String mentioned(String kind, String text) {
        var known = Failures.names(kind);
        return WORDS.matcher(text).results().map(MatchResult::group).filter(known::contains)
                .reduce((first, second) -> second).orElse("");
    }

    private PastedError() { }
}
