package io.sparring.learning.autoattack;

import java.util.Optional;

/**
 * What a step made of a batch.
 *
 * @param fooled    whether each image is taken for another class than its label after the step
 * @param perturbed the image that fooled the model where one did, within the ball and [0,1], else the image as it was
 */
public record AttackOutcome(boolean[] fooled, float[] perturbed) {

    /** What fooled the model with an image, or nothing. */
    Optional<float[]> adversarial(int row) {
        return fooled[row] ? Optional.of(Rows.of(perturbed, perturbed.length / fooled.length, row)) : Optional.empty();
    }

    /** None fooled yet. */
    static AttackOutcome of(ImageBatch batch) {
        return new AttackOutcome(new boolean[batch.size()], batch.images().clone());
    }

    /** @param from holds what fooled the model, at {@code at} */
    void fool(int row, float[] from, int at) {
        int size = perturbed.length / fooled.length;
        fooled[row] = true;
        Rows.copy(from, at, perturbed, row, size);
    }
}
