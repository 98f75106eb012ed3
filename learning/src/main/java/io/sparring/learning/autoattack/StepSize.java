package io.sparring.learning.autoattack;

/**
 * AutoPGD's step size of one image (Croce and Hein, arXiv 2003.01690, section 3.1): it begins at 2 ε and is halved at a
 * checkpoint when the loss rose in at most 75 % of the steps since the last one (condition 1), or when it was not halved there
 * and the best loss has not risen since (condition 2).
 *
 * <p>As in the published code, the loss before the first step counts as 0 for condition 1, and condition 2 does not hold at the
 * first checkpoint.
 */
final class StepSize {

    private static final double RISING = 0.75;

    private float size;
    private float loss;
    private float best;
    private float bestAtCheckpoint;
    private int rises;
    private boolean halved = true;

    StepSize(float epsilon, float startLoss) {
        size = 2 * epsilon;
        best = startLoss;
        bestAtCheckpoint = startLoss;
    }

    float size() {
        return size;
    }

    /** Takes note of the loss after a step; says whether it is the best yet. */
    boolean isBest(float newLoss) {
        rises += newLoss > loss ? 1 : 0;
        loss = newLoss;
        boolean better = newLoss > best;
        best = better ? newLoss : best;
        return better;
    }

    /** Looks back on so many steps; says whether the step was halved, and the attack is to go on from its best image. */
    boolean halves(int window) {
        boolean stuck = !halved && bestAtCheckpoint >= best;
        halved = rises <= window * RISING || stuck;
        bestAtCheckpoint = best;
        rises = 0;
        size = halved ? size / 2 : size;
        return halved;
    }
}
