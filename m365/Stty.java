//SOURCES ChildProcess.java

package m365;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Asks the system's {@code stty} about one of our three streams, and so whether that is a terminal at all: Java tells
 * it of standard input and output together only, and before 22 not even that surely. Keeps nothing.
 */
final class Stty {
    static final int IN = 0, OUT = 1, ERR = 2;

    /** What stty says of that stream; empty where it is no terminal, or a terminal without stty (Windows). */
    static Optional<String> of(int stream, String... arguments) {
        var command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        var builder = ChildProcess.of(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        if (stream == IN) builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
        else builder.redirectInput(new File("/dev/fd/" + stream)); // stty looks at its standard input
        try {
            var process = builder.start();
            if (!process.waitFor(2, TimeUnit.SECONDS)) { // in the background it would stop for good
                process.destroyForcibly();
                return Optional.empty();
            }
            if (process.exitValue() != 0) return Optional.empty();
            return Optional.of(new String(process.getInputStream().readAllBytes(), UTF_8).strip());
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Stty() { }
}
