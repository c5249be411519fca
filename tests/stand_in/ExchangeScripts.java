//SOURCES MailProtocol.java
//SOURCES MailScript.java

package stand_in;

import static stand_in.MailScript.HANG_UP;

import java.util.Arrays;

/** Exchange Online's words, in scripts that let everybody in with XOAUTH2. */
final class ExchangeScripts {
    private static final String[] INBOX = {"* 0 EXISTS", "* 0 RECENT",
        "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)", "* OK [UIDVALIDITY 14] UIDVALIDITY value",
        "* OK [UIDNEXT 1] The next unique identifier value"};
    private static final String NO_PASSWORDS =
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.";

    private ExchangeScripts() { }

    /** IMAP with one empty INBOX. */
    static MailScript imap() {
        return new MailScript(MailProtocol.IMAP)
            .greeting("* OK The Microsoft Exchange IMAP4 service is ready. [dGVzdA==]")
            .on("CAPABILITY", "* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT "
                + "CHILDREN IDLE NAMESPACE LITERAL+", "OK CAPABILITY completed.")
            .onXoauth2("OK AUTHENTICATE completed.")
            .on("AUTHENTICATE PLAIN", "+ ", "NO AUTHENTICATE failed.")
            .on("AUTHENTICATE PLAIN *", "NO AUTHENTICATE failed.")
            .on("LOGIN *", "NO LOGIN failed.")
            .on("LIST *", "* LIST (\\HasNoChildren) \"/\" INBOX", "OK LIST completed.")
            .on("SELECT *", inbox("OK [READ-WRITE] SELECT completed."))
            .on("EXAMINE *", inbox("OK [READ-ONLY] EXAMINE completed."))
            .on("STATUS *", "* STATUS INBOX (MESSAGES 0 UNSEEN 0)", "OK STATUS completed.")
            .on("NOOP", "OK NOOP completed.")
            .on("ID *", "* ID NIL", "OK ID completed")
            .on("CLOSE", "OK CLOSE completed.")
            .on("LOGOUT", "* BYE Microsoft Exchange Server IMAP4 server signing off.", "OK LOGOUT completed.", HANG_UP);
    }

    private static String[] inbox(String completed) {
        var lines = Arrays.copyOf(INBOX, INBOX.length + 1);
        lines[INBOX.length] = completed;
        return lines;
    }

    /** SMTP submission that wants STARTTLS; messages go nowhere. */
    static MailScript smtp() {
        return new MailScript(MailProtocol.SMTP)
            .greeting("220 localhost Microsoft ESMTP MAIL Service ready")
            .on("EHLO *", client -> client.say(ehlo(client.isSecure())))
            .on("STARTTLS", client -> {
                client.say("220 2.0.0 SMTP server ready");
                client.startTls();
            })
            .onXoauth2("235 2.7.0 Authentication successful")
            .on("AUTH LOGIN*", NO_PASSWORDS)
            .on("AUTH PLAIN*", NO_PASSWORDS)
            .on("MAIL FROM:*", "250 2.1.0 Sender OK")
            .on("RCPT TO:*", "250 2.1.5 Recipient OK")
            .on("DATA", "354 Start mail input; end with <CRLF>.<CRLF>", "250 2.0.0 OK")
            .on("RSET", "250 2.0.0 Resetting")
            .on("NOOP", "250 2.0.0 OK")
            .on("QUIT", "221 2.0.0 Service closing transmission channel", HANG_UP);
    }

    /** The answer to EHLO, inside TLS and before. */
    static String[] ehlo(boolean secure) {
        return new String[] {"250-localhost Hello [127.0.0.1]", "250-SIZE 157286400", "250-PIPELINING", "250-DSN",
            "250-ENHANCEDSTATUSCODES", secure ? "250-AUTH LOGIN XOAUTH2" : "250-STARTTLS", "250 8BITMIME"};
    }

    /** POP that wants XOAUTH2 in two lines, with an empty mailbox. */
    static MailScript pop() {
        return new MailScript(MailProtocol.POP)
            .greeting("+OK The Microsoft Exchange POP3 service is ready. [dGVzdA==]")
            .on("CAPA", "+OK", "TOP", "UIDL", "SASL PLAIN XOAUTH2", "USER", ".")
            .onXoauth2("+OK User successfully authenticated.")
            .on("AUTH XOAUTH2 *", "-ERR Protocol error. Connection is closed. 10", HANG_UP)
            .on("USER *", "+OK")
            .on("PASS *", "-ERR Logon failure: unknown user name or bad password.")
            .on("STAT", "+OK 0 0")
            .on("LIST", "+OK", ".")
            .on("NOOP", "+OK")
            .on("QUIT", "+OK Microsoft Exchange Server POP3 server signing off.", HANG_UP);
    }
}
