package faults;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import stand_in.FakeMail;

/**
 * Our class path, copied to where everybody can read it, for somebody else cannot read the home that JBang keeps its
 * jars in; and an archive of the classes, with which a JVM starts in half the time. A thousand of them are started.
 */
final class ProgramClasses {
    /** Classes of signed jars cannot be archived. */
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA)");

    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path folder;
    private final Path archive;
    private final List<Path> jars = new ArrayList<>();

    ProgramClasses(Path folder) throws IOException {
        this.folder = folder;
        archive = folder.resolve("classes.jsa");
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            var from = Path.of(entry).toAbsolutePath();
            if (entry.isEmpty() || !Files.exists(from)) continue;
            var jar = folder.resolve(jars.size() + (Files.isDirectory(from) ? ".jar" : "-" + from.getFileName()));
            try (var to = new ZipOutputStream(Files.newOutputStream(jar))) {
                to.setLevel(Deflater.NO_COMPRESSION); // read a thousand times
                if (Files.isDirectory(from)) pack(from, to);
                else copyUnsigned(from, to);
            }
            jars.add(jar);
        }
    }

    private static void pack(Path folder, ZipOutputStream to) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                to.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, to);
            }
        }
    }

    private static void copyUnsigned(Path jar, ZipOutputStream to) throws IOException {
        try (var from = new ZipFile(jar.toFile())) {
            for (var entry : (Iterable<ZipEntry>) from.stream().map(ZipEntry.class::cast)::iterator) {
                if (SIGNATURE.matcher(entry.getName()).matches()) continue;
                to.putNextEntry(new ZipEntry(entry.getName()));
                from.getInputStream(entry).transferTo(to);
            }
        }
    }

    /** For a JVM that is to run one of our programs. */
    List<String> options() {
        var options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
                "-XX:-UsePerfData", "-cp", path()));
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
                "-XX:ErrorFile=" + folder.resolve("crash"), "-cp", path());
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

    private String path() {
        return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
