package io.sparring.learning.autoattack;

/**
 * When AutoPGD looks back (Croce and Hein, arXiv 2003.01690, section 3.2, as the published code rounds it): first after 22 % of
 * the iterations, then after windows that shrink by 3 % of the iterations each, down to 6 %.
 */
final class Checkpoints {

    private final int[] windows;

    Checkpoints(int iterations) {
        windows = new int[iterations];
        int shrinking = Math.max((int) (0.03 * iterations), 1);
        int shortest = Math.max((int) (0.06 * iterations), 1);
        int window = Math.max((int) (0.22 * iterations), 1);
        for (int at = window; at <= iterations; at += window) {
            windows[at - 1] = window;
            window = Math.max(window - shrinking, shortest);
        }
    }

    /** How many iterations lie behind since the last one, with this one, or 0 where there is none. */
    int windowAt(int iteration) {
        return windows[iteration];
    }
}
