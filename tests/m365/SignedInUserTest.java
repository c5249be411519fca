//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../stand_in/FakeLogin.java
//SOURCES ../support/JanIsSignedIn.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stand_in.FakeLogin;
import stand_in.User;
import support.JanIsSignedIn;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A name on the command line, and whose token lies here. */
@Execution(ExecutionMode.CONCURRENT)
class SignedInUserTest extends JanIsSignedIn {

    @Nested class When_somebody_else_is_named {

        @ParameterizedTest @ValueSource(strings = {"--access-token", "--refresh-token", "--status", "--sign-out"})
        void whose_token_lies_here_is_told_and_nothing_is_printed_or_deleted(String what) throws IOException {
            accessToken();
            var before = files();
            get_token(what, "second@uva.example").runHere().exits(77).printsNothing()
                .says(JAN + " is signed in here, not second@uva.example", "{user}");
            assertEquals(before, files());
            get_token(what, JAN.toUpperCase(Locale.ROOT)).runHere().exits(0);
        }

        /** The name has chosen the place, and signing in has compared it with all the account's names. */
        @Test void where_each_has_a_place_an_alias_will_do() throws IOException {
            for (var name : List.of("jan@uva.example", "alias@uva.example")) {
                write(name + ".token", login.issueRefreshToken(JAN, FakeLogin.PUBLIC_APP, SCOPES));
                for (var what : List.of("--access-token", "--status", "--access-token", "--sign-out"))
                    get_token(what, name).with("M365_TOKEN_FILE", folder.resolve("{user}.token")).runHere().exits(0);
            }
        }

        @Test void what_a_renewal_makes_known_counts_too() throws IOException {
            get_token("--access-token", "second@uva.example").runHere().exits(77).printsNothing()
                .says(JAN + " is signed in here");
            assertEquals(login.refreshToken(JAN), read("refresh_token"), "the renewed token is stored all the same");
        }

        @Test void for_the_refresh_token_too_it_is_made_known_by_a_renewal() throws IOException {
            get_token("--refresh-token", "second@uva.example").runHere().exits(77).printsNothing()
                .says(JAN + " is signed in here, not second@uva.example");
            assertEquals(1, requests());
            Files.delete(folder.resolve("token_cache.json"));
            get_token("--refresh-token", JAN).runHere().exits(0).prints(login.refreshToken(JAN));
            assertEquals(2, requests());
            get_token("--refresh-token", JAN).runHere().exits(0).prints(login.refreshToken(JAN));
            assertEquals(2, requests());
        }

        @Test void a_token_whose_account_nobody_names_is_given_to_nobody_by_name() {
            for (var what : List.of("--access-token", "--refresh-token")) {
                login.answerNext("token", 200, Map.of("Content-Type", "application/json"),
                    "{\"token_type\":\"Bearer\",\"scope\":\"https://outlook.office.com/IMAP.AccessAsUser.All\","
                    + "\"expires_in\":3600,\"access_token\":\"" + "a".repeat(900) + "\"}");
                get_token(what, JAN).runHere().exits(77).printsNothing().says("not known");
            }
        }

        /** Java's equalsIgnoreCase takes a dotless i for an i, and the Kelvin sign for a k. */
        @ParameterizedTest @ValueSource(strings = {"m\u0131ke@uva.example", "mi\u212ae@uva.example"})
        void a_name_that_only_looks_alike_is_somebody_else_s(String account) throws IOException {
            login.add(new User(account, "their own password", false, Set.of()));
            write("refresh_token", login.issueRefreshToken(account, FakeLogin.PUBLIC_APP, SCOPES));
            for (int call = 0; call < 2; call++)
                for (var what : List.of("--access-token", "--refresh-token"))
                    get_token(what, "mike@uva.example").runHere().exits(77).printsNothing();
        }

        /** There i is the small letter of another one. */
        @Test void in_Turkey_too_a_capital_I_is_an_i() throws IOException {
            login.add(new User("mike@uva.example", "their own password", false, Set.of()));
            write("refresh_token", login.issueRefreshToken("mike@uva.example", FakeLogin.PUBLIC_APP, SCOPES));
            for (var what : List.of("--access-token", "--refresh-token", "--access-token"))
                get_token(what, "MIKE@UVA.EXAMPLE").java("-Duser.language=tr", "-Duser.country=TR").run().exits(0);
            assertEquals(1, requests());
        }

        @Test void a_cache_of_another_token_says_nothing_about_it() throws IOException {
            accessToken();
            write("refresh_token", login.issueRefreshToken("second@uva.example", FakeLogin.PUBLIC_APP, SCOPES));
            get_token("--access-token", "second@uva.example").runHere().exits(0);
        }
    }
}
