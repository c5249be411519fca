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
final class ProgramClasses {
    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path folder;
    private final Path archive;
    private final Path jar;

    ProgramClasses(Path folder) throws IOException {
        this.folder = folder;
        archive = folder.resolve("classes.jsa");
        jar = folder.resolve("all.jar");
        var classPath = System.getProperty("java.class.path").split(File.pathSeparator);
        try (var to = Files.newOutputStream(jar)) {
            new MergedJar(Arrays.stream(classPath).map(Path::of).toList()).writeTo(to);
        }
    }

    /** For a JVM that is to run one of our programs. */
    List<String> options() {
        var options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
                "-XX:-UsePerfData", "-cp", jar.toString()));
        if (Files.exists(archive)) options.add("-XX:SharedArchiveFile=" + archive);
        return options;
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
        var list = Files.write(folder.resolve("classes.lst"), loaded);
        Disk.system(JAVA, "-Xshare:dump", "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + archive,
                "-XX:ErrorFile=" + folder.resolve("crash"), "-cp", jar.toString());
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
