package io.sparring.pipeline;

/**
 * Keys {@code prequential.*} of a run: what is made of the stream's images before anything is trained on them.
 *
 * @param window batches of a window, 0 for none of it
 * @param slide batches from one window to the next
 * @param cleanEvery the clean images of every so manyth batch are classified too, 0 for never
 * @param accuracyFall how much robust accuracy may fall from the older to the newer half of a window, 0 for as much as it likes
 * @param labelDrift Jensen-Shannon divergence from the reference window's labels that is allowed, in bits, 0 for any
 * @param inputDrift how far a channel's mean may be from the reference window's, in that one's standard deviations, and how much
 *     larger or smaller its standard deviation may be, as the natural logarithm of their ratio; 0 for any
 */
public record PrequentialSettings(int window, int slide, int cleanEvery, double accuracyFall, double labelDrift, double inputDrift) {

    public PrequentialSettings {
        Setting.between("prequential.window", window, 0, 10_000);
        Setting.between("prequential.slide", slide, 1, 10_000);
        Setting.require(window == 0 || slide <= window && window % slide == 0, "prequential.slide", slide,
                "a divisor of prequential.window = " + window);
        Setting.atLeast("prequential.cleanEvery", cleanEvery, 0);
        Setting.between("prequential.accuracyFall", accuracyFall, 0, 1);
        Setting.between("prequential.labelDrift", labelDrift, 0, 1);
        Setting.between("prequential.inputDrift", inputDrift, 0, 100);
    }

    /** Whether the clean images of a batch are classified. */
    public boolean predictsClean(long batchNumber) {
        return cleanEvery > 0 && batchNumber % cleanEvery == 0;
    }
}
