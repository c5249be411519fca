//JAVA 17+
//SOURCES tool.java ../check_imap.java

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A real mail server, Debian's Dovecot, which asks the stand-in what a token is worth, checked by check_imap. */
@Order(4)
class dovecot_test {
    static final String JAN = "jan@uva.example";

    @TempDir Path folder;
    fake_login login;
    Dovecot dovecot;

    @BeforeEach void starts() throws Exception {
        assumeTrue(Dovecot.installed(), "needs dovecot; on Debian: apt install dovecot-imapd");
        login = tool.login();
        dovecot = new Dovecot(login);
        Files.createFile(folder.resolve("refresh_token"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(folder.resolve("refresh_token"),
            login.issueRefreshToken(JAN, fake_login.PUBLIC_APP, "IMAP.AccessAsUser.All SMTP.Send offline_access openid profile"));
    }

    @AfterEach void stops() throws Exception {
        if (dovecot != null) dovecot.close();
        if (login != null) login.close();
    }

    tool check_imap(String... arguments) {
        return tool.check_imap(arguments).in(folder).with(tool.settings(login)).with(Map.of("M365_CA_FILE", dovecot.trusted.toString(),
            "M365_IMAP_HOST", "localhost", "M365_IMAP_PORT", String.valueOf(dovecot.port)));
    }

    @Test void counts_folders_messages_and_unread() throws IOException {
        dovecot.delivers(JAN, "", "one", false);
        dovecot.delivers(JAN, "", "two", true);
        dovecot.delivers(JAN, "", "three", false);
        dovecot.delivers(JAN, ".Archive", "four", true);
        var result = check_imap(JAN).run().exits(0);
        var said = result.out() + result.err();
        assertTrue(said.matches("(?s).*\\b2 folders\\b.*\\b3 messages\\b.*\\b2 unread\\b.*"), () -> said + dovecot.log());
    }

    @Test void finds_an_empty_mailbox() throws IOException {
        var result = check_imap(JAN).run().exits(0);
        var said = result.out() + result.err();
        assertTrue(said.matches("(?s).*\\b1 folders?\\b.*\\b0 messages\\b.*\\b0 unread\\b.*"), () -> said + dovecot.log());
    }

    @Test void a_check_changes_nothing_in_the_mailbox() throws IOException {
        dovecot.delivers(JAN, "", "one", false);
        check_imap(JAN).run().exits(0);
        var result = check_imap(JAN).run().exits(0);
        assertTrue((result.out() + result.err()).contains("1 unread"), () -> result + dovecot.log());
    }

    @Test void works_again_after_the_access_token_has_expired() throws IOException {
        check_imap(JAN).run().exits(0);
        login.expireAccessTokens();
        check_imap(JAN).run().exits(0);
        assertEquals(2, login.requests("token").size());
        assertEquals(login.refreshToken(JAN), Files.readString(folder.resolve("refresh_token")));
    }

    @Test void a_token_of_somebody_else_is_turned_away_with_69() throws IOException {
        check_imap("second@uva.example").run().exits(69);
    }

    /** Dovecot with a configuration of its own, on loopback, without any privilege. */
    static final class Dovecot implements AutoCloseable {
        /** Debian's user without rights; Dovecot refuses to keep mail as root. */
        private static final String NOBODY = "65534";
        final int port;
        /** The authorities of the stand-in and of this server, in one file. */
        final Path trusted;
        private final Path folder;
        private final Process process;

        static boolean installed() { return Files.isExecutable(Path.of("/usr/sbin/dovecot")) && Files.isExecutable(Path.of("/usr/lib/dovecot/imap")); }

        Dovecot(fake_login login) throws Exception {
            folder = Files.createTempDirectory("dovecot");
            port = tool.freePort();
            certificate();
            trusted = Files.writeString(folder.resolve("trusted.pem"), Files.readString(tool.ca().pemFile()) + Files.readString(folder.resolve("certificate.pem")));
            boolean root = System.getProperty("user.name").equals("root");
            var user = root ? "nobody" : System.getProperty("user.name");
            var group = root ? "nogroup" : run("id", "-gn").strip();
            Files.writeString(folder.resolve("oauth2.conf"), """
                introspection_mode = post
                introspection_url = %s
                tls_ca_cert_file = %s/trusted.pem
                active_attribute = active
                active_value = true
                username_attribute = username
                """.formatted(login.introspectionUrl(), folder));
            Files.writeString(folder.resolve("dovecot.conf"), """
                base_dir = %1$s/run
                state_dir = %1$s/state
                log_path = %1$s/log
                auth_verbose = yes
                default_internal_user = %2$s
                default_internal_group = %3$s
                default_login_user = %2$s
                protocols = imap
                listen = 127.0.0.1
                ssl = required
                ssl_cert = <%1$s/certificate.pem
                ssl_key = <%1$s/key.pem
                auth_mechanisms = xoauth2 oauthbearer
                passdb {
                  driver = oauth2
                  mechanisms = xoauth2 oauthbearer
                  args = %1$s/oauth2.conf
                }
                userdb {
                  driver = static
                  args = uid=%2$s gid=%3$s home=%1$s/mail/%%u
                }
                mail_location = maildir:%1$s/mail/%%u
                first_valid_uid = 1
                service anvil {
                  chroot =
                }
                service imap-login {
                  chroot =
                  inet_listener imap {
                    port = 0
                  }
                  inet_listener imaps {
                    port = %4$d
                    ssl = yes
                  }
                }
                """.formatted(folder, user, group, port));
            Files.createDirectories(folder.resolve("mail"));
            var command = new ArrayList<>(List.of("/usr/sbin/dovecot", "-F", "-c", folder.resolve("dovecot.conf").toString()));
            if (root) {
                run("chown", "-R", NOBODY + ":" + NOBODY, folder.toString());
                command.addAll(0, List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
            }
            process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile()).start();
            for (int i = 0; !accepts(); Thread.sleep(50))
                if (i++ > 600 || !process.isAlive()) fail("Dovecot does not start: " + log());
        }

        private boolean accepts() {
            try (var socket = new Socket("127.0.0.1", port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        }

        /** A key for this server alone, in the form that OpenSSL reads. */
        private void certificate() throws Exception {
            var file = folder.resolve("keys.p12");
            run(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "dovecot", "-keyalg", "EC", "-groupname",
                "secp256r1", "-validity", "2", "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12",
                "-keystore", file.toString(), "-storepass", "throw-away", "-J-XX:TieredStopAtLevel=1");
            var keys = KeyStore.getInstance(file.toFile(), "throw-away".toCharArray());
            Files.delete(file);
            pem("certificate.pem", "CERTIFICATE", keys.getCertificate("dovecot").getEncoded());
            pem("key.pem", "PRIVATE KEY", keys.getKey("dovecot", "throw-away".toCharArray()).getEncoded());
        }

        private void pem(String name, String kind, byte[] content) throws IOException {
            Files.writeString(folder.resolve(name), "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind + "-----\n");
        }

        private static String run(String... command) throws Exception {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), UTF_8);
            return process.waitFor() == 0 ? said : fail(command[0] + " says " + said);
        }

        /** Puts a message into a user's mailbox, as a delivery agent would (https://cr.yp.to/proto/maildir.html). */
        void delivers(String user, String mailbox, String subject, boolean read) throws IOException {
            var maildir = folder.resolve("mail").resolve(user).resolve(mailbox);
            try {
                for (var part : List.of("tmp", "new", "cur")) Files.createDirectories(maildir.resolve(part));
                Files.writeString(maildir.resolve(read ? "cur" : "new").resolve(System.nanoTime() + "." + subject + ".test" + (read ? ":2,S" : "")),
                    "From: piet@uva.example\nTo: " + user + "\nSubject: " + subject + "\nMessage-ID: <" + subject + "@uva.example>\n\nHello.\n");
                if (System.getProperty("user.name").equals("root")) run("chown", "-R", NOBODY + ":" + NOBODY, folder.resolve("mail").toString());
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }

        String log() {
            return Stream.of("output", "log").map(folder::resolve).filter(Files::exists).map(file -> {
                try {
                    return "\n--- Dovecot: " + Files.readString(file);
                } catch (IOException e) {
                    return e.toString();
                }
            }).reduce("", String::concat);
        }

        @Override public void close() throws IOException {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) process.descendants().forEach(ProcessHandle::destroyForcibly);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                process.destroyForcibly();
            }
            try (var files = Files.walk(folder)) {
                files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }
}
