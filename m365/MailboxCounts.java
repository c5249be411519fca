//SOURCES Phrases.java

package m365;

/**
 * How much there is in a mailbox; no names of folders and no subjects.
 *
 * @param messages in INBOX
 * @param unread   in INBOX; -1 if the server does not say how many
 */
record MailboxCounts(int folders, long messages, long unread) {

    String foldersInWords() { return Phrases.count(folders, "folder"); }

    String inboxInWords() { return Phrases.count(messages, "message") + (unread < 0 ? "" : ", " + unread + " unread"); }
}
