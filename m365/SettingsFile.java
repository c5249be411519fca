//SOURCES PrivateFile.java
//SOURCES SettingNames.java
//SOURCES SettingsLine.java
//SOURCES Spelling.java
//SOURCES Text.java

package m365;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;
import static m365.Text.quote;

/**
 * The settings file: where it lies, whether it can be trusted, and its lines {@code NAME='value'}, as systemd's
 * EnvironmentFile and a shell read them ({@link SettingsLine}). What the values mean is {@link SettingsReader}'s. On
 * the way to a cached token: no regular expressions, lambdas or streams here, as long as nothing is wrong.
 */
final class SettingsFile {
    /** Absolute; null where Java cannot name it in this locale. */
    private final Path path;
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private String text = "";
    private final List<String> faults = new ArrayList<>();

    private SettingsFile(Path path) { this.path = path; }

    /** @param mustExist if {@code M365_SETTINGS} names it: a slip would else put the defaults into force */
    static SettingsFile of(Map<String, String> env, boolean mustExist) {
        var named = env.getOrDefault(SettingNames.FILE, "").strip();
        try {
            var path = named.isEmpty() ? usual(env) : Path.of(fromHome(named, env));
            var file = new SettingsFile(path.toAbsolutePath());
            if (Files.exists(file.path)) file.read();
            else if (!named.isEmpty() && mustExist)
                file.faults.add("environment: M365_SETTINGS is " + quote(named) + ", which does not exist");
            return file;
        } catch (InvalidPathException e) { // nothing that Java can open in this locale
            var none = new SettingsFile(null);
            if (!named.isEmpty())
                none.faults.add("environment: M365_SETTINGS is " + quote(named) + ", not a file name");
            return none;
        }
    }

    /** As the XDG Base Directory Specification has it: a relative path there is to be ignored. */
    private static Path usual(Map<String, String> env) {
        var configured = env.getOrDefault("XDG_CONFIG_HOME", "").strip();
        var base = configured.startsWith("/") ? configured : fromHome("~/.config", env);
        return Path.of(base, "m365", "settings");
    }

    /** {@code ~/} at the beginning is the home directory. */
    static String fromHome(String text, Map<String, String> env) {
        if (!text.startsWith("~/")) return text;
        var home = env.getOrDefault("HOME", "").strip();
        return (home.isEmpty() ? System.getProperty("user.home") : home) + text.substring(1);
    }

    private void read() {
        try {
            var real = path.toRealPath(); // a link into a folder of dotfiles is usual
            var untrusted = untrusted(real);
            if (!untrusted.isEmpty()) {
                faults.add(path + " " + untrusted);
                return;
            }
            try (var in = Files.newInputStream(real)) {
                // A line ends as it does on this system: a shell would take the \r of Windows into the value.
                text = new String(in.readNBytes(Text.LONGEST), UTF_8).replace(System.lineSeparator(), "\n");
            }
            int number = 0;
            for (int from = 0, to; from < text.length(); from = to + 1) {
                to = text.indexOf('\n', from);
                if (to < 0) to = text.length();
                line(++number, SettingsLine.of(text.substring(from, to)));
            }
            for (var secret : SettingNames.SECRET)
                if (!value(secret).isEmpty() && PrivateFile.isLoose(real))
                    faults.add(place(secret) + ": " + secret + " is there for others to read (" + modes(real)
                            + "); if you trust them: chmod 600 " + Text.shellQuote(path)
                            + " and if not, have a new one made as well");
        } catch (IOException e) {
            faults.add(path + " cannot be read: " + e.getMessage());
        }
    }

    /** Why nothing in there is to be believed: it names commands that run. Empty if it is. */
    private static String untrusted(Path real) throws IOException {
        if (!Files.isRegularFile(real)) return "is not a file";
        if (Files.size(real) >= Text.LONGEST) return "is far too large for settings";
        if (!PrivateFile.ownedByUs(real) && !Files.getOwner(real).getName().equals("root"))
            return "belongs to " + Files.getOwner(real).getName() + ", and it can name commands that run as you";
        if (!PrivateFile.othersCanWrite(real)) return "";
        return "can be changed by others (" + modes(real) + "), and it can name commands that run as you; "
                + "see what it says, then: chmod go-w " + Text.shellQuote(real);
    }

    private static String modes(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private void line(int number, SettingsLine line) {
        var place = path + ":" + number + ": ";
        var name = line.name();
        if (!line.fault().isEmpty()) faults.add(place + line.fault());
        else if (SettingNames.isKnown(name)) {
            values.put(name, line.value().strip()); // of two lines the later counts, for all who read it
            lines.put(name, number);
        } else if (!name.isEmpty())
            faults.add(place + quote(name) + " is no setting" + Spelling.nearest(name, SettingNames.ALL)
                    .or(() -> Spelling.nearest(name, SettingNames.SECRET))
                    .map(meant -> "; did you mean " + meant + "?").orElse(" of this file"));
    }

    /** Empty if it is not there. */
    String value(String name) { return values.getOrDefault(name, ""); }

    /** As editors and compilers write it: {@code /home/jan/.config/m365/settings:3}. */
    String place(String name) { return path + ":" + lines.get(name); }

    /** The file, whether it is there or not; null where Java cannot name it in this locale. */
    Path path() { return path; }

    /** What it says, with comments; empty if it is not there. */
    String text() { return text; }

    /** What must be mended before it can be used, a line each. */
    List<String> faults() { return faults; }
}
