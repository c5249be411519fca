package m365;

/** Host name and TCP port of a mail server. */
public record Server(String host, int port) {
    @Override public String toString() { return host + ":" + port; }
}
