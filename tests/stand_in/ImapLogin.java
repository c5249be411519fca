//SOURCES Admission.java
//SOURCES AdmittedSocket.java
//SOURCES ClientConnection.java
//SOURCES Conversation.java
//SOURCES Mailboxes.java
//SOURCES Visitor.java

package stand_in;

import java.io.IOException;
import java.util.Locale;

/** IMAP until somebody is logged in, in Exchange Online's words; then it is GreenMail's. */
record ImapLogin(Admission admission, Mailboxes mailboxes) implements Conversation {
    // Exchange's list without ID, UNSELECT, CHILDREN and NAMESPACE, which GreenMail does not speak.
    private static final String CAPABILITY =
        "* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE IDLE LITERAL+";
    private static final String BYE = "* BYE Microsoft Exchange Server IMAP4 server signing off.";

    @Override public void with(ClientConnection client) throws IOException {
        client.say("* OK The Microsoft Exchange IMAP4 service is ready. [c3RhbmQtaW4=]");
        var goesOn = true;
        while (goesOn) {
            var line = client.readLine();
            goesOn = line != null && answer(client, line.split(" ", 4));
        }
    }

    /** @return whether the client goes on before it has logged in */
    private boolean answer(ClientConnection client, String[] words) throws IOException {
        client.tag(words[0]);
        switch (words.length < 2 ? "" : words[1].toUpperCase(Locale.ROOT)) {
            case "CAPABILITY" -> client.say(CAPABILITY, client.tagged("OK CAPABILITY completed."));
            case "NOOP" -> client.say(client.tagged("OK NOOP completed."));
            case "ID" -> client.say("* ID (\"name\" \"Microsoft.Exchange.Imap4.Imap4Server\" \"version\" \"15.20\")",
                client.tagged("OK ID completed"));
            case "LOGOUT" -> {
                client.say(BYE, client.tagged("OK LOGOUT completed."));
                return false;
            }
            case "LOGIN" -> {
                admission.refuse("IMAP", "LOGIN", words.length > 2 ? words[2].replace("\"", "") : "");
                client.say(client.tagged("NO LOGIN failed."));
            }
            case "AUTHENTICATE" -> {
                return authenticate(client, words);
            }
            default -> client.say(client.tagged("BAD Command received in Invalid state."));
        }
        return true;
    }

    private boolean authenticate(ClientConnection client, String[] words) throws IOException {
        var mechanism = words.length > 2 ? words[2].toUpperCase(Locale.ROOT) : "";
        var response = words.length > 3 ? words[3] : client.ask("+ ");
        if (response == null) {
            return false;
        }
        if (response.equals("*")) {
            client.say(client.tagged("BAD AUTHENTICATE cancelled."));
            return true;
        }
        if (mechanism.equals("XOAUTH2")) {
            var visitor = admission.visitor("IMAP", response);
            if (visitor.isPresent()) {
                open(client, visitor.get());
                return false;
            }
        } else {
            admission.refuse("IMAP", mechanism, "");
        }
        client.say(client.tagged("NO AUTHENTICATE failed."));
        return true;
    }

    private void open(ClientConnection client, Visitor visitor) throws IOException {
        client.say(client.tagged("OK AUTHENTICATE completed."));
        if (visitor.mayOpenMailbox()) {
            mailboxes.serveImap(new AdmittedSocket(client, mailboxes.imapLogin(visitor.mailbox()), 2,
                () -> admission.isStillIn(visitor), "* BYE Session invalidated - AccessTokenExpired"));
        } else {
            notConnected(client);
        }
    }

    /** Says BAD to everything, as Exchange does when token and mailbox disagree. */
    private static void notConnected(ClientConnection client) throws IOException {
        int patience = 3;
        for (var line = client.readLine(); line != null; line = client.readLine()) {
            client.tag(line.split(" ", 2)[0]);
            if (line.toUpperCase(Locale.ROOT).endsWith(" LOGOUT")) {
                client.say(BYE, client.tagged("OK LOGOUT completed."));
                return;
            }
            if (line.toUpperCase(Locale.ROOT).endsWith(" CAPABILITY")) {
                client.say(CAPABILITY, client.tagged("OK CAPABILITY completed."));
                continue;
            }
            client.say(client.tagged("BAD User is authenticated but not connected."));
            if (--patience == 0) {
                client.say("* BYE Connection closed. 14");
                return;
            }
        }
    }
}
