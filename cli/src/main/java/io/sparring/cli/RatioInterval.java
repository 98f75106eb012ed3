package io.sparring.cli;

import java.util.List;

/**
 * The geometric mean of ratios, one for each seed, with its 95 % interval over seeds: Student's t of their logarithms.
 *
 * @param lower NaN, as {@code upper}, with fewer than two seeds
 */
record RatioInterval(double mean, double lower, double upper, int seeds) {

    /** @param ratios above 0, one at least */
    static RatioInterval of(List<Double> ratios) {
        int count = ratios.size();
        double mean = ratios.stream().mapToDouble(Math::log).average().orElseThrow();
        if (count < 2) {
            return new RatioInterval(Math.exp(mean), Double.NaN, Double.NaN, count);
        }
        double variance = ratios.stream().mapToDouble(ratio -> Math.pow(Math.log(ratio) - mean, 2)).sum() / (count - 1);
        double half = CrossedInterval.quantile(count - 1) * Math.sqrt(variance / count);
        return new RatioInterval(Math.exp(mean), Math.exp(mean - half), Math.exp(mean + half), count);
    }

    /** On which side of 1 the whole interval lies. */
    String besideOne() {
        return lower > 1 ? "above 1" : upper < 1 ? "below 1" : "not decided";
    }
}
