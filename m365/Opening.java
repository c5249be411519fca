//SOURCES Connection.java
//SOURCES MailProtocol.java
//SOURCES Settings.java
//SOURCES Steps.java

package m365;

import java.util.concurrent.TimeUnit;

/**
 * A connection that is opened while the token is renewed, for neither needs the other. Its steps are told when it is
 * taken, with the time that each took; if nobody takes it, it is closed.
 */
final class Opening implements AutoCloseable {
    /** A renewal takes at most 20 s; Exchange gives up after a minute (its PreAuthenticatedConnectionTimeout). */
    private static final long FRESH_SECONDS = 30;

    private final MailProtocol protocol;
    private final Settings settings;
    private final Connection connection;
    private final Steps steps = new Steps(line -> { });
    private final long begun = System.nanoTime();
    private final Thread thread;
    private Throwable failure;

    Opening(MailProtocol protocol, Settings settings) {
        this.protocol = protocol;
        this.settings = settings;
        this.connection = new Connection(protocol, settings);
        this.thread = new Thread(this::open, "opening");
        thread.setDaemon(true);
        thread.start();
    }

    private void open() {
        try {
            connection.open(steps);
        } catch (RuntimeException | Error e) {
            failure = e;
            steps.pause();
        }
    }

    /** Waits until it is open, and tells {@code told} how. @throws Problem if it cannot be opened */
    Connection ready(Steps told) throws InterruptedException {
        told.waitFor(steps);
        thread.join();
        if (failure == null && System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(FRESH_SECONDS)) {
            close();
            var anew = new Connection(protocol, settings);
            anew.open(told);
            return anew;
        }
        told.take(steps);
        if (failure instanceof Error error) throw error;
        if (failure != null) throw (RuntimeException) failure;
        return connection;
    }

    @Override public void close() { connection.close(); }
}
