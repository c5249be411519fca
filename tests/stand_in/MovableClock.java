package stand_in;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The identity provider's clock, which a test can move ahead. */
final class MovableClock {
    private static final DateTimeFormatter UTC =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private volatile Duration ahead = Duration.ZERO;

    Instant now() {
        return Instant.now().plus(ahead);
    }

    /** The time as Entra's errors write it. */
    String timestamp() {
        return UTC.format(now());
    }

    synchronized void letTimePass(Duration duration) {
        ahead = ahead.plus(duration);
    }
}
