package faults;

/**
 * One kind of fault: the name of its row in the table, and how it is brought about.
 *
 * @param sociable that others may go on meanwhile, in short: it waits, or is in no hurry itself
 */
record Kind(String name, boolean sociable, Trial trial) {

    Kind(String name, Trial trial) { this(name, false, trial); }

    interface Trial {
        void of(Fault fault) throws Exception;
    }
}
