package m365;

import java.util.regex.Pattern;

/** Tells whether a person speaks and shows nothing of what a server or a program said, or tells of what is over. */
final class OwnWords {
    private static final Pattern PERSON = Pattern.compile("(?i)\\b(?:I|my|me|we|our|us"
            + "|ich|mein\\w{0,2}|wir|unser\\w{0,2}|je|j'ai|mon|ma|mes|nous|notre|nos|ik|mijn|wij|onze?"
            + "|mis?|nuestr\\w{1,2}|mi[oa]|nostr\\w|meu|minha|noss\\w|m\u00f3j|moj\\w{1,2}|nasz\\w{0,2})\\b");
    private static final Pattern OVER = Pattern.compile("(?i)\\b(?:solved|fixed in|changelog|works? (?:again|now)"
            + "|fine now|users may see)\\b");
    private static final Pattern SHOWN = Pattern.compile("\\d{3}|[{}<>=:\"`]|\\b(?:NO|BAD|ERR)\\b|AUTHENTICATE");

    /** @param text what was pasted */
    static boolean are(String text) {
        return OVER.matcher(text).find() || PERSON.matcher(text).find() && !SHOWN.matcher(text).find();
    }

    private OwnWords() { }
}
