//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES AgainstFakeLogin.java
//SOURCES Answers.java

package stand_in;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stand_in.Answers.form;

import org.junit.jupiter.api.Test;

/** What a mail server learns about a token. */
class IntrospectionTest extends AgainstFakeLogin {
    @Test void a_mail_server_can_ask_what_a_token_is_worth() throws Exception {
        var token = accessToken(JAN, "IMAP.AccessAsUser.All");
        var answer = post("/introspect", form("token", token)).body();
        assertTrue(answer.startsWith("{\"active\":true,\"username\":\"jan@uva.example\",\"scope\":\"" + IMAP + "\""),
            answer);
        login.expireAccessTokens();
        assertEquals("{\"active\":false}", post("/introspect", form("token", token)).body());
    }
}
