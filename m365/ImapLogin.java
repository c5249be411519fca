//SOURCES ExitStatus.java
//SOURCES MailDialogue.java
//SOURCES MailRefusal.java
//SOURCES MailboxCounts.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Signal.java
//SOURCES Steps.java
//SOURCES Text.java
//SOURCES Xoauth2.java

package m365;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * IMAP (RFC 3501, 9051) as far as it takes to log in with XOAUTH2 and nothing else, and to open INBOX without changing
 * anything. Waits for the server three times, twice if its greeting says what it can. Counts what it hears of and keeps
 * none of it.
 */
final class ImapLogin {
    private static final Set<String> TEXT = Set.of("OK", "NO", "BAD", "BYE", "PREAUTH");

    private final MailDialogue dialogue;
    private final Steps steps;
    private final Set<String> capabilities = new TreeSet<>();
    /** The tags of what was said; after STATUS, which need not be understood, that of it. */
    private final Set<String> unanswered = new TreeSet<>();
    private String mayBeBad = "";
    private int tags;
    private Optional<String> bye = Optional.empty();
    private Optional<String> challenge = Optional.empty();
    private int folders;
    private long messages = -1, unread = -1;

    ImapLogin(MailDialogue dialogue, Steps steps) {
        this.dialogue = dialogue;
        this.steps = steps;
    }

    /** @throws Problem if the server is none that could be let know the token */
    void greet() throws IOException {
        var greeting = hear();
        if (isWord("PREAUTH", greeting, 2)) throw notOffered(" wants no login: " + quoted(greeting));
        if (!greeting.startsWith("* ") || !isWord("OK", greeting, 2)) {
            if (bye.isPresent()) throw new MailRefusal(greeting, challenge);
            throw dialogue.nonsense();
        }
        int list = greeting.toUpperCase(Locale.ROOT).indexOf("[CAPABILITY ");
        if (list >= 0) learn(greeting.substring(list + 12).split("]", 2)[0]);
        else {
            say("CAPABILITY");
            hearAnswers();
        }
        if (!capabilities.contains("AUTH=XOAUTH2"))
            throw notOffered(" does not offer XOAUTH2, but: " + dialogue.hide(String.join(" ", capabilities)));
        steps.done("offers XOAUTH2: " + quoted(greeting));
    }

    private String quoted(String line) { return Text.quote(dialogue.hide(line)); }

    private Problem notOffered(String what) {
        return new Problem(ExitStatus.REFUSED, dialogue.server() + what, "",
                Signal.local("xoauth2-not-offered")).at(dialogue.server());
    }

    /** Sends the token, once. */
    void logIn(Secret response) throws IOException {
        if (capabilities.contains("SASL-IR")) dialogue.say(tagged("AUTHENTICATE XOAUTH2") + " ", response);
        else {
            say("AUTHENTICATE XOAUTH2");
            if (!hearAnswers()) throw dialogue.nonsense(); // in without a token
            dialogue.say("", response);
        }
        if (hearAnswers()) {
            dialogue.say("");
            if (hearAnswers()) throw dialogue.nonsense();
        }
    }

    /** Exchange may accept a login and fail the next command, so only an opened INBOX proves it. */
    MailboxCounts open() throws IOException {
        folders = 0;
        // Of an open mailbox only a SEARCH tells what is unread, and names every message.
        dialogue.say(tagged("LIST \"\" \"*\""), tagged("STATUS INBOX (UNSEEN)"), tagged("EXAMINE INBOX"));
        if (hearAnswers() || messages < 0) throw dialogue.nonsense();
        dialogue.leave(tagged("LOGOUT"));
        return new MailboxCounts(folders, messages, unread);
    }

    private void say(String command) throws IOException { dialogue.say(tagged(command)); }

    private String tagged(String command) {
        var tag = "A" + ++tags;
        unanswered.add(tag);
        if (command.startsWith("STATUS ")) mayBeBad = tag;
        return tag + " " + command;
    }

    /**
     * Listens until all that was said is answered.
     *
     * @return whether the server wants to hear something first: the token, or that its challenge was understood
     * @throws MailRefusal if an answer is no
     */
    private boolean hearAnswers() throws IOException {
        while (!unanswered.isEmpty()) {
            var line = hear();
            if (line.startsWith("* ")) continue;
            if (line.startsWith("+")) {
                challenge = Xoauth2.challenge(line.substring(1));
                return true;
            }
            answered(line);
        }
        return false;
    }

    /** Exchange does not always know how many are unread, and a mailbox that opens need not say. */
    private void answered(String line) throws IOException {
        int space = line.indexOf(' ') + 1;
        var tag = line.substring(0, Math.max(0, space - 1));
        if (!unanswered.remove(tag)) throw dialogue.nonsense();
        if (isWord("OK", line, space) || tag.equals(mayBeBad) && isWord("BAD", line, space)) return;
        if (isWord("NO", line, space) || isWord("BAD", line, space))
            throw new MailRefusal(line.substring(space), challenge);
        throw dialogue.nonsense();
    }

    /** A server that says BYE may still say why. */
    private String hear() throws IOException {
        try {
            var line = dialogue.hear();
            if (line.startsWith("* ")) note(line);
            return line;
        } catch (IOException e) {
            if (bye.isPresent()) throw new MailRefusal(bye.get(), challenge);
            throw e;
        }
    }

    /** Takes from an untagged response what we want to know. A literal in it is passed over. */
    private void note(String response) throws IOException {
        var words = response.substring(2).split(" ", 3);
        var kind = words[0].toUpperCase(Locale.ROOT);
        if (kind.equals("BYE")) bye = Optional.of(response);
        if (TEXT.contains(kind)) return;
        if (kind.equals("CAPABILITY")) learn(response.substring(2 + kind.length()));
        if (kind.equals("LIST")) folders++;
        if (words.length > 1 && words[1].equalsIgnoreCase("EXISTS")) messages = dialogue.number(words[0]);
        var last = response;
        for (int brace; last.endsWith("}") && (brace = last.lastIndexOf('{')) >= 0; last = dialogue.hear()) {
            var size = last.substring(brace + 1, last.length() - 1);
            dialogue.pass(dialogue.number(size));
        }
        if (kind.equals("STATUS")) noteUnread(last.toUpperCase(Locale.ROOT));
    }

    private void noteUnread(String status) {
        var words = List.of(status.substring(status.lastIndexOf('(') + 1).replace(")", "").split(" "));
        int at = words.indexOf("UNSEEN") + 1;
        if (at > 0 && at < words.size()) unread = dialogue.number(words.get(at));
    }

    private void learn(String list) {
        for (var word : list.toUpperCase(Locale.ROOT).split(" ")) if (!word.isEmpty()) capabilities.add(word);
    }

    /** Whether {@code word} stands there, in large letters or small. */
    private static boolean isWord(String word, String line, int from) {
        int end = from + word.length();
        return line.regionMatches(true, from, word, 0, word.length())
                && (end == line.length() || line.charAt(end) == ' ');
    }
}
