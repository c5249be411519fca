//SOURCES Admission.java
//SOURCES AdmittedSocket.java
//SOURCES ClientConnection.java
//SOURCES Conversation.java
//SOURCES Mailboxes.java
//SOURCES Visitor.java

package stand_in;

import java.io.IOException;
import java.util.Locale;

/** POP until somebody is logged in, in Exchange Online's words; then it is GreenMail's. */
record PopLogin(Admission admission, Mailboxes mailboxes) implements Conversation {
    @Override public void with(ClientConnection client) throws IOException {
        client.say("+OK The Microsoft Exchange POP3 service is ready. [c3RhbmQtaW4=]");
        var name = "";
        for (var line = client.readLine(); line != null; line = client.readLine()) {
            var words = line.split(" ");
            switch (words[0].toUpperCase(Locale.ROOT)) {
                case "CAPA" -> client.say("+OK", "TOP", "UIDL", "SASL PLAIN XOAUTH2", "USER", ".");
                case "NOOP" -> client.say("+OK");
                case "QUIT" -> {
                    client.say("+OK Microsoft Exchange Server POP3 server signing off.");
                    return;
                }
                case "USER" -> {
                    name = words.length > 1 ? words[1] : "";
                    client.say("+OK");
                }
                case "PASS" -> {
                    admission.refuse("POP", "USER", name);
                    client.say("-ERR Logon failure: unknown user name or bad password.");
                }
                case "AUTH" -> {
                    if (!authenticate(client, words)) {
                        return;
                    }
                }
                default -> client.say("-ERR Command is not valid in this state.");
            }
        }
    }

    /** @return whether the client goes on before it has logged in */
    private boolean authenticate(ClientConnection client, String[] words) throws IOException {
        if (words.length != 2) {
            client.say("-ERR Protocol error. Connection is closed. 10");
            return false;
        }
        var response = client.ask("+ ");
        if (response == null) {
            return false;
        }
        var mechanism = words[1].toUpperCase(Locale.ROOT);
        if (mechanism.equals("XOAUTH2")) {
            var visitor = admission.visitor("POP", response);
            if (visitor.isPresent()) {
                open(client, visitor.get());
                return false;
            }
        } else {
            admission.refuse("POP", mechanism, "");
        }
        client.say("-ERR Authentication failure: unknown user name or bad password.");
        return true;
    }

    private void open(ClientConnection client, Visitor visitor) throws IOException {
        client.say("+OK User successfully authenticated.");
        mailboxes.servePop(new AdmittedSocket(client, mailboxes.popLogin(visitor.mailbox()), 3,
            () -> admission.isStillIn(visitor), "-ERR Connection is closed. 11"));
    }
}
