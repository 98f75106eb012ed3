package io.sparring.benchmarks;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** Shannon's bound: the fewest bits a value that a coding can need which knows of each value no more than its context. */
final class Entropy {

    private Entropy() {
    }

    /** Bits a value, of each value alone. */
    static double bits(byte[] values) {
        return bits(values, place -> 0);
    }

    /**
     * Bits a value, where a coding knows a context of each.
     *
     * @param context of the value at a place
     */
    static double bits(byte[] values, IntUnaryOperator context) {
        Map<Integer, int[]> counts = new HashMap<>();
        for (int place = 0; place < values.length; place++) {
            counts.computeIfAbsent(context.applyAsInt(place), key -> new int[256])[Byte.toUnsignedInt(values[place])]++;
        }
        double bits = 0;
        for (int[] of : counts.values()) {
            long all = 0;
            for (int count : of) {
                all += count;
            }
            for (int count : of) {
                bits -= count == 0 ? 0 : count * Math.log(count / (double) all) / Math.log(2);
            }
        }
        return bits / values.length;
    }
}
