//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../../m365/ExitStatus.java
//SOURCES ../../m365/Problem.java
//SOURCES ../../m365/Secret.java
//SOURCES ../../m365/TokenStores.java
//SOURCES ../support/TestSettings.java

package m365;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static support.TestSettings.settings;

/** Where whose tokens lie, by the settings. No network. */
class TokenStoresTest {
    static final String TOKEN = "1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA";

    @TempDir Path folder;

    @Nested class With_one_file_per_user {

        @Test void the_name_takes_the_place_of_the_braces() {
            var theirs = TokenStores.of(settings("M365_TOKEN_FILE", folder.resolve("{user}.token").toString()),
                "jan@uva.nl");
            assertEquals(folder.resolve("jan@uva.nl.token"), theirs.file());
            assertEquals(Optional.of(folder.resolve("jan@uva.nl.token.token_cache.json")), theirs.cacheFile);
        }

        /** .new is a domain like others. */
        @ParameterizedTest @ValueSource(strings = {"{user}", "{user}.token", "{user}.lock", "x{user}.new"})
        void no_working_file_of_one_is_the_token_of_another(String pattern) throws IOException {
            var settings = settings("M365_TOKEN_FILE", folder.resolve(pattern).toString());
            var others = Stream.of("jan@uva.nl.new", "jan@uva.nl.lock", "jan@uva.nl.token", "jan@uva.nl.json")
                .map(name -> TokenStores.of(settings, name)).toList();
            for (var other : others) other.save(new Secret(TOKEN + other.file()), "{}");
            var jans = TokenStores.of(settings, "jan@uva.nl");
            jans.<Void>locked(() -> {
                jans.save(new Secret(TOKEN), "{}");
                return null;
            });
            assertTrue(jans.delete());
            for (var other : others) assertEquals(TOKEN + other.file(), other.load().reveal());
        }

        @Test void a_name_must_be_given() {
            var problem = assertThrows(Problem.class,
                () -> TokenStores.of(settings("M365_TOKEN_FILE", "{user}.token"), null));
            assertEquals(ExitStatus.USAGE, problem.status());
        }
    }

    @Nested class With_a_secret_store {

        TokenStore store(String command, String... more) {
            var names = Stream.concat(Stream.of("M365_TOKEN_READ_COMMAND", command, "M365_TOKEN_WRITE_COMMAND", "x",
                "HOME", folder.toString()), Stream.of(more)).toArray(String[]::new);
            return TokenStores.of(settings(names), null);
        }

        @Test void one_secret_has_one_lock_whatever_else_the_environment_says() {
            var lock = store("pass show m365").lockFile;
            assertEquals(lock, store("pass  show 'm365'", "XDG_RUNTIME_DIR", folder.toString()).lockFile);
            assertEquals(lock, store("pass show m365", "M365_TOKEN_FILE", "/elsewhere/token").lockFile);
            assertEquals(lock, store("pass show m365", "M365_CLIENT_ID", "00000000-0000-0000-0000-000000000001",
                "M365_AUTHORITY", "https://localhost/organizations").lockFile);
            assertNotEquals(lock, store("pass show 'm365 of mine'").lockFile);
            assertTrue(lock.startsWith(folder), lock.toString());
        }
    }
}
