//JAVA 17+
//SOURCES ../../config.java ../../m365/SettingsReader.java

package support;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import m365.Settings;
import m365.SettingsReader;

/** The settings of a copy that nobody has edited, with what the environment says: config.java lies in no package. */
public final class TestSettings {

    /** @param namesAndValues of environment variables, in turn */
    public static Settings settings(String... namesAndValues) {
        var env = new HashMap<String, String>();
        env.put("XDG_CONFIG_HOME", "/nowhere"); // not the settings file of whoever runs the tests
        for (int i = 0; i < namesAndValues.length; i += 2) env.put(namesAndValues[i], namesAndValues[i + 1]);
        return SettingsReader.read(values(), env);
    }

    /** What config.java says. */
    @SuppressWarnings("unchecked")
    public static Map<String, String> values() {
        try {
            Method values = Class.forName("config").getDeclaredMethod("values");
            values.setAccessible(true);
            return (Map<String, String>) values.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private TestSettings() { }
}
