//SOURCES ChildProcess.java
//SOURCES Problem.java
//SOURCES Rehearsal.java

package m365;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What Java can prepare so that it starts sooner: the classes of a renewal, loaded and checked beforehand, in a file
 * beside the jar. Without it everything works the same, slower; another Java than the one that made it passes it over.
 * JDK 17 makes use of its own classes alone where the jar's path has a space in it or a letter beyond ASCII.
 */
final class ClassArchive {
    /** Since JDK 25 one run makes it, with linked lambdas and constants (JEP 483, JEP 514); before it takes two. */
    private static final boolean AHEAD_OF_TIME = Runtime.version().feature() >= 25;
    private static final int PATIENCE_SECONDS = 60;

    private final Path jar;
    private final List<String> flags;

    /** @param flags the same with which the commands will be started: others may not fit the archive */
    ClassArchive(Path jar, List<String> flags) {
        this.jar = jar;
        this.flags = flags;
    }

    /** Of this Java alone: after an update the next installation makes another. */
    private Path file() {
        return jar.resolveSibling("classes-" + Runtime.version() + (AHEAD_OF_TIME ? ".aot" : ".jsa"));
    }

    /** Makes it, if it can be made and is not there yet. @return the options that use it; none if there is none */
    List<String> make() {
        if (Files.isRegularFile(file())) return using(file());
        var aside = jar.resolveSibling("new." + file().getFileName());
        var classes = jar.resolveSibling("new.classes");
        try (var rehearsal = new Rehearsal()) {
            boolean made = AHEAD_OF_TIME ? rehearsal.of(getToken(List.of("-XX:AOTCacheOutput=" + aside)))
                    : rehearsal.of(getToken(List.of("-XX:DumpLoadedClassList=" + classes)))
                            && run(java(List.of("-Xshare:dump", "-XX:SharedClassListFile=" + classes,
                                    "-XX:SharedArchiveFile=" + aside)));
            Files.deleteIfExists(classes);
            if (made && rehearsal.of(getToken(using(aside)))) {
                store(aside);
                return using(file());
            }
            Files.deleteIfExists(aside);
        } catch (IOException | Problem e) { // it could not be made, and is not needed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    /** On the disk before it has its name: Java believes what it maps. In it may be a secret, out of config.java. */
    private void store(Path aside) throws IOException {
        if (aside.getFileSystem().supportedFileAttributeViews().contains("posix"))
            Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(aside, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var others = Files.newDirectoryStream(jar.getParent(), "classes-*")) { // of a Java that is no more
            for (var other : others) if (!other.equals(file())) Files.deleteIfExists(other);
        }
    }

    /** An archive is moved about in memory at each start unless told otherwise; that takes longer than it saves. */
    private static List<String> using(Path archive) {
        return List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0",
                (AHEAD_OF_TIME ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive);
    }

    private List<String> getToken(List<String> options) {
        var command = java(options);
        command.addAll(List.of("get_token", "--access-token"));
        return command;
    }

    private List<String> java(List<String> options) {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(flags);
        command.addAll(options);
        command.addAll(List.of("-cp", jar.toString()));
        return command;
    }

    private static boolean run(List<String> command) throws IOException, InterruptedException {
        var running = ChildProcess.of(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (!running.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) running.destroyForcibly().waitFor();
        return running.exitValue() == 0;
    }
}
