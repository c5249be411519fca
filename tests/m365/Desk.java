//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//SOURCES ../support/Tool.java
//SOURCES ../stand_in/FakeMail.java

package m365;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import stand_in.FakeLogin;
import stand_in.FakeMail;
import support.Result;
import support.Tool;

import static m365.Desk.JAN;
import static m365.Desk.OUTLOOK;
import static m365.Desk.SCOPES;
import static m365.Desk.inbox;

/** Everything for one symptom: a folder of its own with a good token in it, and an identity provider of its own. */
final class Desk implements AutoCloseable {
    static final String JAN = "jan@uva.example";
    static final String SCOPES = "offline_access openid profile IMAP.AccessAsUser.All SMTP.Send POP.AccessAsUser.All";
    static final String OUTLOOK = "https://outlook.office.com/";

    final Path home;
    final FakeLogin login = Tool.login();
    final String before;
    private final List<AutoCloseable> servers = new ArrayList<>(List.of(login));
    private final Map<String, String> settings = new LinkedHashMap<>(Tool.settings(login));

    /** @param folder in which a home is made */
    Desk(Path folder) throws IOException {
        home = Files.createTempDirectory(folder, "desk");
        before = login.issueRefreshToken(JAN, FakeLogin.PUBLIC_APP, SCOPES);
        hold(before);
        with("M365_SCOPES",
            OUTLOOK + "IMAP.AccessAsUser.All " + OUTLOOK + "SMTP.Send " + OUTLOOK + "POP.AccessAsUser.All");
    }

    Path file() { return home.resolve("refresh_token"); }

    /** Puts a text where the refresh token belongs. */
    Desk hold(String token) throws IOException {
        Files.writeString(file(), token);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
        return this;
    }

    Desk with(String variable, Object value) {
        settings.put(variable, value.toString());
        return this;
    }

    /** To be closed at the end. */
    <T extends AutoCloseable> T keep(T server) {
        servers.add(server);
        return server;
    }

    /** An IMAP server at which nothing is wrong. */
    static FakeMail inbox() { return FakeMail.imap(Tool.ca()); }

    Desk imap(FakeMail server) { return mail("IMAP", keep(server.start()).port()); }

    Desk smtp(FakeMail server) { return imap(inbox()).mail("SMTP", keep(server.start()).port()); }

    Desk pop(FakeMail server) { return imap(inbox()).mail("POP", keep(server.start()).port()); }

    Desk mail(String protocol, int port) {
        return with("M365_" + protocol + "_HOST", "localhost").with("M365_" + protocol + "_PORT", port);
    }

    Tool get_token(String... arguments) { return Tool.get_token(arguments).in(home).with(settings); }

    Tool check_imap(String... arguments) { return Tool.check_imap(arguments).in(home).with(settings); }

    /** check_imap's whole report. */
    Result check(String... options) {
        return check_imap(Stream.concat(Stream.of("--json", JAN), Stream.of(options)).toArray(String[]::new)).runHere();
    }

    /** Signs in with a browser, which comes back. */
    Result signIn(String user) throws IOException {
        try (var program = get_token("--no-browser", "--timeout", "60", JAN).startHere()) {
            var browser = URI.create(login.signIn(program.address(), user)).toURL().openConnection();
            browser.getContentLength(); // the page is there when the decision is
            return program.ends();
        }
    }

    /** Signs in; the browser ends on an address that does not load, and it is pasted. */
    Result paste(String user, int seconds) {
        try (var program = get_token("--no-browser", "--timeout", String.valueOf(seconds), JAN).startHere()) {
            return program.types(login.signIn(program.address(), user) + "\n").ends();
        }
    }

    @Override public void close() {
        for (var server : servers) {
            try {
                server.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
