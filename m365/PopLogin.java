//SOURCES ExitStatus.java
//SOURCES MailDialogue.java
//SOURCES MailRefusal.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Signal.java
//SOURCES Xoauth2.java

package m365;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * POP (RFC 1939, 2449, 5034) as far as it takes to log in with XOAUTH2 and nothing else, and to count the messages.
 * Fetches and deletes none.
 */
final class PopLogin {
    private final MailDialogue dialogue;
    private Optional<String> challenge = Optional.empty();

    PopLogin(MailDialogue dialogue) { this.dialogue = dialogue; }

    /** @throws Problem if the server is none that could be let know the token */
    void greet() throws IOException {
        hearOk();
        dialogue.say("CAPA");
        var mechanisms = "";
        if (dialogue.hear().startsWith("+OK"))
            for (var line = dialogue.hear(); !line.equals("."); line = dialogue.hear())
                if (line.toUpperCase(Locale.ROOT).startsWith("SASL ")) mechanisms = line.substring(5);
        if (!List.of(mechanisms.toUpperCase(Locale.ROOT).split(" ")).contains("XOAUTH2"))
            throw new Problem(ExitStatus.REFUSED, dialogue.server() + " does not offer XOAUTH2"
                    + (mechanisms.isEmpty() ? "" : ", but: " + dialogue.hide(mechanisms)), "",
                    Signal.local("xoauth2-not-offered")).at(dialogue.server());
    }

    /**
     * Sends the token, once. Exchange wants it in a line of its own (Microsoft: "Authenticate an IMAP, POP or SMTP
     * connection using OAuth").
     */
    void logIn(Secret response) throws IOException {
        dialogue.say("AUTH XOAUTH2");
        demand("+ ", dialogue.hear() + " ");
        dialogue.say("", response);
        var answer = dialogue.hear();
        if (answer.startsWith("+ ")) {
            challenge = Xoauth2.challenge(answer.substring(1));
            dialogue.say("");
            answer = dialogue.hear();
        }
        demand("+OK", answer);
    }

    /** @return how many there are */
    long count() throws IOException {
        dialogue.say("STAT");
        var words = hearOk().split(" ");
        var messages = dialogue.number(words.length < 2 ? "" : words[1]);
        dialogue.leave("QUIT");
        return messages;
    }

    private String hearOk() throws IOException { return demand("+OK", dialogue.hear()); }

    private String demand(String beginning, String answer) throws MailRefusal {
        if (answer.startsWith(beginning)) return answer;
        if (answer.startsWith("-ERR")) throw new MailRefusal(answer.strip(), challenge);
        throw dialogue.nonsense();
    }
}
