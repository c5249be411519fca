//SOURCES App.java
//SOURCES Secrets.java
//SOURCES User.java

package stand_in;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The registered applications and the accounts. */
final class Directory {
    private final Secrets secrets;
    private final Map<String, App> apps = new ConcurrentHashMap<>();
    private final Map<String, User> users = new ConcurrentHashMap<>();

    Directory(Secrets secrets) {
        this.secrets = secrets;
    }

    /** Registers an application, or replaces the one with the same client id. */
    void add(App app) {
        apps.put(app.clientId(), app);
        if (app.secret() != null) {
            secrets.add(app.secret());
        }
    }

    /** Adds an account, or replaces the one of the same name. */
    void add(User user) {
        users.put(user.name().toLowerCase(Locale.ROOT), user);
        secrets.add(user.password());
    }

    Collection<User> users() {
        return List.copyOf(users.values());
    }

    Optional<App> app(String clientId) {
        return Optional.ofNullable(apps.get(clientId));
    }

    /** The application that a test speaks of. */
    App knownApp(String clientId) {
        return app(clientId).orElseThrow(() -> new IllegalArgumentException("no such application: " + clientId));
    }

    /** The account with this sign-in name, as somebody types it. */
    Optional<User> user(String name) {
        return Optional.ofNullable(users.get(name.strip().toLowerCase(Locale.ROOT)));
    }

    /** The account that a test speaks of. */
    User knownUser(String name) {
        return user(name).orElseThrow(() -> new IllegalArgumentException("no such user: " + name));
    }
}
