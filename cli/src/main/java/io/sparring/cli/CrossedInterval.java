package io.sparring.cli;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The mean of values y[s][i] of every seed s on every image i, with its 95 % interval over both: for seeds and images as samples
 * of all that there might be. What is compared is given as differences of one image's values, so that it is paired by image.
 *
 * <p>Seeds and images are crossed random effects, for which two-way analysis of variance has the mean squares MS_S, MS_I and
 * MS_SI (residual). The mean of S seeds on N images has the variance (MS_S + max(MS_I − MS_SI, 0)) / (S N), and Student's t has
 * (MS_S + max(MS_I − MS_SI, 0))² / (MS_S² / (S − 1)) degrees of freedom. This is how readers and cases of diagnostic tests are
 * analysed (Dorfman, Berbaum and Metz, Investigative Radiology 27, 1992), with the degrees of freedom of Hillis (Statistics in
 * Medicine 26, 2007). The t of seeds' means alone would leave out that other images give other differences, and a bootstrap over
 * images that other seeds do.
 *
 * <p>One seed says nothing of others: the interval is then that of its images alone.
 *
 * @param lower             end of the interval, as {@code upper}
 * @param degreesOfFreedom  of t; infinite where the normal distribution was taken
 */
record CrossedInterval(double mean, double lower, double upper, double degreesOfFreedom, int seeds, int images) {

    private static final double TAIL = 0.975;

    /** @param values one row of N at least 2 for each of S at least 1 seeds */
    static CrossedInterval of(double[][] values) {
        int seeds = values.length;
        int images = values[0].length;
        double[] ofSeed = new double[seeds];
        double[] ofImage = new double[images];
        double mean = 0;
        for (int s = 0; s < seeds; s++) {
            for (int i = 0; i < images; i++) {
                ofSeed[s] += values[s][i] / images;
                ofImage[i] += values[s][i] / seeds;
                mean += values[s][i] / images / seeds;
            }
        }
        double ofImages = seeds * squares(ofImage, mean) / (images - 1);
        if (seeds == 1) {
            return of(mean, ofImages / images, Double.POSITIVE_INFINITY, seeds, images);
        }
        double ofSeeds = images * squares(ofSeed, mean) / (seeds - 1);
        double residual = 0;
        for (int s = 0; s < seeds; s++) {
            for (int i = 0; i < images; i++) {
                residual += square(values[s][i] - ofSeed[s] - ofImage[i] + mean);
            }
        }
        residual /= (seeds - 1.0) * (images - 1.0);
        double sum = ofSeeds + Math.max(ofImages - residual, 0);
        double freedom = ofSeeds == 0 ? Double.POSITIVE_INFINITY : sum * sum / (ofSeeds * ofSeeds / (seeds - 1));
        return of(mean, sum / seeds / images, freedom, seeds, images);
    }

    private static CrossedInterval of(double mean, double variance, double freedom, int seeds, int images) {
        double half = quantile(freedom) * Math.sqrt(variance);
        return new CrossedInterval(mean, mean - half, mean + half, freedom, seeds, images);
    }

    /** Student's t, the normal distribution's with infinitely many degrees of freedom. */
    static double quantile(double freedom) {
        return Double.isInfinite(freedom) ? NormalDistribution.of(0, 1).inverseCumulativeProbability(TAIL)
                : TDistribution.of(freedom).inverseCumulativeProbability(TAIL);
    }

    private static double squares(double[] values, double mean) {
        double sum = 0;
        for (double value : values) {
            sum += square(value - mean);
        }
        return sum;
    }

    private static double square(double value) {
        return value * value;
    }
}
