package m365;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Times and numbers, as a person would say them. */
final class Phrases {

    /** As "5 minutes"; of two of a unit and more, the next larger one serves. */
    static String duration(Duration time) {
        if (time.compareTo(Duration.ofMinutes(2)) < 0) return count(time.toSeconds(), "second");
        if (time.compareTo(Duration.ofHours(2)) < 0) return count(time.toMinutes(), "minute");
        return count(time.toHours(), "hour");
    }

    /** As "1 message" or "2 messages". */
    static String count(long number, String noun) { return number + " " + noun + (number == 1 ? "" : "s"); }

    /** As "2026-03-02 08:15", by this computer's time zone. */
    static String localTime(Instant time) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault()).format(time);
    }

    private Phrases() { }
}
