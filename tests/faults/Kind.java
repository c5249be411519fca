package faults;

/**
 * One kind of fault: the name of its row in the table, and how it is brought about.
 *
 * @param waits that it mostly waits for deadlines to pass, so that in short others may go on meanwhile
 */
record Kind(String name, boolean waits, Trial trial) {

    Kind(String name, Trial trial) { this(name, false, trial); }

    interface Trial {
        void of(Fault fault) throws Exception;
    }
}
