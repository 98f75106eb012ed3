package io.sparring.learning.autoattack;

import io.sparring.learning.DifferentiableModel;
import java.util.SplittableRandom;

/**
 * No attack but chance: changes of length ε in random directions, as AutoPGD begins, cut to [0,1]. Where this finds what
 * gradients do not, gradients tell nothing.
 *
 * @param draws how many changes of each image are tried
 */
record RandomNoise(String part, Norm norm, float epsilon, int draws, long seed) implements AttackStep {

    @Override
    public String name() {
        return part;
    }

    @Override
    public AttackOutcome run(DifferentiableModel program, ImageBatch batch) {
        int size = batch.imageSize();
        Standing standing = new Standing(batch);
        AttackOutcome outcome = AttackOutcome.of(batch);
        SplittableRandom[] randoms = new SplittableRandom[batch.size()];
        for (int row = 0; row < randoms.length; row++) {
            randoms[row] = ImageRandom.of(seed, batch.indices()[row], name());
        }
        float[] drawn = new float[batch.images().length];
        for (int draw = 0; draw < draws && !standing.isEmpty(); draw++) {
            for (int place = 0; place < standing.count(); place++) {
                int row = standing.row(place);
                norm.displace(randoms[row], batch.images(), drawn, row * size, size, epsilon);
            }
            float[][] logits = program.predict(standing.images(drawn), standing.count());
            for (int place = 0; place < standing.count(); place++) {
                int row = standing.row(place);
                if (Logits.largest(logits[place]) != batch.labels()[row]) {
                    outcome.fool(row, drawn, row);
                }
            }
            standing.without(outcome.fooled());
        }
        return outcome;
    }
}
