//JAVAC_OPTIONS -encoding UTF-8 -J-XX:TieredStopAtLevel=1
//JAVA 17+
//SOURCES FakeLogin.java
//SOURCES StandIn.java

package stand_in;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The stand-in for shell scripts, which tell it on stdin what to do; see {@link #main} and {@link #obey}. */
public final class ControlLine {
    private final StandIn cloud;
    private final FakeLogin login;

    ControlLine(StandIn cloud) {
        this.cloud = cloud;
        login = cloud.login();
    }

    /**
     * {@code jbang tests/stand_in/ControlLine.java [--folder DIR] [--token-lifetime SECONDS]} prints the environment as
     * shell commands, then {@code ready}, then obeys one command a line until stdin ends; each is answered by one line.
     */
    public static void main(String... args) throws IOException {
        Path folder = null;
        int lifetime = -1;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 < args.length && args[i].equals("--folder")) {
                folder = Files.createDirectories(Path.of(args[i + 1]));
            } else if (i + 1 < args.length && args[i].equals("--token-lifetime")) {
                lifetime = Integer.parseInt(args[i + 1]);
            } else {
                System.err.println("usage: ControlLine [--folder DIR] [--token-lifetime SECONDS]");
                System.exit(64);
            }
        }
        var temporary = folder == null ? Files.createTempDirectory("stand_in") : null;
        try (var cloud = StandIn.start(folder == null ? temporary : folder)) {
            cloud.login().accessTokenSeconds(lifetime);
            new ControlLine(cloud).run();
        } finally {
            if (temporary != null) {
                Files.deleteIfExists(temporary.resolve("ca.pem"));
                Files.deleteIfExists(temporary);
            }
        }
    }

    private void run() throws IOException {
        cloud.environment().forEach((name, value) ->
            System.out.println("export " + name + "='" + value.replace("'", "'\\''") + "'"));
        System.out.println("export STAND_IN_INTROSPECTION_URL='" + login.introspectionUrl() + "'");
        System.out.println("ready");
        var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            obey(line.strip(), System.out);
        }
    }

    /**
     * One line of control:
     * <pre>
     * signin URL USER              signs in like a browser, answers the redirect address
     * cancel URL USER              the same, but presses Cancel
     * approve CODE USER            device flow: types the code and accepts
     * decline CODE                 device flow: declines
     * pending                      device flow: the user codes that wait
     * deliver USER SUBJECT         puts a message into the INBOX
     * expire-access-tokens         ends every access token issued so far
     * pass-time SECONDS            moves the provider's clock ahead
     * refresh-token USER SCOPES    issues one, e.g. for offline_access IMAP.AccessAsUser.All
     * access-token USER SCOPES     issues one
     * fail ENDPOINT STATUS ERROR AADSTS [SUBERROR]   refuses the next request
     * requests [ENDPOINT]          the number of requests to the token (or another) endpoint
     * secrets FILE                 writes every secret so far to a file, one a line
     * </pre>
     */
    void obey(String line, PrintStream out) {
        var words = line.split(" ", 3);
        try {
            out.println(switch (words[0]) {
                case "signin" -> login.signIn(words[1], words[2]);
                case "cancel" -> login.cancel(words[1], words[2]);
                case "approve" -> done(() -> login.approve(words[1], words[2]));
                case "decline" -> done(() -> login.decline(words[1]));
                case "pending" -> String.join(" ", login.pendingUserCodes());
                case "deliver" -> done(() -> cloud.deliver(words[1], words[2]));
                case "expire-access-tokens" -> done(login::expireAccessTokens);
                case "pass-time" -> done(() -> login.letTimePass(Duration.ofSeconds(Long.parseLong(words[1]))));
                case "refresh-token" -> login.issueRefreshToken(words[1], FakeLogin.PUBLIC_APP, words[2]);
                case "access-token" -> login.issueAccessToken(words[1], FakeLogin.PUBLIC_APP, words[2]);
                case "fail" -> done(() -> fail(line.split(" ")));
                case "requests" -> String.valueOf(login.requests(words.length > 1 ? words[1] : "token").size());
                case "secrets" -> done(() -> writeSecrets(Path.of(words[1])));
                default -> "error: unknown command " + words[0];
            });
        } catch (ArrayIndexOutOfBoundsException e) {
            out.println("error: " + words[0] + " wants more words");
        } catch (RuntimeException e) {
            out.println("error: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    private void fail(String[] words) {
        login.failNext(words[1], Integer.parseInt(words[2]), words[3], Integer.parseInt(words[4]),
            "Asked for by a test.", words.length > 5 ? words[5] : "");
    }

    private void writeSecrets(Path file) {
        try {
            Files.write(file, login.secrets());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String done(Runnable work) {
        work.run();
        return "ok";
    }
}
