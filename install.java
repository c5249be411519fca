//bin/sh "$(dirname "$(readlink -f "$0")")/jbang" "$(readlink -f "$0")" "$@" ; exit $?
//DESCRIPTION Installs get_token and check_imap as commands that need no JBang
//DOCS README.md
//GAV m365:install:1.1.0
//JAVA 17+
//JAVAC_OPTIONS -encoding UTF-8 -XDstringConcat=inline -proc:none -J-XX:TieredStopAtLevel=1
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData
//DEPS info.picocli:picocli:4.7.7
//SOURCES check_imap.java
//SOURCES get_token.java
//SOURCES m365/ExitStatus.java
//SOURCES m365/Installation.java
//SOURCES m365/Invocation.java
//SOURCES m365/Problem.java
//SOURCES m365/Program.java
//SOURCES m365/Text.java

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import m365.Installation;
import m365.Invocation;
import m365.Problem;
import m365.Program;
import m365.Text;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import static m365.ExitStatus.USAGE;

/**
 * Puts {@code get_token} and {@code check_imap} on the user's PATH, with all they need but Java; removes them again.
 * Leaves tokens and settings alone.
 */
@Command(name = "install", version = "install " + Program.VERSION, sortOptions = false,
        customSynopsis = {
            "install [DIRECTORY]    install get_token and check_imap",
            "       install --uninstall    remove what that has made"},
        header = "Install get_token and check_imap as commands that start without JBang.%n",
        footer = {"",
            "Install, or replace by this version:",
            "    $ jbang install.java",
            "",
            "The commands hold a copy of config.java: install again after changing it.",
            "Exit status: 0 fine, 64 usage, 75 try again later, 78 something else is in the way."})
public final class install implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "DIRECTORY", description = "where to put them (default: ~/.local/bin)")
    Path folder;

    @Option(names = "--uninstall", description = "remove what was installed, and nothing else")
    boolean uninstall;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "show the version")
    boolean version;

    private final Map<String, String> env;
    private final PrintStream err;

    private install(Map<String, String> env, PrintStream err) {
        this.env = env;
        this.err = err;
    }

    public static void main(String... args) { System.exit(run(System.getenv(), System.out, System.err, args)); }

    /** Does what {@code args} ask for. @return the exit status */
    public static int run(Map<String, String> env, PrintStream out, PrintStream err, String... args) {
        var invocation = new Invocation(env, InputStream.nullInputStream(), out, err);
        return Program.run("install", new install(env, invocation.err()), invocation, args);
    }

    @Override public Integer call() {
        var installation = new Installation(env);
        if (uninstall) {
            if (folder != null)
                throw new Problem(USAGE, "--uninstall needs no directory: it knows what was installed where", "");
            var removed = installation.uninstall();
            removed.forEach(path -> err.println("Removed " + path));
            if (removed.isEmpty()) err.println("Nothing is installed.");
        } else {
            var chosen = folder == null ? installation.usualFolder() : folder.toAbsolutePath().normalize();
            installation.install(chosen, completions());
            report(installation, chosen);
        }
        return 0;
    }

    private static Map<String, String> completions() {
        var completions = new LinkedHashMap<String, String>();
        for (var command : new Class<?>[] {get_token.class, check_imap.class})
            completions.put(command.getSimpleName(),
                    AutoComplete.bash(command.getSimpleName(), new CommandLine(command)));
        return completions;
    }

    private void report(Installation installation, Path folder) {
        err.println("Installed get_token and check_imap in " + folder + ".");
        if (!installation.isOnPath(folder))
            err.println("That is not on your PATH. Add it, in ~/.profile (zsh: ~/.zprofile) and in this shell:\n"
                    + "    export PATH=" + Text.shellQuote(folder) + ":\"$PATH\"");
        else if (!installation.isFoundByName("get_token", folder))
            err.println("Another get_token comes earlier on your PATH, and is what you get by that name.");
        err.println("Completion with Tab is there in a new bash. For zsh, add to ~/.zshrc:\n    for f in "
                + String.join(" ", Installation.COMMANDS) + "; do source "
                + Text.shellQuote(installation.completions()) + "/$f; done");
        err.println("Next: " + installation.typed("get_token", folder) + " jan@uva.nl");
    }
}
