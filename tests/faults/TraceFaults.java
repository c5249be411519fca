package faults;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import stand_in.FakeLogin;

import static faults.Checks.check;

/**
 * Everything that the system was asked to write, and whatever was started, as strace sees it: secrets go to the two
 * files and to stdout, and nowhere else.
 */
final class TraceFaults {
    private static final String CALLS = "trace=execve,write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendfile,"
            + "copy_file_range,splice,rename,link,symlink,mkdir";
    private static final Pattern TARGET = Pattern.compile("write\\((\\d+)<([^>]*)>");
    /** The client's secret reaches the program itself in its environment; the JDK's helper copies that for a moment. */
    private static final Pattern OURSELVES = Pattern.compile("execve\\(\"[^\"]*/(java|jspawnhelper)\"");

    private final Lab lab;

    TraceFaults(Lab lab) { this.lab = lab; }

    void written(Fault fault) {
        var home = lab.home(lab.login());
        try (var imap = lab.imap().start()) {
            // keytool writes a temporary file
            var signingIn = traced(home.get_token("--verbose", "--no-browser"))
                    .with("M365_REDIRECT_URI", "https://localhost:0/");
            var printing = traced(home.get_token("--verbose", "--access-token"));
            var checking = traced(home.check_imap("--verbose", "--json", Lab.USER)).at("IMAP", imap);
            for (var program : List.of(signingIn, printing, checking))
                fault.attempt(program.toString(), () -> {
                    home.age(); // so that each of them writes
                    try (var run = program.start()) {
                        if (program == signingIn) run.types(home.login.signIn(run.address(), Lab.USER) + "\n");
                        run.closeInput();
                        run.ends().exits(0);
                    }
                    var expected = new TreeSet<>(List.of("refresh_token_new", "token_cache.json_new"));
                    if (program == printing) expected.add("stdout");
                    var places = places(Disk.read(home.path.resolve("strace")));
                    check(places.equals(expected), places, "secrets were written to");
                });
        }
    }

    private static Program traced(Program program) {
        return program.with("M365_CLIENT_ID", FakeLogin.CONFIDENTIAL_APP)
                .with("M365_CLIENT_SECRET", FakeLogin.CONFIDENTIAL_SECRET)
                .through("strace", "-f", "--seccomp-bpf", "-qq", "-y", "-v", "-s", "1000000", "-o", "strace",
                        "-e", CALLS);
    }

    /** Where secrets were written to, by a file's name; what has no name by the whole call. */
    private TreeSet<String> places(String trace) {
        var needles = new Needles(lab.secrets());
        var places = new TreeSet<String>();
        trace.lines().filter(line -> !OURSELVES.matcher(line).find() && needles.in(line).isPresent()).forEach(line -> {
            var to = TARGET.matcher(line);
            boolean named = to.find();
            boolean stdout = named && to.group(1).equals("1") && to.group(2).startsWith("pipe:");
            places.add(!named ? Scrambler.shown(line) : stdout ? "stdout" : to.group(2).replaceAll(".*/", ""));
        });
        return places;
    }
}
