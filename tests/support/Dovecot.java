//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Tool.java
//SOURCES ../stand_in/FakeLogin.java

package support;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import stand_in.FakeLogin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;

/** Dovecot with a configuration of its own, on loopback, without any privilege. */
public final class Dovecot implements AutoCloseable {
    private static final boolean ROOT = System.getProperty("user.name").equals("root");
    /** Debian's user without rights; Dovecot refuses to keep mail as root. */
    private static final String NOBODY = "65534";
    public final int port;
    /** The authorities of the stand-in and of this server, in one file. */
    public final Path trusted;
    private final Path folder;
    private final Process process;

    public static boolean installed() {
        return Stream.of("/usr/sbin/dovecot", "/usr/lib/dovecot/imap").map(Path::of).allMatch(Files::isExecutable);
    }

    /** @param login is asked what a token is worth */
    public Dovecot(FakeLogin login) throws Exception {
        folder = Files.createTempDirectory("dovecot");
        port = Tool.freePort();
        for (var file : keys().entrySet()) Files.writeString(folder.resolve(file.getKey()), file.getValue());
        trusted = Files.writeString(folder.resolve("trusted.pem"),
            Files.readString(Tool.ca().pemFile()) + keys().get("certificate.pem"));
        configure(login);
        Files.createDirectories(folder.resolve("mail"));
        var configuration = folder.resolve("dovecot.conf").toString();
        var command = new ArrayList<>(List.of("/usr/sbin/dovecot", "-F", "-c", configuration));
        if (ROOT) {
            run("chown", "-R", NOBODY + ":" + NOBODY, folder.toString());
            command.addAll(0, List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile()).start();
        for (int i = 0; !accepts(); Thread.sleep(50))
            if (i++ > 600 || !process.isAlive()) fail("Dovecot does not start: " + log());
    }

    private void configure(FakeLogin login) throws Exception {
        var user = ROOT ? "nobody" : System.getProperty("user.name");
        var group = ROOT ? "nogroup" : run("id", "-gn").strip();
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
    }

    private boolean accepts() {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Map<String, String> keys;

    /** A key in the form that OpenSSL reads; one for all, for making it costs half a second. */
    private static synchronized Map<String, String> keys() throws Exception {
        if (keys != null) return keys;
        var file = Files.createTempDirectory("keys").resolve("keys.p12");
        run(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "dovecot",
            "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2", "-dname", "CN=localhost",
            "-ext", "san=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", file.toString(),
            "-storepass", "throw-away", "-J-XX:TieredStopAtLevel=1");
        var store = KeyStore.getInstance(file.toFile(), "throw-away".toCharArray());
        Files.delete(file);
        Files.delete(file.getParent());
        keys = Map.of("certificate.pem", pem("CERTIFICATE", store.getCertificate("dovecot").getEncoded()),
            "key.pem", pem("PRIVATE KEY", store.getKey("dovecot", "throw-away".toCharArray()).getEncoded()));
        return keys;
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind + "-----\n";
    }

    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return process.waitFor() == 0 ? said : fail(command[0] + " says " + said);
    }

    /** Puts a message into a user's mailbox, as a delivery agent would (https://cr.yp.to/proto/maildir.html). */
    public void delivers(String user, String mailbox, String subject, boolean read) throws IOException {
        var maildir = folder.resolve("mail").resolve(user).resolve(mailbox);
        try {
            for (var part : List.of("tmp", "new", "cur")) Files.createDirectories(maildir.resolve(part));
            var name = System.nanoTime() + "." + subject + ".test" + (read ? ":2,S" : "");
            Files.writeString(maildir.resolve(read ? "cur" : "new").resolve(name),
                "From: piet@uva.example\nTo: " + user + "\nSubject: " + subject + "\nMessage-ID: <" + subject
                    + "@uva.example>\n\nHello.\n");
            if (ROOT) run("chown", "-R", NOBODY + ":" + NOBODY, folder.resolve("mail").toString());
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** What went wrong there, for whom a test fails. */
    public String log() {
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
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
