package io.sparring.learning.autoattack;

import io.sparring.learning.Geometry;
import java.util.SplittableRandom;

/** How Square changes one image, which begins at an offset in arrays of many. */
interface SquareProposal {

    static SquareProposal of(Norm norm, Geometry geometry, float epsilon) {
        return norm == Norm.LINF ? new ColouredSquares(geometry, epsilon) : new EtaWindows(geometry, epsilon);
    }

    /** The first image, in the ball. */
    void start(SplittableRandom random, float[] clean, int from, float[] image, int to);

    /** Changes the best image so far, which lies at {@code to}, within the ball. */
    void propose(SplittableRandom random, double share, float[] clean, int from, float[] image, int to);

    /** Where a window begins: as in the published code the last place that would do is never taken. */
    static int place(SplittableRandom random, int length, int side) {
        return random.nextInt(Math.max(length - side, 1));
    }
}
