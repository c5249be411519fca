//SOURCES Placeholders.java
//SOURCES Problem.java
//SOURCES ProblemReport.java
//SOURCES SettingsReader.java

package m365;

import java.util.Map;
import java.util.regex.Pattern;

/** What somebody else's error text means, filled in with the settings of this machine. Offline. */
public final class Explanation {
    private static final Pattern NAMED_APP = Pattern.compile("(?i)\\b(?:app|application|client)\\b"
            + "[^.\\n']{0,40}'([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'");

    /**
     * @param text       a code or a pasted error; anything will do
     * @param values     what config.java says
     * @param userOrNull whom the advice is for
     */
    public static String of(String text, Map<String, String> values, Map<String, String> env, String userOrNull) {
        return ProblemReport.explain(text, placeholders(text, values, env, userOrNull));
    }

    /** Settings that are wrong need not hinder the advice. An app that the text names goes before ours. */
    private static Map<String, String> placeholders(String text, Map<String, String> values, Map<String, String> env,
            String userOrNull) {
        try {
            var placeholders = Placeholders.of(SettingsReader.read(values, env), userOrNull);
            var named = NAMED_APP.matcher(text);
            var ours = placeholders.get("client_id");
            if (named.find()) placeholders.replaceAll((name, value) -> value.replace(ours, named.group(1)));
            return placeholders;
        } catch (Problem e) {
            return Map.of();
        }
    }

    private Explanation() { }
}
