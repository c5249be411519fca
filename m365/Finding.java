//SOURCES Cause.java
//SOURCES Fit.java
//SOURCES Signal.java

package m365;

import java.util.List;
import java.util.Map;

/**
 * What was found in something seen.
 *
 * @param tier  by what the cause was recognised
 * @param line  the one that decided; the whole text when no single line did
 * @param facts what words in braces in the advice stand for, as far as only the finding knows them
 * @param alike what is worded most like the text, if no more was found; it may be none of these
 */
record Finding(Cause cause, Signal seen, Fit.Tier tier, String line, Map<String, String> facts, List<Cause> alike) {

    Finding(Cause cause, Signal seen, Fit.Tier tier, String line, Map<String, String> facts) {
        this(cause, seen, tier, line, facts, List.of());
    }

    /** Whether the list knows nothing of it, not even the kind of server. */
    boolean nothing() { return cause.id().matches("unknown-(?:text|client|login|program)|about-something-else"); }
}
