package io.sparring.learning;

/**
 * How a network's logits change from images x to perturbed ones x', summed over a group of images so that groups can be added up.
 * With the midpoint x~ = (x + x') / 2, K classes and d(a, b) = Σ (a_k - b_k)² / K, each is a sum over the images.
 *
 * @param images            how many there are
 * @param cleanPerturbed    d(f(x), f(x'))
 * @param cleanMidpoint     d(f(x), f(x~))
 * @param midpointPerturbed d(f(x~), f(x'))
 * @param linearity         d(f(x~), f(x)/2 + f(x')/2): the linearity error of the midpoint, which the robust perception term of RPAT
 *                          (arXiv 2508.02186) with α = ½ makes small
 * @param cleanVariance     the variance of f(x) over the classes, the square of the logits' scale; a constant added to all logits,
 *                          which changes no prediction, leaves it as it is
 */
public record PerceptionSums(long images, double cleanPerturbed, double cleanMidpoint, double midpointPerturbed,
        double linearity, double cleanVariance) {

    /** Of no images. */
    public static final PerceptionSums NONE = new PerceptionSums(0, 0, 0, 0, 0, 0);

    /**
     * Of one image.
     *
     * @param clean     f(x)
     * @param midpoint  f(x~)
     * @param perturbed f(x')
     */
    static PerceptionSums of(float[] clean, float[] midpoint, float[] perturbed) {
        int classes = clean.length;
        double mean = 0;
        for (float logit : clean) {
            mean += logit / (double) classes;
        }
        double ends = 0;
        double firstHalf = 0;
        double secondHalf = 0;
        double bend = 0;
        double variance = 0;
        for (int k = 0; k < classes; k++) {
            ends += square((double) clean[k] - perturbed[k]);
            firstHalf += square((double) clean[k] - midpoint[k]);
            secondHalf += square((double) midpoint[k] - perturbed[k]);
            bend += square(midpoint[k] - ((double) clean[k] + perturbed[k]) / 2);
            variance += square(clean[k] - mean);
        }
        return new PerceptionSums(1, ends / classes, firstHalf / classes, secondHalf / classes, bend / classes,
                variance / classes);
    }

    private static double square(double value) {
        return value * value;
    }

    /** Of these images and others. */
    public PerceptionSums plus(PerceptionSums others) {
        return new PerceptionSums(images + others.images, cleanPerturbed + others.cleanPerturbed,
                cleanMidpoint + others.cleanMidpoint, midpointPerturbed + others.midpointPerturbed,
                linearity + others.linearity, cleanVariance + others.cleanVariance);
    }
}
