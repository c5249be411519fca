//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES support/CheckingImap.java

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stand_in.App;
import stand_in.FakeLogin;
import stand_in.FakeMail;
import support.CheckingImap;
import support.Tool;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** {@code check_imap --app-only}. */
@Order(4)
@Execution(ExecutionMode.CONCURRENT)
class CheckImapAppOnlyTest extends CheckingImap {

    @Nested class As_the_app_itself {
        static final String TENANT = FakeLogin.TENANT;

        static final String MAY_OPEN = "`Add-MailboxPermission -Identity second@uva.example"
            + " -User OBJECT-ID-OF-THE-ENTERPRISE-APP -AccessRights FullAccess`";

        Tool check_app(String... arguments) {
            return check_imap(Stream.concat(Stream.of("--app-only"), Stream.of(arguments)).toArray(String[]::new))
                .with("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP)
                .with("M365_AUTHORITY", cloud.login().base() + "/" + TENANT);
        }

        Tool with_secret(String... arguments) {
            return check_app(arguments).with("M365_CLIENT_SECRET", FakeLogin.CONFIDENTIAL_SECRET);
        }

        @Test void a_secret_opens_the_mailboxes_without_anybodys_token() throws IOException {
            var result = with_secret(JAN).runHere().exits(0);
            assertEquals(List.of("settings", "app token", "access token", "IMAP name", "IMAP connection", "IMAP TLS",
                "IMAP greeting", "IMAP login", "IMAP mailbox"), names(result));
            result.tells("confidential client", "the app itself is signed in to " + TENANT,
                "of the app for IMAP.AccessAsApp POP.AccessAsApp SMTP.SendAsApp", "3 messages, 2 unread");
            try (var files = Files.list(home)) {
                assertEquals(List.of(), files.toList(), "nothing is stored");
            }
            with_secret(JAN, SHARED).runHere().exits(0).tells("2 of 2 fine");
        }

        @Test void a_certificate_does_as_well() throws IOException, GeneralSecurityException {
            var certificate = keytool(home.resolve("app.p12"), "RSA");
            var app = "2b8d6a44-35a4-4b7c-93a1-0f2f1c1d9e77";
            cloud.login().add(new App(app, "App with a certificate", Set.of("http://localhost"), null, certificate,
                Set.of("IMAP.AccessAsApp"), Set.of(JAN)));
            var program = check_app(JAN).with("M365_CLIENT_ID", app)
                .with("M365_CLIENT_CERTIFICATE", home.resolve("app.p12"));
            program.with("M365_CLIENT_CERTIFICATE_PASSWORD", "changeit-please").runHere().exits(0);
            check_app(JAN).with("M365_CLIENT_ID", app).with("M365_CLIENT_CERTIFICATE", home.resolve("app.p12"))
                .with("M365_CLIENT_CERTIFICATE_PASSWORD", "wrong-password")
                .runHere().exits(78).tells("M365_CLIENT_CERTIFICATE " + home.resolve("app.p12") + " cannot be used",
                    "M365_CLIENT_CERTIFICATE_PASSWORD").neverSays("wrong-password");
        }

        @Test void a_certificate_that_MSAL_cannot_sign_with_is_told() throws IOException, GeneralSecurityException {
            keytool(home.resolve("ec.p12"), "EC");
            Files.writeString(home.resolve("text.p12"), "no certificate");
            for (var wrong : List.of("ec.p12", "text.p12"))
                check_app(JAN).with("M365_CLIENT_CERTIFICATE", home.resolve(wrong))
                    .with("M365_CLIENT_CERTIFICATE_PASSWORD", "changeit-please").runHere().exits(78)
                    .tells(wrong + " cannot be used: ",
                        wrong.equals("ec.p12") ? "not an RSA key" : "it is no PKCS#12 file");
        }

        private static X509Certificate keytool(Path pkcs12, String algorithm)
                throws IOException, GeneralSecurityException {
            var program = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
            var keytool = new ProcessBuilder(program, "-genkeypair", "-alias", "app", "-keyalg", algorithm,
                "-dname", "CN=app", "-keystore", pkcs12.toString(), "-storetype", "PKCS12",
                "-storepass", "changeit-please", "-J-XX:TieredStopAtLevel=1").redirectErrorStream(true).start();
            keytool.getInputStream().readAllBytes();
            var store = KeyStore.getInstance("PKCS12");
            try (var in = Files.newInputStream(pkcs12)) {
                store.load(in, "changeit-please".toCharArray());
            }
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(store.getCertificate("app").getEncoded()));
        }

        @Test void it_takes_a_tenant_and_a_credential() {
            with_secret(JAN).with("M365_AUTHORITY", cloud.login().authority()).runHere().exits(78)
                .tells("only to one tenant, not to common", "set M365_AUTHORITY=https://localhost");
            check_app(JAN).runHere().exits(78)
                .tells("only with a credential", "M365_CLIENT_SECRET or M365_CLIENT_CERTIFICATE");
            check_app(JAN).with("M365_CLIENT_SECRET", "the-wrong-secret").runHere().exits(78)
                .tells("AADSTS7000215", "The Secret ID was copied instead of its Value").neverSays("the-wrong-secret");
        }

        @Test void a_missing_application_permission_is_named() {
            var app = "5d0f4c6e-3f0b-4f0c-8d25-6f0f7f6a1c02";
            cloud.login().add(new App(app, "App without roles", Set.of("http://localhost"), "a-secret-of-its-own",
                null, Set.of(), Set.of(JAN)));
            check_app("--json", JAN).with("M365_CLIENT_ID", app).with("M365_CLIENT_SECRET", "a-secret-of-its-own")
                .runHere().exits(78).tells("the access token lacks IMAP.AccessAsApp", "app-only-role-missing");
        }

        @Test void a_missing_service_principal_is_named() {
            with_secret("second@uva.example").runHere().exits(69)
                .tells("the server does not know the app " + FakeLogin.CONFIDENTIAL_APP,
                    "`New-ServicePrincipal -AppId " + FakeLogin.CONFIDENTIAL_APP
                        + " -ObjectId OBJECT-ID-OF-THE-ENTERPRISE-APP`",
                    MAY_OPEN, "Send this to your administrator:");
        }

        @Test void a_missing_mailbox_permission_is_named() {
            cloud.letsStrangersIn(true);
            with_secret("second@uva.example").runHere().exits(69)
                .tells("the app may log in, but not open the mailbox second@uva.example", MAY_OPEN)
                .neverSays("New-ServicePrincipal");
        }

        @Test void a_missing_right_to_send_is_named() throws IOException {
            try (var smtp = FakeMail.smtpRefused(Tool.ca()).start()) {
                with_secret("--smtp", JAN).with("M365_SMTP_PORT", smtp.port()).runHere().exits(69)
                    .tells("`Add-RecipientPermission -Identity " + JAN
                        + " -Trustee OBJECT-ID-OF-THE-ENTERPRISE-APP -AccessRights SendAs`");
            }
        }
    }
}
