package m365;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One jar out of a class path: what is found first wins, as when Java searches it. Leaves out what belongs to a jar of
 * its own (signatures, module descriptors, builds); each library's licence stays, under its library's name.
 */
public final class MergedJar {
    private final Map<String, byte[]> contents = new LinkedHashMap<>();

    /** @param classPath jars and folders */
    public MergedJar(List<Path> classPath) throws IOException {
        for (var entry : withTheirOwn(classPath)) {
            if (Files.isDirectory(entry)) addFolder(entry);
            else if (Files.isRegularFile(entry)) addJar(entry);
        }
    }

    /** With the jars that a jar's manifest names, as an exported one's does. */
    private static Set<Path> withTheirOwn(List<Path> classPath) throws IOException {
        var all = new LinkedHashSet<Path>();
        for (var entry : classPath) {
            all.add(entry);
            if (!Files.isRegularFile(entry)) continue;
            try (var jar = new JarFile(entry.toFile())) {
                var manifest = jar.getManifest();
                var named = manifest == null ? null : manifest.getMainAttributes().getValue("Class-Path");
                if (named == null) continue;
                for (var name : named.split(" +")) all.add(Path.of(entry.toUri().resolve(name)));
            }
        }
        return all;
    }

    private void addFolder(Path folder) throws IOException {
        List<Path> files;
        try (var all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (var file : files)
            add(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file), folder);
    }

    private void addJar(Path file) throws IOException {
        try (var jar = new JarFile(file.toFile(), false)) {
            for (var entries = jar.entries(); entries.hasMoreElements();) {
                var entry = entries.nextElement();
                if (entry.isDirectory()) continue;
                try (var in = jar.getInputStream(entry)) {
                    add(entry.getName(), in.readAllBytes(), file);
                }
            }
        }
    }

    private void add(String name, byte[] content, Path from) {
        var inMeta = name.startsWith("META-INF/") ? name.substring("META-INF/".length()) : "";
        if (inMeta.startsWith("services/")) contents.merge(name, content, MergedJar::lines);
        else if (inMeta.matches("(?i)(LICENSE|NOTICE)[^/]*"))
            contents.put("META-INF/licences/" + from.getFileName() + "/" + inMeta, content);
        else if (inMeta.isEmpty() && !name.equals("module-info.class")) contents.putIfAbsent(name, content);
    }

    /** A service's providers, one a line. */
    private static byte[] lines(byte[] first, byte[] second) {
        return (new String(first, UTF_8) + "\n" + new String(second, UTF_8)).getBytes(UTF_8);
    }

    /** The same contents make the same bytes. Nothing is compressed, for that starts quicker. */
    public void writeTo(OutputStream out) throws IOException {
        var zip = new ZipOutputStream(out);
        zip.setMethod(ZipOutputStream.STORED);
        for (var file : new TreeMap<>(contents).entrySet()) {
            var entry = new ZipEntry(file.getKey());
            var checksum = new CRC32();
            checksum.update(file.getValue());
            entry.setTime(0);
            entry.setSize(file.getValue().length);
            entry.setCrc(checksum.getValue());
            zip.putNextEntry(entry);
            zip.write(file.getValue());
        }
        zip.finish();
    }
}
