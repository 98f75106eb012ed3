package io.sparring.learning.autoattack;

import io.sparring.learning.Geometry;
import java.util.SplittableRandom;

/**
 * Square under L-infinity (Andriushchenko et al., arXiv 1912.00049, algorithm 2): it starts with vertical stripes of ±ε, and
 * moves each channel of one square by ±2 ε, back into the ball and [0,1], so that it ends at ±ε.
 */
record ColouredSquares(Geometry geometry, float epsilon) implements SquareProposal {

    @Override
    public void start(SplittableRandom random, float[] clean, int from, float[] image, int to) {
        int row = geometry.width() * geometry.channels();
        for (int column = 0; column < row; column++) {
            float stripe = epsilon * ImageRandom.sign(random);
            for (int i = column; i < geometry.imageSize(); i += row) {
                image[to + i] = Math.min(Math.max(clean[from + i] + stripe, 0), 1);
            }
        }
    }

    @Override
    public void propose(SplittableRandom random, double share, float[] clean, int from, float[] image, int to) {
        int side = side(geometry, share);
        int top = SquareProposal.place(random, geometry.height(), side);
        int left = SquareProposal.place(random, geometry.width(), side);
        for (int channel = 0; channel < geometry.channels(); channel++) {
            float move = 2 * epsilon * ImageRandom.sign(random);
            for (int y = top; y < top + side; y++) {
                int i = (y * geometry.width() + left) * geometry.channels() + channel;
                for (int x = 0; x < side; x++, i += geometry.channels()) {
                    float centre = clean[from + i];
                    float inside = Math.min(Math.max(image[to + i] + move, centre - epsilon), centre + epsilon);
                    image[to + i] = Math.min(Math.max(inside, 0), 1);
                }
            }
        }
    }

    /** The square's side in pixels: the share is one of pixels. */
    static int side(Geometry geometry, double share) {
        int side = (int) Math.rint(Math.sqrt(share * geometry.height() * geometry.width()));
        return Math.min(Math.max(side, 1), Math.min(geometry.height(), geometry.width()));
    }
}
