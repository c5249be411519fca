//SOURCES RedirectPath.java
//SOURCES Scrub.java

package m365;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Which app, tenant, address or host a pasted text itself names, by the words in braces of failures/. */
final class NamedFacts {

    private static final String GUID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";

    /** Nothing else, for a password may stand where a tenant is expected. */
    private static final String TENANT = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|common|organizations"
            + "|consumers|[\\w-]{1,60}(?:\\.[\\w-]{1,60}){1,4})(?![@\\w-])";

    /** As it is registered: without a user before the host, and without what comes back in it, a code for instance. */
    private static final String REDIRECT_URI =
            "(https?://[\\w.-]{1,100}(?::\\d{1,5})?(?![\\w.:@-]))([/;][\\w/=;.@-]{0,300}(?<![.;-]))?";

    /** Beside these words what stands in quotation marks is no app's ID, though it may look like one. */
    private static final String SECRET = "secret|passw\\w{0,5}|keys?|value|token|wachtwoord|kennwort|geheim\\w{0,5}";
    private static final Pattern SECRETS_OWN = Pattern.compile("(?i)(?:\\b(?:" + SECRET + ")\\b"
            + "(?: (?:for|of|from|to|f\u00fcr|von|vom|van|de|der|du|la|the|this|my|our|an?)){0,3}"
            + " (?:app|application|client)|\\b(?:app|application|client)\\b[^.\\n']{0,30}\\b(?:" + SECRET + "))"
            + "[^\\w\\n]{0,4}$");

    private static final Map<String, Pattern> FACTS = Map.of(
            "client_id", Pattern.compile("(?i)(?:\\b(?:app|application|client)\\b[^.\\n']{0,40}'"
                    + "|\\b(?:client[_-]?id|appid)[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?)" + GUID),
            "tenant", Pattern.compile("(?i)(?:\\b(?:directory|tenant)\\b (?:with id )?[\"'](?=[\\w.-]{3})"
                    + "|login\\.microsoftonline\\.(?:com|us)/|in the (?=[0-9a-f-]{36} directory))" + TENANT),
            "redirect_uri", Pattern.compile("(?i)(?:redirect|reply)[ _]?(?:ur[il]|address)[\"']?[ =:]{1,3}[\"']?"
                    + REDIRECT_URI),
            "parameter", Pattern.compile("parameter: '(client_id|client_assertion|client_secret|code|device_code"
                    + "|grant_type|password|redirect_uri|refresh_token|resource|response_type|scope|username)'"),
            "host", Pattern.compile("(?i)\\b((?:outlook|smtp|imap|pop|partner)[\\w-]{0,20}"
                    + "(?:\\.[\\w-]{1,20}){0,2}\\.(?:com|cn|us|de))\\b"));

    static Map<String, String> in(String text) {
        var facts = new LinkedHashMap<String, String>();
        FACTS.forEach((name, pattern) -> {
            var named = pattern.matcher(text);
            boolean found = named.find();
            while (found && name.equals("client_id") && secretsOwn(text, named.start(1))) found = named.find();
            if (!found) return;
            var path = name.equals("redirect_uri") && named.group(2) != null ? named.group(2) : "";
            facts.put(name, Scrub.secrets(named.group(1) + RedirectPath.shown(path)));
        });
        if (facts.containsKey("tenant"))
            facts.put("authority", "https://login.microsoftonline.com/" + facts.get("tenant"));
        return facts;
    }

    /** Whether an ID that begins here is a secret's, or the secret: {@code application secret '…'}. */
    static boolean secretsOwn(String text, int begin) {
        return SECRETS_OWN.matcher(text.substring(Math.max(0, begin - 80), begin)).find();
    }

    private NamedFacts() { }
}
