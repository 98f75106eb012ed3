package io.sparring.learning.autoattack;

import io.sparring.learning.DifferentiableModel;
import io.sparring.learning.ImageGradient;
import io.sparring.learning.Setting;

/**
 * FAB, targeted (Croce and Hein, arXiv 1907.02044, algorithm 1): it looks for the nearest image across the boundary between the
 * label and a target class, by projecting onto the boundary's linear approximation (see {@link BoxedHyperplane}) from where it is
 * and from the clean image, stepping η = 1.05 times as far towards a mixture of both, and going back by β = 0.9 towards the clean
 * image whenever another class than the label is predicted.
 *
 * <p>It follows the published code: the share of the clean image's projection is at most α_max = 0.1, there is no final search,
 * the first run starts at the image and further ones at distance ε/2 in a random direction. An image is fooled once what is
 * found is within ε; the published code looks for a nearer one still, which changes no verdict, so it is left out from there on.
 *
 * @param rank        of the target class, 2 for the one next to the label
 * @param randomStart whether this is a further run
 */
record FastAdaptiveBoundary(
        String part, int number, Norm norm, float epsilon, int iterations, int rank, boolean randomStart, long seed)
        implements AttackStep {

    static final float ALPHA_MAXIMUM = 0.1f;
    static final float ETA = 1.05f;
    static final float BETA = 0.9f;
    private static final double SHORTEST = 1e-8;

    @Override
    public String name() {
        return part + "/" + number;
    }

    @Override
    public void requireFitting(DifferentiableModel program) {
        Setting.require(LogitDifference.isGiven(program), "the model's gradients", "none of the logits' difference",
                "one, or that of the cross entropy, for " + part);
    }

    @Override
    public AttackOutcome run(DifferentiableModel program, ImageBatch batch) {
        int size = batch.imageSize();
        int[] targets = Logits.ranked(program.predict(batch.images(), batch.size()), rank);
        float[] images = start(batch);
        AttackOutcome outcome = AttackOutcome.of(batch);
        Standing standing = new Standing(batch);
        BoundaryStep step = new BoundaryStep(norm, size);
        for (int i = 0; i < iterations && !standing.isEmpty(); i++) {
            ImageGradient boundary = LogitDifference.of(program, standing.images(images), standing.classes(batch.labels()),
                    standing.classes(targets));
            for (int place = 0; place < standing.count(); place++) {
                step.move(batch.images(), images, standing.row(place) * size, boundary.gradient(), place * size,
                        boundary.loss()[place]);
            }
            float[][] logits = program.predict(standing.images(images), standing.count());
            for (int place = 0; place < standing.count(); place++) {
                int row = standing.row(place);
                if (Logits.largest(logits[place]) != batch.labels()[row]) {
                    if (norm.distance(images, batch.images(), row * size, size) <= epsilon) {
                        outcome.fool(row, images, row);
                    }
                    goBack(batch.images(), images, row * size, size);
                }
            }
            standing.without(outcome.fooled());
        }
        return outcome;
    }

    private float[] start(ImageBatch batch) {
        float[] images = batch.images().clone();
        for (int row = 0; row < batch.size() && randomStart; row++) {
            norm.displace(ImageRandom.of(seed, batch.indices()[row], name()), batch.images(), images,
                    row * batch.imageSize(), batch.imageSize(), epsilon / 2);
        }
        return images;
    }

    /** The backward step: x + β (x' - x). */
    static void goBack(float[] clean, float[] images, int from, int size) {
        for (int i = from; i < from + size; i++) {
            images[i] = clean[i] + (images[i] - clean[i]) * BETA;
        }
    }

    /** Moves one image at a time over the boundary, as it looks from there. */
    static final class BoundaryStep {

        private final Norm norm;
        private final BoxedHyperplane hyperplane;
        private final float[] here;
        private final float[] fromClean;

        BoundaryStep(Norm norm, int size) {
            this.norm = norm;
            hyperplane = new BoxedHyperplane(norm, size);
            here = new float[size];
            fromClean = new float[size];
        }

        /**
         * Moves the image at {@code from}, whose gradient is at {@code gradientFrom}.
         *
         * @param difference of the target's logit and the label's
         */
        void move(float[] clean, float[] images, int from, float[] gradients, int gradientFrom, float difference) {
            double ofClean = difference;
            for (int i = 0; i < here.length; i++) {
                ofClean += (double) gradients[gradientFrom + i] * (clean[from + i] - images[from + i]);
            }
            hyperplane.project(images, from, gradients, gradientFrom, difference, here);
            hyperplane.project(clean, from, gradients, gradientFrom, ofClean, fromClean);
            double first = Math.max(norm.length(here, 0, here.length), SHORTEST);
            double second = Math.max(norm.length(fromClean, 0, here.length), SHORTEST);
            float alpha = (float) Math.min(first / (first + second), ALPHA_MAXIMUM);
            for (int i = 0; i < here.length; i++) {
                float mixed = (images[from + i] + ETA * here[i]) * (1 - alpha) + (clean[from + i] + ETA * fromClean[i]) * alpha;
                images[from + i] = Math.min(Math.max(mixed, 0), 1);
            }
        }
    }
}
