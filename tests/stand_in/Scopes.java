//SOURCES App.java
//SOURCES Refusal.java
//SOURCES Tenants.java

package stand_in;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Scopes: a resource, a slash and a permission, or one of OpenID's words. The identity provider knows Microsoft Graph
 * and Exchange Online, and refuses what neither has.
 */
final class Scopes {
    static final Set<String> OPEN_ID = Set.of("openid", "profile", "email", "offline_access");

    private static final String GRAPH = "https://graph.microsoft.com";
    private static final Set<String> OUTLOOK = Set.of("https://outlook.office.com", "https://outlook.office365.com");
    private static final Set<String> OUTLOOK_PERMISSIONS = Set.of("IMAP.AccessAsUser.All", "POP.AccessAsUser.All",
        "SMTP.Send", "EWS.AccessAsUser.All", "Mail.Read", "Mail.ReadWrite", "Mail.Send", "User.Read", ".default");

    /** What a token is for if nothing else was asked; nobody needs to consent. */
    static final String LEAST = GRAPH + "/User.Read";

    private Scopes() { }

    static boolean isOutlook(String resource) {
        return OUTLOOK.contains(resource);
    }

    static List<String> split(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    /** The scopes that {@code app} asks for in {@code text}, a missing resource filled in. */
    static Set<String> parse(String text, App app) throws Refusal {
        var scopes = new LinkedHashSet<String>();
        for (var scope : split(text)) {
            scopes.add(OPEN_ID.contains(scope) ? scope : checked(scope, app));
        }
        return scopes;
    }

    private static String checked(String scope, App app) throws Refusal {
        var slash = scope.lastIndexOf('/');
        var resource = slash < 0 ? GRAPH : scope.substring(0, slash);
        var permission = scope.substring(slash + 1);
        if (permission.isEmpty() || !scope.matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]+")) {
            throw new Refusal("invalid_scope", 70011, "The provided request must include a 'scope' input parameter. "
                + "The provided value for the input parameter 'scope' is not valid. The scope " + scope
                + " is not valid.");
        }
        if (!resource.equals(GRAPH) && !resource.equals("https://ps.outlook.com") && !isOutlook(resource)) {
            throw new Refusal("invalid_resource", 500011, "The resource principal named " + resource + " was not "
                + "found in the tenant named " + Tenants.DOMAIN + ". This can happen if the application has not been "
                + "installed by the administrator of the tenant or consented to by any user in the tenant.");
        }
        if (isOutlook(resource) && !OUTLOOK_PERMISSIONS.contains(permission)) {
            throw new Refusal(400, "invalid_client", 650053, "The application '" + app.name() + "' asked for scope '"
                + permission + "' that doesn't exist on the resource '" + resource + "'. Contact the app vendor.", "");
        }
        return resource + "/" + permission;
    }

    /** {@code .default} means what the registration lists: here IMAP, POP and SMTP. */
    static Set<String> expand(Set<String> scopes) {
        var all = new LinkedHashSet<String>();
        for (var scope : scopes) {
            if (scope.endsWith("/.default")) {
                var resource = scope.substring(0, scope.lastIndexOf('/') + 1);
                all.addAll(List.of(resource + "IMAP.AccessAsUser.All", resource + "POP.AccessAsUser.All",
                    resource + "SMTP.Send"));
            } else {
                all.add(scope);
            }
        }
        return all;
    }

    /** The scopes of a test's {@code text}, Exchange Online's where no resource is named. */
    static Set<String> ofOutlook(String text) {
        return split(text).stream()
            .map(s -> s.contains("/") || OPEN_ID.contains(s) ? s : "https://outlook.office.com/" + s)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    static Set<String> withoutOpenId(Set<String> scopes) {
        return scopes.stream().filter(s -> !OPEN_ID.contains(s))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The resource of the first scope. */
    static String resource(Set<String> scopes) {
        var first = withoutOpenId(scopes).stream().findFirst().orElse(LEAST);
        return first.substring(0, first.lastIndexOf('/'));
    }

    static String permission(String scope) {
        return scope.substring(scope.lastIndexOf('/') + 1);
    }

    static Set<String> permissions(Set<String> scopes) {
        return withoutOpenId(scopes).stream().map(Scopes::permission)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
