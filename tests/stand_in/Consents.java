//SOURCES App.java
//SOURCES Scopes.java
//SOURCES User.java

package stand_in;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What each user has let each application do. */
final class Consents {
    private final Map<String, Set<String>> given = new HashMap<>();

    Set<String> given(User user, App app) {
        return given.getOrDefault(key(user, app), Set.of());
    }

    void give(User user, App app, Set<String> scopes) {
        given.computeIfAbsent(key(user, app), k -> new LinkedHashSet<>()).addAll(Scopes.expand(scopes));
    }

    void revoke(String user) {
        given.keySet().removeIf(key -> key.startsWith(user.toLowerCase(Locale.ROOT) + " "));
    }

    private static String key(User user, App app) {
        return user.name().toLowerCase(Locale.ROOT) + " " + app.clientId();
    }
}
