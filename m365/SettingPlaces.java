//SOURCES SettingNames.java
//SOURCES SettingsFile.java

package m365;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The three places of a setting, of which the later wins: config.java, the settings file, the environment. Finds its
 * text and says where it stood; what it means is {@link SettingsReader}'s. On the way to a cached token: no regular
 * expressions, lambdas or streams here.
 */
public final class SettingPlaces {
    static final String CONFIG = "config.java", ENVIRONMENT = "environment";

    private final Map<String, String> config;
    private final SettingsFile file;
    private final Map<String, String> env;

    SettingPlaces(Map<String, String> config, SettingsFile file, Map<String, String> env) {
        this.config = config;
        this.file = file;
        this.env = env;
    }

    /** The text in force; empty if there is none. An empty one counts as not set. */
    String value(String name) {
        var set = env.getOrDefault(name, "").strip();
        if (!set.isEmpty()) return set;
        return isInFile(name) ? file.value(name) : config.getOrDefault(name, "");
    }

    /** Where each setting stands that there is, by its name. */
    Map<String, String> all() {
        var all = new LinkedHashMap<String, String>();
        for (var names : List.of(SettingNames.ALL, SettingNames.SECRET))
            for (var name : names) if (!value(name).isEmpty()) all.put(name, of(name));
        return all;
    }

    /** Where that stands: {@code environment}, {@code /home/jan/.config/m365/settings:3} or {@code config.java}. */
    public String of(String name) {
        return isInEnvironment(name) ? ENVIRONMENT : isInFile(name) ? file.place(name) : CONFIG;
    }

    boolean isInEnvironment(String name) { return !env.getOrDefault(name, "").isBlank(); }

    boolean isInFile(String name) { return !file.value(name).isEmpty(); }

    /** Whether the environment or the settings file says so, not config.java. */
    public boolean isSet(String name) { return isInEnvironment(name) || isInFile(name); }

    /** The settings that the environment alone says: another terminal, cron and mail programs do not know them. */
    public List<String> forgotten() {
        var forgotten = new ArrayList<String>();
        for (var names : List.of(SettingNames.ALL, SettingNames.SECRET))
            for (var name : names)
                if (isInEnvironment(name)
                        && !value(name).equals(isInFile(name) ? file.value(name) : config.getOrDefault(name, "")))
                    forgotten.add(name);
        return forgotten;
    }

    /** The settings file, whether it is there or not; null where Java cannot name it in this locale. */
    public Path file() { return file.path(); }
}
