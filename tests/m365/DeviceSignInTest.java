//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES SigningIn.java
//SOURCES ../support/TestSettings.java

package m365;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import support.TestSettings;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Signing in with a code on another device (RFC 8628). */
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
class DeviceSignInTest extends SigningIn {

    @Nested class With_a_code_on_another_device {

        @Test void signs_in_while_the_provider_says_pending_and_slow_down() throws Exception {
            login.deviceInterval(1);
            login.failNext("token", 400, "slow_down", 0, "The client polls too often.");
            try (var running = get_token("--device", "--verbose", JAN).startHere()) {
                var code = running.says("type the code ([A-Z0-9]{9})");
                assertEquals(List.of(code), login.pendingUserCodes());
                running.says("visit (" + login.base() + "\\S+)");
                login.approve(code, JAN);
                signedInAs(JAN, running.ends());
            }
            assertTrue(login.requests("token").size() >= 2, "it asked again");
        }

        @Test void says_which_settings_this_terminal_will_forget_until_they_are_saved() throws Exception {
            login.deviceInterval(1);
            try (var running = get_token("--device").startHere()) {
                login.approve(running.says("type the code ([A-Z0-9]{9})"), JAN);
                running.ends().exits(0).says("Set in this terminal only, and forgotten with it: M365_AUTHORITY, "
                    + "M365_CA_FILE, M365_REDIRECT_URI, M365_TOKEN_FILE.", "--save-settings");
            }
            get_token("--save-settings").with("M365_TOKEN_FILE", tokenFile()).runHere().exits(0);
            try (var running = get_token("--device").startHere()) {
                login.approve(running.says("type the code ([A-Z0-9]{9})"), JAN);
                running.ends().exits(0).neverSays("forgotten");
            }
        }

        /** RFC 8628 section 3.5: what cannot be asked now is asked later. */
        @Test void a_provider_that_hiccups_is_asked_again() throws Exception {
            login.deviceInterval(1);
            login.failNext("token", 503, "temporarily_unavailable", 90033, "A transient error has occurred.");
            login.answerNext("token", 429, Map.of(), "");
            try (var running = get_token("--device", "--verbose").startHere()) {
                login.approve(running.says("type the code ([A-Z0-9]{9})"), JAN);
                signedInAs(JAN, running.ends());
            }
            assertEquals(3, login.requests("token").size());
        }

        @Test void an_outage_that_lasts_is_not_told_as_a_refusal() {
            login.deviceInterval(1);
            for (int i = 0; i < 9; i++)
                login.failNext("token", 503, "temporarily_unavailable", 90033, "A transient error has occurred.");
            get_token("--device", "--timeout", "4").runHere().exits(75).says("unavailable (HTTP 503)")
                .neverSays("AADSTS53003");
        }

        @Test void cancelling_is_two_lines() throws Exception {
            anOldToken();
            login.deviceInterval(1);
            try (var running = get_token("--device").startHere()) {
                login.decline(running.says("type the code ([A-Z0-9]{9})"));
                running.ends().exits(77).printsNothing()
                    .says("you cancelled the sign-in; nothing was changed\nhint: to sign in");
            }
            theOldTokenIsUntouched();
        }

        @Test void a_code_that_expires_is_told() throws Exception {
            anOldToken();
            login.deviceInterval(1);
            login.deviceSeconds(3);
            try (var running = get_token("--device").startHere()) {
                running.says("type the code");
                running.ends().exits(77).printsNothing();
            }
            theOldTokenIsUntouched();
        }

        @Test void the_wait_ends_at_the_timeout() throws Exception {
            anOldToken();
            login.deviceInterval(1);
            var result = get_token("--device", "--timeout", "3").runHere().printsNothing();
            result.exits(77).says("nobody signed in within 3 seconds", "--timeout").neverSays("expired");
            assertTrue(result.took().compareTo(Duration.ofSeconds(30)) < 0, "took " + result.took());
            theOldTokenIsUntouched();
        }

        /** RFC 8628 section 3.2; MSAL would ask two hundred times a second. */
        @ParameterizedTest @CsvSource(delimiter = '|', value = {"''|5", "'\"interval\":0,'|5", "'\"interval\":-1,'|5",
            "'\"interval\":null,'|5", "'\"interval\":7,'|7"})
        void a_provider_that_names_no_interval_is_asked_every_five_seconds(String interval, long seconds) {
            login.answerNext("devicecode", 200, Map.of("Content-Type", "application/json"),
                "{\"user_code\":\"ABCD12345\",\"device_code\":\"d\",\"verification_uri\":\"https://localhost/device\","
                + interval + "\"expires_in\":900,\"message\":\"m\"}");
            var provider = new IdentityProvider(TestSettings.settings("M365_AUTHORITY", login.authority(),
                "M365_CA_FILE", Tool.ca().pemFile().toString()), line -> { }, 0);
            var asked = assertThrows(Problem.class, () -> provider.redeemByDevice(code -> {
                throw new Problem(ExitStatus.BUG, code.interval() + " seconds", "");
            }, 60));
            assertEquals(seconds + " seconds", asked.getMessage());
        }
    }
}
