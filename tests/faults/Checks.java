package faults;

/** What all trials need: a check that says what it is about, a thread that ends with us, a pause. */
final class Checks {

    static void check(boolean holds, Object about, String what) {
        if (!holds) throw new AssertionError(what + ": " + about);
    }

    static Thread daemon(Runnable work) {
        var thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Checks() { }
}
