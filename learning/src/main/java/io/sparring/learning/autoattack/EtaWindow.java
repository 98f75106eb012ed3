package io.sparring.learning.autoattack;

/**
 * Square's pattern η under L2 (Andriushchenko et al., arXiv 1912.00049, equation 2 and figure 3): a square whose upper half is a
 * heap and whose lower half is the same heap turned around and negative, of length 1.
 *
 * @param values row-major
 */
record EtaWindow(int side, float[] values) {

    static EtaWindow of(int side) {
        double[] values = new double[side * side];
        heap(values, side, 0, side / 2, 1);
        heap(values, side, side / 2, side, -1);
        double length = length(values);
        float[] scaled = new float[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (values[i] / length);
        }
        return new EtaWindow(side, scaled);
    }

    /** What it is at a pixel of the window; transposed, the halves lie side by side. */
    float at(int y, int x, boolean transposed) {
        return transposed ? values[x * side + y] : values[y * side + x];
    }

    /** A heap of length 1: rectangles around the middle, each less than the one before and a pixel larger on every side. */
    private static void heap(double[] values, int side, int top, int bottom, int sign) {
        int height = bottom - top;
        double[] heap = new double[height * side];
        int count = Math.max(height / 2, side / 2) + 1;
        for (int i = 0; i < count; i++) {
            int above = height / 2 - i;
            int left = side / 2 - i;
            for (int y = Math.max(above, 0); y < Math.min(above + 2 * i + 1, height); y++) {
                for (int x = Math.max(left, 0); x < Math.min(left + 2 * i + 1, side); x++) {
                    heap[y * side + x] += 1.0 / ((i + 1) * (i + 1));
                }
            }
        }
        double length = length(heap);
        for (int i = 0; i < heap.length; i++) {
            values[top * side + i] = sign * heap[i] / length;
        }
    }

    private static double length(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
