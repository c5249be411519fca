//SOURCES ClientConnection.java
//SOURCES Conversation.java
//SOURCES MailProtocol.java

package stand_in;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a mail server says to what: a greeting, and a rule for each command. */
final class MailScript implements Conversation {
    /** A reply that ends the connection instead of saying something. */
    static final String HANG_UP = "\0hang up";
    /** A reply that never comes: the connection stays open and silent until the server is closed. */
    static final String SILENCE = "\0silence";

    private record Rule(String pattern, Conversation reaction) {
        boolean fits(String command) {
            var star = pattern.indexOf('*');
            return star < 0 ? command.equalsIgnoreCase(pattern)
                : command.regionMatches(true, 0, pattern, 0, star) && command.length() > star;
        }
    }

    private final MailProtocol protocol;
    private final List<Rule> rules = new ArrayList<>();
    private Conversation greeting;

    MailScript(MailProtocol protocol) {
        this.protocol = protocol;
    }

    MailScript greeting(String... lines) {
        return greeting(saying(lines));
    }

    MailScript greeting(Conversation other) {
        greeting = other;
        return this;
    }

    /** The newest rule that fits wins. @param pattern a command; a final {@code *} stands for any rest */
    MailScript on(String pattern, String... replies) {
        return on(pattern, saying(replies));
    }

    MailScript on(String pattern, Conversation reaction) {
        rules.add(0, new Rule(pattern, reaction));
        return this;
    }

    /** How to answer XOAUTH2, both with the data in the same line and in the next one. */
    MailScript onXoauth2(String... replies) {
        var asking = new ArrayList<>(List.of(replies));
        asking.add(0, protocol.asking);
        on(protocol.xoauth2, asking.toArray(String[]::new));
        return protocol == MailProtocol.POP ? this : on(protocol.xoauth2 + " *", replies);
    }

    /** A line that a client sent, without its tag. */
    String withoutTag(String line) {
        return protocol == MailProtocol.IMAP ? line.replaceFirst("^\\S+ ", "") : line;
    }

    private Conversation saying(String... replies) {
        return client -> {
            for (var reply : replies) {
                say(client, reply);
            }
        };
    }

    private void say(ClientConnection client, String reply) throws IOException {
        if (reply.equals(HANG_UP)) {
            throw new IOException("hanging up");
        }
        if (reply.equals(SILENCE)) {
            client.stayingSilent();
        }
        protocol.reply(client, reply);
    }

    @Override public void with(ClientConnection client) throws IOException {
        greeting.with(client);
        for (var line = client.readLine(); line != null; line = client.readLine()) {
            var command = protocol.command(line, client);
            var rule = rules.stream().filter(r -> r.fits(command)).findFirst();
            if (rule.isPresent()) {
                rule.get().reaction().with(client);
            } else {
                client.say(client.tagged(protocol.unknown));
            }
        }
    }
}
