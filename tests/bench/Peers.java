//SOURCES ../stand_in/FakeLogin.java

package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import stand_in.FakeLogin;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What people would use instead, as far as it is installed: mutt_oauth2.py as Mutt and NeoMutt ship it, its token file
 * unencrypted, and a script of four lines with Python's MSAL. Both are led to the stand-in.
 */
public final class Peers {
    private static final String PYTHON = Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3"
            : "python3";

    private final Path folder;
    private final FakeLogin provider;
    private final Path muttTokens;

    public Peers(Path folder, FakeLogin provider) {
        this.folder = folder;
        this.provider = provider;
        this.muttTokens = folder.resolve("mutt_tokens");
    }

    /** Mutt's script, if there is one. @param environment where the stand-in's mail servers are */
    public Optional<List<String>> mutt(Map<String, String> environment) throws IOException {
        var plain = Path.of("/usr/share/doc/mutt/examples/mutt_oauth2.py");
        var packed = Path.of("/usr/share/doc/neomutt/oauth2/mutt_oauth2.py.gz");
        if (!Files.exists(plain) && !Files.exists(packed)) return Optional.empty();
        String text;
        if (Files.exists(plain)) text = Files.readString(plain);
        else try (var in = new GZIPInputStream(Files.newInputStream(packed))) {
            text = new String(in.readAllBytes(), UTF_8);
        }
        var microsoftPart = text.indexOf("'microsoft': {");
        var script = Files.writeString(folder.resolve("mutt_oauth2.py"), text.substring(0, microsoftPart)
                .replaceAll("(?m)^(ENCRYPTION|DECRYPTION)_PIPE = .*$", "$1_PIPE = ['cat']")
                + text.substring(microsoftPart)
                    .replace("https://login.microsoftonline.com/common", provider.authority())
                    .replaceFirst("'client_id': ''", "'client_id': '" + FakeLogin.PUBLIC_APP + "'")
                    .replaceAll("'(outlook|smtp)\\.office(365)?\\.com'", "'localhost'")
                    .replace("SSL(registration['imap_endpoint']", "SSL(registration['imap_endpoint'], "
                        + environment.get("M365_IMAP_PORT"))
                    .replace("SSL(registration['pop_endpoint']", "SSL(registration['pop_endpoint'], "
                        + environment.get("M365_POP_PORT"))
                    .replace("SMTP(registration['smtp_endpoint'], 587", "SMTP(registration['smtp_endpoint'], "
                        + environment.get("M365_SMTP_PORT")));
        return Optional.of(List.of(PYTHON, script.toString(), muttTokens.toString()));
    }

    public static List<String> with(List<String> command, String option) {
        return Stream.concat(command.stream(), Stream.of(option)).toList();
    }

    /** Its token file, with tokens as long as the ones that get_token reads. */
    public void muttTokens(String user, String scopes, String refreshToken, LocalDateTime expires) {
        writePrivately(muttTokens, "{\"registration\": \"microsoft\", \"authflow\": \"authcode\", \"email\": \"" + user
                + "\", \"access_token\": \"" + provider.issueAccessToken(user, FakeLogin.PUBLIC_APP, scopes)
                + "\", \"access_token_expiration\": \"" + expires + "\", \"refresh_token\": \"" + refreshToken + "\"}");
    }

    /** Python's MSAL, if it is there; it reads the refresh token that get_token keeps. */
    public Optional<List<String>> msal(Path tokenFile, Path authorities) throws IOException, InterruptedException {
        var there = new ProcessBuilder(PYTHON, "-c", "import msal").redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        if (there != 0) return Optional.empty();
        var script = Files.writeString(folder.resolve("msal_renewal.py"), "import msal\n"
                + "app = msal.PublicClientApplication('" + FakeLogin.PUBLIC_APP + "', authority='"
                + provider.authority() + "', validate_authority=False, verify='" + authorities + "')\n"
                + "answer = app.acquire_token_by_refresh_token(open('" + tokenFile + "').read(), "
                + "['https://outlook.office.com/IMAP.AccessAsUser.All', 'https://outlook.office.com/SMTP.Send'])\n"
                + "print(answer['access_token'])\n");
        return Optional.of(List.of(PYTHON, script.toString()));
    }

    public static void writePrivately(Path file, String text) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
