//SOURCES Access.java

package stand_in;

/** Somebody whose token a mail server has let in. */
record Visitor(String mailbox, Access access) {
    /** Whether the token's owner has been given the mailbox; some are let in without. */
    boolean mayOpenMailbox() {
        return access.opens(mailbox);
    }
}
