//SOURCES Text.java

package m365;

import java.util.Set;

/** Compares permissions. On the way to a cached token: no regular expressions, lambdas or streams here. */
final class Scopes {

    /**
     * Whether {@code asked} is among the granted ones. Microsoft may spell the host in another way than we asked; the
     * permission's name is what counts.
     */
    static boolean covers(Set<String> granted, String asked) {
        var permission = permission(asked);
        for (var scope : granted) if (Text.sameName(permission(scope), permission)) return true;
        return false;
    }

    /** Whether one of {@code asked} at least is among the granted ones. */
    static boolean coversAny(Set<String> granted, Set<String> asked) {
        for (var scope : asked) if (covers(granted, scope)) return true;
        return false;
    }

    private static String permission(String scope) { return scope.substring(scope.lastIndexOf('/') + 1); }

    private Scopes() { }
}
