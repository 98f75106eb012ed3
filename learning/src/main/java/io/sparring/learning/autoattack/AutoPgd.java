package io.sparring.learning.autoattack;

import io.sparring.learning.DifferentiableModel;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.ImageGradient;
import io.sparring.learning.Setting;

/**
 * AutoPGD (Croce and Hein, arXiv 2003.01690, algorithm 1): gradient ascent with momentum whose step sizes follow from how the
 * loss goes (see {@link StepSize}), on the cross entropy, or on the targeted DLR loss towards the class that the image's logits
 * rank at a place.
 *
 * <p>It follows the published code: it starts at distance ε in a random direction, cut to [0,1]; under L-infinity the direction
 * is uniform in the cube, scaled to its surface. Wherever an image is misled on the way, it is fooled. What the published code
 * goes on to do with it does not change that, so it is left out from there on.
 *
 * @param rank of the target class, 2 for the one next to the label; unused by the cross entropy
 */
record AutoPgd(String part, int number, Norm norm, float epsilon, int iterations, GradientLoss loss, int rank, long seed)
        implements AttackStep {

    /** How much of a step is the new direction; the rest is momentum. */
    private static final float NEW = 0.75f;

    @Override
    public String name() {
        return part + "/" + number;
    }

    @Override
    public void requireFitting(DifferentiableModel program) {
        Setting.require(program.gives(loss), "the model's gradients", "none of " + loss.key(), "one, for " + part);
    }

    @Override
    public AttackOutcome run(DifferentiableModel program, ImageBatch batch) {
        int[] targets = loss == GradientLoss.CROSS_ENTROPY ? batch.labels()
                : Logits.ranked(program.predict(batch.images(), batch.size()), rank);
        Ascent ascent = new Ascent(program, batch, targets);
        ascent.start();
        for (int i = 0; i < iterations && !ascent.standing.isEmpty(); i++) {
            ascent.step(i);
        }
        return ascent.outcome;
    }

    /** The attack on one batch, each image in its row. */
    private final class Ascent {

        private final Checkpoints checkpoints = new Checkpoints(iterations);
        private final DifferentiableModel program;
        private final ImageBatch batch;
        private final int[] targets;
        private final int size;
        private final Standing standing;
        private final AttackOutcome outcome;
        private final StepSize[] steps;
        private final float[] images;
        private final float[] before;
        private final float[] best;
        private final float[] gradients;
        private final float[] bestGradients;
        private final float[] moved;

        Ascent(DifferentiableModel program, ImageBatch batch, int[] targets) {
            this.program = program;
            this.batch = batch;
            this.targets = targets;
            size = batch.imageSize();
            standing = new Standing(batch);
            outcome = AttackOutcome.of(batch);
            steps = new StepSize[batch.size()];
            images = new float[batch.images().length];
            gradients = new float[images.length];
            for (int row = 0; row < batch.size(); row++) {
                norm.displace(ImageRandom.of(seed, batch.indices()[row], name()), batch.images(), images, row * size, size,
                        epsilon);
            }
            before = images.clone();
            best = images.clone();
            bestGradients = new float[images.length];
            moved = new float[size];
        }

        void start() {
            ImageGradient result = evaluate();
            for (int place = 0; place < standing.count(); place++) {
                int row = standing.row(place);
                steps[row] = new StepSize(epsilon, result.loss()[place]);
                Rows.copy(gradients, row, bestGradients, row, size);
            }
            standing.without(outcome.fooled());
        }

        void step(int iteration) {
            for (int place = 0; place < standing.count(); place++) {
                move(standing.row(place), iteration == 0 ? 1 : NEW);
            }
            ImageGradient result = evaluate();
            int window = checkpoints.windowAt(iteration);
            for (int place = 0; place < standing.count(); place++) {
                learn(standing.row(place), result.loss()[place], window);
            }
            standing.without(outcome.fooled());
        }

        private void move(int row, float share) {
            int from = row * size;
            System.arraycopy(images, from, moved, 0, size);
            norm.ascend(moved, gradients, from, size, steps[row].size());
            norm.project(batch.images(), from, moved, epsilon);
            for (int i = 0; i < size; i++) {
                float image = images[from + i];
                moved[i] = image + (moved[i] - image) * share + (image - before[from + i]) * (1 - share);
                before[from + i] = image;
            }
            norm.project(batch.images(), from, moved, epsilon);
            System.arraycopy(moved, 0, images, from, size);
        }

        private void learn(int row, float newLoss, int window) {
            if (steps[row].isBest(newLoss)) {
                Rows.copy(images, row, best, row, size);
                Rows.copy(gradients, row, bestGradients, row, size);
            }
            if (window > 0 && steps[row].halves(window)) {
                Rows.copy(best, row, images, row, size);
                Rows.copy(bestGradients, row, gradients, row, size);
            }
        }

        private ImageGradient evaluate() {
            ImageGradient result = program.gradient(loss, standing.images(images), standing.classes(batch.labels()),
                    standing.classes(targets));
            for (int place = 0; place < standing.count(); place++) {
                int row = standing.row(place);
                Rows.copy(result.gradient(), place, gradients, row, size);
                if (Logits.largest(result.logits()[place]) != batch.labels()[row]) {
                    outcome.fool(row, images, row);
                }
            }
            return result;
        }
    }
}
