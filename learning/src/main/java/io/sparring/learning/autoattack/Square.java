package io.sparring.learning.autoattack;

import io.sparring.learning.DifferentiableModel;
import java.util.SplittableRandom;

/**
 * Square (Andriushchenko et al., arXiv 1912.00049): random search that sees nothing but the logits. A proposal (see
 * {@link ColouredSquares} and {@link EtaWindows}) is kept when it lowers the margin between the label's logit and the next one.
 *
 * <p>It follows the published code, but for windows and signs, which there are drawn once for a whole batch under L-infinity and
 * here for each image, as the paper has it. An image whose margin is 0 is searched no further.
 *
 * @param queries after the first, of each image
 */
record Square(String part, int number, Norm norm, float epsilon, int queries, long seed) implements AttackStep {

    @Override
    public String name() {
        return part + "/" + number;
    }

    @Override
    public AttackOutcome run(DifferentiableModel program, ImageBatch batch) {
        Search search = new Search(program, batch);
        search.start();
        for (int query = 0; query < queries && !search.standing.isEmpty(); query++) {
            search.query(SquareSchedule.share(query));
        }
        return search.outcome;
    }

    /** The search on one batch, each image in its row. */
    private final class Search {

        private final DifferentiableModel program;
        private final ImageBatch batch;
        private final int size;
        private final SquareProposal proposal;
        private final SplittableRandom[] randoms;
        private final float[] best;
        private final float[] margins;
        private final boolean[] ended;
        private final Standing standing;
        private final AttackOutcome outcome;

        Search(DifferentiableModel program, ImageBatch batch) {
            this.program = program;
            this.batch = batch;
            size = batch.imageSize();
            proposal = SquareProposal.of(norm, program.geometry(), epsilon);
            randoms = new SplittableRandom[batch.size()];
            best = new float[batch.images().length];
            margins = new float[batch.size()];
            ended = new boolean[batch.size()];
            standing = new Standing(batch);
            outcome = AttackOutcome.of(batch);
        }

        void start() {
            for (int row = 0; row < randoms.length; row++) {
                randoms[row] = ImageRandom.of(seed, batch.indices()[row], name());
                margins[row] = Float.POSITIVE_INFINITY;
                proposal.start(randoms[row], batch.images(), row * size, best, row * size);
            }
            keepWhatIsBetter(standing.images(best));
        }

        void query(double share) {
            float[] proposals = standing.images(best);
            for (int place = 0; place < standing.count(); place++) {
                int row = standing.row(place);
                proposal.propose(randoms[row], share, batch.images(), row * size, proposals, place * size);
            }
            keepWhatIsBetter(proposals);
        }

        private void keepWhatIsBetter(float[] proposals) {
            float[][] logits = program.predict(proposals, standing.count());
            boolean ends = false;
            for (int place = 0; place < logits.length; place++) {
                int row = standing.row(place);
                float margin = Logits.margin(logits[place], batch.labels()[row]);
                if (margin < margins[row]) {
                    margins[row] = margin;
                    Rows.copy(proposals, place, best, row, size);
                }
                if (margin <= 0) {
                    ended[row] = true;
                    ends = true;
                    if (Logits.largest(logits[place]) != batch.labels()[row]) {
                        outcome.fool(row, proposals, place);
                    }
                }
            }
            if (ends) {
                standing.without(ended);
            }
        }
    }
}
