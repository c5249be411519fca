//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3

package m365;

import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Nothing that opens a mailbox is shown. */
class ScrubTest {
    static final String WORK_REFRESH_TOKEN = "1.AXkAqKp3bG9yZW0taXBzdW0tZG9sb3Itc2l0LWFtZXQ.AgABBAIAAAADAOz_BQD0_9x2aK";
    static final String PERSONAL_REFRESH_TOKEN = "M.C552_BAY.0.U.-CiL3vXu!7Tq*WmZ0aQ9sPdFgHjKlZxCvBnM$$";
    static final String PERSONAL_ACCESS_TOKEN = "EwBwA8l6BAAUO9chh8cJscQLmU+LSWpbnr0vmwwAAQ==";
    static final String JWT = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL291dGxvb2sifQ.c2lnbmF0dXJl-_x";
    static final String CLIENT_SECRET = "ApZ8Q~2mlBG7xyzXYZ012345abcdefABCDEF.-_q";
    /** The value that Microsoft's own documentation shows for XOAUTH2. */
    static final String XOAUTH2 =
            "dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNCQUFVRkZwVUFvN0ozVmUwYmpM"
            + "QldaV0NjbFJDM0VvQUEBAQ==";

    @Nested class Scrubbing {

        static Stream<Arguments> secrets() {
            return Stream.of(
                    Arguments.of("a JWT", JWT, "token " + JWT + " was refused"),
                    Arguments.of("a cut JWT", JWT.substring(0, 36), "token " + JWT.substring(0, 36)),
                    Arguments.of("a personal access token", PERSONAL_ACCESS_TOKEN, "got " + PERSONAL_ACCESS_TOKEN),
                    Arguments.of("a refresh token", WORK_REFRESH_TOKEN, WORK_REFRESH_TOKEN),
                    Arguments.of("an older refresh token", WORK_REFRESH_TOKEN.replaceFirst("1", "0"),
                        "<" + WORK_REFRESH_TOKEN.replaceFirst("1", "0") + ">"),
                    Arguments.of("a personal refresh token", PERSONAL_REFRESH_TOKEN,
                        "is " + PERSONAL_REFRESH_TOKEN + "\n"),
                    Arguments.of("a client secret", CLIENT_SECRET, "I used " + CLIENT_SECRET + " here"),
                    Arguments.of("a code in an address", "OAQABshort0code",
                        "http://localhost/?code=OAQABshort0code&state=x"),
                    Arguments.of("a code in an address in an address", "OAQABshort0code",
                        "?continue=http%3A%2F%2Flocalhost%2F%3Fcode%3DOAQABshort0code"),
                    Arguments.of("a form", "verySecret1",
                        "client_id=x&client_secret=verySecret1&grant_type=refresh_token"),
                    Arguments.of("a refresh token in a form", "opaque", "refresh_token=opaque&scope=x"),
                    Arguments.of("a setting of OfflineIMAP", "opaque", "oauth2_refresh_token = opaque\n"),
                    Arguments.of("a secret of OfflineIMAP", "hush", "oauth2_client_secret=hush\n"),
                    Arguments.of("JSON", "opaque value", "{\"access_token\" : \"opaque value\",\"expires_in\":3599}"),
                    Arguments.of("the secret in OfflineIMAP's error", "my' secret",
                        "HTTP Error 400: Bad Request (configuration is: {'client_id': 'x', "
                        + "'client_secret': \"my' secret\", 'refresh_token': 'opaque', "
                        + "'grant_type': 'refresh_token'})"),
                    Arguments.of("the token in OfflineIMAP's error", "opaque",
                        "(configuration is: {'client_secret': None, 'refresh_token': 'opaque'})"),
                    Arguments.of("a login in base64", XOAUTH2, "A1 AUTHENTICATE XOAUTH2 " + XOAUTH2),
                    Arguments.of("a login on a line of its own", XOAUTH2, "+\n" + XOAUTH2 + "\n"),
                    Arguments.of("an OAUTHBEARER login", "bixhPWphbkB1dmEubmwsAWF1dGg9QmVhcmVyIHg",
                        "S: bixhPWphbkB1dmEubmwsAWF1dGg9QmVhcmVyIHg="),
                    Arguments.of("a plain login", "AGphbgBnZWhlaW0=", "AUTH PLAIN AGphbgBnZWhlaW0="),
                    Arguments.of("a header", "abc.def-123", "Authorization: Bearer abc.def-123"),
                    Arguments.of("an unpacked login", "abc.def-123",
                        "user=jan@uva.nl\u0001auth=Bearer abc.def-123\u0001\u0001"),
                    Arguments.of("an IMAP password", "geheim", "A1 LOGIN jan@uva.nl \"geheim\""),
                    Arguments.of("a POP password", "geheim", "C: PASS geheim\r\n"),
                    Arguments.of("a device code", "FAQABopaque", "\"device_code\":\"FAQABopaque\""),
                    Arguments.of("any long blob", "Zm9vYmFy".repeat(12) + "9", "blob " + "Zm9vYmFy".repeat(12) + "9"));
        }

        @ParameterizedTest(name = "{0}") @MethodSource("secrets")
        void hides(String kind, String secret, String text) {
            var clean = Scrub.secrets(text);
            assertFalse(clean.contains(secret), clean);
            assertTrue(clean.contains("••••"), clean);
        }

        @ParameterizedTest @ValueSource(strings = {
            "AADSTS50011: The redirect URI 'https://localhost/' specified in the request does not match.",
            "Error Code: 53003 Request Id: 5b7c7a54-2b0f-4c55-9d0c-0e6a3b1c2d00 Correlation Id: "
                + "7c0a5e0e-0d6f-49e1-8b0b-52c40f9a1b11",
            "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client "
                + "secret value.",
            "-ERR Logon failure: unknown user name or bad password.",
            "IMAP command 'AUTHENTICATE XOAUTH2' returned an error: NO AUTHENTICATE failed.",
            "3 NO LOGIN failed. Account is blocked.",
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize"
                + "?client_id=9e5f94bc-e8a4-4e73-b8be-63364c29d753&response_type=code&scope=x",
            "https://login.microsoftonline.com/error?code=700082",
            "grant_type=refresh_token",
            "+ eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIn0=",
            "/home/jan/refresh_token: No space left on device",
            "refresh token: /home/jan/mail-2026/refresh_token",
            "Skipping account uva, password command exited with status 77",
        })
        void leaves_what_helps(String text) { assertEquals(text, Scrub.secrets(text)); }

        @ParameterizedTest @ValueSource(strings = {
            "my password is kx7vq", "Mein Passwort lautet kx7vq", "-Password kx7vq", "setPassword(\"kx7vq\")",
            "[\"prog\", \"--password\", \"kx7vq\"]", "{\"name\":\"IMAP_PASSWORD\",\"value\":\"kx7vq\"}",
            "<add key=\"Password\" value=\"kx7vq\"/>", "('password', 'kx7vq')", "ENV MAIL_PASSWORD kx7vq"})
        void hides_what_is_called_a_password(String text) {
            assertFalse(Scrub.secrets(text).contains("kx7vq"), Scrub.secrets(text));
        }

        @Test void keeps_the_rest_of_OfflineIMAPs_error() {
            assertEquals("(configuration is: {'client_id': 'x', 'client_secret': ••••, 'refresh_token': ••••, "
                + "'grant_type': 'refresh_token'})",
                    Scrub.secrets("(configuration is: {'client_id': 'x', 'client_secret': 's', 'refresh_token': 't', "
                        + "'grant_type': 'refresh_token'})"));
        }
    }
}
