//SOURCES ClientConnection.java

package stand_in;

import java.io.IOException;

/** What happens on one connection of a mail server, from the first byte to the last, or at one command. */
public interface Conversation {
    /** Talks to the client until one side has had enough; leaving by exception closes the connection. */
    void with(ClientConnection client) throws IOException;
}
