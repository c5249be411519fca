//SOURCES ChildProcess.java
//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES RandomText.java

package m365;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import static java.nio.charset.StandardCharsets.UTF_8;
import static m365.ExitStatus.LATER;
import static m365.ExitStatus.SETTINGS;

/**
 * A certificate for one sign-in on https://localhost, made by the JDK's keytool. Its key passes through a folder of its
 * own among the temporary files, and never outlives the process.
 *
 * @param fingerprint SHA-256, as browsers show it
 */
record LoopbackCertificate(SSLContext context, Certificate certificate, String fingerprint) {

    private static final String FOLDER_PREFIX = "get_token-";
    private static final String KEY_STORE = "loopback.p12";
    private static final String ALIAS = "loopback";

    static LoopbackCertificate make() {
        Path folder = null;
        try {
            deleteLeftovers();
            folder = Files.createTempDirectory(FOLDER_PREFIX + ProcessHandle.current().pid() + "-");
            var file = folder.resolve(KEY_STORE);
            var password = RandomText.of(16);
            runKeytool(file, password);
            return read(file, password.toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new Problem(SETTINGS,
                    "the JDK's keytool made no certificate for https://localhost: " + e.getMessage(),
                    "use an http redirect URI if your app has one (M365_REDIRECT_URI=http://localhost:8745/), "
                            + "or sign in with --device");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(LATER, "interrupted", "try again");
        } finally {
            if (folder != null) delete(folder.toFile());
        }
    }

    /** Deletes what a process left that was killed while keytool was at work. */
    private static void deleteLeftovers() {
        var left = new File(System.getProperty("java.io.tmpdir"))
                .listFiles(file -> file.getName().matches(FOLDER_PREFIX + "[0-9]{1,18}-[0-9]+"));
        for (var folder : left == null ? new File[0] : left)
            if (ProcessHandle.of(Long.parseLong(folder.getName().split("-")[1])).isEmpty()) delete(folder);
    }

    private static void delete(File folder) {
        new File(folder, KEY_STORE).delete();
        folder.delete();
    }

    private static void runKeytool(Path file, String password) throws IOException, InterruptedException {
        var keytool = ChildProcess.of(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "1",
                "-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass:env", "STOREPASS",
                "-J-XX:TieredStopAtLevel=1", "-J-Xshare:auto"));
        keytool.environment().put("STOREPASS", password); // an argument would be seen by ps
        var process = keytool.redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) throw new IOException(output.strip());
    }

    private static LoopbackCertificate read(Path file, char[] password) throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance(file.toFile(), password);
        var manager = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        manager.init(keys, password);
        var context = SSLContext.getInstance("TLS");
        context.init(manager.getKeyManagers(), null, null);
        var certificate = keys.getCertificate(ALIAS);
        return new LoopbackCertificate(context, certificate, fingerprint(certificate));
    }

    private static String fingerprint(Certificate certificate) throws GeneralSecurityException {
        var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    }
}
