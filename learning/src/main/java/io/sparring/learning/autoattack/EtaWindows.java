package io.sparring.learning.autoattack;

import io.sparring.learning.Geometry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Square under L2 (Andriushchenko et al., arXiv 1912.00049, algorithm 3): it starts with tiles of η (see {@link EtaWindow}), and
 * takes the change out of one window to put it into another, along η and what was there. The change as a whole is then ε long
 * again, before it is cut to [0,1].
 *
 * <p>As in the published code the norm that cutting took away is given back to the window, windows have odd sides of 3 at
 * least, and tiles have a fifth of the image's height; those that would not lie in the image are left out.
 */
final class EtaWindows implements SquareProposal {

    private final Geometry geometry;
    private final float epsilon;
    private final Map<Integer, EtaWindow> patterns = new HashMap<>();
    private final float[] change;

    EtaWindows(Geometry geometry, float epsilon) {
        this.geometry = geometry;
        this.epsilon = epsilon;
        this.change = new float[geometry.imageSize()];
    }

    /** The window's side in pixels. */
    static int side(Geometry geometry, double share) {
        int side = Math.max((int) Math.rint(Math.sqrt(share * geometry.height() * geometry.width())), 3);
        return Math.min(side % 2 == 0 ? side + 1 : side, Math.min(geometry.height(), geometry.width()));
    }

    @Override
    public void start(SplittableRandom random, float[] clean, int from, float[] image, int to) {
        Arrays.fill(change, 0);
        int side = Math.max(geometry.height() / 5, 1);
        int margin = Math.max((geometry.height() - side * 5) / 2, 0);
        EtaWindow pattern = patterns.computeIfAbsent(side, EtaWindow::of);
        for (int top = margin; top + side <= geometry.height(); top += side) {
            for (int left = margin; left + side <= geometry.width(); left += side) {
                boolean transposed = random.nextBoolean();
                for (int channel = 0; channel < geometry.channels(); channel++) {
                    float sign = ImageRandom.sign(random);
                    for (int y = 0; y < side; y++) {
                        for (int x = 0; x < side; x++) {
                            change[at(top + y, left + x, channel)] = sign * pattern.at(y, x, transposed);
                        }
                    }
                }
            }
        }
        apply(clean, from, image, to);
    }

    @Override
    public void propose(SplittableRandom random, double share, float[] clean, int from, float[] image, int to) {
        int side = side(geometry, share);
        double total = 0;
        for (int i = 0; i < change.length; i++) {
            change[i] = image[to + i] - clean[from + i];
            total += (double) change[i] * change[i];
        }
        moveNorm(random, side, Math.max((double) epsilon * epsilon - total, 0) / geometry.channels());
        apply(clean, from, image, to);
    }

    /** @param unused of the squared norm, for each channel */
    private void moveNorm(SplittableRandom random, int side, double unused) {
        int top = SquareProposal.place(random, geometry.height(), side);
        int left = SquareProposal.place(random, geometry.width(), side);
        int otherTop = SquareProposal.place(random, geometry.height(), side);
        int otherLeft = SquareProposal.place(random, geometry.width(), side);
        EtaWindow pattern = patterns.computeIfAbsent(side, EtaWindow::of);
        boolean transposed = random.nextBoolean();
        for (int channel = 0; channel < geometry.channels(); channel++) {
            float sign = ImageRandom.sign(random);
            double old = Math.sqrt(squares(top, left, side, channel));
            double moved = old * old + clear(otherTop, otherLeft, top, left, side, channel);
            double sum = 0;
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    int i = at(top + y, left + x, channel);
                    change[i] = (float) (sign * pattern.at(y, x, transposed) + change[i] / (Norm.TINY + old));
                    sum += (double) change[i] * change[i];
                }
            }
            float scale = (float) (Math.sqrt(unused + moved) / (Norm.TINY + Math.sqrt(sum)));
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    change[at(top + y, left + x, channel)] *= scale;
                }
            }
        }
    }

    /** Clears one window but for what it shares with another, and gives the squared norm that was there. */
    private double clear(int top, int left, int exceptTop, int exceptLeft, int side, int channel) {
        double sum = 0;
        for (int y = top; y < top + side; y++) {
            boolean row = y >= exceptTop && y < exceptTop + side;
            for (int x = left; x < left + side; x++) {
                if (!row || x < exceptLeft || x >= exceptLeft + side) {
                    int i = at(y, x, channel);
                    sum += (double) change[i] * change[i];
                    change[i] = 0;
                }
            }
        }
        return sum;
    }

    private double squares(int top, int left, int side, int channel) {
        double sum = 0;
        for (int y = top; y < top + side; y++) {
            for (int x = left; x < left + side; x++) {
                float value = change[at(y, x, channel)];
                sum += (double) value * value;
            }
        }
        return sum;
    }

    private void apply(float[] clean, int from, float[] image, int to) {
        float scale = (float) (epsilon / (Norm.L2.length(change, 0, change.length) + Norm.TINY));
        for (int i = 0; i < change.length; i++) {
            image[to + i] = Math.min(Math.max(clean[from + i] + scale * change[i], 0), 1);
        }
    }

    private int at(int y, int x, int channel) {
        return (y * geometry.width() + x) * geometry.channels() + channel;
    }
}
