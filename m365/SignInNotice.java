//SOURCES ChildProcess.java
//SOURCES ExitStatus.java
//SOURCES PrivateFile.java
//SOURCES Problem.java
//SOURCES Settings.java
//SOURCES SignedInUser.java
//SOURCES TokenStore.java

package m365;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import static m365.ExitStatus.SIGN_IN;

/**
 * Somebody must sign in, and nobody looks: from cron or a timer {@code M365_NOTIFY_COMMAND} is run, at most once a day
 * for an account. Where a terminal is there, what stands on it is enough; a command that fails changes nothing.
 */
public final class SignInNotice {
    private static final Duration PAUSE = Duration.ofDays(1);
    private static final int PATIENCE_SECONDS = 5, LONGEST_REASON = 200;
    private static final String REASON = "{reason}";

    private final Settings settings;
    private final TokenStore store;
    private final String user;

    /** @param userOrNull who was named on the command line */
    public SignInNotice(Settings settings, TokenStore store, String userOrNull) {
        this.settings = settings;
        this.store = store;
        this.user = userOrNull;
    }

    /** Runs the command if there is one and it is needed. @return why it was of no use, for standard error */
    public Optional<String> send(Problem problem) {
        if (settings.notifyCommand().isEmpty() || problem.status() != SIGN_IN || isTerminalThere())
            return Optional.empty();
        try {
            if (!store.<Boolean>locked(this::isFirstToday)) return Optional.empty();
            return run(words(reason(problem)));
        } catch (Problem e) {
            return Optional.of("M365_NOTIFY_COMMAND was not run: " + e.getMessage());
        }
    }

    /** Also if all three streams are redirected, as by a mail program: cron and timers have no terminal at all. */
    private static boolean isTerminalThere() {
        if (File.separatorChar == '\\') return System.console() != null;
        try {
            new FileInputStream("/dev/tty").close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A file tells by its age when the last notice was given; where it cannot be written, there would be no end. */
    private boolean isFirstToday() {
        var lock = store.lockFile; // each secret has its own
        Path last = lock.resolveSibling(lock.getFileName().toString().replaceFirst("lock$", "notified"));
        try {
            if (Files.exists(last) && Duration.between(Files.getLastModifiedTime(last).toInstant(), Instant.now())
                    .abs().compareTo(PAUSE) < 0) return false;
            Files.deleteIfExists(last);
            Files.createFile(last, PrivateFile.ownerOnly(last));
            return true;
        } catch (IOException e) {
            throw new Problem(SIGN_IN, "when it last was could not be written to " + last, "");
        }
    }

    /** One line, with what to type; {@link Problem} has taken out what is secret. */
    private String reason(Problem problem) {
        var who = new SignedInUser(settings, store).account().or(() -> Optional.ofNullable(user)).orElse("Somebody");
        var why = problem.getMessage().lines().findFirst().orElse("");
        if (why.length() > LONGEST_REASON) why = why.substring(0, LONGEST_REASON) + "…";
        return (who + " must sign in to Microsoft 365 (" + why + "): "
                + problem.placeholders().getOrDefault("sign_in", "get_token")).replaceAll("\\p{Cntrl}", " ");
    }

    /** The reason where {@code {reason}} stands, else as the last word. */
    private List<String> words(String reason) {
        var words = new ArrayList<String>();
        for (var word : settings.notifyCommand()) words.add(word.replace(REASON, reason));
        if (words.equals(settings.notifyCommand())) words.add(reason);
        return words;
    }

    private static Optional<String> run(List<String> words) {
        Process process = null;
        try {
            process = ChildProcess.of(words).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                return Optional.of("M365_NOTIFY_COMMAND did not end within " + PATIENCE_SECONDS + " s");
            return process.exitValue() == 0 ? Optional.empty()
                    : Optional.of("M365_NOTIFY_COMMAND ended with status " + process.exitValue());
        } catch (IOException e) {
            return Optional.of("M365_NOTIFY_COMMAND cannot be run: there is no program " + words.get(0));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            if (process != null && process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }
}
