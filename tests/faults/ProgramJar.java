//JAVA 17+
//SOURCES ../../m365/MergedJar.java

package faults;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import m365.MergedJar;
import stand_in.FakeMail;

/**
 * Our class path as one jar where everybody can read it, for somebody else cannot read the home that JBang keeps its
 * jars in; and an archive of the classes, with which a JVM starts in half the time. A thousand of them are started.
 */
final class ProgramJar {
    private final Path folder;
    private final Path jar;
    private final Path archive;

    /** @param folder where both will be; empty */
    ProgramJar(Path folder) throws IOException {
        this.folder = folder;
        jar = folder.resolve("all.jar");
        archive = folder.resolve("classes.jsa");
        var classPath = System.getProperty("java.class.path").split(File.pathSeparator);
        try (var out = Files.newOutputStream(jar)) {
            new MergedJar(Arrays.stream(classPath).map(Path::of).toList()).writeTo(out);
        }
    }

    /** The JVM and its options, to which more can be added, and then the name of a program and its arguments. */
    List<String> java() {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-XX:-UsePerfData",
                "-cp", jar.toString()));
        if (Files.exists(archive)) command.add("-XX:SharedArchiveFile=" + archive);
        return command;
    }

    /** Archives what the programs load when all goes well. Without an archive all goes on as well, only slower. */
    void archive(Lab lab) throws IOException {
        var home = lab.home(lab.login());
        var loaded = new ArrayList<String>();
        loaded.addAll(loadedBy(home.get_token("--no-browser"), run -> Person.answers(run, home.login)));
        loaded.addAll(loadedBy(home.get_token("--access-token").with("M365_SCOPES", MailCheck.SCOPES), run -> { }));
        try (var smtp = FakeMail.smtp(lab.ca).start(); var imap = lab.imap().start()) {
            loaded.addAll(loadedBy(home.check_imap("--smtp", Lab.USER).at("IMAP", imap).at("SMTP", smtp), run -> { }));
        }
        var dump = java();
        dump.addAll(List.of("-Xshare:dump", "-XX:SharedArchiveFile=" + archive,
                "-XX:SharedClassListFile=" + Files.write(folder.resolve("classes.lst"), loaded),
                "-XX:ErrorFile=" + folder.resolve("crash")));
        Disk.system(dump.toArray(String[]::new));
    }

    private List<String> loadedBy(Program program, Consumer<Running> meanwhile) throws IOException {
        var list = folder.resolve("loaded");
        try (var run = program.java("-XX:DumpLoadedClassList=" + list).start()) {
            meanwhile.accept(run);
            run.closeInput();
            run.ends().exits(0);
        }
        // JDK 17.0.15 crashes over lambdas whose interface is older than Java 7, as picocli's are.
        return Files.readAllLines(list).stream()
                .filter(line -> !line.startsWith("@lambda-proxy") || !line.contains("picocli")).toList();
    }
}
