package faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Looks every 30 ms at what our programs start, and keeps its arguments and environment, as ps shows them. */
final class ChildWatch implements AutoCloseable {
    private final Emissions emissions;
    private final Set<Process> watched = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ChildWatch(Emissions emissions) {
        this.emissions = emissions;
        Checks.daemon(this::watch);
    }

    void over(Process process) { watched.add(process); }

    void leave(Process process) { watched.remove(process); }

    private void watch() {
        var seen = new HashSet<String>();
        for (; !closed; Checks.sleep(30))
            for (var process : watched)
                process.descendants().forEach(child -> {
                    var arguments = proc(child.pid(), "cmdline");
                    // For a moment a child, or the JDK's helper, is a copy of its parent, which may know the secret.
                    if (arguments.isEmpty() || arguments.contains("jspawnhelper")
                            || arguments.equals(proc(process.pid(), "cmdline"))) return;
                    if (!seen.add(child.pid() + arguments)) return;
                    emissions.add("arguments of a child", arguments);
                    emissions.add("environment of a child", proc(child.pid(), "environ"));
                });
    }

    private static String proc(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/" + file), ISO_8859_1).replace('\0', '\n');
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    @Override public void close() { closed = true; }
}
