//SOURCES Cause.java
//SOURCES Fit.java
//SOURCES Signal.java

package m365;

import java.util.Map;

/**
 * What was found in something seen.
 *
 * @param tier  by what the cause was recognised
 * @param line  the one that decided; the whole text when no single line did
 * @param facts what words in braces in the advice stand for, as far as only the finding knows them
 */
record Finding(Cause cause, Signal seen, Fit.Tier tier, String line, Map<String, String> facts) {

    /** Whether the list knows nothing of it, not even the kind of server. */
    boolean nothing() { return cause.id().matches("unknown-(?:text|client|program)|about-something-else"); }
}
