//JAVA 17+
//SOURCES ../../m365/ClassArchive.java ../../m365/MergedJar.java

package faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import m365.ClassArchive;
import m365.MergedJar;

/**
 * Our class path as one jar, with the archive that {@code install.java} would make of it: a JVM starts sooner, and a
 * thousand are started. Everybody can read both, for JBang keeps its jars in a home that others cannot enter.
 */
final class ProgramJar {
    // The statistics file may belong to a process of the same number in another container.
    private static final List<String> FLAGS =
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-XX:-UsePerfData");

    private final Path jar;
    private final List<String> archive;

    /** @param folder where both will be; empty */
    ProgramJar(Path folder) {
        try {
            jar = folder.resolve("all.jar");
            var classPath = System.getProperty("java.class.path").split(File.pathSeparator);
            try (var out = Files.newOutputStream(jar)) {
                new MergedJar(Arrays.stream(classPath).map(Path::of).toList()).writeTo(out);
            }
            archive = new ClassArchive(jar, FLAGS).make();
            try (var made = Files.newDirectoryStream(folder)) {
                for (var file : made)
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JVM and its options, to which more can be added, and then the name of a program and its arguments. */
    List<String> java() {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(FLAGS);
        command.addAll(archive);
        command.addAll(List.of("-cp", jar.toString()));
        return command;
    }
}
