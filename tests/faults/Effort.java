package faults;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How much of the same is tried, and with which random numbers: always the same ones, unless there is much time. In
 * short every kind is tried, with a part of its cases, for who waits for the answer.
 */
record Effort(Extent extent, long seed) {

    enum Extent { SHORT, WHOLE, LONG }

    /** In short one case of so many; a number that divides none of the patterns in which cases are listed. */
    private static final int ONE_OF = 7;

    static Effort of(Extent extent) {
        return new Effort(extent, extent == Extent.LONG ? System.nanoTime() : 20240501);
    }

    /** The random numbers of one worker. */
    Random random(int worker) { return new Random(seed + worker); }

    /** How many inputs a reader is fed. */
    int inputs(int usually) {
        return extent == Extent.SHORT ? Math.min(usually, 40 + usually / 40) : times(usually, 20 * usually);
    }

    /** How often the same is done again, where another time can only hit another moment. */
    int times(int usually, int atLength) {
        return switch (extent) {
            case SHORT -> Math.min(usually, 2 + usually / ONE_OF);
            case WHOLE -> usually;
            case LONG -> atLength;
        };
    }

    /** Those of {@code cases} that are tried. */
    <T> List<T> some(List<T> cases) {
        return extent != Extent.SHORT ? cases
                : IntStream.range(0, cases.size()).filter(i -> i % ONE_OF == 0).mapToObj(cases::get).toList();
    }
}
