package io.sparring.benchmarks;

import java.util.Arrays;
import java.util.Collection;

/** Figures of several runs as one. */
final class Medians {

    private Medians() {
    }

    /** The middle of the values, or half way between the two in the middle; not a number if there are none. */
    static double median(Collection<Double> values) {
        return quantile(values, 0.5);
    }

    /** The value below which that share of the values lies, with the two nearest weighed; not a number if there are none. */
    static double quantile(Collection<Double> values, double share) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        Arrays.sort(sorted);
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = (int) Math.ceil(place);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
