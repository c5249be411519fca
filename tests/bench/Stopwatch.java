//SOURCES Row.java
//SOURCES ../stand_in/StandIn.java

package bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stand_in.FakeLogin;
import stand_in.StandIn;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Runs whole processes: with the clock, and once without it to see what they take and whom they ask. */
public final class Stopwatch {
    private final Path folder;
    private final FakeLogin provider;
    private final StandIn microsoft;
    private final Map<String, String> environment;

    public Stopwatch(Path folder, StandIn microsoft, Map<String, String> environment) {
        this.folder = folder;
        this.microsoft = microsoft;
        this.provider = microsoft.login();
        this.environment = environment;
    }

    /** Each row in turn, so that a busy moment hits all of them alike. */
    public void measure(List<Row> rows, int runs) throws IOException, InterruptedException {
        for (var row : rows) look(row);
        for (int i = 0; i < runs; i++) for (var row : rows) row.millis.add(time(row));
    }

    private double time(Row row) throws IOException, InterruptedException {
        row.before.run();
        var process = processOf(row.command, row.environment).redirectError(ProcessBuilder.Redirect.DISCARD);
        long started = System.nanoTime();
        var child = process.start();
        child.getOutputStream().close();
        var said = child.getInputStream().readAllBytes();
        int status = child.waitFor();
        double millis = (System.nanoTime() - started) / 1e6;
        if (status != 0 || said.length < 3) throw new IllegalStateException(row.name + " ended with status " + status);
        return millis;
    }

    /** The memory of the largest of its processes, the classes, and how often it spoke to which server. */
    private void look(Row row) throws IOException, InterruptedException {
        row.before.run();
        int connections = provider.connections();
        int requests = provider.requests().size();
        microsoft.answersAfter(50);
        int roundTrips = microsoft.roundTrips();
        var asked = new ArrayList<>(List.of("python3", "-c", "import resource, subprocess, sys\n"
                + "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
                + "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"));
        asked.addAll(row.command);
        row.peakKilobytes = Long.parseLong(outputOf(asked, row.environment).strip());
        row.connections = provider.connections() - connections;
        microsoft.answersAfter(0);
        row.roundTrips = microsoft.roundTrips() - roundTrips;
        row.requests = provider.requests().stream().skip(requests).map(r -> r.method() + " " + r.endpoint()).toList();
        row.before.run();
        row.classes = classesOf(row);
    }

    /** Of Java alone; an installed command silences the log, so its script is read and its words are run with one. */
    private int classesOf(Row row) throws IOException, InterruptedException {
        var command = new ArrayList<>(row.command);
        var script = Path.of(command.get(0));
        var log = folder.resolve("classes.log");
        var option = "-Xlog:class+load:file=" + log;
        if (script.startsWith(folder)) {
            var talkative = folder.resolve("talkative");
            Files.writeString(talkative, Files.readString(script).replace("-Xlog:disable", option));
            command.set(0, talkative.toString());
            command.add(0, "sh");
        } else if (script.endsWith("java")) command.add(1, option);
        else return 0;
        Files.deleteIfExists(log);
        outputOf(command, row.environment);
        return Files.readAllLines(log).size();
    }

    private ProcessBuilder processOf(List<String> command, Map<String, String> more) {
        var process = new ProcessBuilder(command);
        process.environment().keySet().removeIf(name -> name.startsWith("M365_"));
        process.environment().putAll(environment);
        process.environment().putAll(more);
        return process;
    }

    /** What a process says that is not measured. */
    public String outputOf(List<String> command, Map<String, String> more) throws IOException, InterruptedException {
        var process = processOf(command, more).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        var said = new ByteArrayOutputStream();
        process.getInputStream().transferTo(said);
        if (process.waitFor() != 0)
            throw new IllegalStateException(command + " ended with status " + process.exitValue());
        return said.toString(UTF_8);
    }
}
