//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES Tool.java

package support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import stand_in.FakeLogin;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** For tests that begin with Jan's refresh token in a file and nothing else, as the Python tool leaves it. */
public abstract class JanIsSignedIn {
    protected static final String JAN = "jan@uva.example";
    protected static final String SCOPES = "IMAP.AccessAsUser.All SMTP.Send offline_access openid profile";

    @TempDir protected Path folder;
    protected FakeLogin login;
    protected String refreshToken;

    @BeforeEach protected void aTokenFile() throws IOException {
        login = Tool.login();
        refreshToken = login.issueRefreshToken(JAN, FakeLogin.PUBLIC_APP, SCOPES);
        write("refresh_token", refreshToken + "\n");
    }

    @AfterEach protected void closes() { login.close(); }

    protected final void write(String name, String content) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
        var ownersAlone = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createFile(folder.resolve(name), ownersAlone);
        Files.writeString(folder.resolve(name), content);
    }

    protected final String read(String name) throws IOException { return Files.readString(folder.resolve(name)); }

    /** As in {@code rw-------}. */
    protected final String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
    }

    protected final void chmod(String name, String mode) throws IOException {
        Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString(mode));
    }

    protected final Tool get_token(String... arguments) {
        return Tool.get_token(arguments).in(folder).with(Tool.settings(login));
    }

    protected final String accessToken() { return printed(get_token("--access-token").runHere()); }

    /** Makes a cache, even one whose access token is over at once. */
    protected final void renew() { get_token("--access-token").runHere().exits(0); }

    /** The access token that a program printed, and nothing else. */
    protected final String printed(Result result) {
        var token = result.exits(0).out().strip();
        result.prints(token);
        assertTrue(login.access(token).isPresent(), "not a valid token: " + result.err());
        return token;
    }

    /** How many tokens the identity provider was asked for. */
    protected final int requests() { return login.requests("token").size(); }

    /** What lies in the two files. */
    protected final Map<String, String> files() throws IOException {
        var contents = new HashMap<String, String>();
        for (var name : List.of("refresh_token", "token_cache.json"))
            contents.put(name, Files.exists(folder.resolve(name)) ? read(name) : "none");
        return contents;
    }
}
