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

    /** What the path of a redirect URI is made of; any other word may be a secret of the application's. */
    private static final String PATH_WORD = "(?:v?\\d{1,2}|access|accounts?|acs|admin|api|apps?|authenticate"
            + "|auth(?:n|or|res?p|resp|entication|ori[sz](?:e|ed|ation))?|azure|azuread|aad|ad|call|back|callbacks?|cb"
            + "|client|code|config|connect(?:ed|ion|or)?|consent|e?mails?|end|entra|external|finish|front|graph|grant"
            + "|handler|html?|imap|index|install|integrations?|internal|is|last|log|log-?in|microsoft|ms(?:al|o)?|my"
            + "|native|nativeclient|o365|oauth2?|oidc|office|office365|open|openid|options|outlook|owa|php|plugins?"
            + "|portal|post|process|provider|public|receive|redirect|reply|response|rest|return|saml2?|secure|server"
            + "|services?|sessions?|settings|setup|sign|sign-?in|sign-?out|smtp|social|source|sso|start|success|sync"
            + "|system|teams|tools?|users?|verify|web|wp)";

    /** As it is registered: without a user before the host, and without what comes back in it, a code for instance. */
    private static final String REDIRECT_URI = "(https?://[\\w.-]{1,100}(?::\\d{1,5})?(?![\\w.:@-])"
            + "(?:/(?:" + PATH_WORD + "(?:[._-]" + PATH_WORD + "){0,4}(?![\\w=;.@-]))?){0,8})";

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
            boolean cut = name.equals("redirect_uri") && text.substring(named.end()).matches("(?s)[\\w/;=.@-].*");
            facts.put(name, Scrub.secrets(named.group(1)) + (cut ? "…" : ""));
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
