//SOURCES StartCommand.java
//SOURCES Text.java

package m365;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The small script that starts an installed command: its text, for a POSIX shell or for Windows. Writes no file. */
final class CommandScript {
    /** By this a script is known as one of ours, and by nothing else. */
    static final String MARK = "of the M365 mail sign-in. Made by install.java, which also replaces and removes it.";

    /**
     * {@link StartCommand#QUICK}; a heap that begins small, for else Java takes a sixty-fourth of the machine's memory
     * before it tidies up, with room for what eight users at once need for a moment, for else that gathers where Java
     * tidies up last; and a JVM that never grumbles on stdout, where the token goes: neither about options that another
     * Java does not know nor about an archive that is not its own.
     */
    static final List<String> FLAGS = Stream.concat(StartCommand.QUICK.stream(), Stream.of("-Xms20m", "-Xmn10m",
            "-XX:SurvivorRatio=2", "-XX:TargetSurvivorRatio=90",
            "-Xlog:disable", "-XX:+IgnoreUnrecognizedVMOptions")).toList();

    /**
     * The Java that runs now, as long as it is there; then the user's. In a locale without UTF-8, as cron's, Java
     * cannot open a file whose name is not ASCII.
     *
     * @param commands the folder of the scripts
     * @param archive  the options that use a {@link ClassArchive}
     */
    static String posix(String program, Path javaHome, Path commands, Path jar, List<String> archive) {
        return """
                #!/bin/sh
                # %1$s, %2$s
                java=%3$s
                [ -x "$java" ] || java=${JAVA_HOME:+$JAVA_HOME/bin/java}
                [ -x "$java" ] || java=$(command -v java) || {
                    echo '%1$s: error: there is no Java any more: neither what it was installed with nor JAVA_HOME' \\
                        'nor one on PATH; install one (17 or newer)' >&2
                    exit 78
                }
                case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in *[Uu][Tt][Ff]*) ;; *) export LC_ALL=C.UTF-8 ;; esac
                exec "$java" %4$s -D%5$s=%6$s -cp %7$s %1$s "$@"
                """.formatted(program, MARK, Text.shellQuote(javaHome.resolve("bin/java")), words(archive),
                StartCommand.COMMANDS, Text.shellQuote(commands), Text.shellQuote(jar));
    }

    /**
     * In a batch file a per cent sign is doubled; what else cmd.exe would take for its own is left alone between
     * quotes, which no path has in it there, and an exclamation mark as long as delayed expansion is off. Untried.
     */
    static String windows(String program, Path javaHome, Path commands, Path jar, List<String> archive) {
        return """
                @echo off
                rem %1$s, %2$s
                setlocal DisableDelayedExpansion
                set "M365_JAVA=%3$s"
                if not exist "%%M365_JAVA%%" set "M365_JAVA=%%JAVA_HOME%%\\bin\\java.exe"
                if not exist "%%M365_JAVA%%" set "M365_JAVA=java.exe"
                "%%M365_JAVA%%" %4$s "-D%5$s=%6$s" -cp "%7$s" %1$s %%*
                """.formatted(program, MARK, doubled(javaHome.resolve("bin\\java.exe")), String.join(" ", FLAGS)
                        + String.join("", archive.stream().map(option -> " \"" + doubled(option) + "\"").toList()),
                StartCommand.COMMANDS, doubled(commands), doubled(jar)).replace("\n", "\r\n");
    }

    private static String words(List<String> archive) {
        return Stream.concat(FLAGS.stream(), archive.stream()).map(Text::shellQuote).collect(Collectors.joining(" "));
    }

    private static String doubled(Object path) { return path.toString().replace("%", "%%"); }

    private CommandScript() { }
}
