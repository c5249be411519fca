package stand_in;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;
import java.util.UUID;

/**
 * An account.
 *
 * @param name sign-in name (UPN), also the address of the account's own mailbox
 * @param shared further mailboxes this account has Full Access to
 */
public record User(String name, String password, boolean personal, Set<String> shared) {
    /** May this account open {@code mailbox}? */
    public boolean opens(String mailbox) {
        return name.equalsIgnoreCase(mailbox) || shared.stream().anyMatch(mailbox::equalsIgnoreCase);
    }

    String objectId() {
        var id = UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
        return personal ? "00000000-0000-0000" + id.substring(18) : id;
    }

    /** The part before the "@". */
    String displayName() {
        return name.substring(0, name.indexOf('@'));
    }

    @Override public String toString() {
        return name;
    }
}
