package io.sparring.producer;

import java.util.SplittableRandom;

/**
 * Random draws that are a function of a seed, a purpose and an index alone, on every machine and Java version.
 *
 * <p>The generator is SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014), which is
 * what {@link SplittableRandom} is. Nothing but its {@code nextLong()} is used, because how Java derives bounded numbers
 * from it is not specified. A draw below b takes the upper 32 bits times b, shifted right by 32: the probabilities of two
 * outcomes differ by at most 2<sup>-32</sup>.
 *
 * <p>The state to start from mixes in the seed, the purpose and the index one after the other, each by one SplitMix64
 * output. So neighbouring seeds or indices give unrelated draws.
 */
final class SeededDraws {

    /**
     * What draws are for: draws of different purposes are unrelated though seed and index are the same. A purpose's place is
     * mixed in, so that a new one goes to the end.
     */
    enum Purpose { ORDER, AUGMENTATION, SECOND_VIEW, VALIDATION, POLICY, SECOND_POLICY }

    private final SplittableRandom generator;

    SeededDraws(long seed, Purpose purpose, long index) {
        long state = mixed(seed);
        state = mixed(state ^ purpose.ordinal());
        state = mixed(state ^ index);
        generator = new SplittableRandom(state);
    }

    /** A number from 0 to {@code bound} - 1, for a bound of at least 1. */
    int below(int bound) {
        return (int) (((generator.nextLong() >>> 32) * bound) >>> 32);
    }

    /** The numbers 0 to {@code count} - 1, shuffled by Fisher and Yates from the last place down. */
    int[] permutation(int count) {
        int[] order = new int[count];
        for (int place = 0; place < count; place++) {
            order[place] = place;
        }
        for (int place = count - 1; place > 0; place--) {
            int other = below(place + 1);
            int moved = order[place];
            order[place] = order[other];
            order[other] = moved;
        }
        return order;
    }

    private static long mixed(long value) {
        return new SplittableRandom(value).nextLong();
    }
}
