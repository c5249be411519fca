//SOURCES ChildProcess.java

package m365;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Opens the person's own browser, if there is one here to see. Says nothing, and does not wait for it. */
final class Browser {

    private Browser() { }

    /**
     * $BROWSER is honoured first, as xdg-open does: commands between colons, {@code %s} for the address.
     *
     * @return whether a program was started; not over SSH, where the person sits elsewhere
     */
    static boolean open(URI address, Map<String, String> env) {
        for (var command : env.getOrDefault("BROWSER", "").split(File.pathSeparator))
            if (!command.isBlank() && start(filledIn(command, address.toString()))) return true;
        if (env.containsKey("SSH_CONNECTION") || env.containsKey("SSH_TTY")) return false;
        var system = System.getProperty("os.name");
        if (system.startsWith("Windows"))
            return start(List.of("rundll32", "url.dll,FileProtocolHandler", address.toString()));
        if (system.startsWith("Mac")) return start(List.of("open", address.toString()));
        boolean hasDisplay = env.containsKey("DISPLAY") || env.containsKey("WAYLAND_DISPLAY");
        return hasDisplay && start(List.of("xdg-open", address.toString()));
    }

    private static List<String> filledIn(String command, String address) {
        var words = new ArrayList<>(List.of(command.strip().split("\\s+")));
        if (!command.contains("%s")) words.add("%s");
        words.replaceAll(word -> word.replace("%s", address));
        return words;
    }

    private static boolean start(List<String> command) {
        try {
            // Its chatter would hide the address that we print.
            ChildProcess.of(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
