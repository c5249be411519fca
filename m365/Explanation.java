//SOURCES AboutMicrosoft.java
//SOURCES Advice.java
//SOURCES EnhancedStatus.java
//SOURCES Finding.java
//SOURCES Fit.java
//SOURCES Json.java
//SOURCES LongText.java
//SOURCES NamedFacts.java
//SOURCES OwnWords.java
//SOURCES PastedError.java
//SOURCES Placeholders.java
//SOURCES Problem.java
//SOURCES SettingsReader.java
//SOURCES StartCommand.java

package m365;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What somebody else's error text means. The app, tenant and host in the answer are those that the text names; ours are
 * told only of what these programs said themselves, and of a code alone. Offline.
 */
public final class Explanation {

    private static final Pattern OURS = Pattern.compile("\\b(?:get_token|check_imap): |^\\s*\\S{1,80}\\s*$");

    private static final String DESCRIBED = "That is how the description reads; the server's own line, or Microsoft's "
            + "number (AADSTS…), would say it for certain.";

    private final Finding found;
    private final Map<String, String> placeholders;

    /**
     * @param text       a code or a pasted error; anything will do
     * @param values     what config.java says
     * @param userOrNull whom the advice is for
     */
    public Explanation(String text, Map<String, String> values, Map<String, String> env, String userOrNull) {
        text = LongText.withoutPiles(text);
        found = PastedError.find(text);
        placeholders = placeholders(text, ours(values, env, userOrNull), userOrNull);
        placeholders.putAll(found.facts());
        var remarks = new ArrayList<String>();
        if (found.cause().id().equals("unknown-smtp")) EnhancedStatus.meaning(text).ifPresent(remarks::add);
        if (found.tier() == Fit.Tier.DESCRIBED || known() && OwnWords.are(text)) remarks.add(DESCRIBED);
        if (!OURS.matcher(text).find() && !found.cause().id().equals("about-something-else"))
            AboutMicrosoft.remark(text, found.tier()).ifPresent(remarks::add);
        if (!remarks.isEmpty()) placeholders.put("remark", String.join(" ", remarks));
    }

    /** Whether the list knows anything of it. */
    public boolean known() { return !found.nothing(); }

    /** For a person. */
    public String text(int columns) { return StartCommand.asTypedHere(Advice.tell(found, placeholders, columns)); }

    /** For programs. */
    public String json() { return Json.write(Advice.fields(found, placeholders)); }

    private static Map<String, String> placeholders(String text, Map<String, String> ours, String userOrNull) {
        var named = NamedFacts.in(text);
        var placeholders = new LinkedHashMap<String, String>();
        if (OURS.matcher(text).find()) placeholders.putAll(ours);
        else placeholders.put("elsewhere", "");
        var app = ours.getOrDefault("client_id", "");
        if (named.getOrDefault("client_id", app).equalsIgnoreCase(app)) {
            if (!app.isEmpty() && !placeholders.containsKey("consent_url") && named.containsKey("client_id"))
                placeholders.put("consent_url", ours.get("consent_url"));
        } else {
            placeholders.put("foreign_app", "");
            placeholders.remove("consent_url");
        }
        placeholders.putAll(named);
        if (userOrNull != null) placeholders.put("user", userOrNull);
        return placeholders;
    }

    /** Settings that are wrong need not hinder the advice. */
    private static Map<String, String> ours(Map<String, String> values, Map<String, String> env, String userOrNull) {
        try {
            return Placeholders.of(SettingsReader.read(values, env), userOrNull);
        } catch (Problem e) {
            return Map.of();
        }
    }
}
