//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/JanIsSignedIn.java

package m365;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import support.JanIsSignedIn;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The identity provider refuses, and each refusal says whose turn it is. */
@Execution(ExecutionMode.CONCURRENT)
class RefusalTest extends JanIsSignedIn {

    @Nested class When_the_provider_refuses {

        @ParameterizedTest(name = "{1} {3} AADSTS{2} → {4}", quoteTextArguments = false) @CsvSource({
            "400, invalid_grant,           700082, bad_token,               77",
            "400, invalid_grant,           50173,  bad_token,               77",
            "400, invalid_grant,           70000,  '',                      77",
            "400, invalid_grant,           65001,  consent_required,        77",
            "400, invalid_grant,           50076,  basic_action,            77",
            "400, invalid_grant,           53003,  message_only,            77",
            "400, invalid_grant,           50057,  user_password_expired,   77",
            "400, interaction_required,    50079,  basic_action,            77",
            "400, login_required,          50058,  '',                      77",
            "400, something_new,           999999, '',                      77",
            "401, invalid_client,          7000222,'',                      78",
            "401, invalid_client,          7000215,'',                      78",
            "400, unauthorized_client,     700016, '',                      78",
            "400, invalid_scope,           70011,  '',                      78",
            "400, invalid_resource,        500011, '',                      78",
            "400, invalid_request,         90002,  '',                      78",
            "400, temporarily_unavailable, 90033,  '',                      75"})
        void the_tokens_stay_and_the_status_says_whose_turn_it_is(int http, String error, int aadsts, String suberror,
            int status) throws IOException {
            login.accessTokenSeconds(0);
            renew();
            var before = files();
            login.failNext("token", http, error, aadsts, "Refused for a test.", suberror);
            get_token("--access-token", "--verbose").runHere().exits(status).printsNothing()
                .says(error, suberror, "AADSTS" + aadsts).saysWhatToDo();
            assertEquals(before, files());
            assertEquals(2, requests(), "a refusal is not asked for twice");
        }

        /** Each is looked for in all of failures/: 20,000 took 17 seconds, with the lock held. */
        @Test void of_many_codes_the_first_few_count_and_what_is_none_is_left_out() {
            var codes = IntStream.range(0, 20_000).mapToObj(n -> (Object) (600_000 + n)).collect(Collectors.toList());
            codes.add(0, "get_token: fine\n");
            codes.add(1, 700082);
            var problem = Refusal.of(400, Map.of("error", "invalid_grant", "error_codes", codes)).problem("token");
            var seen = problem.signal().orElseThrow();
            assertEquals("AADSTS700082", seen.code());
            assertEquals(9, seen.codes().size());
        }

        @Test void one_command_to_type_is_told() {
            login.revokeSessions(JAN);
            get_token("--access-token").runHere().exits(77).printsNothing().says("AADSTS50173", "hint: sign in: ");
        }

        @ParameterizedTest
        @CsvSource({"invalid_grant, 53003, message_only, 77", "invalid_grant, 50057, '', 77",
            "invalid_grant, 50196, '', 75"})
        void signing_in_again_is_not_advised_where_it_cannot_help(String error, int aadsts, String suberror,
            int status) {
            login.failNext("token", 400, error, aadsts, "Refused for a test.", suberror);
            get_token("--access-token").runHere().exits(status).neverSays("hint: sign in");
        }
    }
}
