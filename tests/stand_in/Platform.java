//SOURCES Consents.java
//SOURCES Directory.java
//SOURCES MovableClock.java
//SOURCES Secrets.java

package stand_in;

/**
 * What the rooms of the identity provider share.
 *
 * @param base {@code https://localhost:PORT}, without a final slash
 */
record Platform(String base, MovableClock clock, Secrets secrets, Directory directory, Consents consents) {
    static Platform at(String base) {
        var secrets = new Secrets();
        return new Platform(base, new MovableClock(), secrets, new Directory(secrets), new Consents());
    }

    /** {@code localhost:PORT}. */
    String hostAndPort() {
        return base.substring("https://".length());
    }
}
