package io.sparring.learning;

/**
 * What an attack made of a batch. The arrays are the caller's.
 *
 * @param perturbed      the perturbed images, NHWC in [0,1]
 * @param lossBefore     the attack's loss of each image where the attack starts (after the random start, if there is one)
 * @param lossAfter      the attack's loss of each perturbed image: its cross entropy, or TRADES' divergence
 * @param predictedAfter the class that each perturbed image is taken for
 */
public record AttackResult(float[] perturbed, float[] lossBefore, float[] lossAfter, int[] predictedAfter) {

    /** The share of images, 0 to 1, that are taken for another class than their label after the attack. */
    public float success(int[] labels) {
        int misled = 0;
        for (int i = 0; i < predictedAfter.length; i++) {
            misled += predictedAfter[i] == labels[i] ? 0 : 1;
        }
        return (float) misled / predictedAfter.length;
    }
}
