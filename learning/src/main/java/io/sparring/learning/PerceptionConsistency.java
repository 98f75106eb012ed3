package io.sparring.learning;

/**
 * The perception consistency of an attacked set of images, after the diagnostics of RPAT (Wang and Liu, ICCV 2025, arXiv 2508.02186):
 * apart for those that withstood the attack and those that did not. Each image is in one of three groups.
 *
 * @param defended       classified rightly under the attack, however they are without it
 * @param fooled         classified rightly without the attack, wrongly under it
 * @param wrongWhenClean classified wrongly both without the attack and under it
 */
public record PerceptionConsistency(PerceptionSums defended, PerceptionSums fooled, PerceptionSums wrongWhenClean) {

    /** Of no images. */
    public static final PerceptionConsistency NONE =
            new PerceptionConsistency(PerceptionSums.NONE, PerceptionSums.NONE, PerceptionSums.NONE);

    /** The images halfway between clean and perturbed ones, in units of [0,1]; the arrays are of one length. */
    public static float[] midpoints(float[] clean, float[] perturbed) {
        float[] midpoints = new float[clean.length];
        for (int i = 0; i < clean.length; i++) {
            midpoints[i] = (clean[i] + perturbed[i]) / 2;
        }
        return midpoints;
    }

    /**
     * Of a batch, by its logits.
     *
     * @param clean     shape [images, classes], of x
     * @param midpoint  the same of {@link #midpoints}
     * @param perturbed the same of x'
     * @param labels    shape [images]
     * @throws IllegalArgumentException unless all are of as many images
     */
    public static PerceptionConsistency of(float[][] clean, float[][] midpoint, float[][] perturbed, int[] labels) {
        Setting.require(clean.length == labels.length && midpoint.length == labels.length && perturbed.length == labels.length,
                "logits", clean.length + ", " + midpoint.length + ", " + perturbed.length, "one row for each label: " + labels.length);
        PerceptionConsistency sum = NONE;
        for (int i = 0; i < labels.length; i++) {
            sum = sum.plus(of(PerceptionSums.of(clean[i], midpoint[i], perturbed[i]), largest(clean[i]) == labels[i],
                    largest(perturbed[i]) == labels[i]));
        }
        return sum;
    }

    private static PerceptionConsistency of(PerceptionSums image, boolean right, boolean withstood) {
        return new PerceptionConsistency(withstood ? image : PerceptionSums.NONE,
                right && !withstood ? image : PerceptionSums.NONE, right || withstood ? PerceptionSums.NONE : image);
    }

    /** Of equal logits the first counts. */
    private static int largest(float[] logits) {
        int largest = 0;
        for (int k = 1; k < logits.length; k++) {
            largest = logits[k] > logits[largest] ? k : largest;
        }
        return largest;
    }

    /** Of these images and others. */
    public PerceptionConsistency plus(PerceptionConsistency others) {
        return new PerceptionConsistency(defended.plus(others.defended), fooled.plus(others.fooled),
                wrongWhenClean.plus(others.wrongWhenClean));
    }

    /** Classified wrongly under the attack. */
    public PerceptionSums failed() {
        return fooled.plus(wrongWhenClean);
    }

    /** All images. */
    public PerceptionSums all() {
        return defended.plus(failed());
    }
}
