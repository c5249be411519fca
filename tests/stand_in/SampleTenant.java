//SOURCES App.java
//SOURCES Directory.java
//SOURCES User.java

package stand_in;

import java.util.List;
import java.util.Set;

/** The applications and accounts that are there from the beginning. */
final class SampleTenant {
    static final String PUBLIC_APP = "9e5f94bc-e8a4-4e73-b8be-63364c29d753";
    static final String CONFIDENTIAL_APP = "1f6c31f2-7d04-4d5a-9b2c-0d1a6a1d6f10";
    static final String CONFIDENTIAL_SECRET = "Zq8~stand-in.SECRET_of+the/confidential=app";

    private static final List<App> APPS = List.of(
        App.publicClient(PUBLIC_APP, "Mozilla Thunderbird", "https://localhost", "http://localhost",
            "http://127.0.0.1"),
        new App(CONFIDENTIAL_APP, "Mail for uva.example", Set.of("https://localhost", "http://localhost"),
            CONFIDENTIAL_SECRET, null, Set.of("IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp"),
            Set.of("jan@uva.example", "shared@uva.example")));
    private static final List<User> USERS = List.of(
        new User("jan@uva.example", "jan's password", false, Set.of()),
        new User("second@uva.example", "second's password", false, Set.of()),
        new User("delegate@uva.example", "delegate's password", false, Set.of("shared@uva.example")),
        new User("personal@outlook.example", "personal password", true, Set.of()));

    private SampleTenant() { }

    static void addTo(Directory directory) {
        APPS.forEach(directory::add);
        USERS.forEach(directory::add);
    }
}
