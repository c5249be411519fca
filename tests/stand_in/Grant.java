//SOURCES App.java
//SOURCES User.java

package stand_in;

import java.time.Instant;
import java.util.Set;

/** A user's permission to an application, as a code or a refresh token carries it. */
record Grant(User user, App app, Set<String> scopes, Instant issued) {
    boolean has(String scope) {
        return scopes.contains(scope);
    }

    /** The same permission, given anew. */
    Grant renewed(Instant now) {
        return new Grant(user, app, scopes, now);
    }
}
