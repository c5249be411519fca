package m365;

/**
 * How well a cause fits what was seen, better ones being greater. Of two that fit equally well neither is greater.
 *
 * @param tier  by what it was recognised
 * @param line  the last line that shows it; of several failures in one log the last one counts
 * @param joint whether several conditions fit together
 */
record Fit(Tier tier, int line, boolean joint) implements Comparable<Fit> {

    /** What a cause can be recognised by, weakest first. Unknown words of a server are words all the same. */
    enum Tier { NONE, LAST_RESORT, FRAME, WORDS_NOT_KNOWN, CONSEQUENCE, DESCRIBED, TEXT, ERROR, SUBERROR, NUMBER }

    static final Fit NONE = new Fit(Tier.NONE, 0, false);

    @Override public int compareTo(Fit other) {
        int byTier = tier.compareTo(other.tier);
        int byLine = byTier != 0 ? byTier : Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Boolean.compare(joint, other.joint);
    }

    Fit orBetter(Fit other) { return other.compareTo(this) > 0 ? other : this; }

    Fit atMost(Tier limit) { return tier.compareTo(limit) > 0 ? new Fit(limit, line, false) : this; }
}
