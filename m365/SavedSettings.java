//SOURCES ExitStatus.java
//SOURCES PrivateFile.java
//SOURCES Problem.java
//SOURCES SettingNames.java
//SOURCES SettingPlaces.java
//SOURCES SettingsFile.java
//SOURCES SettingsLine.java
//SOURCES SettingsReader.java
//SOURCES StartCommand.java

package m365;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static m365.ExitStatus.LATER;
import static m365.ExitStatus.SETTINGS;

/**
 * Keeps the settings that are in force here in the settings file, for other terminals, cron and mail programs. Leaves
 * its comments alone, and what is secret out unless told otherwise; what config.java says stays there.
 */
public final class SavedSettings {
    private static final Set<String> FILES = Set.of("M365_TOKEN_FILE", "M365_CA_FILE", "M365_CLIENT_CERTIFICATE");

    private final Map<String, String> env;
    private final boolean withSecret;
    private final SettingsFile file;
    private final SettingPlaces places;
    private final Map<String, String> kept = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();

    /**
     * @param values     what config.java says
     * @param withSecret whether a secret may be written that is not there yet
     * @throws Problem with all faults of the settings at once; then nothing is written
     */
    public SavedSettings(Map<String, String> values, Map<String, String> env, boolean withSecret) {
        this.env = env;
        this.withSecret = withSecret;
        this.file = SettingsFile.of(env, false);
        this.places = SettingsReader.read(values, file, env).places();
        if (file.path() == null)
            throw new Problem(SETTINGS, "the settings file has a name that Java cannot open in this locale",
                    "set LC_ALL=C.UTF-8, or name another file in M365_SETTINGS");
    }

    /** Writes the file. @return what was written, and where, for the user */
    public String write() {
        for (var name : SettingNames.ALL)
            if (places.isSet(name) || name.equals("M365_TOKEN_FILE")) kept.put(name, lasting(name));
        for (var name : SettingNames.SECRET)
            if (places.isInFile(name) || withSecret && places.isSet(name)) kept.put(name, places.value(name));
            else if (places.isSet(name)) leftOut.add(name);
        var text = text();
        try {
            var target = Files.exists(file.path()) ? file.path().toRealPath() : file.path();
            PrivateFile.makeDirectories(target.getParent());
            PrivateFile.writeAside(target, text.replace("\n", System.lineSeparator()));
            PrivateFile.moveIntoPlace(target);
        } catch (IOException e) {
            throw new Problem(e instanceof AccessDeniedException || e instanceof FileAlreadyExistsException ? SETTINGS
                    : LATER, "the settings could not be written to " + file.path() + ": " + e.getMessage(),
                    "nothing was changed; make room there, or name another file in M365_SETTINGS");
        }
        return report();
    }

    /** A relative path would mean another file in another directory. */
    private String lasting(String name) {
        var text = places.value(name);
        return !FILES.contains(name) || Path.of(SettingsFile.fromHome(text, env)).isAbsolute() ? text
                : Path.of(text).toAbsolutePath().normalize().toString();
    }

    /** The old lines in their order, each setting once and as it is now; then those that are new. */
    private String text() {
        var text = new StringBuilder();
        var written = new LinkedHashSet<String>();
        for (var line : file.text().lines().toList()) {
            var old = SettingsLine.of(line);
            var value = kept.get(old.name());
            if (value != null && !written.add(old.name())) continue;
            text.append(value == null || value.equals(old.value()) ? line : line(old.name(), value)).append('\n');
        }
        kept.forEach((name, value) -> {
            if (written.add(name)) text.append(line(name, value)).append('\n');
        });
        return text.toString();
    }

    private static String line(String name, String value) {
        try {
            return SettingsLine.written(name, value);
        } catch (IllegalArgumentException e) {
            throw new Problem(SETTINGS, name + " has a line break or another control character in it, "
                    + "and a line of the settings file cannot", "set it without");
        }
    }

    private String report() {
        var told = new StringBuilder("Saved in " + file.path() + ", which only you can read:\n");
        kept.forEach((name, value) -> told.append("  ").append(isShown(name) ? line(name, value) : name + "=…")
                .append('\n'));
        if (!leftOut.isEmpty())
            told.append("Not saved, because it is secret: ").append(String.join(", ", leftOut))
                    .append(". To keep it there too: jbang get_token.java --save-settings --with-secret\n");
        if (!env.getOrDefault(SettingNames.FILE, "").isBlank())
            told.append("It is read only where M365_SETTINGS names it.\n");
        return StartCommand.asTypedHere(told.toString());
    }

    /** A passphrase may be part of a command. */
    private static boolean isShown(String name) {
        return SettingNames.ALL.contains(name) && !name.endsWith("_COMMAND");
    }
}
