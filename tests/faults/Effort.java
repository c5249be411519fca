package faults;

import java.util.Random;

/** How much of the same is tried, and with which random numbers: always the same ones, unless there is much time. */
record Effort(boolean lengthy, long seed) {

    static Effort of(boolean lengthy) { return new Effort(lengthy, lengthy ? System.nanoTime() : 20240501); }

    /** The random numbers of one worker. */
    Random random(int worker) { return new Random(seed + worker); }

    /** How many inputs a reader is fed. */
    int inputs(int usually) { return lengthy ? 20 * usually : usually; }

    /** How often the same is done again, where another time can only hit another moment. */
    int times(int usually, int atLength) { return lengthy ? atLength : usually; }
}
