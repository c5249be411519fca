//SOURCES ChildProcess.java
//SOURCES Json.java
//SOURCES LoopbackCertificate.java
//SOURCES PrivateFile.java
//SOURCES SettingNames.java
//SOURCES SettingsLine.java

package m365;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A renewal like every hour's, by which a JVM learns which classes it will need: this process answers as the identity
 * provider, on loopback, with tokens that open nothing. Leaves nothing behind, and needs no network.
 */
final class Rehearsal implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    /** Some thousand characters, as Microsoft's. */
    private static final String TOKEN = "rehearsal".repeat(200);

    private final Path folder = Files.createTempDirectory("m365-rehearsal-"); // mode 0700
    private final LoopbackCertificate certificate = LoopbackCertificate.make();
    private final HttpsServer provider;

    Rehearsal() throws IOException {
        provider = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        provider.createContext("/", Rehearsal::answer);
        provider.start();
    }

    /** @param getToken starts {@code get_token}, as an argument vector. @return whether it printed the token */
    boolean of(List<String> getToken) throws IOException, InterruptedException {
        write("refresh_token", TOKEN);
        write("ca.pem", pem());
        write("settings", String.join("\n", SettingsLine.written("M365_TOKEN_FILE", path("refresh_token")),
                SettingsLine.written("M365_CA_FILE", path("ca.pem")), SettingsLine.written("M365_AUTHORITY",
                        "https://localhost:" + provider.getAddress().getPort() + "/common")));
        var printed = folder.resolve("printed");
        var process = ChildProcess.of(getToken);
        process.environment().keySet().removeIf(name -> name.startsWith("M365_")
                || name.equalsIgnoreCase("https_proxy"));
        process.environment().put(SettingNames.FILE, path("settings"));
        var running = process.redirectErrorStream(true).redirectOutput(printed.toFile()).start();
        running.getOutputStream().close();
        if (!running.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) running.destroyForcibly().waitFor();
        return running.exitValue() == 0 && Files.readString(printed).contains(TOKEN);
    }

    private String path(String name) { return folder.resolve(name).toString(); }

    private void write(String name, String text) throws IOException {
        PrivateFile.writeAside(folder.resolve(name), text);
        PrivateFile.moveIntoPlace(folder.resolve(name));
    }

    private String pem() throws IOException {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(certificate.certificate().getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        var claims = base64(Json.write(Map.of("preferred_username", "jan@uva.nl", "name", "Jan", "tid", "tenant",
                "oid", "object", "sub", "subject", "ver", "2.0", "aud", "client", "iss", "https://localhost")));
        var body = Json.write(Map.of("token_type", "Bearer", "expires_in", 3600, "ext_expires_in", 3600,
                "scope", "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
                "access_token", TOKEN, "refresh_token", TOKEN + "2",
                "id_token", base64("{\"alg\":\"none\"}") + "." + claims + ".",
                "client_info", base64("{\"uid\":\"object\",\"utid\":\"tenant\"}"))).getBytes(UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    @Override public void close() throws IOException {
        provider.stop(0);
        try (var all = Files.list(folder)) {
            for (var file : all.toList()) Files.delete(file);
        }
        Files.delete(folder);
    }
}
