package io.sparring.learning;

/**
 * The 95 % score interval of a proportion (Wilson, J. Am. Stat. Assoc. 22, 1927), which holds near 0 and 1 too.
 *
 * @param lower end, [0, 1]
 * @param upper end, [0, 1]
 */
public record WilsonInterval(double lower, double upper) {

    /** 97.5 % quantile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    /** @param trials at least 1 */
    public static WilsonInterval of(long successes, long trials) {
        double share = (double) successes / trials;
        double weight = Z * Z / trials;
        double middle = (share + weight / 2) / (1 + weight);
        double half = Z / (1 + weight) * Math.sqrt(share * (1 - share) / trials + weight / (4 * trials));
        // at 0 and 1 it ends at the share itself, which rounding would miss
        return new WilsonInterval(Math.max(0, Math.min(share, middle - half)), Math.min(1, Math.max(share, middle + half)));
    }
}
