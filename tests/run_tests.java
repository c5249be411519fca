//JAVAC_OPTIONS -encoding UTF-8 -J-XX:TieredStopAtLevel=1
//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//DEPS org.junit.platform:junit-platform-launcher:6.1.3
//DEPS com.icegreen:greenmail:2.1.13
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.util.concurrent.ForkJoinPool.common.parallelism=16
//SOURCES *Test.java m365/*.java stand_in/*.java support/*.java programs/*.java
//SOURCES ../get_token.java ../check_imap.java ../install.java

import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.ClassOrderer.OrderAnnotation;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Runs every test: {@code ./jbang tests/run_tests.java}, or those of the classes whose name contains the argument.
 * Tells each class when it ends. Ends with a line {@code N passed, N failed}, and with status 1 if a test failed or
 * none ran.
 */
public final class run_tests implements TestExecutionListener {
    /** Of our packages, for whose frames one looks when a test fails; the scripts are in none. */
    private static final Pattern OURS = Pattern.compile("[^.]+|(m365|stand_in|support|programs)\\..*");
    private static final int SLOWEST = 10;
    /** Without a word for so long, one wonders whether it still runs. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private record Taken(String name, double seconds) { }

    private final PrintStream out;
    private final boolean terminal = System.console() != null;
    private final long started = System.nanoTime();
    private final Map<TestIdentifier, Long> begun = new ConcurrentHashMap<>();
    private final Map<TestIdentifier, int[]> passedAndFailed = new LinkedHashMap<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();
    private final List<Taken> taken = new ArrayList<>();
    private long told = System.nanoTime();
    private int passed, failed, unused;
    private TestPlan plan;

    private run_tests(PrintStream out) { this.out = out; }

    public static void main(String... args) {
        // Whatever a test left running is ours, and must not outlive us.
        Runtime.getRuntime().addShutdownHook(new Thread(() ->
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        System.exit(run(args.length == 0 ? "" : args[0], new PrintStream(System.out, true, UTF_8)));
    }

    /** Runs the tests of the classes whose name contains {@code part}. @return the exit status */
    static int run(String part, PrintStream out) {
        var request = LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(whereWeAre())))
            .filters(ClassNameFilter.includeClassNamePatterns(".*Test"),
                ClassNameFilter.includeClassNamePatterns(".*" + Pattern.quote(part) + ".*"))
            // Classes side by side, more than there are cores, for they mostly wait; the tests of a class one by one
            // unless it is marked as @Execution(CONCURRENT). @Order lets those begin that take longest.
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.mode.default", "same_thread")
            .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
            .configurationParameter("junit.jupiter.execution.parallel.config.executor-service", "WORKER_THREAD_POOL")
            .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism",
                String.valueOf(4 * Math.max(2, Runtime.getRuntime().availableProcessors())))
            .configurationParameter("junit.jupiter.testclass.order.default", OrderAnnotation.class.getName())
            .configurationParameter("junit.jupiter.execution.timeout.testable.method.default", "3 m")
            .build();
        var tests = new run_tests(out);
        var life = new Thread(tests::showLife);
        life.setDaemon(true);
        life.start();
        LauncherFactory.create().execute(request, tests);
        life.interrupt();
        return tests.verdict();
    }

    /** The folder or jar that holds the compiled tests. */
    private static Path whereWeAre() {
        try {
            return Path.of(run_tests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    // ------------------------------------------------------------------------------------------- what a person sees

    private void showLife() {
        try {
            while (true) {
                Thread.sleep(terminal ? 500 : QUIET.toMillis() / 2);
                sign();
            }
        } catch (InterruptedException e) { /* all is told */ }
    }

    /** On a terminal a line that comes and goes, else one when nothing was told for a while. */
    private synchronized void sign() {
        if (plan == null || !terminal && System.nanoTime() - told < QUIET.toNanos()) return;
        var busy = begun.keySet().stream().filter(this::isClass).map(this::name).sorted().limit(4)
            .collect(Collectors.joining(", "));
        var line = String.format("%4.0f s, %d passed, %d failed, busy with %s", seconds(started), passed, failed, busy);
        wipe();
        out.print(terminal ? line.substring(0, Math.min(line.length(), 79)) : line + "\n");
        out.flush();
        told = System.nanoTime();
    }

    private void wipe() {
        if (terminal) out.print("\r\033[K");
        told = System.nanoTime();
    }

    private synchronized int verdict() {
        wipe();
        if (!skipped.isEmpty()) out.println("\nSkipped:");
        skipped.forEach((name, reason) -> out.println("  " + name + ": " + reason));
        out.println("\nSlowest:");
        taken.stream().sorted(Comparator.comparingDouble(Taken::seconds).reversed()).limit(SLOWEST)
            .forEach(test -> out.printf("  %5.1f s  %s%n", test.seconds, test.name));
        out.printf("%nAll in %.0f s.%n", seconds(started));
        if (passed + failed == 0) out.println("No test ran.");
        out.println(passed + " passed, " + failed + " failed" + (unused == 0 ? "" : ", " + unused + " skipped"));
        return failed > 0 || passed == 0 ? 1 : 0;
    }

    // ---------------------------------------------------------------------------------------- what JUnit tells us

    @Override public void testPlanExecutionStarted(TestPlan plan) { this.plan = plan; }

    @Override public void executionStarted(TestIdentifier test) { begun.put(test, System.nanoTime()); }

    @Override public synchronized void executionSkipped(TestIdentifier test, String reason) { skip(test, reason); }

    @Override public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        var why = result.getThrowable();
        var began = begun.remove(test);
        if (test.isTest()) taken.add(new Taken(name(test), seconds(began)));
        switch (result.getStatus()) {
            case SUCCESSFUL -> { if (test.isTest()) { passed++; count(test)[0]++; } }
            case ABORTED -> skip(test, why.map(run_tests::message).orElse(""));
            default -> {
                failed++;
                count(test)[1]++;
                wipe();
                out.printf("FAILED %s  (%.1f s)%n%s", name(test), seconds(began),
                    why.map(run_tests::account).orElse(""));
            }
        }
        if (isClass(test)) summary(test, began);
    }

    private void skip(TestIdentifier test, String reason) {
        skipped.put(name(test), reason);
        unused += test.isTest() ? 1 : (int) plan.getDescendants(test).stream().filter(TestIdentifier::isTest).count();
    }

    /** The line of a test class that has ended. */
    private void summary(TestIdentifier test, long began) {
        var counts = passedAndFailed.getOrDefault(test, new int[2]);
        var failures = counts[1] == 0 ? "" : ", " + counts[1] + " FAILED";
        wipe();
        out.printf("%-26s %3d passed%s  %6.1f s%n", name(test), counts[0], failures, seconds(began));
    }

    private int[] count(TestIdentifier test) {
        var of = test;
        for (Optional<TestIdentifier> up = Optional.of(test); up.isPresent(); up = plan.getParent(up.get()))
            if (isClass(up.get())) of = up.get();
        return passedAndFailed.computeIfAbsent(of, t -> new int[2]);
    }

    /** The engine is the root, the top-level classes are its children. */
    private boolean isClass(TestIdentifier test) {
        return plan.getParent(test).isPresent() && plan.getParent(plan.getParent(test).get()).isEmpty();
    }

    /** As in {@code SettingsTest › When_the_file_is_loose › it_is_refused}. */
    private String name(TestIdentifier test) {
        var parent = plan.getParent(test);
        var own = test.getDisplayName().replaceFirst("\\(.*\\)$", "");
        return parent.isEmpty() || plan.getParent(parent.get()).isEmpty() ? own : name(parent.get()) + " › " + own;
    }

    private static String message(Throwable e) {
        return String.valueOf(e.getMessage()).replaceFirst("^Assumption failed: ", "");
    }

    /** What went wrong and where in the tests, indented. */
    private static String account(Throwable e) {
        var text = new StringBuilder();
        var own = Arrays.stream(e.getStackTrace()).filter(frame -> OURS.matcher(frame.getClassName()).matches())
            .limit(6).toList();
        var what = e instanceof AssertionError ? message(e) : e.toString();
        for (var line : what.split("\n")) text.append("    ").append(line).append('\n');
        for (var frame : own)
            text.append("      at ").append(frame.getClassName()).append('.').append(frame.getMethodName())
                .append(':').append(frame.getLineNumber()).append('\n');
        return text + (e.getCause() == null || e.getCause() == e ? "" : account(e.getCause()));
    }

    private static double seconds(long since) {
        return Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0;
    }
}
