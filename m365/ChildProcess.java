//SOURCES SettingNames.java

package m365;

import java.util.List;

/** A process of ours: keytool, stty, the browser, a secret store. It does not inherit the client's credentials. */
final class ChildProcess {

    /** @param command an argument vector; no shell is involved */
    static ProcessBuilder of(List<String> command) {
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(SettingNames.SECRET);
        return builder;
    }

    private ChildProcess() { }
}
