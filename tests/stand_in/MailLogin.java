package stand_in;

/** A login somebody tried: protocol IMAP, POP or SMTP, SASL mechanism (or LOGIN, USER), and whether it was let in. */
public record MailLogin(String protocol, String mechanism, String mailbox, boolean accepted) { }
