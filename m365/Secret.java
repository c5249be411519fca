package m365;

/** Text that must not be seen: printing it shows dots. Every use of {@link #reveal} is a place to look at twice. */
public record Secret(String reveal) {
    @Override public String toString() { return "••••"; }
}
