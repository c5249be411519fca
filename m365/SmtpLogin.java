//SOURCES ExitStatus.java
//SOURCES MailDialogue.java
//SOURCES MailRefusal.java
//SOURCES Problem.java
//SOURCES Secret.java
//SOURCES Signal.java
//SOURCES Xoauth2.java

package m365;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * SMTP (RFC 5321, 3207, 4954) as far as it takes to log in with XOAUTH2 and nothing else, after STARTTLS, and to name a
 * sender. Sends no mail.
 */
final class SmtpLogin {
    /** Of an answer; the rest is passed over. */
    private static final int MOST_LINES = 100;

    private final MailDialogue dialogue;
    private Optional<String> challenge = Optional.empty();

    SmtpLogin(MailDialogue dialogue) { this.dialogue = dialogue; }

    /** Agrees on TLS, without which nothing else is said. @throws Problem if the server does not offer that */
    void greet() throws IOException {
        hear("220");
        if (!offers("STARTTLS", ehlo())) throw notOffered("STARTTLS", "");
        dialogue.say("STARTTLS");
        hear("220");
        dialogue.startTls();
    }

    private List<String> ehlo() throws IOException {
        dialogue.say("EHLO localhost"); // it need not know this machine's name
        return hear("250");
    }

    /** Whether one of the server's lines consists of this word, or begins and goes on with these two. */
    private static boolean offers(String word, List<String> lines) {
        var wanted = word.split(" ");
        for (var line : lines) {
            var words = List.of(line.substring(4).toUpperCase(Locale.ROOT).split(" "));
            if (words.get(0).equals(wanted[0]) && words.contains(wanted[wanted.length - 1])) return true;
        }
        return false;
    }

    private Problem notOffered(String what, String butWhat) {
        return new Problem(ExitStatus.REFUSED, dialogue.server() + " does not offer " + what
                + dialogue.hide(butWhat), "", Signal.local("xoauth2-not-offered")).at(dialogue.server());
    }

    /** Sends the token, once. */
    void logIn(Secret response) throws IOException {
        var lines = ehlo();
        if (!offers("AUTH XOAUTH2", lines)) throw notOffered("XOAUTH2", ", but: " + String.join(" ", lines));
        dialogue.say("AUTH XOAUTH2 ", response);
        var answer = hear();
        if (answer.get(0).startsWith("334")) {
            challenge = Xoauth2.challenge(answer.get(0).substring(4));
            dialogue.say("");
            answer = hear();
        }
        demand("235", answer);
    }

    /** A login alone proves nothing. Nobody waits for the answer to RSET, for a sender without a message sends none. */
    void nameSender(String address) throws IOException {
        dialogue.say("MAIL FROM:<" + address + ">");
        hear("250");
        dialogue.leave("RSET", "QUIT");
    }

    private List<String> hear(String code) throws IOException { return demand(code, hear()); }

    private List<String> demand(String code, List<String> answer) throws MailRefusal {
        if (!answer.get(0).startsWith(code)) throw new MailRefusal(String.join("\n", answer).strip(), challenge);
        return answer;
    }

    /** An answer: the lines with a hyphen after the code, and the last one, all longer than four characters. */
    private List<String> hear() throws IOException {
        var lines = new ArrayList<String>();
        while (true) {
            var line = dialogue.hear();
            if (line.length() == 3) line += " ";
            if (line.length() < 4 || line.charAt(3) != '-' && line.charAt(3) != ' ') throw dialogue.nonsense();
            dialogue.number(line.substring(0, 3));
            if (lines.size() < MOST_LINES) lines.add(line);
            if (line.charAt(3) == ' ') return lines;
        }
    }
}
