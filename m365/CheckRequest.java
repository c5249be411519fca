//SOURCES Invocation.java
//SOURCES MailProtocol.java
//SOURCES Scopes.java
//SOURCES Settings.java
//SOURCES SettingsReader.java

package m365;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What {@code check_imap} was asked to check, the same for each user. Refuses nothing: names were looked at before.
 *
 * @param values        what config.java says
 * @param mailboxOrNull the shared mailbox to open with the user's token; null for the user's own
 * @param all           SMTP and POP as well, if the settings ask for their permissions
 * @param appOnly       with a token of the app itself, without a user's
 */
public record CheckRequest(Map<String, String> values, Invocation invocation, String mailboxOrNull, boolean smtp,
        boolean pop, boolean all, boolean appOnly, boolean verbose) {

    /** @throws Problem with all faults at once */
    Settings settings() { return SettingsReader.read(values, invocation.env()); }

    String mailboxFor(String user) { return mailboxOrNull == null ? user : mailboxOrNull; }

    boolean includes(MailProtocol protocol, Settings settings) {
        return switch (protocol) {
            case IMAP -> true;
            case SMTP -> smtp || all && asksFor(protocol, settings);
            case POP -> pop || all && asksFor(protocol, settings);
        };
    }

    /** The app itself is given all it has, and {@code .default} asks for that. */
    private boolean asksFor(MailProtocol protocol, Settings settings) {
        return appOnly || Scopes.covers(settings.scopes(), protocol.scope)
                || Scopes.covers(settings.scopes(), ".default");
    }

    /** For the requests to the identity provider. */
    Consumer<String> log() { return verbose ? invocation.err()::println : line -> { }; }

    /** For the mail protocols. */
    Optional<Consumer<String>> protocolLog() { return verbose ? Optional.of(log()) : Optional.empty(); }
}
