//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/Tool.java
//SOURCES ../../m365/TokenCache.java

package m365;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import stand_in.FakeLogin;
import stand_in.ThrowawayCa;
import support.Result;
import support.Running;
import support.Tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What tests of signing in share: a folder, a provider, and themselves in the place of person and browser. */
abstract class SigningIn {
    static final String JAN = "jan@uva.example";
    static final String OLD_TOKEN = "1.AXYAka3GpsNkL0uaUi9tHm0LEbyUX56k6HNOuL5jNkwp11MBAAB2AA.an-old-refresh-token";

    @TempDir Path folder;
    FakeLogin login;

    @BeforeEach void theProvider() { login = Tool.login(); }

    @AfterEach void closes() { login.close(); }

    Tool get_token(String... arguments) { return Tool.get_token(arguments).in(folder).with(Tool.settings(login)); }

    Path tokenFile() { return folder.resolve("refresh_token"); }

    void anOldToken() throws IOException {
        Files.createFile(tokenFile(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(tokenFile(), OLD_TOKEN);
    }

    void theOldTokenIsUntouched() throws IOException {
        assertArrayEquals(OLD_TOKEN.getBytes(UTF_8), Files.readAllBytes(tokenFile()));
        assertFalse(Files.exists(folder.resolve("token_cache.json")));
        nothingIsLeftAside();
    }

    void nothingIsLeftAside() throws IOException {
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.filter(file -> file.toString().endsWith("_new")).toList());
        }
    }

    void signedInAs(String user, Result result) throws IOException {
        result.exits(0).printsNothing().says("Signed in as " + user + ".", tokenFile().toString(), "check_imap");
        assertEquals(login.refreshToken(user), Files.readString(tokenFile()));
        assertTrue(login.access(cachedAccessToken()).isPresent(), "the cached access token is good");
        for (var name : List.of("refresh_token", "token_cache.json"))
            assertEquals("rw-------", PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)));
        nothingIsLeftAside();
    }

    String cachedAccessToken() throws IOException {
        var cache = TokenCache.read(Files.readString(folder.resolve("token_cache.json")));
        return cache.orElseThrow().accessToken().reveal();
    }

    /** Waits until the program reads what is pasted. @return the address to sign in at */
    static String ready(Running program) {
        program.says("paste it here and press Enter:");
        return program.address();
    }

    static HttpResponse<String> visit(String address) { return visit(address, null); }

    /** Opens an address as a browser would. @param fingerprint of the one certificate to trust, or null for http */
    static HttpResponse<String> visit(String address, String fingerprint) {
        return send(HttpRequest.newBuilder(URI.create(address)).GET(), fingerprint);
    }

    static HttpResponse<String> send(HttpRequest.Builder request, String fingerprint) {
        var client = HttpClient.newBuilder();
        if (fingerprint != null) client.sslContext(ThrowawayCa.trustingOnly(fingerprint));
        try {
            return client.build().send(request.timeout(Duration.ofSeconds(60)).build(),
                HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String fingerprint(Running program) {
        return program.says("fingerprint\\s+((?:[0-9A-F]{2}:){31}[0-9A-F]{2})");
    }
}
