//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/CheckingImap.java

package m365;

import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stand_in.FakeMail;
import support.CheckingImap;
import support.Result;
import support.Tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Mail servers that repeat the token, which here looks like nothing: neither the report nor --verbose shows it. */
class EchoingServersTest extends CheckingImap {
    private static final String TOKEN = "a.token.that.looks.like.words.and.goes.on.for.a.while.without.a.digit";
    private static final String LINE = base64("user=" + JAN + "\1auth=Bearer " + TOKEN + "\1\1");

    private static String base64(String text) { return Base64.getEncoder().encodeToString(text.getBytes(UTF_8)); }

    private Result checked(FakeMail server, String... arguments) throws IOException {
        hold(JAN, ALL_SCOPES);
        grantNext(TOKEN, ALL_SCOPES);
        try (var imap = arguments.length == 2 ? server.start() : FakeMail.imap(Tool.ca()).start()) {
            var program = toward(imap, check_imap(arguments));
            if (arguments.length == 2) return hides(program);
            try (var other = server.start()) {
                return hides(program.with("M365_SMTP_PORT", other.port()).with("M365_POP_PORT", other.port()));
            }
        }
    }

    private static Result hides(Tool program) {
        var result = program.runHere();
        for (var said : new String[] {result.out(), result.err()})
            for (var secret : new String[] {TOKEN, LINE})
                for (int i = 0; i + 20 <= secret.length(); i++)
                    assertFalse(said.contains(secret.substring(i, i + 20)), said);
        return result;
    }

    @ParameterizedTest @ValueSource(strings = {"--verbose", "--json"})
    void IMAP_repeats_the_line(String option) throws IOException {
        for (var echo : new String[] {TOKEN, LINE, LINE.substring(0, 60), LINE.substring(30)}) {
            var result = checked(FakeMail.imap(Tool.ca()).onXoauth2("* BAD " + echo, "NO cannot take " + echo + " !"),
                option, JAN).exits(69);
            assertTrue((result.out() + result.err()).contains("••••"), result.out() + result.err());
        }
    }

    @Test void IMAP_repeats_it_after_the_login() throws IOException {
        checked(FakeMail.imap(Tool.ca()).on("LIST *", "* OK " + TOKEN, "BAD go away, " + LINE), "--verbose", JAN)
            .exits(69);
    }

    @Test void IMAP_puts_it_into_a_challenge() throws IOException {
        var challenge = base64("{\"status\":\"400\",\"seen\":\"" + TOKEN + "\"}");
        checked(FakeMail.imap(Tool.ca()).onXoauth2("+ " + challenge, "NO AUTHENTICATE failed."), "--verbose", JAN)
            .exits(69);
    }

    @Test void SMTP_repeats_the_line() throws IOException {
        checked(FakeMail.smtp(Tool.ca()).onXoauth2("535 5.7.3 no: " + LINE + " / " + TOKEN), "--smtp", "--verbose", JAN)
            .exits(69);
        checked(FakeMail.smtp(Tool.ca()).on("MAIL *", "550 5.7.60 " + TOKEN), "--smtp", "--verbose", JAN).exits(69);
    }

    @Test void POP_repeats_the_line() throws IOException {
        checked(FakeMail.pop(Tool.ca()).onXoauth2("-ERR no: " + LINE + " / " + TOKEN), "--pop", "--verbose", JAN)
            .exits(69);
    }
}
