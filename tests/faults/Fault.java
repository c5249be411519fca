package faults;

import java.io.PrintStream;
import java.util.Arrays;

/** What came of one kind of fault: how often it was tried, and how often the tool survived. */
final class Fault {

    interface Attempt {
        void make() throws Exception;
    }

    private final String name;
    private final PrintStream out;
    private int tries;
    private int survived;
    private String note = "";

    Fault(String name, PrintStream out) {
        this.name = name;
        this.out = out;
    }

    /** Lets all of it happen, and tells what came of it. */
    void undergo(Kind.Trial trial) {
        long started = System.nanoTime();
        try {
            trial.of(this);
        } catch (Exception | AssertionError e) {
            attempt("as a whole", () -> { throw new IllegalStateException(e); });
        }
        synchronized (out) {
            out.printf("%-44s %6d tries  %6d survived  %5.0f s  %s%n", name, tries, survived,
                    (System.nanoTime() - started) / 1e9, note);
        }
    }

    /** Tries once; a failure is told, and the next try goes on. */
    void attempt(String what, Attempt attempt) {
        Throwable failure = null;
        try {
            attempt.make();
        } catch (Exception | AssertionError e) {
            failure = e;
        }
        synchronized (this) {
            tries++;
            if (failure == null) survived++;
        }
        if (failure != null) failed(what, failure);
    }

    /** So many were tried elsewhere, and all survived. */
    synchronized void count(int more) {
        tries += more;
        survived += more;
    }

    /** Adds a remark to the row. */
    synchronized void note(String text) { note = note.isEmpty() ? text : note + ", " + text; }

    private void failed(String what, Throwable e) {
        var where = Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("faults.") && !frame.getMethodName().equals("check"))
                .limit(3).map(frame -> frame.getFileName() + ":" + frame.getLineNumber()).toList();
        var why = String.valueOf(e instanceof AssertionError ? e.getMessage() : e).strip().replace("\n", "\n    ");
        synchronized (out) {
            out.println("FAILED " + name + ", " + what + "\n    " + why + "\n    at " + where);
        }
    }

    synchronized boolean survived() { return tries == survived; }

    /** Of the table. */
    synchronized String row() {
        var mark = tries == survived ? "" : "FAILED ";
        return String.format("%-44s %8d %9d  %s%s", name, tries, survived, mark, note);
    }
}
