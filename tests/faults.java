//JAVAC_OPTIONS -encoding UTF-8 -J-XX:TieredStopAtLevel=1
//JAVA 17+
//DEPS org.slf4j:slf4j-nop:1.7.36
//SOURCES ../get_token.java ../check_imap.java
//SOURCES stand_in/FakeLogin.java stand_in/FakeMail.java stand_in/ThrowawayCa.java
//SOURCES faults/*.java

import faults.Suite;
import java.io.PrintStream;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Breaks what can break, and attacks what can be attacked, with real processes: {@code ./jbang tests/faults.java}, or
 * only the kinds with {@code --only NAME} in their names; {@code --short} for a part of the cases of each kind, {@code
 * --long} for more of the same, and fuzzing with another seed. Everything stays on this machine. Ends with a table and
 * a line {@code N passed, N failed}.
 */
public final class faults {

    public static void main(String... args) {
        var words = List.of(args);
        var only = words.stream().filter(word -> !word.startsWith("--")).findFirst().orElse("");
        var extent = words.contains("--short") ? "short" : words.contains("--long") ? "long" : "whole";
        int status = 1;
        try {
            status = new Suite(new PrintStream(System.out, true, UTF_8), extent, only).run();
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(status); // whatever threads are left
    }

    private faults() { }
}
