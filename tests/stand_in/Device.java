//SOURCES App.java
//SOURCES User.java

package stand_in;

import java.time.Instant;
import java.util.Set;

/** A device that asked to be signed in, and what has become of that. */
final class Device {
    final String userCode;
    final String deviceCode;
    final App app;
    final Set<String> scopes;
    final Instant expires;
    Instant polled = Instant.EPOCH;
    User approvedBy;
    boolean declined;
    boolean redeemed;

    Device(String userCode, String deviceCode, App app, Set<String> scopes, Instant expires) {
        this.userCode = userCode;
        this.deviceCode = deviceCode;
        this.app = app;
        this.scopes = scopes;
        this.expires = expires;
    }

    /** Whether nobody has approved or declined yet. */
    boolean isPending() {
        return approvedBy == null && !declined;
    }
}
