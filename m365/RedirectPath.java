package m365;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * What is told of the path of somebody's redirect URI: usual words, up to the first that is none. It may be a secret of
 * the application's.
 */
final class RedirectPath {

    private static final Set<String> USUAL = Set.of(("aad access account accounts acs ad admin api app apps auth"
            + " authenticate authentication authn authorization authorize authorized authresp authresponse azure"
            + " azuread back call callback callbacks cb client code config connect connected connection connector"
            + " consent email end entra external finish front glpi grafana graph grant handler htm html imap index"
            + " install integration integrations internal is last log login mail microsoft ms msal mso my native"
            + " nativeclient o365 oauth oauth2 office office365 oidc open openid options outlook owa php plugin"
            + " plugins portal post process provider public receive redirect reply response rest return saml saml2"
            + " secure server service services session sessions settings setup sign signin signout smtp social"
            + " source sso start success sync system teams tool tools user users v1 v2 v3 verify web wp").split(" "));

    /** @param path empty, or begins with a slash; without query and fragment */
    static String shown(String path) {
        var shown = new StringBuilder();
        for (var segment : path.split("(?=/)")) {
            var words = segment.toLowerCase(Locale.ROOT).split("[/._-]");
            if (!segment.matches("/?[\\w.-]*")
                    || !Arrays.stream(words).allMatch(word -> word.isEmpty() || USUAL.contains(word)))
                return shown.append(segment.startsWith("/") ? "/…" : "…").toString();
            shown.append(segment);
        }
        return shown.toString();
    }

    private RedirectPath() { }
}
