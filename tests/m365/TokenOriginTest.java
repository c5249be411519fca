//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../stand_in/FakeLogin.java
//SOURCES ../support/JanIsSignedIn.java
//SOURCES ../support/Result.java
//SOURCES ../support/Tool.java

package m365;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stand_in.FakeLogin;
import support.JanIsSignedIn;
import support.Result;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Signed in with settings that the next terminal has forgotten. */
@Execution(ExecutionMode.CONCURRENT)
class TokenOriginTest extends JanIsSignedIn {
    private static final String FORGOTTEN = "9e5f94bc-e8a4-4e73-b8be-63364c29d754";

    @BeforeEach void tokens() { accessToken(); }

    private Result ask(Map<String, String> others) { return get_token("--access-token").with(others).runHere(); }

    @Nested class With_another_client {
        private static final Map<String, String> OTHER = Map.of("M365_CLIENT_ID", FORGOTTEN);

        /** It was: "is not known in this tenant", and that an administrator must approve it. */
        @Test void the_refusal_says_which_setting_differs_and_sends_nobody_to_an_administrator() {
            ask(OTHER).exits(78).printsNothing().says("AADSTS700016", "the tokens here, of " + JAN + ", were made with "
                + "other settings: M365_CLIENT_ID is " + FORGOTTEN + " (environment), not " + FakeLogin.PUBLIC_APP
                + " as then", "hint: use them with those settings from now on: M365_CLIENT_ID="
                + FakeLogin.PUBLIC_APP, "sign in again with the settings as they are: ")
                .neverSays("dministrator").neverSays("What to do");
        }

        @Test void check_imap_says_the_same() {
            Tool.check_imap(JAN).in(folder).with(Tool.settings(login)).with(OTHER).runHere().exits(78)
                .tells("M365_CLIENT_ID is " + FORGOTTEN + " (environment), not " + FakeLogin.PUBLIC_APP);
        }

        @Test void the_status_does_not_call_the_access_token_valid_without_more_ado() {
            get_token("--status").with(OTHER).runHere().exits(0).tells("but made with other settings",
                "warning: the tokens here, of " + JAN, "not " + FakeLogin.PUBLIC_APP);
            get_token("--status").runHere().exits(0).says("");
        }
    }

    @Nested class With_another_authority_or_scope {
        private String organizations() { return login.authority().replaceFirst("[^/]*$", "organizations"); }

        @Test void the_status_says_so() {
            get_token("--status").with("M365_AUTHORITY", organizations()).runHere().exits(0)
                .tells("M365_AUTHORITY is " + organizations() + " (environment), not " + login.authority()
                    + " as then");
            get_token("--status").with("M365_SCOPES", "https://outlook.office.com/POP.AccessAsUser.All").runHere()
                .exits(0).tells("M365_SCOPES is https://outlook.office.com/POP.AccessAsUser.All (environment), not ",
                    "IMAP.AccessAsUser.All");
        }

        @Test void a_refusal_keeps_its_advice() {
            login.revokeSessions(JAN);
            ask(Map.of("M365_AUTHORITY", organizations())).says("M365_AUTHORITY is " + organizations(), "What to do");
        }

        @Test void what_Microsoft_takes_all_the_same_is_no_failure() {
            printed(ask(Map.of("M365_AUTHORITY", organizations())).says(""));
            assertEquals(2, requests());
        }
    }
}
