//DEPS org.eclipse.angus:angus-mail:2.0.5
//SOURCES ExitStatus.java
//SOURCES MailRefusal.java
//SOURCES MailWire.java
//SOURCES MailboxCounts.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Signal.java
//SOURCES Steps.java
//SOURCES Text.java

package m365;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Logs in to IMAP with XOAUTH2 and nothing else, and opens INBOX without changing anything, through Angus Mail's
 * protocol and not its store: that asks for the capabilities again, names folders and waits after LOGOUT. Waits for the
 * server three times, twice if its greeting says what it can.
 */
final class ImapLogin extends IMAPProtocol {
    private final MailWire wire;
    private final Steps steps;
    /** The tags of what was said. */
    private final Set<String> unanswered = new TreeSet<>();
    private Optional<String> bye = Optional.empty();
    private int folders;
    private long messages = -1, unread = -1;

    ImapLogin(MailWire wire, Steps steps) throws IOException {
        super(wire.in(), new PrintStream(wire.out(), false, UTF_8), properties(), false);
        this.wire = wire;
        this.steps = steps;
    }

    private static Properties properties() {
        var properties = new Properties();
        properties.put("mail.imap.reusetagprefix", "true"); // else it tells how many logins there were before
        return properties;
    }

    @Override public boolean supportsUtf8() { return true; }

    /** Angus Mail takes a FETCH, for which nobody asked, apart by recursion. */
    @Override public Response readResponse() throws IOException, ProtocolException { return new IMAPResponse(this); }

    /** Angus Mail stumbles over a letter with an accent where it looks for them. */
    @Override protected void setCapabilities(Response response) {
        if (response.toString().toUpperCase(Locale.ROOT).contains("[CAPABILITY ")) super.setCapabilities(response);
    }

    /** @throws Problem if the server is none that could be let know the token */
    void greet() throws IOException {
        try {
            var greeting = (IMAPResponse) readResponse();
            if (greeting.keyEquals("PREAUTH")) throw notOffered(" wants no login: " + quoted(greeting));
            if (!greeting.isUnTagged() || !greeting.isOK() && !greeting.isBYE()) throw wire.nonsense();
            processGreeting(greeting);
            if (getCapabilities().isEmpty()) capability();
            if (!hasCapability("AUTH=XOAUTH2"))
                throw notOffered(" does not offer XOAUTH2, but: "
                        + wire.hide(String.join(" ", new TreeSet<>(getCapabilities().keySet()))));
            steps.done("offers XOAUTH2: " + quoted(greeting));
        } catch (IOException | ProtocolException e) {
            throw failure(e);
        }
    }

    private String quoted(Response response) { return Text.quote(wire.hide(response.toString())); }

    private Problem notOffered(String what) {
        return new Problem(ExitStatus.REFUSED, wire.server() + what, "",
                Signal.local("xoauth2-not-offered")).at(wire.server());
    }

    /** Sends the token, once. */
    void logIn(String mailbox, Secret token) throws IOException {
        try {
            authoauth2(mailbox, token.reveal());
        } catch (ProtocolException e) {
            throw failure(e);
        }
        if (!wire.tokenIsSent()) throw wire.nonsense(); // in without it
        wire.loggedIn();
    }

    /** Exchange may accept a login and fail the next command, so only an opened INBOX proves it. */
    MailboxCounts open() throws IOException {
        try {
            say("LIST \"\" \"*\"");
            // Of an open mailbox only a SEARCH tells what is unread, and names every message.
            var status = say("STATUS INBOX (UNSEEN)");
            say("EXAMINE INBOX");
            while (!unanswered.isEmpty()) {
                var response = (IMAPResponse) readResponse();
                if (response.isUnTagged()) note(response);
                else answered(response, status);
            }
            if (messages < 0) throw wire.nonsense();
            say("LOGOUT"); // nobody waits for the answer
            return new MailboxCounts(folders, messages, unread);
        } catch (IOException | ProtocolException e) {
            throw failure(e);
        }
    }

    private String say(String command) throws IOException, ProtocolException {
        var tag = writeCommand(command, null);
        unanswered.add(tag);
        return tag;
    }

    /** Exchange does not always know how many are unread, and a mailbox that opens need not say. */
    private void answered(IMAPResponse response, String status) throws IOException {
        if (!response.isTagged() || !unanswered.remove(response.getTag())) throw wire.nonsense();
        if (response.isOK() || response.isBAD() && response.getTag().equals(status)) return;
        throw wire.failure(response.isNO() || response.isBAD() ? words(response) : "");
    }

    /** Takes from an untagged response what we want to know. A server that says BYE may still say why. */
    private void note(IMAPResponse response) {
        if (response.isBYE()) bye = Optional.of(response.toString());
        if (response.keyEquals("LIST")) folders++;
        if (response.keyEquals("EXISTS")) messages = response.getNumber();
        if (response.keyEquals("STATUS")) noteUnread(response.toString().toUpperCase(Locale.ROOT));
    }

    /** Angus Mail's Status never comes to an end where a bracket stands for a word. */
    private void noteUnread(String status) {
        var words = List.of(status.substring(status.lastIndexOf('(') + 1).replace(")", "").split(" "));
        int at = words.indexOf("UNSEEN") + 1;
        if (at == 0 || at == words.size()) return;
        if (words.get(at).length() > 10 || !Text.madeOf(Text.DIGITS, words.get(at))) throw wire.nonsense();
        unread = Long.parseLong(words.get(at));
    }

    /** Angus Mail makes a BYE of its own where the connection breaks. */
    private IOException failure(Exception e) {
        if (e instanceof MailRefusal refusal) return refusal;
        var response = e instanceof ProtocolException refused ? refused.getResponse() : null;
        return wire.failure(response == null || response.isSynthetic() ? bye.orElse("") : words(response));
    }

    private static String words(Response response) {
        var line = response.toString();
        return response.isTagged() ? line.substring(line.indexOf(' ') + 1) : line;
    }
}
