//SOURCES Request.java

package stand_in;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Every secret the identity provider handed out or saw, so that tests can search what programs say for them. */
final class Secrets {
    private final Set<String> all = Collections.synchronizedSet(new LinkedHashSet<>());

    /** Remembers a secret. @return it */
    String add(String secret) {
        all.add(secret);
        return secret;
    }

    /** Remembers the secrets a client sent. */
    void addFrom(Request request) {
        for (var name : List.of("code_verifier", "client_secret", "client_assertion", "passwd")) {
            // Not "None" and the like, which would be found in every text.
            if (request.parameter(name).length() >= 8) {
                all.add(request.parameter(name));
            }
        }
    }

    Set<String> all() {
        synchronized (all) {
            return Set.copyOf(all);
        }
    }
}
