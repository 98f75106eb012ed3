package io.sparring.learning.autoattack;

import io.sparring.learning.DifferentiableModel;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.ImageGradient;
import io.sparring.learning.Setting;

/**
 * PGD (Madry et al., arXiv 1706.06083) on the cross entropy with steps of one size, outside the graph, so that it may have any
 * number of them. What counts is where it ends.
 *
 * @param randomStart at distance ε in a random direction as AutoPGD has it, else at the image
 */
record RestartedPgd(String part, int number, Norm norm, float epsilon, float stepSize, int iterations, boolean randomStart,
        long seed) implements AttackStep {

    @Override
    public String name() {
        return part + "/" + number;
    }

    @Override
    public void requireFitting(DifferentiableModel program) {
        Setting.require(program.gives(GradientLoss.CROSS_ENTROPY), "the model's gradients", "none of the cross entropy",
                "one, for " + part);
    }

    @Override
    public AttackOutcome run(DifferentiableModel program, ImageBatch batch) {
        int size = batch.imageSize();
        float[] images = batch.images().clone();
        for (int row = 0; row < batch.size() && randomStart; row++) {
            norm.displace(ImageRandom.of(seed, batch.indices()[row], name()), batch.images(), images, row * size, size,
                    epsilon);
        }
        float[] moved = new float[size];
        for (int i = 0; i < iterations; i++) {
            ImageGradient result = program.gradient(GradientLoss.CROSS_ENTROPY, images, batch.labels(), batch.labels());
            for (int from = 0; from < images.length; from += size) {
                System.arraycopy(images, from, moved, 0, size);
                norm.ascend(moved, result.gradient(), from, size, stepSize);
                norm.project(batch.images(), from, moved, epsilon);
                System.arraycopy(moved, 0, images, from, size);
            }
        }
        float[][] logits = program.predict(images, batch.size());
        AttackOutcome outcome = AttackOutcome.of(batch);
        for (int row = 0; row < logits.length; row++) {
            if (Logits.largest(logits[row]) != batch.labels()[row]) {
                outcome.fool(row, images, row);
            }
        }
        return outcome;
    }
}
