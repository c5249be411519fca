//SOURCES Settings.java
//SOURCES StartCommand.java
//SOURCES Text.java

package m365;

import java.net.URI;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What the words in braces in failures/ stand for in this run: {@code {user}}, {@code {client_id}} and so on. */
public final class Placeholders {

    /** @param user null if not known */
    public static Map<String, String> of(Settings settings, String user) {
        var redirect = settings.redirect();
        var placeholders = new LinkedHashMap<String, String>();
        if (user != null) placeholders.put("user", user);
        placeholders.put("client_id", settings.clientId());
        placeholders.put("authority", settings.authority().toString());
        placeholders.put("tenant", settings.tenant());
        placeholders.put("redirect_uri", redirect.getPort() == 0 ? redirect.getScheme() + "://" + redirect.getHost()
                : redirect.toString());
        placeholders.put("consent_url", consentUrl(settings));
        placeholders.put("scopes", String.join(" ", settings.scopes()));
        placeholders.put("scope_host", URI.create(settings.scopes().iterator().next()).getHost());
        placeholders.put("token_file", Text.shellQuote(settings.tokenFile()));
        placeholders.put("host", settings.imap().host());
        placeholders.put("smtp_host", settings.smtp().host());
        return placeholders;
    }

    /**
     * With what a person types to sign in.
     *
     * @param user     null if not known
     * @param excluded the causes that are known not to be it, by the words before a text's first colon in failures/
     */
    public static Map<String, String> of(Settings settings, Map<String, String> env, String user, String excluded) {
        var placeholders = of(settings, user);
        placeholders.put("sign_in", StartCommand.signIn(env, user));
        placeholders.put("excluded", excluded);
        return placeholders;
    }

    /** Where an administrator approves the app for everybody (Microsoft: "Admin consent on the identity platform"). */
    private static String consentUrl(Settings settings) {
        var redirect = settings.redirect();
        // "Do not use common", says Microsoft's page; the redirect URI is registered without a port.
        var organisation = Set.of("common", "consumers").contains(settings.tenant()) ? "organizations"
                : settings.tenant();
        return "https://" + settings.authority().getAuthority() + "/" + organisation
                + "/v2.0/adminconsent?client_id=" + settings.clientId()
                + "&scope=" + encode(String.join(" ", settings.scopes()) + " offline_access openid profile")
                + "&redirect_uri=" + encode(redirect.getScheme() + "://" + redirect.getHost() + redirect.getPath());
    }

    private static String encode(String text) { return URLEncoder.encode(text, UTF_8).replace("+", "%20"); }

    private Placeholders() { }
}
