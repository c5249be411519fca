package faults;

/** One kind of fault: the name of its row in the table, and how it is brought about. */
record Kind(String name, Trial trial) {

    interface Trial {
        void of(Fault fault) throws Exception;
    }
}
