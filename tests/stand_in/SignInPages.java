//SOURCES AuthorizationRequest.java
//SOURCES Html.java
//SOURCES Reply.java
//SOURCES Scopes.java
//SOURCES User.java

package stand_in;

import static stand_in.Html.escape;
import static stand_in.Html.hidden;

import java.util.Map;
import java.util.stream.Collectors;

/** The pages of a sign-in in the browser: name and password, consent, and the form that posts the answer back. */
final class SignInPages {
    private SignInPages() { }

    static Reply signIn(AuthorizationRequest request, String flowToken, String complaint) {
        return Reply.page(200, Html.page("Sign in", "<p class=\"who\">to continue to " + escape(request.app().name())
            + "</p><form method=\"post\" action=\"/" + request.tenant() + "/login\">" + hidden("flowToken", flowToken)
            + Html.credentials(request.parameter("login_hint"), complaint) + Html.button("Sign in") + "</form>"));
    }

    static Reply consent(AuthorizationRequest request, User user, String flowToken) {
        var wishes = request.scopes().stream().filter(s -> !s.equals("openid"))
            .map(s -> "<li>" + escape(meaning(s)) + "</li>").collect(Collectors.joining("\n"));
        return Reply.page(200, Html.page("Permissions requested", "<p class=\"who\">" + escape(user.name())
            + "</p><p><b>" + escape(request.app().name()) + "</b> would like to:</p><ul>" + wishes + "</ul>"
            + "<form method=\"post\" action=\"/common/Consent/Set\">" + hidden("flowToken", flowToken)
            + Html.agreement("Accept") + "</form>"));
    }

    private static String meaning(String scope) {
        return switch (Scopes.permission(scope)) {
            case "IMAP.AccessAsUser.All" -> "Read and write access to your mail via IMAP";
            case "POP.AccessAsUser.All" -> "Read and write access to your mail via POP";
            case "SMTP.Send" -> "Send mail from your mailbox";
            case "offline_access" -> "Maintain access to data you have given it access to";
            case "profile" -> "View your basic profile";
            case "email" -> "View your email address";
            default -> scope;
        };
    }

    /** OAuth 2.0 Form Post Response Mode. */
    static Reply formPost(String address, Map<String, String> fields) {
        return Reply.page(200, "<!DOCTYPE html>\n<html><head><title>Working...</title></head><body>"
            + "<form method=\"POST\" name=\"hiddenform\" action=\"" + escape(address) + "\">"
            + fields.entrySet().stream().map(f -> hidden(f.getKey(), f.getValue())).collect(Collectors.joining())
            + "<noscript><p>Script is disabled. Click Submit to continue.</p><input type=\"submit\" value=\"Submit\">"
            + "</noscript></form><script>document.forms[0].submit();</script></body></html>\n");
    }
}
