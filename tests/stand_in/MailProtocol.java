//SOURCES ClientConnection.java

package stand_in;

import java.io.IOException;

/** How IMAP, SMTP and POP differ for a server that follows a script. */
enum MailProtocol {
    /** RFC 3501; every command begins with a tag. */
    IMAP("AUTHENTICATE XOAUTH2", "+ ", "BAD Command Error. 10"),
    /** RFC 5321. */
    SMTP("AUTH XOAUTH2", "334 ", "500 5.3.3 Unrecognized command"),
    /** RFC 1939. */
    POP("AUTH XOAUTH2", "+ ", "-ERR Protocol error. 14"),
    /** Whatever a conversation without a script makes of it. */
    OTHER("", "", "");

    final String xoauth2;
    /** What asks the client for its response. */
    final String asking;
    /** The answer to a command without a rule. */
    final String unknown;

    MailProtocol(String xoauth2, String asking, String unknown) {
        this.xoauth2 = xoauth2;
        this.asking = asking;
        this.unknown = unknown;
    }

    /** The command in a client's line, without a tag; the tag is told to {@code client} for its answer. */
    String command(String line, ClientConnection client) {
        if (this != IMAP) {
            return line;
        }
        var space = line.indexOf(' ');
        client.tag(space < 0 ? line : line.substring(0, space));
        return line.substring(space + 1);
    }

    /** Sends a reply, and reads what the client sends next if the reply asks for it. */
    void reply(ClientConnection client, String reply) throws IOException {
        var needsTag = this == IMAP && !reply.startsWith("*") && !reply.startsWith("+");
        client.say(needsTag ? client.tagged(reply) : reply);
        if (this == SMTP && reply.startsWith("354")) {
            client.readData();
        } else if (reply.startsWith(this == SMTP ? "334" : this == POP ? "+ " : "+")) {
            client.readLine();
        }
    }
}
