//SOURCES ChildProcess.java
//SOURCES ExitStatus.java
//SOURCES Problem.java
//SOURCES Progress.java
//SOURCES Text.java
//SOURCES TokenStore.java

package m365;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static m365.ExitStatus.LATER;
import static m365.ExitStatus.SETTINGS;

/** Runs a secret store's command. The token goes in and out through pipes, never through an argument. */
final class SecretCommand {
    private static final int PATIENCE_SECONDS = 30;

    /**
     * Runs {@code command} to its end.
     *
     * @param input for its standard input, or null
     * @return what it printed
     * @throws Problem if it cannot be run, does not end within 30 seconds, or ends with another status than 0
     */
    static byte[] run(List<String> command, String input) {
        Process process = null;
        var progress = Progress.begin("waiting for " + Text.quote(command.get(0))
                + ", the secret store's command; does it want a passphrase?");
        try {
            process = ChildProcess.of(command).start();
            var out = drain(process.getInputStream());
            var err = drain(process.getErrorStream());
            feed(process.getOutputStream(), input);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                throw new Problem(LATER, "the secret store's command " + Text.quote(command.get(0))
                        + " did not end within " + PATIENCE_SECONDS + " s",
                        "run it by hand; it may be waiting for a passphrase that nobody can type");
            if (process.exitValue() != 0)
                throw failed(command, process.exitValue(), new String(err.get(1, TimeUnit.SECONDS), UTF_8).strip());
            return out.get(1, TimeUnit.SECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw cannotBeRun(command, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(LATER, "interrupted while waiting for the secret store", "try again");
        } finally {
            progress.end();
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static CompletableFuture<byte[]> drain(InputStream stream) {
        return CompletableFuture.supplyAsync(() -> {
            try (stream) {
                return stream.readNBytes(TokenStore.LONGEST);
            } catch (IOException e) {
                return new byte[0];
            }
        }, SecretCommand::aside);
    }

    /** A pipe takes 64 kB at once, and whoever wrote more into one that nobody reads would wait for ever. */
    private static void feed(OutputStream stream, String input) {
        aside(() -> {
            try (stream) {
                if (input != null) stream.write((input + "\n").getBytes(UTF_8));
            } catch (IOException e) { /* it did not want to read: its exit status will tell */ }
        });
    }

    private static void aside(Runnable work) {
        var thread = new Thread(work, "secret store");
        thread.setDaemon(true);
        thread.start();
    }

    private static Problem failed(List<String> command, int exitStatus, String errorOutput) {
        return new Problem(SETTINGS, "the secret store's command " + Text.quote(command.get(0)) + " ended with status "
                + exitStatus + (errorOutput.isEmpty() ? "" : ": " + Text.quote(errorOutput.replaceAll("\\R+", " / "))),
                "run it by hand to see more; if nothing was ever stored there, sign in: {sign_in}");
    }

    /** Finds out whether the command could be run, without running it. */
    static void checkThatItExists(List<String> command) {
        if (File.separatorChar == '\\' || System.getenv("PATH") == null) return; // it is found in another way
        var program = command.get(0);
        var places = program.contains(File.separator) ? Stream.of(program)
                : Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(place -> place + File.separator + program);
        if (places.noneMatch(SecretCommand::isProgram)) throw cannotBeRun(command, "there is no such program");
    }

    private static boolean isProgram(String file) {
        try {
            return Files.isExecutable(Path.of(file)) && !Files.isDirectory(Path.of(file));
        } catch (InvalidPathException e) {
            return false; // nothing that Java can open in this locale
        }
    }

    private static Problem cannotBeRun(List<String> command, String why) {
        return new Problem(SETTINGS, "the secret store's command " + Text.quote(command.get(0)) + " cannot be run: "
                + why, "correct M365_TOKEN_READ_COMMAND or M365_TOKEN_WRITE_COMMAND");
    }

    private SecretCommand() { }
}
